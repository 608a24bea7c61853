// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// change copies what is stored, lets fn change the copy, and puts it.
func changeMember(memberID authz.ID, fn func(*state.Member)) func(*state.Tx) error {
	return func(tx *state.Tx) error {
		m := *tx.MemberByID(memberID)
		fn(&m)
		return tx.PutMember(&m)
	}
}

func changeToken(fn func(*state.Token)) func(*state.Tx) error {
	return func(tx *state.Tx) error {
		k := *tx.Token(devToken)
		fn(&k)
		return tx.PutToken(&k)
	}
}

func policy(access authz.Effect, role string, zones ...authz.ID) []state.MemberPolicy {
	return []state.MemberPolicy{{ID: id(9, 9), Access: access, Roles: []string{role}, Zones: zones}}
}

func TestRules(t *testing.T) {
	t.Parallel()
	put := func(v any) func(*state.Tx) error {
		return func(tx *state.Tx) error {
			switch v := v.(type) {
			case state.User:
				return tx.PutUser(&v)
			case state.Account:
				return tx.PutAccount(&v)
			case state.Zone:
				return tx.PutZone(&v)
			case state.Record:
				return tx.PutRecord(&v)
			case state.AccessRule:
				return tx.PutAccessRule(&v)
			case *state.Member:
				return tx.PutMember(v)
			default:
				return errors.New("the test does not know this kind")
			}
		}
	}
	cases := []struct {
		name string
		rule string
		fn   func(*state.Tx) error
	}{
		{"user without id", state.RuleInvalidValue, put(state.User{Email: "x@example.com"})},
		{"user with a malformed address", state.RuleInvalidValue, put(state.User{ID: id(1, 9), Email: "nobody"})},
		{"user with a taken address", state.RuleTaken, put(state.User{ID: id(1, 9), Email: "SUPER@example.com"})},
		{"user with a taken ref", state.RuleTaken, put(state.User{ID: id(1, 9), Email: "x@example.com", Ref: "dev"})},
		{"user with a taken Origin CA key", state.RuleTaken, func(tx *state.Tx) error {
			return tx.PutUser(&state.User{ID: id(1, 9), Email: "x@example.com", OriginCAKeyHash: tx.HashSecret(devServiceKey)})
		}},
		{"account without name", state.RuleInvalidValue, put(state.Account{ID: id(2, 9), Type: state.TypeStandard})},
		{"account with a long name", state.RuleInvalidValue, put(state.Account{ID: id(2, 9), Type: state.TypeStandard, Name: strings.Repeat("é", 101)})},
		{"account of unknown type", state.RuleInvalidValue, put(state.Account{ID: id(2, 9), Type: "premium", Name: "X"})},
		{"account changing type", state.RuleAccountType, put(state.Account{ID: globex, Type: state.TypeEnterprise, Name: "Globex"})},
		{"account with a taken ref", state.RuleTaken, put(state.Account{ID: id(2, 9), Type: state.TypeStandard, Name: "X", Ref: "acme"})},
		{"switch on a standard account", state.RuleEnterpriseOnly, put(state.Account{ID: globex, Type: state.TypeStandard, Name: "Globex", APIAccess: authz.On})},
		{"switch on a member of a standard account", state.RuleEnterpriseOnly, changeMember(superGlobex, func(m *state.Member) { m.APIAccess = authz.Off })},
		{"member with roles and policies", state.RuleRolesOrPolicies, changeMember(devAcme, func(m *state.Member) { m.Policies = policy(authz.Allow, dnsRole) })},
		{"member with an unknown role", state.RuleUnknownRole, changeMember(devAcme, func(m *state.Member) { m.Roles = []string{"DNS"} })},
		{"member with an unknown role in a policy", state.RuleUnknownRole, changeMember(devAcme, func(m *state.Member) { m.Roles, m.Policies = nil, policy(authz.Allow, "DNS") })},
		{"member with a domain role in roles", state.RuleDomainRole, changeMember(devAcme, func(m *state.Member) { m.Roles = []string{domainDNSRole} })},
		{"member policy over a foreign zone", state.RuleScopeOutsideAccount, changeMember(devAcme, func(m *state.Member) { m.Roles, m.Policies = nil, policy(authz.Allow, domainDNSRole, globexZ) })},
		{"member policy over an absent zone", state.RuleScopeOutsideAccount, changeMember(devAcme, func(m *state.Member) { m.Roles, m.Policies = nil, policy(authz.Allow, domainDNSRole, id(4, 99)) })},
		{"member policy without roles", state.RuleInvalidValue, changeMember(devAcme, func(m *state.Member) { m.Roles, m.Policies = nil, []state.MemberPolicy{{Access: authz.Allow}} })},
		{"member policy without access", state.RuleInvalidValue, changeMember(devAcme, func(m *state.Member) { m.Roles, m.Policies = nil, policy("", dnsRole) })},
		{"member with an unknown status", state.RuleInvalidValue, changeMember(devAcme, func(m *state.Member) { m.Status = "invited" })},
		{"member moved to another account", state.RuleInvalidValue, changeMember(devAcme, func(m *state.Member) { m.Account = globex })},
		{"member moved to another user", state.RuleInvalidValue, changeMember(devAcme, func(m *state.Member) { m.User = guest })},
		{"second membership", state.RuleTaken, put(member(id(3, 9), acme, dev, dnsRole))},
		{"member of no account", state.RuleUnknownReference, put(member(id(3, 9), id(2, 99), dev, dnsRole))},
		{"member without user", state.RuleUnknownReference, put(member(id(3, 9), acme, id(1, 99), dnsRole))},
		{"zone in no account", state.RuleUnknownReference, put(state.Zone{ID: id(4, 9), Account: id(2, 99), Name: "new.example"})},
		{"zone with a taken name", state.RuleTaken, put(state.Zone{ID: id(4, 9), Account: globex, Name: "example.com"})},
		{"zone name not as stored", state.RuleInvalidValue, put(state.Zone{ID: id(4, 9), Account: globex, Name: "New.example."})},
		{"zone moved to another account", state.RuleInvalidValue, put(state.Zone{ID: exampleCom, Account: globex, Name: "example.com"})},
		{"zone setting that is not JSON", state.RuleInvalidValue, put(state.Zone{ID: exampleCom, Account: acme, Name: "example.com", Settings: map[string]json.RawMessage{"ssl": json.RawMessage("full")}})},
		{"zone setting that no zone has", state.RuleInvalidValue, put(state.Zone{ID: exampleCom, Account: acme, Name: "example.com", Settings: map[string]json.RawMessage{"sssl": json.RawMessage(`"full"`)}})},
		{"zone setting with another value", state.RuleInvalidValue, put(state.Zone{ID: exampleCom, Account: acme, Name: "example.com", Settings: map[string]json.RawMessage{"ssl": json.RawMessage(`"fully"`)}})},
		{"record in no zone", state.RuleUnknownReference, put(state.Record{ID: id(5, 9), Zone: id(4, 99), Type: "A", Name: "x.example.com"})},
		{"record of unknown type", state.RuleInvalidValue, put(state.Record{ID: id(5, 9), Zone: exampleCom, Type: "a", Name: "x.example.com"})},
		{"record name not as stored", state.RuleInvalidValue, put(state.Record{ID: id(5, 9), Zone: exampleCom, Type: "A", Name: "WWW"})},
		{"record moved to another zone", state.RuleInvalidValue, put(state.Record{ID: wwwRecord, Zone: globexZ, Type: "A", Name: "www.globex.example"})},
		{"record data that is not JSON", state.RuleInvalidValue, put(state.Record{ID: wwwRecord, Zone: exampleCom, Type: "A", Name: "www.example.com", Data: []byte("{")})},
		{"token without owner", state.RuleInvalidValue, changeToken(func(k *state.Token) { k.Owner = authz.Owner{} })},
		{"token with two owners", state.RuleInvalidValue, changeToken(func(k *state.Token) { k.Owner.Account = acme })},
		{"token of nobody", state.RuleUnknownReference, changeToken(func(k *state.Token) { k.ID, k.Owner.User = id(6, 9), id(1, 99) })},
		{"token changing owner", state.RuleInvalidValue, changeToken(func(k *state.Token) { k.Owner.User = super })},
		{"token without secret", state.RuleInvalidValue, changeToken(func(k *state.Token) { k.SecretHash = state.Hash{} })},
		{"token with another's secret", state.RuleTaken, changeToken(func(k *state.Token) { k.ID = id(6, 9) })},
		{"access rule of nobody", state.RuleUnknownReference, put(state.AccessRule{ID: id(7, 9), Scope: state.ScopeAccount, Owner: dev})},
		{"access rule of unknown scope", state.RuleUnknownReference, put(state.AccessRule{ID: id(7, 9), Scope: "world", Owner: dev})},
		{"access rule moved", state.RuleInvalidValue, put(state.AccessRule{ID: zoneRule, Scope: state.ScopeZone, Owner: globexZ})},
		{"negative limit", state.RuleInvalidValue, func(tx *state.Tx) error { return tx.PutLimits(state.Limits{TokensPerUser: -1}) }},
		{"Vultr on a standard account", state.RuleEnterpriseOnly, func(tx *state.Tx) error { return tx.PutVultrAccount(globex) }},
		{"Vultr on no account", state.RuleUnknownReference, func(tx *state.Tx) error { return tx.PutVultrAccount(id(2, 99)) }},
		{"Vultr key with an unknown ACL", state.RuleInvalidValue, func(tx *state.Tx) error {
			return tx.PutVultrKey(&state.VultrKey{ID: id(8, 9), User: dev, ACLs: []string{"root"}, SecretHash: tx.HashSecret("x")})
		}},
		{"Vultr key without secret", state.RuleInvalidValue, func(tx *state.Tx) error { return tx.PutVultrKey(&state.VultrKey{ID: id(8, 9), User: dev}) }},
		{"Vultr key of nobody", state.RuleUnknownReference, func(tx *state.Tx) error { return tx.PutVultrKey(&state.VultrKey{ID: id(8, 9), User: id(1, 99)}) }},
		{"Vultr key with another's secret", state.RuleTaken, func(tx *state.Tx) error {
			return tx.PutVultrKey(&state.VultrKey{ID: id(8, 9), User: super, SecretHash: tx.HashSecret(devVultrSecret)})
		}},
		{"token quota", state.RuleTokenQuota, func(tx *state.Tx) error {
			if err := errors.Join(tx.CheckTokenQuota(authz.Owner{User: dev}), tx.PutLimits(state.Limits{TokensPerUser: 1, TokensPerAccount: 2})); err != nil {
				return err
			}
			return errors.Join(tx.CheckTokenQuota(authz.Owner{Account: acme}), tx.CheckTokenQuota(authz.Owner{User: dev}))
		}},
		{"account token quota", state.RuleTokenQuota, func(tx *state.Tx) error {
			return errors.Join(tx.PutLimits(state.Limits{TokensPerUser: 2, TokensPerAccount: 1}), tx.CheckTokenQuota(authz.Owner{Account: acme}))
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			before := digest(t, w)
			wantRule(t, w.Update(tc.fn), tc.rule)
			if digest(t, w) != before {
				t.Error("a refused write changed the world")
			}
		})
	}
}

