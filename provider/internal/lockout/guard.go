// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"context"
	"sync"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// reader is what the guard asks the API. [client.Client] is the one that runs; its errors are
// [client.Error] for refusals.
type reader interface {
	HasAPIToken() bool
	VerifyToken(ctx context.Context, owner client.Owner) (*client.Verification, error)
	User(ctx context.Context) (*client.User, error)
	Memberships(ctx context.Context) ([]client.Membership, error)
	Account(ctx context.Context, id string) (*client.Account, error)
	Members(ctx context.Context, accountID string) ([]client.Member, error)
	Member(ctx context.Context, accountID, memberID string) (*client.Member, error)
}

// Guard judges changes that may end the access of the credential Terraform runs with. Its Plan
// methods answer with a warning, its Apply methods with an error; all answer with nothing when the
// change cannot lock out. A nil result is the common case and costs no request where the new value
// alone decides. A Guard is safe for concurrent use; one serves a whole run of the provider.
type Guard struct {
	api reader

	mu         sync.Mutex
	tokenID    string
	tokenOwner client.Owner

	switches keyedMutex
	written  written
}

// New returns a guard for the credential of that client. It makes no request.
func New(c *client.Client) *Guard { return newGuard(c) }

func newGuard(api reader) *Guard { return &Guard{api: api} }

// Serialize waits until no other change of a switch in that account is between its question to the
// guard and its write, and keeps others out until release is called. Without it two changes that are
// harmless each, such as an account switched off and the override of the caller taken away, could
// both be judged before either is written, and together lock out.
func (g *Guard) Serialize(accountID string) (release func()) {
	return g.switches.lock(accountID)
}

// PlanAccountSwitch warns when giving the account's switch that value (nil is the default, which
// counts as on) would end the caller's API access to the account as things stand now.
func (g *Guard) PlanAccountSwitch(ctx context.Context, accountID string, enabled *bool) diag.Diagnostics {
	return g.accountFinding(ctx, accountID, enabled).warning()
}

// ApplyAccountSwitch refuses what PlanAccountSwitch warns of, unless allow is set. It is to be called
// right before the write, within [Guard.Serialize].
func (g *Guard) ApplyAccountSwitch(ctx context.Context, accountID string, enabled *bool, allow bool) diag.Diagnostics {
	if allow {
		return nil
	}
	return g.accountFinding(ctx, accountID, enabled).refusal()
}

// PlanMemberSwitch warns when giving the member's switch that value (nil is the account's default)
// would end the caller's API access to the account as things stand now. Another member's switch
// never does.
func (g *Guard) PlanMemberSwitch(ctx context.Context, accountID, memberID string, value *bool) diag.Diagnostics {
	return g.memberFinding(ctx, accountID, memberID, value).warning()
}

// ApplyMemberSwitch refuses what PlanMemberSwitch warns of, unless allow is set. It is to be called
// right before the write, within [Guard.Serialize].
func (g *Guard) ApplyMemberSwitch(
	ctx context.Context, accountID, memberID string, value *bool, allow bool,
) diag.Diagnostics {
	if allow {
		return nil
	}
	return g.memberFinding(ctx, accountID, memberID, value).refusal()
}

// NoteAccountSwitch remembers that this run sent a value for the account's switch, whatever became of it. It
// is to be called within [Guard.Serialize], after the write; see [Guard.NoteMemberSwitch].
func (g *Guard) NoteAccountSwitch(accountID string, enabled *bool) {
	g.written.note(accountID, enabled)
}

// NoteMemberSwitch remembers that this run sent a value for the member's switch, whatever became of it. The
// API may go on showing the value of before for a while, and a later change is judged by both: an override
// that this run has just taken away must not make switching the account off look harmless.
func (g *Guard) NoteMemberSwitch(accountID, memberID string, value *bool) {
	g.written.note(memberKey(accountID, memberID), value)
}

// PlanOwnedToken warns when that token is the one Terraform runs with. The change is [ChangeDestroy],
// [ChangeDisable], [ChangeNarrow] or [ChangeRoll], or, by an action, [InvokeRevoke] or [InvokeRoll]. The owner is
// needed because an account-owned credential can be recognised only by its account.
func (g *Guard) PlanOwnedToken(ctx context.Context, owner client.Owner, tokenID, change string) diag.Diagnostics {
	return g.tokenFinding(ctx, owner, tokenID, change).warning()
}

// ApplyOwnedToken refuses what PlanOwnedToken warns of, unless allow is set. It is to be called right
// before the write.
func (g *Guard) ApplyOwnedToken(
	ctx context.Context, owner client.Owner, tokenID, change string, allow bool,
) diag.Diagnostics {
	if allow {
		return nil
	}
	return g.tokenFinding(ctx, owner, tokenID, change).refusal()
}

// Owns says whether Terraform runs with that token, as far as can be told.
func (g *Guard) Owns(ctx context.Context, owner client.Owner, tokenID string) bool {
	if !g.api.HasAPIToken() {
		return false
	}
	own, _, err := g.ownToken(ctx, owner.AccountID)
	return err == nil && own == tokenID
}

// keyedMutex is one mutex for each key, made on first use. The keys of a run are few, so none is
// ever given back.
type keyedMutex struct {
	mu   sync.Mutex
	held map[string]*sync.Mutex
}

func (k *keyedMutex) lock(key string) (unlock func()) {
	k.mu.Lock()
	if k.held == nil {
		k.held = map[string]*sync.Mutex{}
	}
	mutex, ok := k.held[key]
	if !ok {
		mutex = &sync.Mutex{}
		k.held[key] = mutex
	}
	k.mu.Unlock()
	mutex.Lock()
	return mutex.Unlock
}
