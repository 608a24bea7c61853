// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// explainCase is a request with what its explanation must say.
type explainCase struct {
	name    string
	w       *fakeWorld
	request *Request
	chain   string // what the chain holds; "" for none
	step    string // what the deciding gate's detail holds
}

func explainCases(t *testing.T) []explainCase {
	t.Helper()
	w := newWorld(t)
	off := newWorld(t)
	off.accounts[named("ent")].APIAccess = Off
	off.members[[2]ID{named("dns"), named("ent")}] = NewMembership(true, Off, rolesOf(t, "DNS"), nil)
	const (
		purge = "POST /zones/{zone_id}/purge_cache"
		list  = "GET /zones/{zone_id}/settings"
		edit  = "PATCH /zones/{zone_id}/settings/{setting_id}"
	)
	z1, z2 := ZoneTarget(named("z1")), ZoneTarget(named("z2"))
	const read, write = "zone:Zone Settings Read", "zone:Zone Settings Write"
	zone1 := zonePrefix + named("z1").String()
	dead := userToken(t, "super", pol(t, Allow, "Zone Read", "zone:z1"))
	dead.Disabled = true
	return []explainCase{
		{"allowed", w, ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z2;zone:z1")), purge, z1), "", "policies[0]: \"Cache Purge\" on " + zone1},
		{"gates 1 to 4 never explain", w, ask(t, dead, purge, z1), "", "credential_disabled"},
		{"unknown", w, ask(t, nil, purge, z1), "", "credential_unknown"},
		{"user credential", w, ask(t, accountToken(t, "ent"), "GET /user", UserTarget()), "user_credential_required: this operation needs a credential that acts as a user", "the calling user"},
		{"target", w, ask(t, globalKey("super"), purge, ZoneTarget(named("zf"))), "target_not_found: no such account or zone among those", "zone " + named("zf").String()},
		{"no target", w, ask(t, globalKey("super"), purge), "target_not_found: no such", "target_not_found"},
		{"account switch", off, ask(t, globalKey("super"), purge, z1), "api_access_disabled: API access to this account is disabled by the account's setting; a Super Administrator can change it", "off by the account's setting"},
		{"member switch", off, ask(t, globalKey("dns"), purge, z1), "api_access_disabled: API access to this account is disabled for this member; a Super Administrator", "off by the member's own setting"},
		{"smallest grant", w, ask(t, userToken(t, "super", pol(t, Allow, "Zone Read", "zone:z1")), purge, z1), "no_matching_grant: no allow policy grants this operation; the smallest grant that would allow it: \"Cache Purge\" on " + zone1, "no_matching_grant"},
		{"lowest rank first", w, ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1")), list, z1), "\"Zone Settings Read\" on " + zone1, ""},
		{"only what the owner holds", w, ask(t, userToken(t, "viewer", pol(t, Allow, "Zone Read", "zone:z1")), edit, z1), "no_matching_grant: no allow policy grants this operation on zone " + named("z1").String(), ""},
		{"not what is struck", w, ask(t, userToken(t, "super", pol(t, Deny, "zone:Zone Settings Write", "zone:z1")), edit, z1), "no_matching_grant: no allow policy grants this operation on zone", ""},
		{"not when gate 10 refuses", w, ask(t, userToken(t, "admin"), "POST /accounts/{account_id}/members", AccountTarget(named("ent"))), "no_matching_grant: no allow policy grants this operation on account", ""},
		{"account group on the account", w, ask(t, userToken(t, "super"), "POST /accounts/{account_id}/members", AccountTarget(named("ent"))), "\"Account Settings Write\" on com.cloudflare.api.account." + named("ent").String(), ""},
		{"account token holds what it is given", w, ask(t, accountToken(t, "ent"), purge, z1), "\"Cache Purge\" on " + zone1, ""},
		{"any member", w, ask(t, userToken(t, "minimal"), "GET /accounts/{account_id}", AccountTarget(named("ent"))), "the smallest grant that would allow it: ", ""},
		{"user group", w, ask(t, userToken(t, "super"), "GET /user", UserTarget()), "\"User Details Read\" on com.cloudflare.api.user." + named("super").String(), ""},
		{"all zones", w, ask(t, userToken(t, "super"), "POST /zones", AllZonesTarget(named("ent"))), "\"Zone Write\" on com.cloudflare.api.account." + named("ent").String() + " → com.cloudflare.api.account.zone.*", ""},
		{"record", w, ask(t, userToken(t, "super"), recordPost, RecordTarget(named("z1"), "TXT", "a.z1.example")), "\"DNS Write\" on " + zone1 + " → com.cloudflare.api.account.zone.dns_record.TXT.a.z1.example", ""},
		{"two records take the zone", w, ask(t, userToken(t, "super"), recordEdit, RecordTarget(named("z1"), "TXT", "a.z1.example"), RecordTarget(named("z1"), "A", "a.z1.example")), "\"DNS Write\" on " + zone1, ""},
		{"zone group on a record", w, ask(t, userToken(t, "super"), purge, RecordTarget(named("z1"), "TXT", "a.z1.example")), "\"Cache Purge\" on " + zone1, ""},
		{"records", w, ask(t, userToken(t, "super"), recordList, RecordsTarget(named("z1"))), "\"DNS Read\" on " + zone1, ""},
		{"bucket", w, ask(t, userToken(t, "super"), "GET /accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}", BucketTarget(named("ent"), "default", "bbb")), "\"Workers R2 Storage Bucket Item Read\" on com.cloudflare.edge.r2.bucket." + named("ent").String() + "_default_bbb", ""},
		{"a name of two scopes", w, ask(t, userToken(t, "super"), "GET /zones/{zone_id}/disable_esc", z1), "\"zone:Disable ESC Read\" on " + zone1, ""},
		{"no one grant is enough", w, ask(t, userToken(t, "super"), purge, z1, z2), "no allow policy grants this operation on zone " + named("z1").String(), ""},
		{"one of two targets lacks it", w, ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1, z2), "\"Cache Purge\" on " + zonePrefix + named("z2").String(), ""},
		{"another target is denied", w, ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1"), pol(t, Deny, "Cache Purge", "zone:z1")), purge, z2, z1), "no allow policy grants this operation on zone " + named("z2").String(), ""},
		{"no group opens it", w, ask(t, userToken(t, "super"), "GET /user/firewall/access_rules/rules", UserTarget()), "no permission group opens this operation; it takes a Global API key", ""},
		{"Origin CA key", w, ask(t, &Credential{Kind: OriginCAKey, User: named("super")}, purge, z1), "no_matching_grant: an Origin CA key is good for /certificates only", ""},
		{"deny", w, ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1"), pol(t, Deny, "Cache Purge;DNS Write", "zone:z1")), purge, z1), "denied_by_policy: policies[1]: \"Cache Purge\" on " + zone1 + " denies", "policies[1]"},
		{"the deny that struck what was granted", w, ask(t, userToken(t, "super", pol(t, Deny, "zone:Zone Settings Write", "zone:z1"), pol(t, Allow, read, "zone:z1"), pol(t, Deny, read, "zone:z1")), list, z1), "denied_by_policy: policies[2]: \"Zone Settings Read\" on " + zone1 + " denies", "policies[2]"},
		{"account switch and an account token", off, ask(t, accountToken(t, "ent"), purge, z1), "api_access_disabled: API access to this account is disabled by the account's setting, which decides for account-owned tokens", ""},
		{"a token that makes tokens", w, ask(t, userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1"), pol(t, Allow, "API Tokens Write", "user:super")), purge, z1), "", "worth all its owner's rights"},
		{"no group asked", w, ask(t, globalKey("super"), "DELETE /accounts/{account_id}", AccountTarget(named("ent"))), "", ""},
		{"the owner's rights alone", w, ask(t, userToken(t, "viewer", pol(t, Allow, read+";"+write, "zone:z1"), pol(t, Deny, write, "zone:z2")), edit, z1), "owner_lacks_right: the token's owner does not hold \"Zone Settings Write\" on zone", ""},
		{"owner", w, ask(t, userToken(t, "viewer", pol(t, Allow, "Cache Purge", "zone:z1")), purge, z1), "owner_lacks_right: the token's owner does not hold \"Cache Purge\" on zone " + named("z1").String(), "none of the accepted groups"},
		{"owner of a key", w, ask(t, globalKey("viewer"), purge, z1), "owner_lacks_right: the user does not hold \"Cache Purge\"", ""},
		{"Super Administrator", w, ask(t, globalKey("admin"), "POST /accounts/{account_id}/members", AccountTarget(named("ent"))), "super_administrator_required: this operation asks for a Super Administrator of the account", ""},
		{"record grants open the container", w, ask(t, userToken(t, "super", pol(t, Allow, "DNS Write", "zone:z2;zone:z1/TXT.*")), recordList, RecordsTarget(named("z1"))), "", "dns_record.TXT.*"},
	}
}

// TestExplain holds §9: the sentence of every reason, and the trace that goes
// with it.
func TestExplain(t *testing.T) {
	t.Parallel()
	for _, row := range explainCases(t) {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got := Explain(row.w, row.request)
			if got.Decision != Decide(row.w, row.request) {
				t.Errorf("explained %+v", got.Decision)
			}
			chain := got.Chain()
			if row.chain == "" && chain != "" || !strings.Contains(chain, row.chain) {
				t.Errorf("chain is %q, want %q", chain, row.chain)
			}
			if len(got.Steps) != 10 {
				t.Fatalf("%d steps", len(got.Steps))
			}
			var details []string
			for i, s := range got.Steps {
				details = append(details, s.Detail)
				if s.Outcome == Refused != (!got.Decision.Allowed && Gate(i+1) == got.Decision.Gate) {
					t.Errorf("gate %d is %s", i+1, s.Outcome)
				}
			}
			if !strings.Contains(strings.Join(details, "\n"), row.step) {
				t.Errorf("trace\n%s\nlacks %q", strings.Join(details, "\n"), row.step)
			}
		})
	}
}

