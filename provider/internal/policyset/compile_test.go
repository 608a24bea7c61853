// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	datasource "github.com/hashicorp/terraform-plugin-framework/datasource/schema"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TestCompile_WireForm holds the wire form of every attribute of resources, for
// both kinds of owner (authorization model §3).
func TestCompile_WireForm(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		own  Owner
		in   obj
		want string
	}{
		{"zones", userOwned, pol([]string{"DNS Write"}, obj{"zones": []string{zoneB, zoneA}}), "allow " + dnsWrite + " com.cloudflare.api.account.zone." + zoneA + "=* com.cloudflare.api.account.zone." + zoneB + "=*"},
		{"zones, account-owned", accountOwned(), pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}}), "allow " + dnsWrite + " com.cloudflare.api.account.zone." + zoneA + "=*"},
		{"accounts", userOwned, pol([]string{"Account Settings Read"}, obj{"accounts": []string{accountA}}), "allow " + accountSettings + " com.cloudflare.api.account." + accountA + "=*"},
		{"all zones of an account", userOwned, pol([]string{"Zone Read"}, obj{"all_zones_of_accounts": []string{accountB}}), "allow " + zoneRead + " com.cloudflare.api.account." + accountB + "={com.cloudflare.api.account.zone.*}"},
		{"all zones", userOwned, pol([]string{"Zone Read"}, obj{"all_zones": true}), "allow " + zoneRead + " com.cloudflare.api.account.zone.*=*"},
		{"all zones, account-owned: nested", accountOwned(), pol([]string{"Zone Read"}, obj{"all_zones": true}), "allow " + zoneRead + " com.cloudflare.api.account." + accountA + "={com.cloudflare.api.account.zone.*}"},
		{"all zones said twice, account-owned", accountOwned(), pol([]string{"Zone Read"}, obj{"all_zones": true, "all_zones_of_accounts": []string{accountA}}), "allow " + zoneRead + " com.cloudflare.api.account." + accountA + "={com.cloudflare.api.account.zone.*}"},
		{"all accounts", userOwned, pol([]string{"Account Settings Read"}, obj{"all_accounts": true}), "allow " + accountSettings + " com.cloudflare.api.account.*=*"},
		{"user", userOwned, pol([]string{"API Tokens Read"}, obj{"user": true}), "allow " + tokensRead + " com.cloudflare.api.user." + userID + "=*"},
		{"r2", userOwned, pol([]string{"Workers R2 Storage Bucket Item Read"}, obj{"r2_buckets": []string{accountA + "_default_backups"}}), "allow 6a018a9f2fc74eb6b293b0c548f38b39 com.cloudflare.edge.r2.bucket." + accountA + "_default_backups=*"},
		{"records", userOwned, pol([]string{"DNS Write"}, obj{"dns_records": []any{obj{"zone_id": zoneA, "type": "TXT", "name": "_acme-challenge.*"}, obj{"zone_id": zoneA, "type": "*", "name": "www.example.com"}}}), "allow " + dnsWrite + " com.cloudflare.api.account.zone." + zoneA + "={com.cloudflare.api.account.zone.dns_record.*.www.example.com,com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.*}"},
		{"other, flat and nested", userOwned, pol([]string{"Zone Read"}, obj{"other": []any{obj{"key": "com.cloudflare.api.account." + accountA}, obj{"within": "com.cloudflare.api.account." + accountB, "key": "com.cloudflare.api.account.zone." + zoneA}}}), "allow " + zoneRead + " com.cloudflare.api.account." + accountA + "=* com.cloudflare.api.account." + accountB + "={com.cloudflare.api.account.zone." + zoneA + "}"},
		{"other, of a product the model does not know", userOwned, pol([]string{notEmbedded}, obj{"other": []any{obj{"within": "com.cloudflare.api.account." + accountA, "key": "com.cloudflare.edge.worker.script.abc"}}}), "allow " + notEmbedded + " com.cloudflare.api.account." + accountA + "={com.cloudflare.edge.worker.script.abc}"},
		{"deny", userOwned, obj{"effect": "deny", "permission_groups": []string{"DNS Write"}, "resources": obj{"zones": []string{zoneA}}}, "deny " + dnsWrite + " com.cloudflare.api.account.zone." + zoneA + "=*"},
		{"a record key beside a zone of its own", userOwned, pol([]string{"DNS Read", "Zone Read"}, obj{"zones": []string{zoneB}, "dns_records": []any{obj{"zone_id": zoneA, "type": "A", "name": "www.example.com"}}}), "allow " + dnsRead + "," + zoneRead + " com.cloudflare.api.account.zone." + zoneA + "={com.cloudflare.api.account.zone.dns_record.A.www.example.com} com.cloudflare.api.account.zone." + zoneB + "=*"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := mustCompile(t, test.in, test.own)
			if diff := cmp.Diff(test.want, wire(p.ToAPI(userID))); diff != "" {
				t.Errorf("wire form (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(p, FromAPI(p.ToAPI(userID))); diff != "" {
				t.Errorf("the wire form does not read back (-want +got):\n%s", diff)
			}
		})
	}
}

