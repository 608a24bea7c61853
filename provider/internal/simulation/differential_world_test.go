// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// differentialSeed is a world of two Enterprise accounts and a standard one. Everybody is a Super
// Administrator at first, so that everybody can give tokens every right; a round then takes rights away.
const differentialSeed = `
users:
  terraform: {email: terraform@example.com, api_key: "0123456789abcdef0123456789abcdef00000"}
  ann: {email: Ann@Example.com, api_key: "0123456789abcdef0123456789abcdef00001"}
  bob: {email: bob@example.com, api_key: "0123456789abcdef0123456789abcdef00002"}
accounts:
  acme:
    name: Acme
    type: enterprise
    members:
      terraform: {roles: [Super Administrator - All Privileges], api_access_enabled: true}
      ann: {roles: [Super Administrator - All Privileges]}
      bob: {roles: [Super Administrator - All Privileges]}
  initech:
    name: Initech
    type: enterprise
    members:
      terraform: {roles: [Super Administrator - All Privileges], api_access_enabled: true}
      ann: {roles: [Super Administrator - All Privileges]}
      bob: {roles: [Super Administrator - All Privileges]}
  globex:
    name: Globex
    type: standard
    members:
      terraform: {roles: [Super Administrator - All Privileges]}
      ann: {roles: [Super Administrator - All Privileges]}
      bob: {roles: [Super Administrator - All Privileges]}
  foreign: {name: Foreign, type: enterprise, members: {terraform: {roles: [Super Administrator - All Privileges]}}}
zones:
  example.com:
    account: acme
    records:
      - {type: A, name: "@", content: 192.0.2.10}
      - {type: TXT, name: _acme-challenge, content: '"x"'}
      - {type: TXT, name: _acme-challenge.www, content: '"y"'}
      - {type: MX, name: "@", content: mail.example.com, priority: 10}
  example.org: {account: acme, records: [{type: A, name: www, content: 192.0.2.11}]}
  initech.example: {account: initech, records: [{type: TXT, name: _acme-challenge, content: '"z"'}]}
  globex.example: {account: globex, records: [{type: A, name: "@", content: 192.0.2.12}]}
  foreign.example: {account: foreign}
tokens:
  terraform:
    user: terraform
    policies:
      - {permission_groups: [User Details Read], resources: {user: self}}
`

// newWorld makes tokens while everybody may give everything, and then deals roles and switches anew.
func (d *differ) newWorld() {
	d.Helper()
	d.deal(func() []string { return []string{catalog.RoleSuperAdministrator} }, nil)
	for _, token := range append(d.tokens, d.spent...) {
		path := "/user/tokens/"
		owner := token.owner
		if token.account {
			path, owner = "/accounts/"+token.owner+"/tokens/", "ann"
		}
		d.env.Must(owner, http.MethodDelete, path+token.id, nil)
	}
	d.tokens, d.spent = nil, nil
	for range tokensARound {
		d.issue()
	}
	for _, user := range []string{"ann", "bob"} {
		d.readers[user] = d.reader(user)
	}
	if d.IntN(2) == 0 {
		d.env.Server.Advance(2 * time.Hour) // tokens that live an hour are dead, others begin
	}
	roles := []string{
		"Super Administrator - All Privileges", "Super Administrator - All Privileges", "Super Administrator - All Privileges",
		"Administrator", "Administrator", "Administrator Read Only", "DNS", "Cache Purge",
	}
	d.deal(func() []string { return []string{d.role(pick(d.Rand, roles)).ID} }, func(tx *state.Tx, m *state.Member) {
		m.APIAccess = pick(d.Rand, []authz.Switch{authz.Unset, authz.Unset, authz.Unset, authz.On, authz.On, authz.Off})
		switch d.IntN(10) {
		case 0:
			m.Status = state.StatusPending
		case 1, 2:
			m.Roles, m.Policies = nil, d.memberPolicies(tx, m.Account)
		}
	})
}

