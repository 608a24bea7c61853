// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

func TestGuard_accountSwitch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name    string
		world   *fakeAPI
		enabled *bool
		want    answer
	}{
		{"on", world(noUser, noMemberships), on, harmless},
		{"default", world(noUser, noMemberships), nil, harmless},
		{"off, caller at the default", world(), off, locksOut},
		{"off from on, caller at the default", world(accountValue(on)), off, locksOut},
		{"off, caller enabled", world(ownValue(on)), off, harmless},
		{"off, caller disabled already", world(ownValue(off)), off, harmless},
		{"off already", world(accountValue(off)), off, harmless},
		{"off on a standard account", world(standard), off, harmless},
		{"off, account unreadable", world(noAccount), off, locksOut},
		{"off, account unreadable, caller enabled", world(ownValue(on), noAccount), off, harmless},
		{"off, caller with a Global API key", world(globalKey), off, locksOut},
		{"off, verify refused, user readable", world(noVerify), off, locksOut},
		{"off, only memberships readable", world(noUser, noMembers), off, locksOut},
		{"off, only memberships readable, enabled", world(ownValue(on), noUser, noMembers), off, harmless},
		{"off, memberships unreadable, members name the caller", world(noMemberships), off, locksOut},
		{"off, memberships unreadable, members say enabled", world(ownValue(on), noMemberships), off, harmless},
		{"off, memberships unreadable, members lack the caller, who can read the account", world(noMemberships, func(f *fakeAPI) {
			f.members = f.members[1:]
		}), off, mayLockOut},
		{"off, nothing but the user readable", world(noMemberships, noMembers), off, mayLockOut},
		{"off, nothing readable", world(noUser, noMemberships, noMembers, noAccount, noVerify), off, mayLockOut},
		{"off, caller is no member", world(notAMember, noAccount), off, harmless},
		{"off, caller is invited only", world(pending, noAccount), off, harmless},
		{"off, caller is no member and can read the account", world(notAMember), off, mayLockOut},
		{"off, caller is invited only and can read the account", world(pending), off, mayLockOut},
		{"off, caller is a token of the account", world(accountOwned), off, locksOut},
		{"off, caller is a token of another account", world(foreignAccountOwned), off, mayLockOut},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want.check(t, newGuard(test.world).accountFinding(t.Context(), acme, test.enabled))
		})
	}
}

func TestGuard_memberSwitch(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		world  *fakeAPI
		member string
		value  *bool
		want   answer
	}{
		{"own, enabled", world(accountValue(off), noUser, noMemberships), ownMember, on, harmless},
		{"own, disabled", world(), ownMember, off, locksOut},
		{"own, disabled, e-mail in other case and no user ids", world(otherMembershipID, func(f *fakeAPI) {
			f.members[0].UserID = ""
		}), ownMember, off, locksOut},
		{"own by user id, membership has another id", world(otherMembershipID), ownMember, off, locksOut},
		{"own, disabled already", world(ownValue(off)), ownMember, off, harmless},
		{"own, disabled on a standard account", world(standard), ownMember, off, harmless},
		{"own, default while the account is on", world(ownValue(on)), ownMember, nil, harmless},
		{"own, default while the account is off", world(ownValue(on), accountValue(off)), ownMember, nil, locksOut},
		{"own, default while both are off", world(ownValue(off), accountValue(off)), ownMember, nil, harmless},
		{"own, default, account unreadable", world(ownValue(on), noAccount), ownMember, nil, mayLockOut},
		{"own, disabled, account unreadable", world(noAccount), ownMember, off, locksOut},
		{"own, disabled, members unreadable", world(noMembers), ownMember, off, locksOut},
		{"other, disabled", world(), ciMember, off, harmless},
		{"other, default while the account is off", world(accountValue(off)), ciMember, nil, harmless},
		{"other, user unreadable", world(noUser), ciMember, off, harmless},
		{"other, memberships unreadable", world(noMemberships), ciMember, off, harmless},
		{"other by id, members unreadable", world(noMembers), ciMember, off, mayLockOut},
		{"unknown caller", world(noUser, noMemberships), ciMember, off, mayLockOut},
		{"unknown caller, member off already", world(noUser, noMemberships, func(f *fakeAPI) {
			f.members[1].APIAccessEnabled = off
		}), ciMember, off, harmless},
		{"caller is no member", world(notAMember), ciMember, off, harmless},
		{"caller is no member and can read the account", world(notAMember), ownMember, off, mayLockOut},
		{"caller is no member and cannot read the account", world(notAMember, noAccount), ownMember, off, harmless},
		{"other, the caller's member unreadable", world(noMemberships, func(f *fakeAPI) {
			f.members = f.members[1:]
		}), ciMember, off, harmless},
		{"caller is a token of the account", world(accountOwned), ciMember, off, harmless},
		{"absent member", world(accountValue(off)), "eeee0000000000000000000000000001", nil, harmless},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			test.want.check(t, newGuard(test.world).memberFinding(t.Context(), acme, test.member, test.value))
		})
	}
}