// TestCompile_EqualSpellings lists what means the same.
func TestCompile_EqualSpellings(t *testing.T) {
	t.Parallel()
	base := mustCompile(t, pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []string{zoneA}}), userOwned).Canonical()
	for name, in := range map[string]obj{
		"another order":    pol([]string{"Zone Read", "DNS Write"}, obj{"zones": []string{zoneA}}),
		"alias":            pol([]string{"DNS Edit", "Zone Read"}, obj{"zones": []string{zoneA}}),
		"id":               pol([]string{dnsWrite, "Zone Read"}, obj{"zones": []string{zoneA}}),
		"scope":            pol([]string{"zone:DNS Write", "zone:Zone Read"}, obj{"zones": []string{zoneA}}),
		"name and id":      pol([]string{dnsWrite, "DNS Write", "Zone Read"}, obj{"zones": []string{zoneA}}),
		"allow":            {"effect": "allow", "permission_groups": []string{"DNS Write", "Zone Read"}, "resources": obj{"zones": []string{zoneA}}},
		"false and []":     pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []string{zoneA}, "all_zones": false, "user": false, "accounts": []string{}, "other": []any{}}),
		"the key in other": pol([]string{"DNS Write", "Zone Read"}, obj{"other": []any{obj{"key": zonePrefix + zoneA}}}),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := mustCompile(t, in, userOwned).Canonical(); got != base {
				t.Errorf("canonical form %q, want %q", got, base)
			}
		})
	}
	// A pattern that holds what separates keys elsewhere is one key, not two.
	one := Policy{Keys: []Key{{Outer: zonePrefix + zoneA, Inner: recordPrefix + "TXT.a|" + zonePrefix + zoneB}}}
	two := Policy{Keys: []Key{{Outer: zonePrefix + zoneA, Inner: recordPrefix + "TXT.a"}, {Outer: zonePrefix + zoneB}}}
	if one.Canonical() == two.Canonical() {
		t.Error("two keys have the canonical form of one")
	}
	deny := obj{"effect": "deny", "permission_groups": []string{"DNS Write", "Zone Read"}, "resources": obj{"zones": []string{zoneA}}}
	if mustCompile(t, deny, userOwned).Canonical() == base {
		t.Error("a deny has the canonical form of an allow")
	}
}