// reader is a provider that may read its user's tokens, and of everything else only some kinds of things.
func (d *differ) reader(user string) *acctest.Run {
	d.Helper()
	policies := []obj{}
	give := func(key string, names ...string) {
		for _, name := range names {
			group, err := catalog.LookupGroup(name)
			if err != nil {
				d.Fatal(err)
			}
			policies = append(policies, obj{"effect": "allow", "permission_groups": []obj{{"id": group.ID}}, "resources": obj{key: "*"}})
		}
	}
	self := "com.cloudflare.api.user." + d.env.ID(user)
	give(self, "API Tokens Read")
	for _, name := range []string{"Memberships Read", "User Details Read"} {
		if d.IntN(2) == 0 {
			give(self, name)
		}
	}
	if d.IntN(2) == 0 {
		give("com.cloudflare.api.account.zone.*", "Zone Read")
	}
	if d.IntN(2) == 0 {
		give("com.cloudflare.api.account.*", "account:Account Settings Read")
	}
	reply := d.env.Must(user, http.MethodPost, "/user/tokens", obj{"name": "reader", "policies": policies})
	var made struct{ ID, Value string }
	if err := reply.Decode(&made); err != nil {
		d.Fatal(err)
	}
	d.spent = append(d.spent, issuedToken{owner: user, id: made.ID})
	return d.env.Start(acctest.Object{"api_token": made.Value})
}

// deal gives every member but Terraform's roles, and every account a switch.
func (d *differ) deal(roles func() []string, more func(*state.Tx, *state.Member)) {
	d.Helper()
	err := d.env.Server.World().Update(func(tx *state.Tx) error {
		for _, ref := range []string{"acme", "initech", "globex"} {
			account := *tx.AccountByRef(ref)
			account.APIAccess = authz.Unset
			if more != nil && ref != "globex" {
				account.APIAccess = pick(d.Rand, []authz.Switch{authz.Unset, authz.Unset, authz.On, authz.Off})
			}
			if err := tx.PutAccount(&account); err != nil {
				return err
			}
			for _, user := range []string{"ann", "bob"} {
				member := *tx.MemberByRef(ref + "/" + user)
				member.Status, member.Roles, member.Policies, member.APIAccess = state.StatusAccepted, roles(), nil, authz.Unset
				if more != nil {
					more(tx, &member)
				}
				if ref == "globex" {
					member.APIAccess = authz.Unset
				}
				if err := tx.PutMember(&member); err != nil {
					return err
				}
			}
		}
		return nil
	})
	if err != nil {
		d.Fatal(err)
	}
}

func (d *differ) role(name string) *catalog.Role {
	d.Helper()
	role, err := catalog.LookupRole(name)
	if err != nil {
		d.Fatal(err)
	}
	return role
}

// memberPolicies are policies in place of roles, over the account or one of its zones.
func (d *differ) memberPolicies(tx *state.Tx, account authz.ID) []state.MemberPolicy {
	zones := map[authz.ID][]string{
		tx.AccountByRef("acme").ID:    {"example.com", "example.org"},
		tx.AccountByRef("initech").ID: {"initech.example"},
		tx.AccountByRef("globex").ID:  {"globex.example"},
	}[account]
	out := []state.MemberPolicy{}
	for n := range 1 + d.IntN(3) {
		p := state.MemberPolicy{ID: tx.NewID("policy"), Access: authz.Allow}
		if n > 0 && d.IntN(3) == 0 {
			p.Access = authz.Deny
		}
		names := []string{"Administrator", "Administrator Read Only", "DNS", "Super Administrator - All Privileges"}
		if d.IntN(2) == 0 {
			p.Zones = []authz.ID{tx.ZoneByName(pick(d.Rand, zones)).ID}
			names = []string{"Domain Administrator", "Domain DNS", "Domain Administrator Read Only", "DNS"}
		}
		p.Roles = []string{d.role(pick(d.Rand, names)).ID}
		out = append(out, p)
	}
	return out
}

func pick[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }

// issue makes one token of random policies, by the Global API key of its owner or, for an account's, ann's.
func (d *differ) issue() {
	d.Helper()
	owners := []string{"ann", "bob", "acme", "initech"}
	if d.dns {
		owners = owners[:3] // the zone is acme's
	}
	token := issuedToken{owner: pick(d.Rand, owners)}
	by, path := token.owner, "/user/tokens"
	if token.account = strings.HasSuffix(token.owner, "e") || strings.HasSuffix(token.owner, "h"); token.account {
		token.owner = d.env.ID(token.owner)
		by, path = "ann", "/accounts/"+token.owner+"/tokens"
	}
	for {
		token.groups = nil
		body := obj{"name": "differential", "policies": d.policies(&token)}
		switch d.IntN(8) {
		case 0:
			body["expires_on"] = d.env.Server.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		case 1:
			body["not_before"] = d.env.Server.Now().Add(time.Hour).UTC().Format(time.RFC3339)
		case 2:
			body["condition"] = obj{"request_ip": pick(d.Rand, []obj{
				{"in": []any{"127.0.0.0/8"}}, {"in": []any{"10.0.0.0/8"}}, {"not_in": []any{"127.0.0.1"}}, {"in": []any{"::ffff:127.0.0.1", "10.0.0.1"}},
			})}
		}
		_, reply := d.env.Server.Do(by, http.MethodPost, path, body)
		if !reply.Success {
			d.counts["refused definitions"]++
			if d.counts["refused definitions"] > 2000 {
				d.Fatalf("no token can be made: %+v", reply.Errors)
			}
			continue
		}
		var made struct{ ID, Value string }
		if err := reply.Decode(&made); err != nil {
			d.Fatal(err)
		}
		token.id, token.secret = made.ID, made.Value
		text, _ := json.Marshal(body)
		token.definition = string(text)
		if d.IntN(12) == 0 {
			body["status"] = "disabled"
			d.env.Must(by, http.MethodPut, path+"/"+token.id, body)
		}
		d.tokens = append(d.tokens, token)
		return
	}
}

