// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

func TestReach(t *testing.T) {
	t.Parallel()
	refusal := refused(7, reasonNoMatchingGrant)
	everything := map[string]any{prefixAccount + "*": "*"}
	everyZone := map[string]any{prefixZone + "*": "*"}
	zonesOfStandard := map[string]any{prefixAccount + standard: map[string]any{prefixZone + "*": "*"}}
	bucket := scene.Target{Kind: scene.OnBucket, Account: standard, Bucket: "eu_photos"}
	bucketKey := map[string]any{prefixBucket + standard + "_eu_photos": "*"}
	read := func(resources map[string]any) edit { return policies(allow(resources, "zone:Zone Read")) }
	create := func(resources map[string]any) edit {
		return func(s *scene.Scene) {
			ask("POST /zones", allZonesTarget(standard))(s)
			policies(allow(resources, "zone:Zone Write"))(s)
		}
	}
	runJudged(t, []judged{
		{"§4 user: user.<own id>", edits(policies(allow(onUserKey(alice), "user:User Details Read")), ask("GET /user", scene.Target{Kind: scene.OnUser})), allowed()},
		{"§4 user: no other user's", edits(policies(allow(onUserKey(bob), "user:User Details Read")), ask("GET /user", scene.Target{Kind: scene.OnUser})), refusal},
		{"§4 account: account.<id>", edits(policies(allow(onAccountKey(standard), "account:Account Settings Read")), ask(getAccount, accountTarget(standard))), allowed()},
		{"§4 account: account.*", edits(policies(allow(everything, "account:Account Settings Read")), ask(getAccount, accountTarget(enterprise))), allowed()},
		{"§4 account: not from a zone", edits(policies(allow(onZoneKey(shop), "account:Account Settings Read")), ask(getAccount, accountTarget(standard))), refusal},
		{"§4 account: not by a nested key", edits(policies(allow(zonesOfStandard, "account:Account Settings Read")), ask(getAccount, accountTarget(standard))), refusal},
		{"§4 account: down to any zone in it", edits(policies(allow(onAccountKey(standard), "account:Account WAF Read")), ask("GET /zones/{zone_id}/rulesets", zoneTarget(shop))), allowed()},
		{"§4 account: down to any bucket in it", edits(policies(allow(onAccountKey(standard), "account:Workers R2 Storage Read")), ask(getObject, bucket)), allowed()},
		{"§4 zone: zone.<id>", edits(read(onZoneKey(shop))), allowed()},
		{"§4 zone: no sibling", edits(read(onZoneKey(blog))), refusal},
		{"§4 zone: zone.*", edits(read(everyZone)), allowed()},
		{"§4 zone: account.<id>", edits(read(onAccountKey(standard))), allowed()},
		{"§4 zone: another account", edits(read(onAccountKey(enterprise))), refusal},
		{"§4 zone: account.* is for account groups", edits(read(everything)), refusal},
		{"§4 zone: account.<id> with zone.<id>", edits(read(onZonesOf(standard, shop))), allowed()},
		{"§4 zone: with a zone of another account", edits(read(onZonesOf(enterprise, shop))), refusal},
		{"§4 zone: account.<id> with zone.*", edits(read(zonesOfStandard)), allowed()},
		{"§3 a nested map reaches the union", edits(read(map[string]any{prefixAccount + standard: map[string]any{prefixZone + blog: "*", prefixZone + shop: "*"}})), allowed()},
		{"§4 all zones: account.<a>", edits(create(onAccountKey(standard))), allowed()},
		{"§4 all zones: account.<a> with zone.*", edits(create(zonesOfStandard)), allowed()},
		{"§4 all zones: zone.*", edits(create(everyZone)), allowed()},
		{"§4 all zones: no single zone", edits(create(onZonesOf(standard, shop))), refusal},
		{"§4 * ranges over no account of an account-owned token", edits(accountToken(standard, allow(everyZone, "zone:Zone Read"))), refusal},
		{"§4 bucket: its key", edits(policies(allow(bucketKey, "r2:Workers R2 Storage Bucket Item Read")), ask(getObject, bucket)), allowed()},
		{"§4 bucket: another jurisdiction", edits(policies(allow(map[string]any{prefixBucket + standard + "_default_photos": "*"}, "r2:Workers R2 Storage Bucket Item Read")), ask(getObject, bucket)), refusal},
		{"§4 bucket: a bucket group on an account key reaches nothing", edits(policies(allow(onAccountKey(standard), "r2:Workers R2 Storage Bucket Item Read")), ask(getObject, bucket)), refusal},
		{"§3 permission and resource must meet in one policy", edits(policies(allow(onZoneKey(blog), "zone:DNS Read"), allow(onZoneKey(shop), "zone:Zone Read")), ask("GET /zones/{zone_id}/dnssec", zoneTarget(shop))), refusal},
		{"§6 no group implies another", edits(policies(allow(onZoneKey(shop), "zone:Zone Write")), ask("GET /zones/{zone_id}/dnssec", zoneTarget(shop))), refusal},
		{"§4 POST /zones accepts Zone Write only", edits(create(nil), policies(allow(everyZone, "zone:DNS Write"))), refusal},
		{"§2 an Origin CA key beyond /certificates", edits(kind(scene.OriginCAKey)), refusal},
		{"§2 an Origin CA key on /certificates", edits(kind(scene.OriginCAKey), ask("POST /certificates", zoneTarget(shop))), allowed()},
		{"§4 all targets must pass", edits(policies(allow(onZoneKey(shop), "zone:SSL and Certificates Write")), ask("POST /certificates", zoneTarget(shop), zoneTarget(blog))), refusal},
	})
}

