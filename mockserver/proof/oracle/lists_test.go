// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

func TestLists(t *testing.T) {
	t.Parallel()
	no := false
	zones := func(s *scene.Scene) {
		ask("GET /zones", zoneTarget(shop), zoneTarget(blog), zoneTarget(bank), zoneTarget(elsewhere))(s)
		s.Request.Mode = scene.ModeList
	}
	accounts := func(s *scene.Scene) {
		ask("GET /accounts", accountTarget(standard), accountTarget(enterprise), accountTarget(foreign))(s)
		s.Request.Mode = scene.ModeList
	}
	items := func(outcomes ...bool) scene.Verdict { return scene.Verdict{Allowed: true, Items: outcomes} }
	everyZone := map[string]any{prefixZone + "*": "*"}
	everyAccount := map[string]any{prefixAccount + "*": "*"}
	refusal := refused(7, reasonNoMatchingGrant)
	runJudged(t, []judged{
		{"§6 lists: what passes is returned", edits(zones, policies(allow(onZoneKey(shop), "zone:Zone Read"))), items(true, false, false, false)},
		{"§6 lists: every zone of the owner's accounts", edits(zones, policies(allow(everyZone, "zone:Zone Write"))), items(true, true, true, false)},
		{"§6 lists: denies leave out", edits(zones, policies(allow(everyZone, "zone:Zone Read"), deny(onZoneKey(blog), "zone:Zone Read"))), items(true, false, true, false)},
		{
			"§6 lists: the switch leaves out",
			edits(zones, policies(allow(everyZone, "zone:Zone Read")), func(s *scene.Scene) { s.World.Accounts[1].APIAccess = &no }),
			items(true, true, false, false),
		},
		{"§6 lists: missing roles leave out", edits(zones, policies(allow(everyZone, "zone:Zone Read")), owner(standard, "Billing")), items(false, false, false, false)},
		{"§6 lists: refused without an accepted group", edits(zones, policies(allow(everyZone, "zone:DNS Read"))), refusal},
		{"§6 lists: refused without a key that can serve its scope", edits(zones, policies(allow(everyAccount, "zone:Zone Read"))), refusal},
		{"§6 lists: a key that reaches nothing can serve", edits(zones, policies(allow(onZoneKey(elsewhere), "zone:Zone Read"))), items(false, false, false, false)},
		{"§6 lists: a deny does not open", edits(zones, policies(deny(everyZone, "zone:Zone Read"))), refusal},
		{"§6 lists: an account-owned token", edits(zones, accountToken(enterprise, allow(onAccountKey(enterprise), "zone:Zone Read"))), items(false, false, true, false)},
		{"§6 lists: a Global key", edits(zones, kind(scene.GlobalKey)), items(true, true, true, false)},
		{"§6 lists: an Origin CA key, always", edits(zones, kind(scene.OriginCAKey)), refusal},
		{"§6 lists: gates 1 to 4 for the request", edits(zones, func(s *scene.Scene) { s.Credential.Disabled = true }), refused(3, reasonDisabled)},
		{"§6.5 GET /accounts with an account-owned token", edits(accounts, accountToken(standard, allow(onAccountKey(standard), "account:Account Settings Read"))), refused(5, reasonUserRequired)},
		{"§6 lists: GET /accounts", edits(accounts, policies(allow(onAccountKey(enterprise), "account:Account Settings Read"))), items(false, true, false)},
		{"§8 lists: any role shows the account", edits(accounts, policies(allow(everyAccount, "account:Account Settings Read")), owner(standard, "Minimal Account Access")), items(true, false, false)},
		{"§6 lists: zone groups do not open GET /accounts", edits(accounts, policies(allow(onAccountKey(standard), "zone:Zone Read"))), refusal},
		{"§6 lists: nothing to show", edits(zones, func(s *scene.Scene) { s.Request.Targets = nil }), allowed()},
	})
}

func TestVerify(t *testing.T) {
	t.Parallel()
	no := false
	user := ask("GET /user/tokens/verify")
	account := ask("GET /accounts/{account_id}/tokens/verify", accountTarget(enterprise))
	unusable := func(s *scene.Scene) {
		s.Credential.Disabled, s.Credential.Policies, s.Credential.In = true, nil, []string{"198.51.100.1"}
		s.World.Members, s.World.Accounts[1].APIAccess = nil, &no
	}
	refusal := refused(2, reasonUnknown)
	runJudged(t, []judged{
		{"§6 verify: no life, no IP, no switch, no grant", edits(user, unusable), allowed()},
		{"§6 verify: the account path for that account's", edits(accountToken(enterprise), account, unusable), allowed()},
		{"§6 verify: an account-owned token on the user path", edits(accountToken(enterprise), user), refusal},
		{"§6 verify: a user-owned token on the account path", edits(account), refusal},
		{"§6 verify: another account's", edits(accountToken(standard), account), refusal},
		{"§6 verify: keys", edits(kind(scene.GlobalKey), user), refusal},
		{"§6 verify: gate 1", edits(user, func(s *scene.Scene) { s.Request.Presented = scene.PresentedNothing }), refused(1, reasonMissing)},
	})
}
