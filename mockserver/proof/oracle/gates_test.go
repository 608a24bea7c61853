// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

func TestGates1To4(t *testing.T) {
	t.Parallel()
	token := func(change func(*scene.Credential)) edit { return func(s *scene.Scene) { change(s.Credential) } }
	before, after := now.Add(-time.Nanosecond), now.Add(time.Nanosecond)
	runJudged(t, []judged{
		{"§6 the base passes", nil, allowed()},
		{
			"§6.1 nothing presented",
			edits(func(s *scene.Scene) { s.Request.Presented = scene.PresentedNothing }),
			refused(1, reasonMissing),
		},
		{
			"§6.1 malformed",
			edits(func(s *scene.Scene) { s.Request.Presented = scene.PresentedMalformed }),
			refused(1, reasonMalformed),
		},
		{"§6.2 unknown", edits(func(s *scene.Scene) { s.Credential = nil }), refused(2, reasonUnknown)},
		{
			"§6.3 disabled is judged before expired",
			edits(token(func(c *scene.Credential) { c.Disabled, c.ExpiresOn = true, &before })),
			refused(3, reasonDisabled),
		},
		{
			"§6.3 now < expires_on fails at the instant itself",
			edits(token(func(c *scene.Credential) { c.ExpiresOn = &now })),
			refused(3, reasonExpired),
		},
		{
			"§6.3 times are compared at full resolution",
			edits(token(func(c *scene.Credential) { c.ExpiresOn, c.NotBefore = &after, &now })),
			allowed(),
		},
		{
			"§6.3 not yet valid",
			edits(token(func(c *scene.Credential) { c.NotBefore = &after })),
			refused(3, reasonNotYetValid),
		},
		{
			"§6.3 expired is judged before not yet valid",
			edits(token(func(c *scene.Credential) { c.ExpiresOn, c.NotBefore = &before, &after })),
			refused(3, reasonExpired),
		},
		{
			"§6.4 in no in range",
			edits(token(func(c *scene.Credential) { c.In = []string{"198.51.100.0/24"} })),
			refused(4, reasonIPNotAllowed),
		},
		{
			"§6.4 in some in range",
			edits(token(func(c *scene.Credential) { c.In = []string{"198.51.100.0/24", "192.0.2.99/24"} })),
			allowed(),
		},
		{
			"§6.4 a not_in range wins over an in range",
			edits(token(func(c *scene.Credential) { c.In, c.NotIn = []string{"192.0.2.0/24"}, []string{"192.0.2.7"} })),
			refused(4, reasonIPNotAllowed),
		},
		{
			"§2 a Global key has no IP condition and no expiry",
			edits(credential(scene.Credential{
				Kind: scene.GlobalKey, User: alice, Disabled: true, In: []string{"198.51.100.0/24"},
			})),
			allowed(),
		},
		{
			"§2 an account-owned token passes gates 3 and 4 like any token",
			edits(credential(scene.Credential{Kind: scene.AccountToken, Account: standard, Disabled: true})),
			refused(3, reasonDisabled),
		},
	})
}

func TestGate5(t *testing.T) {
	t.Parallel()
	user := scene.Target{Kind: scene.OnUser}
	runJudged(t, []judged{
		{
			"§6.5 an operation on a user needs a credential with a user",
			edits(accountToken(standard), ask("GET /user", user)),
			refused(5, reasonUserRequired),
		},
		{"§6.5 an absent zone", edits(ask(getZone, zoneTarget(bob))), refused(5, reasonTargetNotFound)},
		{"§6.5 a foreign zone", edits(ask(getZone, zoneTarget(elsewhere))), refused(5, reasonTargetNotFound)},
		{
			"§6.5 a pending membership is none",
			edits(func(s *scene.Scene) { s.World.Members[0].Status = "pending" }),
			refused(5, reasonTargetNotFound),
		},
		{"§6.5 holds for keys too", edits(kind(scene.GlobalKey), ask(getZone, zoneTarget(elsewhere))), refused(5, reasonTargetNotFound)},
		{
			"§6.5 an account-owned token is that account",
			edits(accountToken(standard, allow(onAccountKey(standard), "zone:Zone Read"))),
			allowed(),
		},
		{
			"§6.5 an account-owned token is no other account",
			edits(accountToken(enterprise, allow(onAccountKey(standard), "zone:Zone Read"))),
			refused(5, reasonTargetNotFound),
		},
		{
			"§4 a zone named below an account must lie in it",
			edits(
				policies(allow(onAccountKey(standard), "account:Address Maps Write")),
				ask("PUT /accounts/{account_id}/addressing/address_maps/{address_map_id}/zones/{zone_id}",
					scene.Target{Kind: scene.OnAccount, Account: standard, Zone: bank}),
			),
			refused(5, reasonTargetNotFound),
		},
		{
			"§4 and the account is the target",
			edits(
				policies(allow(onAccountKey(standard), "account:Address Maps Write")),
				ask("PUT /accounts/{account_id}/addressing/address_maps/{address_map_id}/zones/{zone_id}",
					scene.Target{Kind: scene.OnAccount, Account: standard, Zone: shop}),
			),
			allowed(),
		},
		{
			"§6 every gate looks at all targets before the next one runs",
			edits(policies(allow(onZoneKey(shop), "zone:SSL and Certificates Write")),
				ask("POST /certificates", zoneTarget(blog), zoneTarget(elsewhere))),
			refused(5, reasonTargetNotFound),
		},
	})
}