func TestDeny(t *testing.T) {
	t.Parallel()
	refusal := refused(8, reasonDenied)
	everything := onAccountKey(standard)
	dnssec := ask("GET /zones/{zone_id}/dnssec", zoneTarget(shop))
	pipelines := "GET /accounts/{account_id}/pipelines"
	runJudged(t, []judged{
		{"§6.8 the group itself", edits(policies(allow(everything, "zone:Zone Read"), deny(onZoneKey(shop), "zone:Zone Read"))), refusal},
		{"§6.8 a deny elsewhere", edits(policies(allow(everything, "zone:Zone Read"), deny(onZoneKey(blog), "zone:Zone Read"))), allowed()},
		{"§6.8 a deny of read strikes write", edits(dnssec, policies(allow(everything, "zone:DNS Write"), deny(onZoneKey(shop), "zone:DNS Read"))), refusal},
		{"§6.8 a deny of write leaves read", edits(dnssec, policies(allow(everything, "zone:DNS Read"), deny(onZoneKey(shop), "zone:DNS Write"))), allowed()},
		{"§6.8 what is granted beside the struck group stands", edits(dnssec, policies(allow(everything, "zone:DNS Read", "zone:DNS Write"), deny(everything, "zone:DNS Write"))), allowed()},
		{
			"§6.8 equal ranks do not strike each other",
			edits(ask(pipelines, accountTarget(standard)), policies(allow(everything, "account:Pipelines Send"), deny(everything, "account:Pipelines Write"))),
			allowed(),
		},
		{
			"§6.8 d must be accepted",
			edits(ask(postRecord, recordTarget(shop, "A", "shop.example")),
				policies(allow(everything, "zone:DNS Write"), deny(everything, "zone:DNS Read"))),
			allowed(),
		},
		{
			"§6.8 scope is part of a family",
			edits(ask("GET /zones/{zone_id}/logpush/jobs", zoneTarget(shop)),
				policies(allow(everything, "zone:Logs Write"), deny(everything, "account:Logs Write"))),
			allowed(),
		},
		{
			"§6.8 a deny at an account reaches its zones",
			edits(policies(allow(onZoneKey(shop), "zone:Zone Read"), deny(everything, "zone:Zone Read"))),
			refusal,
		},
		{
			"§6.8 a nested deny",
			edits(policies(allow(onZoneKey(shop), "zone:Zone Read"), deny(onZonesOf(standard, shop), "zone:Zone Read"))),
			refusal,
		},
		{"§6 gate 7 is asked before gate 8", edits(policies(deny(everything, "zone:Zone Read"))), refused(7, reasonNoMatchingGrant)},
	})
}