// TestExplain_skipped holds the table of §2: which gates apply to which kind.
func TestExplain_skipped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, row := range []struct {
		c       *Credential
		skipped []Gate
	}{
		{userToken(t, "super", pol(t, Allow, "Cache Purge", "zone:z1")), nil},
		{accountToken(t, "ent", pol(t, Allow, "Cache Purge", "zone:z1")), []Gate{GateOwner}},
		{globalKey("super"), []Gate{GateAlive, GateAddress, GateGrant, GateDeny}},
		{&Credential{Kind: VultrKey, User: named("super")}, []Gate{GateAlive, GateAddress, GateGrant, GateDeny}},
		{&Credential{Kind: ConsoleSession, User: named("super")}, []Gate{GateAddress, GateAPIAccess, GateGrant, GateDeny}},
	} {
		got := Explain(w, ask(t, row.c, "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))))
		if !got.Decision.Allowed {
			t.Errorf("%s: %+v", row.c.Kind, got.Decision)
		}
		want := map[Gate]bool{}
		for _, g := range row.skipped {
			want[g] = true
		}
		for _, s := range got.Steps {
			if (s.Outcome == Skipped) != want[s.Gate] {
				t.Errorf("%s: gate %d is %s", row.c.Kind, s.Gate, s.Outcome)
			}
		}
	}
	origin := Explain(w, ask(t, &Credential{Kind: OriginCAKey, User: named("super")}, "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))))
	if origin.Steps[GateGrant-1].Outcome != Refused || origin.Steps[GateDeny-1].Outcome != NotReached {
		t.Errorf("got %+v", origin.Steps)
	}
	e := ExplainDecision(w, ask(t, globalKey("viewer"), recordEdit), refuse(GateOwner, ReasonOwnerLacksRight, 0), []Target{RecordTarget(named("z1"), "A", "a")})
	if !strings.Contains(e.Chain(), "on DNS record A a in zone") {
		t.Errorf("got %q", e.Chain())
	}
	e = ExplainDecision(w, ask(t, globalKey("viewer"), recordEdit), refuse(GateOwner, ReasonOwnerLacksRight, 0), nil)
	if !strings.HasPrefix(e.Chain(), "owner_lacks_right: ") {
		t.Errorf("without targets: %q", e.Chain())
	}
	e = Explain(w, ask(t, globalKey("minimal"), "GET /accounts/{account_id}", AccountTarget(named("ent"))))
	if e.Steps[GateOwner-1].Detail != "the owner is a member with a role" {
		t.Errorf("got %+v", e.Steps)
	}
	many := groupNames(catalog.ScopeGroups(catalog.ScopeUser))
	if !strings.Contains(many, " or one of 3 others") || groupNames(TokenManagementGroups()) == "" {
		t.Errorf("got %q", many)
	}
	if joinNames(nil) != "" || joinNames([]string{"a", "b", "c"}) != "a, b or c" {
		t.Error("names are not joined as prose")
	}
}

// TestExplain_key holds that a trace names the very key that decided, whatever
// else the policy holds.
func TestExplain_key(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const bucket = "GET /accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}"
	others := "account:std;zone:z3;account:std/zone:z3;zone:z3/TXT.b;zone:z3/A.a;bucket:std_default_bbb"
	for _, row := range []struct {
		group, key, operation string
		target                Target
	}{
		{"User Details Read", "user:super", "GET /user", UserTarget()},
		{"account:Account Settings Read", "account:ent", "GET /accounts/{account_id}", AccountTarget(named("ent"))},
		{"account:Account Settings Read", "account:*", "GET /accounts/{account_id}", AccountTarget(named("ent"))},
		{"Cache Purge", "zone:z1", "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))},
		{"Cache Purge", "zone:*", "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))},
		{"Cache Purge", "account:ent/zone:*", "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))},
		{"Cache Purge", "account:ent/zone:z1", "POST /zones/{zone_id}/purge_cache", ZoneTarget(named("z1"))},
		{"DNS Write", "zone:z1/TXT.a.*", recordPost, RecordTarget(named("z1"), "TXT", "a.z1.example")},
		{"Workers R2 Storage Bucket Item Read", "bucket:ent_default_bbb", bucket, BucketTarget(named("ent"), "default", "bbb")},
	} {
		p := pol(t, Allow, row.group, row.key+";"+others)
		keys, err := ParseResource(key(t, row.key))
		if err != nil {
			t.Fatal(err)
		}
		got := Explain(w, ask(t, userToken(t, "super", pol(t, Deny, row.group, others), p), row.operation, row.target))
		if want := "policies[1]: "; !got.Decision.Allowed || !strings.HasPrefix(got.Steps[GateGrant-1].Detail, want) ||
			!strings.HasSuffix(got.Steps[GateGrant-1].Detail, keys[0].String()) {
			t.Errorf("%s on %s: %+v %q", row.group, row.key, got.Decision, got.Steps[GateGrant-1].Detail)
		}
	}
}