func TestSwitch(t *testing.T) {
	t.Parallel()
	yes, no := true, false
	values := func(account, member *bool) edit {
		return func(s *scene.Scene) {
			s.World.Accounts[1].APIAccess = account
			s.World.Members[1].APIAccess = member
		}
	}
	onBank := func(s *scene.Scene) {
		policies(allow(onZoneKey(bank), "zone:Zone Read"))(s)
		ask(getZone, zoneTarget(bank))(s)
	}
	off := refused(6, reasonAPIAccessDisabled)
	runJudged(t, []judged{
		{"§7 null counts as true", edits(onBank), allowed()},
		{"§7 the account value", edits(onBank, values(&no, nil)), off},
		{"§7 the member value if not null", edits(onBank, values(&no, &yes)), allowed()},
		{"§7 the member value against the account's", edits(onBank, values(nil, &no)), off},
		{"§7 Global keys of Super Administrators included", edits(onBank, kind(scene.GlobalKey), values(&no, nil)), off},
		{"§7 the console is no API credential", edits(onBank, kind(scene.ConsoleSession), values(&no, nil)), allowed()},
		{
			"§7 account-owned tokens have no member",
			edits(onBank, accountToken(enterprise, allow(onAccountKey(enterprise), "zone:Zone Read")), values(&yes, &no)),
			allowed(),
		},
		{
			"§7 account-owned tokens have the account value",
			edits(onBank, accountToken(enterprise, allow(onAccountKey(enterprise), "zone:Zone Read")), values(&no, &yes)),
			off,
		},
		{
			"§7 Enterprise accounts only",
			edits(func(s *scene.Scene) { s.World.Accounts[0].APIAccess = &no }),
			allowed(),
		},
		{
			"§7 the user's other accounts are not concerned",
			edits(values(&no, &no)),
			allowed(),
		},
		{
			"§7 memberships are not concerned",
			edits(
				policies(allow(onUserKey(alice), "user:Memberships Read")),
				ask("GET /memberships", scene.Target{Kind: scene.OnUser}), values(&no, &no),
			),
			allowed(),
		},
		{
			"§7 with several targets, each one's account",
			edits(kind(scene.GlobalKey), ask("POST /certificates", zoneTarget(shop), zoneTarget(bank)), values(&no, nil)),
			off,
		},
	})
}