// TestCompile_Problems lists what is refused before any request, and where.
func TestCompile_Problems(t *testing.T) {
	t.Parallel()
	record := func(kind, name string) obj {
		return pol([]string{"DNS Write"}, obj{"dns_records": []any{obj{"zone_id": zoneA, "type": kind, "name": name}}})
	}
	tests := []struct {
		name    string
		own     Owner
		in      obj
		at      string // the path of the problem, below policies["p"]
		summary string
		detail  string // a part of the detail
	}{
		{"unknown name", userOwned, pol([]string{"DNS Writ"}, obj{"zones": []string{zoneA}}), ".permission_groups[Value(\"DNS Writ\")]", "Unknown permission group", `"DNS Write"`},
		{"ambiguous name", userOwned, pol([]string{"Logs Read"}, obj{"zones": []string{zoneA}}), ".permission_groups[Value(\"Logs Read\")]", "Ambiguous permission group", `"zone:Logs Read"`},
		{"a name that is an alias elsewhere", userOwned, pol([]string{"API Gateway Read"}, obj{"zones": []string{zoneA}}), ".permission_groups[Value(\"API Gateway Read\")]", "Ambiguous permission group", `"account:Account API Gateway Read"`},
		{"no groups", userOwned, pol([]string{}, obj{"zones": []string{zoneA}}), ".permission_groups", "Policy without permission groups", "Add the groups"},
		{"no resources", userOwned, pol([]string{"DNS Write"}, obj{}), ".resources", "Policy without resources", "Check the spelling"},
		{"nothing but false and []", userOwned, pol([]string{"DNS Write"}, obj{"zones": []string{}, "all_zones": false}), ".resources", "Policy without resources", "Check the spelling"},
		{"unknown effect", userOwned, obj{"effect": "Allow", "permission_groups": []string{"DNS Write"}, "resources": obj{"zones": []string{zoneA}}}, ".effect", "Unknown effect", `"deny"`},
		{"zone id", userOwned, pol([]string{"DNS Write"}, obj{"zones": []string{"example.com"}}), `.resources.zones[Value("example.com")]`, "Invalid zone id", "32 lower-case"},
		{"account id", userOwned, pol([]string{"Account Settings Read"}, obj{"accounts": []string{"*"}}), `.resources.accounts[Value("*")]`, "Invalid account id", "32 lower-case"},
		{"zone permission on an account", userOwned, pol([]string{"DNS Write"}, obj{"accounts": []string{accountA}}), `.permission_groups[Value("DNS Write")]`, "Zone permission on an account resource", "`all_zones_of_accounts`"},
		{"zone permission beside an account", userOwned, pol([]string{"DNS Write", "Account Settings Read"}, obj{"accounts": []string{accountA}, "zones": []string{zoneA}}), `.permission_groups[Value("DNS Write")]`, "Zone permission on an account resource", "two policies"},
		{"zone permission on all accounts", userOwned, pol([]string{"DNS Write"}, obj{"all_accounts": true}), `.permission_groups[Value("DNS Write")]`, "Permission has no resource it can act on", "Add `zones`, `all_zones`, `all_zones_of_accounts` or `dns_records`"},
		{"account permission on a zone", userOwned, pol([]string{"Account Settings Read"}, obj{"zones": []string{zoneA}}), `.permission_groups[Value("Account Settings Read")]`, "Permission has no resource it can act on", "Add `accounts` or `all_accounts`"},
		{"user permission on a zone", userOwned, pol([]string{"API Tokens Read"}, obj{"zones": []string{zoneA}}), `.permission_groups[Value("API Tokens Read")]`, "Permission has no resource it can act on", "Add `user = true`"},
		{"bucket permission on an account", userOwned, pol([]string{"Workers R2 Storage Bucket Item Read"}, obj{"accounts": []string{accountA}}), `.permission_groups[Value("Workers R2 Storage Bucket Item Read")]`, "Permission has no resource it can act on", "Add `r2_buckets`"},
		{"another zone permission on records", userOwned, pol([]string{"Zone Read"}, obj{"dns_records": []any{obj{"zone_id": zoneA, "type": "TXT", "name": "*"}}}), `.permission_groups[Value("Zone Read")]`, "Permission has no resource it can act on", "DNS Read and DNS Write alone"},
		{"user permission, account-owned", accountOwned(), pol([]string{"API Tokens Read"}, obj{"other": []any{obj{"key": accountPrefix + accountA}}}), `.permission_groups[Value("API Tokens Read")]`, "User permission on an account-owned token", "account_id"},
		{"user, account-owned", accountOwned(), pol([]string{"Zone Read"}, obj{"zones": []string{zoneA}, "user": true}), `.resources.user`, "Resource not allowed on an account-owned token", "`user`"},
		{"all accounts, account-owned", accountOwned(), pol([]string{"Account Settings Read"}, obj{"all_accounts": true}), `.resources.all_accounts`, "Resource not allowed on an account-owned token", "`accounts`"},
		{"flat zone wildcard, account-owned", accountOwned(), pol([]string{"Zone Read"}, obj{"other": []any{obj{"key": zonePrefix + "*"}}}), `.resources.other[Value({"key":"com.cloudflare.api.account.zone.*","within":<null>})].key`, "Resource not allowed on an account-owned token", "neither every zone"},
		{"another account, account-owned", accountOwned(), pol([]string{"Account Settings Read"}, obj{"accounts": []string{accountB}}), `.resources.accounts[Value("` + accountB + `")]`, "Account-owned token reaches another account", accountA},
		{"bucket", userOwned, pol([]string{"Workers R2 Storage Bucket Item Read"}, obj{"r2_buckets": []string{"backups"}}), `.resources.r2_buckets[Value("backups")]`, "Invalid R2 bucket", "<account id>_<jurisdiction>"},
		{"two values for an account", userOwned, pol([]string{"Account Settings Read"}, obj{"other": []any{obj{"key": accountPrefix + accountA}}, "all_zones_of_accounts": []string{accountA}}), `.resources`, "Resources need two policies", "two policies"},
		{"two values for a zone", userOwned, pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}, "dns_records": []any{obj{"zone_id": zoneA, "type": "TXT", "name": "*"}}}), `.resources`, "Resources need two policies", "`zones` and `dns_records`"},
		{"two kinds under one account", userOwned, pol([]string{"Zone Read"}, obj{"all_zones_of_accounts": []string{accountA}, "other": []any{obj{"within": accountPrefix + accountA, "key": zonePrefix + zoneA}}}), `.resources`, "Resources need two policies", "`all_zones_of_accounts` and `other`"},
		{"record null", userOwned, pol([]string{"DNS Write"}, obj{"dns_records": []any{nil}}), `.resources.dns_records`, "Set holds a null", "Remove it"},
		{"group null", userOwned, obj{"permission_groups": []any{nil}, "resources": obj{"zones": []string{zoneA}}}, `.permission_groups`, "Set holds a null", "Remove it"},
		{"resources null", userOwned, obj{"permission_groups": []string{"DNS Write"}}, `.resources`, "Policy without resources", "Check the spelling"},
		{"bucket of another account, account-owned", accountOwned(), pol([]string{"Workers R2 Storage Bucket Item Read"}, obj{"r2_buckets": []string{accountB + "_default_backups"}}), `.resources.r2_buckets[Value("` + accountB + `_default_backups")]`, "Account-owned token reaches another account", accountA},
		{"key of another account, account-owned", accountOwned(), pol([]string{"Account Settings Read"}, obj{"other": []any{obj{"key": accountPrefix + accountB}}}), `.resources.other[Value({"key":"com.cloudflare.api.account.` + accountB + `","within":<null>})].key`, "Resource not allowed on an account-owned token", accountA},
		{"zone id of a record", userOwned, pol([]string{"DNS Write"}, obj{"dns_records": []any{obj{"zone_id": "example.com", "type": "TXT", "name": "*"}}}), `.resources.dns_records[Value({"name":"*","type":"TXT","zone_id":"example.com"})].zone_id`, "Invalid zone id", "32 lower-case"},
		{"record type", userOwned, record("txt", "www.example.com"), `.resources.dns_records[Value({"name":"www.example.com","type":"txt","zone_id":"` + zoneA + `"})].type`, "Unknown DNS record type", "TXT"},
		{"record pattern in capitals", userOwned, record("TXT", "WWW.example.com"), `.resources.dns_records[Value({"name":"WWW.example.com","type":"TXT","zone_id":"` + zoneA + `"})].name`, "Invalid record name pattern", "lower case"},
		{"record pattern with a final dot", userOwned, record("TXT", "www.example.com."), `.resources.dns_records[Value({"name":"www.example.com.","type":"TXT","zone_id":"` + zoneA + `"})].name`, "Invalid record name pattern", "end in a dot"},
		{"record pattern with @", userOwned, record("TXT", "@"), `.resources.dns_records[Value({"name":"@","type":"TXT","zone_id":"` + zoneA + `"})].name`, "Invalid record name pattern", "the zone's name"},
		{"record pattern empty", userOwned, record("TXT", ""), `.resources.dns_records[Value({"name":"","type":"TXT","zone_id":"` + zoneA + `"})].name`, "Invalid record name pattern", "empty"},
		{"record pattern not ASCII", userOwned, record("TXT", "bücher.example.com"), `.resources.dns_records[Value({"name":"bücher.example.com","type":"TXT","zone_id":"` + zoneA + `"})].name`, "Invalid record name pattern", "punycode"},
		{"key of no form", userOwned, pol([]string{"Zone Read"}, obj{"other": []any{obj{"key": "com.cloudflare.api.account.zone.example"}}}), `.resources.other[Value({"key":"com.cloudflare.api.account.zone.example","within":<null>})].key`, "Invalid resource key", "known form"},
		{"no key within a zone", userOwned, pol([]string{"Zone Read"}, obj{"other": []any{obj{"within": zonePrefix + zoneA, "key": ""}}}), `.resources.other[Value({"key":"","within":"com.cloudflare.api.account.zone.` + zoneA + `"})].key`, "Invalid resource key", "The key is empty"},
		{"user beside a key within it", userOwned, pol([]string{"API Tokens Read"}, obj{"user": true, "other": []any{obj{"within": userPrefix + userID, "key": "com.cloudflare.edge.worker.script.x"}}}), `.resources`, "Resources need two policies", "`user` and `other`"},
		{"key of a user", userOwned, pol([]string{"API Tokens Read"}, obj{"other": []any{obj{"key": userPrefix + userID}}}), `.resources.other[Value({"key":"com.cloudflare.api.user.` + userID + `","within":<null>})].key`, "Invalid resource key", "`user = true`"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			_, complete, diags := Compile(t.Context(), policiesValue(t, map[string]any{"p": test.in}), test.own)
			if complete {
				t.Error("a policy with a problem counts as complete")
			}
			want := []string{`policies["p"]` + test.at + ": " + test.summary}
			if diff := cmp.Diff(want, problems(diags)); diff != "" {
				t.Fatalf("problems (-want +got):\n%s", diff)
			}
			if !strings.Contains(diags[0].Detail(), test.detail) {
				t.Errorf("the detail does not say %q:\n%s", test.detail, diags[0].Detail())
			}
		})
	}
}