func TestGuard_token(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		world *fakeAPI
		owner client.Owner
		token string
		want  answer
	}{
		{"own", world(), client.Owner{}, ownToken, locksOut},
		{"another", world(), client.Owner{}, "bbbb0000000000000000000000000002", harmless},
		{"Global API key", world(globalKey), client.Owner{}, ownToken, harmless},
		{"verify refused", world(noVerify), client.Owner{}, "bbbb0000000000000000000000000002", mayLockOut},
		{"own, of the account", world(accountOwned), client.Owner{AccountID: acme}, ownToken, locksOut},
		{"another of the account", world(accountOwned), client.Owner{AccountID: acme}, "bbbb0000000000000000000000000002", harmless},
		{"of the account, which is not named", world(accountOwned), client.Owner{}, ownToken, mayLockOut},
		{"a user's credential, the account's token", world(), client.Owner{AccountID: acme}, "bbbb0000000000000000000000000002", harmless},
	}
	for _, test := range tests {
		for _, change := range []string{ChangeDestroy, ChangeDisable, ChangeNarrow, ChangeRoll, InvokeRevoke, InvokeRoll} {
			t.Run(test.name+", "+change, func(t *testing.T) {
				t.Parallel()
				test.want.check(t, newGuard(test.world).tokenFinding(t.Context(), test.owner, test.token, change))
			})
		}
	}
}

// The methods are one finding each, told as a warning or as an error, or allowed.
func TestGuard_tellsPlanAndApplyApart(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	offAccount := newGuard(world(ownValue(on), accountValue(off)))
	g := newGuard(world())
	owned := client.Owner{AccountID: acme}
	tests := []struct {
		name                 string
		plan, apply, allowed diag.Diagnostics
		planSays, applySays  []string
	}{
		{
			name:      "account",
			plan:      g.PlanAccountSwitch(ctx, acme, off),
			apply:     g.ApplyAccountSwitch(ctx, acme, off, false),
			allowed:   g.ApplyAccountSwitch(ctx, acme, off, true),
			planSays:  []string{"account Acme", "super@example.com", "earlier in the same apply", "depends_on", "allow_self_lockout"},
			applySays: []string{"account Acme", "super@example.com", "Nothing was changed", "depends_on", "allow_self_lockout"},
		},
		{
			name:      "member off",
			plan:      g.PlanMemberSwitch(ctx, acme, ownMember, off),
			apply:     g.ApplyMemberSwitch(ctx, acme, ownMember, off, false),
			allowed:   g.ApplyMemberSwitch(ctx, acme, ownMember, off, true),
			planSays:  []string{"super@example.com", "overrides the account's", "allow_self_lockout"},
			applySays: []string{"super@example.com", "another member", "allow_self_lockout"},
		},
		{
			name:      "member back to the default",
			plan:      offAccount.PlanMemberSwitch(ctx, acme, ownMember, nil),
			apply:     offAccount.ApplyMemberSwitch(ctx, acme, ownMember, nil, false),
			allowed:   offAccount.ApplyMemberSwitch(ctx, acme, ownMember, nil, true),
			planSays:  []string{"account Acme", "turned on earlier in the same apply", "allow_self_lockout"},
			applySays: []string{"API access is off for account Acme", "turn API access on"},
		},
		{
			name:      "token",
			plan:      g.PlanOwnedToken(ctx, client.Owner{}, ownToken, ChangeDestroy),
			apply:     g.ApplyOwnedToken(ctx, client.Owner{}, ownToken, ChangeDestroy, false),
			allowed:   g.ApplyOwnedToken(ctx, client.Owner{}, ownToken, ChangeDestroy, true),
			planSays:  []string{"Deleting API token " + ownToken, "another credential"},
			applySays: []string{"Deleting API token " + ownToken, "another credential", "allow_self_lockout"},
		},
		{
			name:      "token of any owner",
			plan:      g.PlanOwnedToken(ctx, owned, ownToken, ChangeNarrow),
			apply:     g.ApplyOwnedToken(ctx, owned, ownToken, ChangeNarrow, false),
			allowed:   g.ApplyOwnedToken(ctx, owned, ownToken, ChangeNarrow, true),
			planSays:  []string{"Narrowing API token " + ownToken},
			applySays: []string{"Narrowing API token " + ownToken, "Nothing was changed"},
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if len(test.allowed) != 0 {
				t.Errorf("allowed, got %v", test.allowed)
			}
			checkOne(t, test.plan, diag.SeverityWarning, test.planSays)
			checkOne(t, test.apply, diag.SeverityError, test.applySays)
		})
	}
}

