// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// canned answers reads from what it holds, and counts them.
type canned struct {
	account     *client.Account
	zone        *client.Zone
	memberships []client.Membership
	count       map[string]int
}

var errNotThere = errors.New("the test holds none")

// User reads the calling user.
func (c *canned) User(context.Context) (*client.User, error) {
	c.count["user"]++
	return &client.User{ID: "u1"}, nil
}

// Memberships reads the caller's memberships.
func (c *canned) Memberships(context.Context) ([]client.Membership, error) {
	c.count["memberships"]++
	return c.memberships, nil
}

// Members reads an account's members.
func (c *canned) Members(context.Context, string) ([]client.Member, error) {
	c.count["members"]++
	return nil, errNotThere
}

// Account reads an account.
func (c *canned) Account(context.Context, string) (*client.Account, error) {
	c.count["account"]++
	if c.account == nil {
		return nil, errNotThere
	}
	return c.account, nil
}

// Zone reads a zone.
func (c *canned) Zone(context.Context, string) (*client.Zone, error) {
	c.count["zone"]++
	if c.zone == nil {
		return nil, errNotThere
	}
	return c.zone, nil
}

// TestInquirer_readsWhatDecides holds what is read, what is not, and what an odd reply comes to.
func TestInquirer_readsWhatDecides(t *testing.T) {
	t.Parallel()
	zone := &client.Zone{ID: zoneA.String(), Name: "Example.com.", Account: client.AccountRef{ID: accountA.String()}}
	member := client.Membership{Status: statusAccepted, Account: client.AccountRef{ID: accountA.String()}, Roles: []string{"DNS"}}
	enterprise := &client.Account{ID: accountA.String(), Type: typeEnterprise}
	inFull := member
	inFull.AccountDetails = enterprise
	pending := member
	pending.Status = "pending"
	own := member
	own.APIAccessEnabled = new(true)
	onZone := inquiry.Target{Zone: zoneA}
	tests := []struct {
		name    string
		api     canned
		target  inquiry.Target
		change  func(*subject)
		reads   map[string]int
		allowed bool
		reason  string
	}{
		{"the membership shows the account", canned{zone: zone, memberships: []client.Membership{inFull}}, onZone, nil, map[string]int{"zone": 1, "memberships": 1}, true, ""},
		{"the account is read where it does not", canned{zone: zone, account: enterprise, memberships: []client.Membership{member}}, onZone, nil, map[string]int{"zone": 1, "memberships": 1, "account": 1}, true, ""},
		{"no member: the account does not matter", canned{zone: zone}, onZone, nil, map[string]int{"zone": 1, "memberships": 1}, false, "target_not_found"},
		{"not accepted", canned{zone: zone, memberships: []client.Membership{pending}}, onZone, nil, map[string]int{"zone": 1, "memberships": 1}, false, "target_not_found"},
		{"the account's switch is not known", canned{zone: zone, memberships: []client.Membership{member}}, onZone, nil, map[string]int{"zone": 1, "memberships": 1, "account": 1}, false, reasonUnknown},
		{"it does not matter where the member has a setting of its own", canned{zone: zone, memberships: []client.Membership{own}}, onZone, nil, map[string]int{"zone": 1, "memberships": 1, "account": 1}, true, ""},
		{"a type of account that nobody knows", canned{zone: zone, account: &client.Account{Type: "galactic"}, memberships: []client.Membership{member}}, onZone, nil, map[string]int{"zone": 1, "memberships": 1, "account": 1}, false, reasonUnknown},
		{"the zone cannot be read", canned{memberships: []client.Membership{inFull}}, onZone, nil, map[string]int{"zone": 1}, false, reasonUnknown},
		{"a zone in no account", canned{zone: &client.Zone{ID: zoneA.String()}}, onZone, nil, map[string]int{"zone": 1}, false, reasonUnknown},
		{"expired: nothing matters any more", canned{}, onZone, func(s *subject) { s.credential.ExpiresOn = time.Date(2029, 1, 1, 0, 0, 0, 0, time.UTC) }, map[string]int{}, false, "credential_expired"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			api := test.api
			api.count = map[string]int{}
			s := tokenWith(t, "DNS Write", policyset.Key{Outer: zonePrefix + zoneA.String()})
			if test.change != nil {
				test.change(s)
			}
			asking := inquirer{api: &api, subject: s, knowledge: newKnowledge()}
			v, err := asking.answer(t.Context(), mustAsk(t, "DNS Write", test.target))
			if err != nil {
				t.Fatal(err)
			}
			if v.allowed != test.allowed || v.reason() != test.reason || v.policyAllows == nil || !*v.policyAllows {
				t.Errorf("allowed %v, reason %q, policies %v: %s", v.allowed, v.reason(), v.policyAllows, v.explanation(s))
			}
			if diff := cmp.Diff(test.reads, api.count); diff != "" {
				t.Errorf("reads (-want +got):\n%s", diff)
			}
		})
	}
}

// A token whose life is over is not looked into further, but what its policies say may hang on the zone.
func TestInquirer_policiesOfADeadToken(t *testing.T) {
	t.Parallel()
	api := canned{count: map[string]int{}, zone: &client.Zone{ID: zoneA.String(), Name: "example.com", Account: client.AccountRef{ID: accountA.String()}}}
	key := policyset.Key{Outer: accountPrefix + accountA.String(), Inner: zonePrefix + "*"}
	s := tokenWith(t, "DNS Write", key)
	s.credential.Disabled = true
	q := mustAsk(t, "DNS Write", inquiry.Target{Zone: zoneA})
	q.accounts = []authz.ID{elsewhere, accountA}
	asking := inquirer{api: &api, subject: s, knowledge: newKnowledge()}
	v, err := asking.answer(t.Context(), q)
	if err != nil || v.reason() != "credential_disabled" || v.policyAllows == nil || !*v.policyAllows {
		t.Errorf("reason %q, policies %v, %v", v.reason(), v.policyAllows, err)
	}
	if diff := cmp.Diff(map[string]int{"zone": 1}, api.count); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

// Of an account that does not own the token nothing is read.
func TestInquirer_foreignAccount(t *testing.T) {
	t.Parallel()
	api := canned{count: map[string]int{}, zone: &client.Zone{ID: zoneA.String(), Name: "example.com", Account: client.AccountRef{ID: accountB.String()}}}
	s := tokenWith(t, "DNS Write", policyset.Key{Outer: zonePrefix + zoneA.String()})
	s.credential.Kind, s.credential.User, s.credential.Account = authz.AccountToken, authz.ID{}, accountA
	asking := inquirer{api: &api, subject: s, knowledge: newKnowledge()}
	v, err := asking.answer(t.Context(), mustAsk(t, "DNS Write", inquiry.Target{Zone: zoneA}))
	if err != nil || v.reason() != "target_not_found" || len(v.unknown) > 0 {
		t.Errorf("reason %q, unknown %v, %v", v.reason(), v.unknown, err)
	}
	if diff := cmp.Diff(map[string]int{"zone": 1}, api.count); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}