func TestGate10(t *testing.T) {
	t.Parallel()
	yes := true
	user := scene.Target{Kind: scene.OnUser}
	settings := policies(
		allow(onAccountKey(standard), "account:Account Settings Write", "account:Account API Tokens Read"),
		allow(onAccountKey(enterprise), "account:Account Settings Write"),
	)
	tenant := func(s *scene.Scene) { s.World.TenantAdmins = []string{alice} }
	whole := memberPolicy("allow", nil, superAdministratorRole)
	runJudged(t, []judged{
		{"§6.10 members: a Super Administrator", edits(settings, ask(putMember, accountTarget(standard))), allowed()},
		{
			"§6.10 members: no other role",
			edits(settings, ask(putMember, accountTarget(standard)), owner(standard, "Administrator", "Billing")),
			refused(10, reasonSuperAdministratorRequired),
		},
		{
			"§6.10 iam: an Administrator is no Super Administrator",
			edits(kind(scene.GlobalKey), ask("POST /accounts/{account_id}/iam/user_groups", accountTarget(standard)),
				owner(standard, "Administrator", "Cloudflare Zero Trust")),
			refused(10, reasonSuperAdministratorRequired),
		},
		{
			"§6.10 members: an account-owned token is refused on every row with a role",
			edits(accountToken(standard, allow(onAccountKey(standard), "account:Account Settings Write")),
				ask(putMember, accountTarget(standard))),
			refused(10, reasonUserRequired),
		},
		{
			"§6.10 members: a GET asks no role",
			edits(accountToken(standard, allow(onAccountKey(standard), "account:Account Settings Read")),
				ask("GET /accounts/{account_id}/members", accountTarget(standard))),
			allowed(),
		},
		{
			"§6.10 tokens: a GET asks a role too",
			edits(settings, ask(listAccountTokens, accountTarget(standard)), owner(standard, superAdministratorRole)),
			allowed(),
		},
		{
			"§6.10 tokens: refused without one, whatever the groups",
			edits(settings, ask(listAccountTokens, accountTarget(standard)),
				ownerPolicies(standard, whole, memberPolicy("deny", []string{shop}, "Domain DNS"))),
			refused(10, reasonAdministratorRequired),
		},
		{
			"§6.10 tokens: permission_groups asks none",
			edits(settings, ask("GET /accounts/{account_id}/tokens/permission_groups", accountTarget(standard)),
				ownerPolicies(standard, whole, memberPolicy("deny", []string{shop}, "Domain DNS"))),
			allowed(),
		},
		{
			"§8 a Super Administrator by a whole-account policy",
			edits(settings, ask(putMember, accountTarget(standard)), ownerPolicies(standard, whole)),
			allowed(),
		},
		{
			"§8 no Super Administrator with any deny policy",
			edits(settings, ask(putMember, accountTarget(standard)),
				ownerPolicies(standard, whole, memberPolicy("deny", []string{shop}, "Domain DNS"))),
			refused(10, reasonSuperAdministratorRequired),
		},
		{
			"§6.10 a switch that changes needs Enterprise for a value",
			edits(settings, ask(putAccount, accountTarget(standard)), change(&yes)),
			refused(10, reasonEnterpriseRequired),
		},
		{"§6.10 a switch set to null needs no Enterprise", edits(settings, ask(putAccount, accountTarget(standard)), change(nil)), allowed()},
		{"§6.10 a switch on Enterprise", edits(settings, ask(putAccount, accountTarget(enterprise)), change(&yes)), allowed()},
		{
			"§6.10 a changed switch accepts Account Settings Write alone",
			edits(policies(allow(onAccountKey(enterprise), "account:SCIM Provisioning")),
				ask(putMember, accountTarget(enterprise)), change(&yes)),
			refused(7, reasonNoMatchingGrant),
		},
		{
			"§6.10 the role is asked before Enterprise",
			edits(settings, ask(putAccount, accountTarget(standard)), change(&yes),
				ownerPolicies(standard, whole, memberPolicy("deny", []string{shop}, "Domain DNS"))),
			refused(10, reasonSuperAdministratorRequired),
		},
		{"§4 POST /accounts asks a tenant administrator", edits(kind(scene.GlobalKey), ask("POST /accounts", user)), refused(10, reasonTenantRequired)},
		{"§4 POST /accounts by one", edits(kind(scene.GlobalKey), ask("POST /accounts", user), tenant), allowed()},
		{"§4 POST /accounts with policies", edits(tenant, ask("POST /accounts", user)), refused(7, reasonNoMatchingGrant)},
		{
			"§4 DELETE /accounts/{id} by one, in the console",
			edits(kind(scene.ConsoleSession), ask("DELETE /accounts/{account_id}", accountTarget(standard)), tenant),
			allowed(),
		},
		{
			"§4 /user/subscriptions: credentials without policies",
			edits(kind(scene.GlobalKey), ask("GET /user/subscriptions", user)),
			allowed(),
		},
		{
			"§4 /user/subscriptions: no token",
			edits(policies(allow(onAccountKey(standard), "account:Billing Read")), ask("GET /user/subscriptions", user)),
			refused(7, reasonNoMatchingGrant),
		},
	})
}