func TestCompile_AllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, _, diags := Compile(t.Context(), policiesValue(t, map[string]any{
		"a": pol([]string{"Nothing Like It", "DNS Write"}, obj{"accounts": []string{accountA}}),
		"b": pol([]string{"DNS Write"}, obj{"zones": []string{"x"}, "user": true}),
	}), accountOwned())
	want := []string{
		`policies["a"].permission_groups[Value("DNS Write")]: Zone permission on an account resource`,
		`policies["a"].permission_groups[Value("Nothing Like It")]: Unknown permission group`,
		`policies["b"].resources.user: Resource not allowed on an account-owned token`,
		`policies["b"].resources.zones[Value("x")]: Invalid zone id`,
	}
	if diff := cmp.Diff(want, problems(diags)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}

func TestCompile_NoPolicyAndTwins(t *testing.T) {
	t.Parallel()
	_, _, diags := Compile(t.Context(), policiesValue(t, nil), userOwned)
	if diff := cmp.Diff([]string{"policies: Token without policies"}, problems(diags)); diff != "" {
		t.Errorf("no policy (-want +got):\n%s", diff)
	}
	_, _, diags = Compile(t.Context(), policiesValue(t, map[string]any{
		"one":   pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}}),
		"other": obj{"effect": "allow", "permission_groups": []string{"DNS Edit"}, "resources": obj{"zones": []string{zoneA}}},
	}), userOwned)
	if diff := cmp.Diff([]string{`policies["other"]: Two policies with one meaning`}, problems(diags)); diff != "" {
		t.Errorf("twins (-want +got):\n%s", diff)
	}
	_, complete, diags := Compile(t.Context(), policiesValue(t, map[string]any{"p": nil}), userOwned)
	if diff := cmp.Diff([]string{`policies["p"]: Policy is null`}, problems(diags)); diff != "" || complete {
		t.Errorf("null policy: complete %v (-want +got):\n%s", complete, diff)
	}
}