func TestTokenThatDoesNotCompileIsRefused(t *testing.T) {
	t.Parallel()
	cases := map[string]func(*state.Token){
		"empty nested map": func(k *state.Token) {
			k.Definition.Policies = []authz.Policy{{Effect: authz.Deny, Groups: groups("Zone Read"), Resources: []authz.Resource{{
				Key: authz.Key{Form: authz.KeyAccount, Account: acme}.Resource().Key, Nested: []string{},
			}}}}
		},
		"unknown key": func(k *state.Token) {
			k.Definition.Policies = []authz.Policy{{Effect: authz.Deny, Groups: groups("Zone Read"), Resources: []authz.Resource{{Key: "x"}}}}
		},
		"malformed range": func(k *state.Token) { k.Definition.In = []string{"192.0.2.0/33"} },
	}
	for name, fn := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			before := digest(t, w)
			if err := w.Update(changeToken(fn)); err == nil {
				t.Error("the token was stored")
			}
			if digest(t, w) != before {
				t.Error("a refused write changed the world")
			}
		})
	}
}

// TestCascades holds what goes with a parent and what stays.
func TestCascades(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name   string
		delete func(*state.Tx) error
		check  func(*testing.T, *state.Tx)
	}{
		{"zone", func(tx *state.Tx) error { return tx.DeleteZone(exampleCom) }, func(t *testing.T, tx *state.Tx) {
			t.Helper()
			if tx.RecordByID(wwwRecord) != nil || tx.AccessRuleByID(zoneRule) != nil {
				t.Error("records or access rules of the zone are left")
			}
			if tx.Token(devToken) == nil {
				t.Error("a token that names the zone went with it")
			}
		}},
		{"account", func(tx *state.Tx) error { return tx.DeleteAccount(acme) }, func(t *testing.T, tx *state.Tx) {
			t.Helper()
			if tx.ZoneByID(exampleCom) != nil || tx.RecordByID(wwwRecord) != nil || len(tx.Members(acme)) != 0 || tx.Token(acmeToken) != nil {
				t.Error("something of the account is left")
			}
			if tx.Token(devToken) == nil || tx.ZoneByID(globexZ) == nil || tx.User(super) == nil {
				t.Error("something of others went with the account")
			}
			if !tx.VultrAccount().IsZero() {
				t.Error("the Vultr dialect shows an account that is gone")
			}
			if got := tx.AccountsOf(super); len(got) != 1 || got[0].ID != globex {
				t.Errorf("AccountsOf(super) = %v, want globex alone", got)
			}
		}},
		{"member", func(tx *state.Tx) error { return tx.DeleteMember(devAcme) }, func(t *testing.T, tx *state.Tx) {
			t.Helper()
			if tx.Token(devToken) == nil || tx.CredentialByToken(devTokenSecret) == nil {
				t.Error("the user's token went with the membership")
			}
			if tx.Membership(dev, acme) != nil || len(tx.AccountsOf(dev)) != 0 {
				t.Error("the membership is left")
			}
		}},
		{"user", func(tx *state.Tx) error { return tx.DeleteUser(dev) }, func(t *testing.T, tx *state.Tx) {
			t.Helper()
			if tx.Token(devToken) != nil || tx.MemberByID(devAcme) != nil || tx.AccessRuleByID(userRule) != nil || tx.VultrKeyByID(devVultr) != nil {
				t.Error("something of the user is left")
			}
			if tx.CredentialByToken(devTokenSecret) != nil || tx.CredentialByKey("dev@example.com", devKey) != nil || tx.CredentialByServiceKey(devServiceKey) != nil {
				t.Error("a credential of the user is known")
			}
			if tx.Token(acmeToken) == nil {
				t.Error("the account's token went with the user")
			}
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			update(t, w, tc.delete)
			view(t, w, func(tx *state.Tx) { tc.check(t, tx) })
		})
	}
}

// TestDeletedZoneStaysNamed holds that losing its zone never turns a policy
// into one over the whole account, and never lifts a deny.
func TestDeletedZoneStaysNamed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	update(t, w, changeMember(devAcme, func(m *state.Member) {
		m.Roles, m.Policies = nil, append(policy(authz.Allow, catalog.RoleAdministrator, exampleCom), policy(authz.Deny, domainDNSRole, exampleCom)...)
	}))
	update(t, w, func(tx *state.Tx) error { return tx.DeleteZone(exampleCom) })
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.Status = state.StatusPending }))
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.Status = state.StatusAccepted }))
	view(t, w, func(tx *state.Tx) {
		m := tx.MemberByID(devAcme)
		for i, p := range m.Policies {
			if len(p.Zones) != 1 || p.Zones[0] != exampleCom {
				t.Errorf("policies[%d].Zones = %v, want the deleted zone", i, p.Zones)
			}
		}
		if m.Membership().IsAdministrator() {
			t.Error("a policy over a deleted zone reaches the account")
		}
	})
}