func checkOne(t *testing.T, diags diag.Diagnostics, severity diag.Severity, says []string) {
	t.Helper()
	if len(diags) != 1 {
		t.Fatalf("got %d diagnostics, want 1: %v", len(diags), diags)
	}
	d := diags[0]
	if d.Severity() != severity {
		t.Errorf("severity %s, want %s", d.Severity(), severity)
	}
	if len(d.Summary()) > 60 {
		t.Errorf("summary of %d characters: %q", len(d.Summary()), d.Summary())
	}
	for _, want := range says {
		if !strings.Contains(d.Detail(), want) {
			t.Errorf("detail lacks %q:\n%s", want, d.Detail())
		}
	}
}

func TestGuard_saysWhatItCouldNotRead(t *testing.T) {
	t.Parallel()
	g := newGuard(world(noUser, noMemberships, noMembers, noAccount, noVerify))
	diags := g.ApplyAccountSwitch(t.Context(), acme, off, false)
	checkOne(t, diags, diag.SeverityError, []string{
		"may end the API access", "GET /user: Unauthorized to access requested resource (HTTP 403, code 9109)",
		"GET /memberships", "the account's settings", "the token's own id", "`Memberships Read`",
	})
}

// A switch is read afresh for every question: an override made earlier in the apply settles it.
func TestGuard_readsSwitchesAfresh(t *testing.T) {
	t.Parallel()
	f := world()
	g := newGuard(f)
	locksOut.check(t, g.accountFinding(t.Context(), acme, off))
	ownValue(on)(f)
	harmless.check(t, g.accountFinding(t.Context(), acme, off))
	if got := f.count("memberships"); got != 2 {
		t.Errorf("memberships read %d times, want once for each question", got)
	}
	if got := f.count("verify"); got != 1 {
		t.Errorf("token verified %d times, want once a run", got)
	}
}

// An API that still shows the value of before this run's own write deceives nobody.
func TestGuard_knowsItsOwnWrites(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		world *fakeAPI
		note  func(*Guard)
		ask   func(context.Context, *Guard) *finding
		want  answer
	}{
		{
			"the override is gone, and still shown", world(ownValue(on)),
			func(g *Guard) { g.NoteMemberSwitch(acme, ownMember, nil) }, accountOff, locksOut,
		},
		{
			"another member's is gone", world(ownValue(on)),
			func(g *Guard) { g.NoteMemberSwitch(acme, ciMember, nil) }, accountOff, harmless,
		},
		{
			"the override is there, and not shown yet", world(),
			func(g *Guard) { g.NoteMemberSwitch(acme, ownMember, on) }, accountOff, locksOut,
		},
		{
			"the account is on, and still shown as off", world(accountValue(off)),
			func(g *Guard) { g.NoteAccountSwitch(acme, on) }, accountOff, locksOut,
		},
		{
			"the account is off, and still shown as on", world(ownValue(on)),
			func(g *Guard) { g.NoteAccountSwitch(acme, off) }, ownDefault, locksOut,
		},
		{
			"the account is as it is shown", world(ownValue(on)),
			func(g *Guard) { g.NoteAccountSwitch(acme, nil) }, ownDefault, harmless,
		},
		{
			"the override is there, and shown as off", world(ownValue(off), accountValue(off)),
			func(g *Guard) { g.NoteMemberSwitch(acme, ownMember, on) }, ownDefault, locksOut,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			g := newGuard(test.world)
			test.note(g)
			test.want.check(t, test.ask(t.Context(), g))
		})
	}
}

func accountOff(ctx context.Context, g *Guard) *finding { return g.accountFinding(ctx, acme, off) }

func ownDefault(ctx context.Context, g *Guard) *finding {
	return g.memberFinding(ctx, acme, ownMember, nil)
}