func TestOwner(t *testing.T) {
	t.Parallel()
	refusal := refused(9, reasonOwnerLacksRight)
	read := memberPolicy("allow", nil, "Domain DNS")
	readShop := memberPolicy("allow", []string{shop}, "Domain DNS")
	create := func(s *scene.Scene) {
		ask("POST /zones", allZonesTarget(standard))(s)
		policies(allow(onAccountKey(standard), "zone:Zone Write"))(s)
	}
	waf := func(s *scene.Scene) {
		ask("GET /zones/{zone_id}/rulesets", zoneTarget(shop))(s)
		policies(allow(onAccountKey(standard), "account:Account WAF Read"))(s)
	}
	account := func(s *scene.Scene) {
		ask(getAccount, accountTarget(standard))(s)
		policies(allow(onAccountKey(standard), "account:Account Settings Read"))(s)
	}
	runJudged(t, []judged{
		{"§8 a role of level account on the zones of the account", edits(owner(standard, "DNS")), allowed()},
		{"§8 a role without the group", edits(owner(standard, "Billing")), refusal},
		{"§6.9 an account-owned token has no owner to ask", edits(owner(standard, "Billing"), accountToken(standard, allow(onAccountKey(standard), "zone:Zone Read"))), allowed()},
		{"§6.9 user targets pass", edits(owner(standard, "Billing"), policies(allow(onUserKey(alice), "user:User Details Read")), ask("GET /user", scene.Target{Kind: scene.OnUser})), allowed()},
		{
			"§6.9 some group of S∖X and some group of O of one family",
			edits(ownerPolicies(standard, memberPolicy("allow", nil, "Domain Administrator Read Only")),
				policies(allow(onZoneKey(shop), "zone:DNS Write")), ask("GET /zones/{zone_id}/dnssec", zoneTarget(shop))),
			allowed(),
		},
		{
			"§6.9 of the families that the token holds",
			edits(owner(standard, "Cache Purge"), policies(allow(onZoneKey(shop), "zone:DNS Write")), ask(getZone, zoneTarget(shop))),
			refusal,
		},
		{"§6.9 a Global key: some group of O", edits(owner(standard, "Cache Purge"), kind(scene.GlobalKey)), allowed()},
		{"§6.9 a Global key: O is empty", edits(owner(standard, "Billing"), kind(scene.GlobalKey)), refusal},
		{"§6.9 a console session: O is empty", edits(owner(standard, "Billing"), kind(scene.ConsoleSession)), refusal},
		{"§8 a domain role over the whole account", edits(ownerPolicies(standard, read)), allowed()},
		{"§8 a domain role over the zone", edits(ownerPolicies(standard, readShop)), allowed()},
		{"§8 a domain role over another zone", edits(ownerPolicies(standard, memberPolicy("allow", []string{blog}, "Domain DNS"))), refusal},
		{"§8 a deny strikes", edits(ownerPolicies(standard, read, memberPolicy("deny", []string{shop}, "Domain DNS"))), refusal},
		{"§8 a deny over another zone", edits(ownerPolicies(standard, read, memberPolicy("deny", []string{blog}, "Domain DNS"))), allowed()},
		{
			"§8 a deny of read strikes write",
			edits(ownerPolicies(standard, read, memberPolicy("deny", nil, "Domain Administrator Read Only")), kind(scene.GlobalKey)),
			refusal,
		},
		{"§8 all zones: a whole-account policy", edits(create, ownerPolicies(standard, memberPolicy("allow", nil, "Domain Administrator"))), allowed()},
		{
			"§8 all zones: not by policies over zones, however many",
			edits(create, ownerPolicies(standard, memberPolicy("allow", []string{shop, blog}, "Domain Administrator"))),
			refusal,
		},
		{
			"§8 all zones: denied by whole-account policies only",
			edits(create, ownerPolicies(standard, memberPolicy("allow", nil, "Domain Administrator"),
				memberPolicy("deny", []string{shop, blog}, "Domain Administrator"))),
			allowed(),
		},
		{"§8 all zones: a role of level account", edits(create), allowed()},
		{"§8 over zones, only zone groups count", edits(waf, ownerPolicies(standard, memberPolicy("allow", []string{shop}, "Firewall"))), refusal},
		{"§8 over the account, all groups count", edits(waf, ownerPolicies(standard, memberPolicy("allow", nil, "Firewall"))), allowed()},
		{
			"§8 over zones, only zone groups count: denies alike",
			edits(waf, ownerPolicies(standard, memberPolicy("allow", nil, "Firewall"), memberPolicy("deny", []string{shop}, "Firewall"))),
			allowed(),
		},
		{"§8 GET /accounts/{id} passes with any role", edits(account, owner(standard, "Minimal Account Access")), allowed()},
		{"§8 GET /accounts/{id} passes with an allow policy", edits(account, ownerPolicies(standard, readShop)), allowed()},
		{"§8 GET /accounts/{id} not with a deny policy alone", edits(account, ownerPolicies(standard, memberPolicy("deny", nil, "Domain DNS"))), refusal},
		{"§8 GET /accounts/{id} still asks the token for a grant", edits(account, policies(), owner(standard, "Minimal Account Access")), refused(7, reasonNoMatchingGrant)},
	})
}