// TestCompile_Unknown holds that what is not known yet is neither judged nor
// taken for known.
func TestCompile_Unknown(t *testing.T) {
	t.Parallel()
	tests := map[string]any{
		"policy":              unknown,
		"groups":              obj{"permission_groups": unknown, "resources": obj{"zones": []string{zoneA}}},
		"a group":             obj{"permission_groups": []any{"DNS Write", unknown}, "resources": obj{"zones": []string{zoneA}}},
		"effect":              obj{"effect": unknown, "permission_groups": []string{"DNS Write"}, "resources": obj{"zones": []string{zoneA}}},
		"resources":           obj{"permission_groups": []string{"DNS Write"}, "resources": unknown},
		"zones":               pol([]string{"DNS Write"}, obj{"zones": unknown}),
		"a zone":              pol([]string{"DNS Write"}, obj{"zones": []any{unknown}}),
		"flag that may serve": pol([]string{"DNS Write"}, obj{"all_zones": unknown}),
		"accounts, zones":     pol([]string{"DNS Write"}, obj{"accounts": unknown, "zones": []string{zoneA}}),
		"records":             pol([]string{"DNS Write"}, obj{"dns_records": []any{obj{"zone_id": unknown, "type": "TXT", "name": "*"}}}),
		"other":               pol([]string{"DNS Write"}, obj{"other": []any{obj{"key": unknown}}}),
	}
	for name, in := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, complete, diags := Compile(t.Context(), policiesValue(t, map[string]any{"p": in}), userOwned)
			if complete || len(diags) > 0 {
				t.Errorf("complete %v, problems %v; want neither", complete, problems(diags))
			}
		})
	}
	t.Run("owner", func(t *testing.T) {
		t.Parallel()
		in := policiesValue(t, map[string]any{"p": pol([]string{"DNS Write"}, obj{"all_zones": true})})
		_, complete, diags := Compile(t.Context(), in, OwnerOf(types.StringUnknown()))
		if complete || len(diags) > 0 {
			t.Errorf("complete %v, problems %v; want neither", complete, problems(diags))
		}
	})
	t.Run("a problem beside an unknown is still found", func(t *testing.T) {
		t.Parallel()
		in := policiesValue(t, map[string]any{"p": obj{"permission_groups": []any{unknown, "DNS Writ"}, "resources": unknown}})
		_, _, diags := Compile(t.Context(), in, userOwned)
		if diff := cmp.Diff([]string{`policies["p"].permission_groups[Value("DNS Writ")]: Unknown permission group`}, problems(diags)); diff != "" {
			t.Errorf("problems (-want +got):\n%s", diff)
		}
	})
}