// A failure to find out the token is not remembered: the next question may succeed.
func TestGuard_forgetsFailures(t *testing.T) {
	t.Parallel()
	f := world(noVerify)
	g := newGuard(f)
	mayLockOut.check(t, g.tokenFinding(t.Context(), client.Owner{}, ownToken, ChangeDestroy))
	f.verifyErr = nil
	locksOut.check(t, g.tokenFinding(t.Context(), client.Owner{}, ownToken, ChangeDestroy))

	f.tokenID = ""
	mayLockOut.check(t, newGuard(f).tokenFinding(t.Context(), client.Owner{}, ownToken, ChangeDestroy))
}

// A token of one account is remembered as such, and has nothing to lose in another.
func TestGuard_tokenOfAnotherAccount(t *testing.T) {
	t.Parallel()
	f := world(accountOwned)
	g := newGuard(f)
	locksOut.check(t, g.accountFinding(t.Context(), acme, off))
	f.account = &client.Account{ID: "ffff0000000000000000000000000001", Type: "enterprise"}
	harmless.check(t, g.accountFinding(t.Context(), f.account.ID, off))
}

// What cannot lock out costs no request.
func TestGuard_asksNothingForHarmlessValues(t *testing.T) {
	t.Parallel()
	f := world()
	g := newGuard(f)
	g.PlanAccountSwitch(t.Context(), acme, on)
	g.PlanAccountSwitch(t.Context(), acme, nil)
	g.PlanMemberSwitch(t.Context(), acme, ownMember, on)
	g.ApplyMemberSwitch(t.Context(), acme, ownMember, off, true)
	g.ApplyAccountSwitch(t.Context(), acme, off, true)
	if len(f.calls) != 0 {
		t.Errorf("requests %v, want none", f.calls)
	}
}

func TestGuard_Serialize(t *testing.T) {
	t.Parallel()
	g := newGuard(world())
	var running, most int
	var mu sync.Mutex
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			release := g.Serialize(acme)
			defer release()
			mu.Lock()
			running++
			most = max(most, running)
			mu.Unlock()
			mu.Lock()
			running--
			mu.Unlock()
		})
	}
	group.Wait()
	if most != 1 {
		t.Errorf("%d changes of one account at once, want 1", most)
	}
	releaseOne := g.Serialize("one")
	releaseTwo := g.Serialize("two")
	releaseTwo()
	releaseOne()
}

func TestEffective(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name            string
		kind            string
		account, member *bool
		want            bool
	}{
		{"never set", "enterprise", nil, nil, true},
		{"account on", "enterprise", on, nil, true},
		{"account off", "enterprise", off, nil, false},
		{"member on beats account off", "enterprise", off, on, true},
		{"member off beats account on", "enterprise", on, off, false},
		{"member off beats account null", "enterprise", nil, off, false},
		{"a standard account has no switch", "standard", off, off, true},
		{"an unknown type is taken for one with a switch", "", off, nil, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if got := Effective(test.kind, test.account, test.member); got != test.want {
				t.Errorf("got %t, want %t", got, test.want)
			}
		})
	}
}

func TestReason_namesAPlainError(t *testing.T) {
	t.Parallel()
	if got := reason(errors.New("connection refused")); got != "connection refused" {
		t.Errorf("got %q", got)
	}
}

// The way out is one that there is: a destroy goes by state, and an action, which has none, by its own attribute.
func TestGuard_waysOut(t *testing.T) {
	t.Parallel()
	const ofState, ofResource, ofAction = "sees only what is in state", "on this resource or on the provider", "in the `config` of this action or on the provider"
	for change, says := range map[string][]string{
		ChangeDestroy: {ofResource, ofState},
		ChangeDisable: {ofResource},
		ChangeNarrow:  {ofResource},
		ChangeRoll:    {ofResource},
		InvokeRevoke:  {ofAction, "Deleting API token"},
		InvokeRoll:    {ofAction, "Replacing the secret"},
	} {
		remedy := newGuard(world()).PlanOwnedToken(t.Context(), client.Owner{}, ownToken, change)[0].Detail()
		for _, text := range says {
			if !strings.Contains(remedy, text) {
				t.Errorf("%s: %q does not say %q", change, remedy, text)
			}
		}
		for _, text := range []string{ofState, ofResource, ofAction} {
			if strings.Contains(remedy, text) && !slices.Contains(says, text) {
				t.Errorf("%s: %q says %q", change, remedy, text)
			}
		}
	}
}