// groupsOf are groups for each kind of key.
var groupsOf = map[catalog.Scope][]string{
	catalog.ScopeZone:    {"DNS Read", "DNS Write", "Zone Read", "Zone Write", "Cache Purge", "Zone Settings Write", "Firewall Services Read"},
	catalog.ScopeAccount: {"account:Account Settings Read", "account:Account Settings Write", "account:Account API Tokens Read", "Billing Read", "Workers R2 Storage Read"},
	catalog.ScopeUser:    {"User Details Read", "Memberships Read", "API Tokens Read", "API Tokens Write"},
}

// policies are one to three policies that the token may hold, mostly.
func (d *differ) policies(token *issuedToken) []obj {
	d.Helper()
	var out []obj
	for n := range 1 + d.IntN(3) {
		scope := catalog.ScopeZone
		if !d.dns {
			scope = pick(d.Rand, []catalog.Scope{catalog.ScopeZone, catalog.ScopeZone, catalog.ScopeZone, catalog.ScopeAccount, catalog.ScopeAccount, catalog.ScopeUser})
		}
		if token.account && scope == catalog.ScopeUser {
			scope = catalog.ScopeAccount
		}
		names := groupsOf[scope]
		key, value := d.key(token, scope)
		if d.dns || strings.Contains(fmt.Sprint(value), "dns_record") {
			names = names[:2]
		}
		var groups []obj
		for _, name := range []string{pick(d.Rand, names), pick(d.Rand, names)} {
			group, err := catalog.LookupGroup(name)
			if err != nil {
				d.Fatal(err)
			}
			if len(groups) == 0 || groups[0]["id"] != group.ID {
				groups = append(groups, obj{"id": group.ID})
				token.groups = append(token.groups, group)
			}
		}
		effect := "allow"
		if n > 0 && d.IntN(2) == 0 {
			effect = "deny"
		}
		out = append(out, obj{"effect": effect, "permission_groups": groups, "resources": obj{key: value}})
	}
	return out
}

// key is a random resource key for groups of that scope.
func (d *differ) key(token *issuedToken, scope catalog.Scope) (string, any) {
	d.Helper()
	const account, zoneKey = "com.cloudflare.api.account.", "com.cloudflare.api.account.zone."
	accounts, zones := []string{"acme", "initech", "globex"}, []string{"example.com", "example.org", "initech.example", "globex.example"}
	own := func(ref string) string { return account + d.env.ID(ref) }
	switch {
	case scope == catalog.ScopeUser:
		return "com.cloudflare.api.user." + d.env.ID(token.owner), "*"
	case scope == catalog.ScopeAccount && d.IntN(3) == 0:
		return account + "*", "*"
	case scope == catalog.ScopeAccount:
		return own(pick(d.Rand, accounts)), "*"
	}
	kind := d.IntN(6)
	if d.dns {
		zones, kind = zones[:1], pick(d.Rand, []int{0, 3, 4, 4, 4, 4})
	}
	switch kind {
	case 0:
		return zoneKey + "*", "*"
	case 1:
		return own(pick(d.Rand, accounts)), "*"
	case 2:
		return own(pick(d.Rand, accounts)), obj{zoneKey + "*": "*"}
	case 3:
		return own("acme"), obj{zoneKey + d.env.ID(pick(d.Rand, zones[:min(2, len(zones))])): "*"}
	case 4:
		pattern := pick(d.Rand, []string{"_acme-challenge.*", "*", "*.example.com", "example.com", "www.*"})
		return zoneKey + d.env.ID(pick(d.Rand, zones)), obj{zoneKey + "dns_record." + pick(d.Rand, []string{"TXT", "A", "MX", "*"}) + "." + pattern: "*"}
	default:
		return zoneKey + d.env.ID(pick(d.Rand, zones)), "*"
	}
}
