// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"context"
	"net/http"
	"sync"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

const (
	acme      = "01a7362d577a6c3019a474fd6f485823"
	ownMember = "aaaa0000000000000000000000000001"
	ciMember  = "aaaa0000000000000000000000000002"
	ownToken  = "bbbb0000000000000000000000000001"
)

var (
	on     = new(true)
	off    = new(false)
	super  = &client.User{ID: "cccc0000000000000000000000000001", Email: "super@example.com"}
	denied = &client.Error{
		Method: http.MethodGet, Path: "/x", Status: http.StatusForbidden,
		Errors: []client.APIError{{Code: 9109, Message: "Unauthorized to access requested resource"}},
	}
	gone = &client.Error{
		Method: http.MethodGet, Path: "/x", Status: http.StatusNotFound,
		Errors: []client.APIError{{Code: client.CodeNotFound, Message: "Not found"}},
	}
)

// fakeAPI is one small world: an account, its members, and who asks.
type fakeAPI struct {
	key         bool // a Global API key instead of a token
	tokenOwner  client.Owner
	tokenID     string
	verifyErr   error
	user        *client.User
	account     *client.Account // nil: may not be read
	members     []client.Member // nil: may not be read
	memberships []client.Membership
	noMemberOf  bool // /memberships may be read and is empty

	mu    sync.Mutex
	calls []string
}

func (f *fakeAPI) call(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.calls = append(f.calls, name)
}

func (f *fakeAPI) count(name string) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	n := 0
	for _, c := range f.calls {
		if c == name {
			n++
		}
	}
	return n
}

func (f *fakeAPI) HasAPIToken() bool { return !f.key }

func (f *fakeAPI) VerifyToken(_ context.Context, owner client.Owner) (*client.Verification, error) {
	f.call("verify")
	if f.verifyErr != nil {
		return nil, f.verifyErr
	}
	if f.tokenOwner != owner {
		return nil, &client.Error{
			Status: http.StatusUnauthorized,
			Errors: []client.APIError{{Code: 1000, Message: "Invalid API Token"}},
		}
	}
	return &client.Verification{ID: f.tokenID, Status: "active"}, nil
}

func (f *fakeAPI) User(context.Context) (*client.User, error) {
	f.call("user")
	if f.user == nil {
		return nil, denied
	}
	return f.user, nil
}

func (f *fakeAPI) Memberships(context.Context) ([]client.Membership, error) {
	f.call("memberships")
	if f.memberships == nil && !f.noMemberOf {
		return nil, denied
	}
	return f.memberships, nil
}

func (f *fakeAPI) Account(_ context.Context, id string) (*client.Account, error) {
	f.call("account")
	if f.account == nil || f.account.ID != id {
		return nil, denied
	}
	return f.account, nil
}

func (f *fakeAPI) Members(context.Context, string) ([]client.Member, error) {
	f.call("members")
	if f.members == nil {
		return nil, denied
	}
	return f.members, nil
}

func (f *fakeAPI) Member(_ context.Context, _, memberID string) (*client.Member, error) {
	f.call("member")
	if f.members == nil {
		return nil, denied
	}
	for i := range f.members {
		if f.members[i].ID == memberID {
			return &f.members[i], nil
		}
	}
	return nil, gone
}

// world is the usual case: a user's token, everything readable, Enterprise, the account on, every
// member at the default.
func world(change ...func(*fakeAPI)) *fakeAPI {
	f := &fakeAPI{
		tokenID: ownToken,
		user:    super,
		account: &client.Account{ID: acme, Name: "Acme", Type: "enterprise"},
		members: []client.Member{
			{ID: ownMember, Email: "Super@Example.com", UserID: super.ID, Status: "accepted"},
			{ID: ciMember, Email: "ci@example.com", UserID: "cccc0000000000000000000000000002", Status: "accepted"},
		},
		memberships: []client.Membership{
			{ID: ownMember, Status: "accepted", Account: client.AccountRef{ID: acme, Name: "Acme"}},
		},
	}
	for _, c := range change {
		c(f)
	}
	return f
}

func accountValue(v *bool) func(*fakeAPI) {
	return func(f *fakeAPI) { f.account.Settings.APIAccessEnabled = v }
}

func ownValue(v *bool) func(*fakeAPI) {
	return func(f *fakeAPI) {
		f.members[0].APIAccessEnabled = v
		f.memberships[0].APIAccessEnabled = v
	}
}

func standard(f *fakeAPI)          { f.account.Type = AccountTypeStandard }
func globalKey(f *fakeAPI)         { f.key = true }
func noUser(f *fakeAPI)            { f.user = nil }
func noMemberships(f *fakeAPI)     { f.memberships = nil }
func noMembers(f *fakeAPI)         { f.members = nil }
func noAccount(f *fakeAPI)         { f.account = nil }
func noVerify(f *fakeAPI)          { f.verifyErr = denied }
func otherMembershipID(f *fakeAPI) { f.memberships[0].ID = "dddd0000000000000000000000000001" }
func pending(f *fakeAPI)           { f.memberships[0].Status = "pending" }
func notAMember(f *fakeAPI)        { f.memberships, f.noMemberOf = nil, true }
func accountOwned(f *fakeAPI) {
	f.tokenOwner = client.Owner{AccountID: acme}
	f.user, f.memberships, f.members = nil, nil, nil
}

func foreignAccountOwned(f *fakeAPI) {
	accountOwned(f)
	f.tokenOwner = client.Owner{AccountID: "ffff0000000000000000000000000001"}
}

// answer is what a question to the guard may come to.
type answer int

const (
	harmless answer = iota
	locksOut
	mayLockOut
)

func (a answer) check(t *testing.T, f *finding) {
	t.Helper()
	got := harmless
	if f != nil {
		got = locksOut
		if f.uncertain {
			got = mayLockOut
		}
	}
	if got != a {
		t.Errorf("answer %d, want %d (finding %+v)", got, a, f)
	}
}