// TestSchema_matchesModel holds the types of the model against both schemas.
func TestSchema_matchesModel(t *testing.T) {
	t.Parallel()
	resource := schema.NestedAttributeObject{Attributes: PolicyAttributes()}.Type()
	if !resource.Equal(PolicyType) {
		t.Errorf("a resource's schema has %s, the model %s", resource, PolicyType)
	}
	source := datasource.NestedAttributeObject{Attributes: DataSourcePolicyAttributes()}.Type()
	if !source.Equal(PolicyType) {
		t.Errorf("a data source's schema has %s, the model %s", source, PolicyType)
	}
}

func TestUnlisted(t *testing.T) {
	t.Parallel()
	list, complete, diags := Compile(t.Context(), policiesValue(t, map[string]any{
		"a": pol([]string{"DNS Write", notEmbedded}, obj{"zones": []string{zoneA}}),
		"b": pol([]string{"Zone Read"}, obj{"zones": []string{zoneA}}),
	}), userOwned)
	if !complete || len(diags) > 0 {
		t.Fatalf("complete %v, problems %v", complete, problems(diags))
	}
	got := Unlisted(list)
	if len(got) != 1 || got[0].ID != notEmbedded || got[0].At.String() != `policies["a"].permission_groups[Value("`+notEmbedded+`")]` {
		t.Errorf("unlisted: %v", got)
	}
	if got[0].OnAccounts {
		t.Error("zones are taken for accounts")
	}
	list, _, _ = Compile(t.Context(), policiesValue(t, map[string]any{
		"a": pol([]string{notEmbedded}, obj{"accounts": []string{userID}}),
	}), userOwned)
	if got := Unlisted(list); len(got) != 1 || !got[0].OnAccounts {
		t.Errorf("on an account: %v", got)
	}
	want := []string{"allow " + notEmbedded + " on account " + userID + ", and all its zones if the permission acts on zones"}
	if lines := GrantLines([]Policy{list[0].Policy}); !slices.Equal(lines, want) {
		t.Errorf("grants = %q, want %q", lines, want)
	}
}
