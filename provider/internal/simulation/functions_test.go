// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

type obj = map[string]any

const (
	acme   = "01a7362d577a6c3019a474fd6f485823"
	globex = "1a2b3c4d5e6f708192a3b4c5d6e7f809"
	zone   = "023e105f4ecef8ad9ca31a8372d0c353"
	other  = "123e105f4ecef8ad9ca31a8372d0c354"
)

// pol is a policy as a configuration writes it, with what it leaves out left out.
func pol(group string, resources obj) obj {
	return obj{"permission_groups": []any{group}, "resources": resources}
}

func record(zone, kind, name string) obj { return obj{"zone_id": zone, "type": kind, "name": name} }

// TestFunctions_decide holds what policies say and how it is explained, over the plugin protocol.
func TestFunctions_decide(t *testing.T) {
	t.Parallel()
	txt := obj{"acme": pol("DNS Write", obj{"dns_records": []any{record(zone, "TXT", "_acme-challenge.*")}})}
	wide := obj{"wide": pol("DNS Edit", obj{"all_zones_of_accounts": []any{acme}})}
	denied := obj{
		"dns":  pol("DNS Write", obj{"zones": []any{zone}}),
		"mail": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"dns_records": []any{record(zone, "MX", "*")}}},
	}
	const post = "POST /zones/{zone_id}/dns_records"
	on := func(kind, name string) obj {
		return obj{"zone_id": zone, "record": obj{"type": kind, "name": name}}
	}
	tests := []struct {
		name      string
		policies  obj
		operation string
		target    any
		can       bool
		says      string
	}{
		{"a record that the pattern matches", txt, post, on("TXT", "_acme-challenge.www.example.com"), true, `Allowed by policies["acme"]: "DNS Write" on com.cloudflare.api.account.zone.` + zone},
		{"the same name in capitals and with a dot", txt, post, on("txt", "_ACME-challenge.example.com."), true, "Allowed by"},
		{"another type", txt, post, on("A", "_acme-challenge.example.com"), false, `Refused, no_matching_grant: no allow policy grants this operation; the smallest grant that would allow it: "DNS Write" on com.cloudflare.api.account.zone.` + zone},
		{"another name", txt, post, on("TXT", "www.example.com"), false, "Refused, no_matching_grant"},
		{"a name that is completed", txt, post, obj{"zone_id": zone, "zone_name": "example.com", "record": obj{"type": "TXT", "name": "_acme-challenge"}}, true, "Allowed by"},
		{"records give nothing else of the zone", txt, "DELETE /zones/{zone_id}", obj{"zone_id": zone}, false, `"Zone Write"`},
		{"a permission by itself", txt, "DNS Write", on("TXT", "_acme-challenge.example.com"), true, "Allowed by"},
		{"a path with its ids", wide, "POST /zones/" + zone + "/dns_records", obj{"account_id": acme}, true, `policies["wide"]`},
		{"a record in a path with its ids", txt, "POST /zones/" + zone + "/dns_records", obj{"record": obj{"type": "TXT", "name": "_acme-challenge.example.com"}}, true, `policies["acme"]`},
		{"a record's name completed in a path with its ids", txt, "POST /zones/" + zone + "/dns_records", obj{"zone_name": "example.com", "record": obj{"type": "TXT", "name": "_acme-challenge"}}, true, `policies["acme"]`},
		{"another record in a path with its ids", txt, "POST /zones/" + zone + "/dns_records", obj{"record": obj{"type": "A", "name": "www.example.com"}}, false, "no_matching_grant"},
		{"a zone below an account in the path", obj{"maps": pol("Address Maps Write", obj{"all_accounts": true})}, "PUT /accounts/" + acme + "/addressing/address_maps/1/zones/" + zone, nil, true, `policies["maps"]`},
		{"a zone below an account in the target", obj{"maps": pol("Address Maps Write", obj{"all_accounts": true})}, "PUT /accounts/{account_id}/addressing/address_maps/{address_map_id}/zones/{zone_id}", obj{"account_id": acme, "zone_id": zone}, true, `policies["maps"]`},
		{"a zone elsewhere", wide, post, obj{"account_id": globex, "zone_id": zone}, false, "no_matching_grant"},
		{"a denied record", denied, post, on("MX", "example.com"), false, `Refused, denied_by_policy: policies["mail"]: "DNS Write" on com.cloudflare.api.account.zone.` + zone},
		{"beside the denied record", denied, post, on("A", "example.com"), true, `Allowed by policies["dns"]`},
		{"every record by a key on all of them", obj{"all": pol("DNS Write", obj{"dns_records": []any{record(zone, "*", "*")}})}, post, obj{"zone_id": zone}, true, `. It holds for every record of the zone.`},
		{"every record by two keys and the zone's name", obj{"all": pol("DNS Write", obj{"dns_records": []any{record(zone, "*", "example.com"), record(zone, "*", "*.example.com")}})}, post, obj{"zone_id": zone, "zone_name": "example.com"}, true, "Allowed by"},
		{"no record, as each that is allowed is denied", obj{
			"all":  pol("DNS Write", obj{"dns_records": []any{record(zone, "TXT", "_acme-challenge.*")}}),
			"deny": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"dns_records": []any{record(zone, "TXT", "*")}}},
		}, post, obj{"zone_id": zone}, false, "Refused, no_matching_grant"},
		{"no record, as each is denied", obj{
			"all":  pol("DNS Write", obj{"zones": []any{zone}}),
			"deny": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"dns_records": []any{record(zone, "*", "*")}}},
		}, post, obj{"zone_id": zone}, false, `Refused, denied_by_policy: policies["deny"]`},
		{"no record of the zone has such a name", obj{"all": pol("DNS Write", obj{"dns_records": []any{record(zone, "TXT", "*.example.org")}})}, "DNS Write", obj{"zone_id": zone, "zone_name": "example.com"}, false, "Refused, no_matching_grant"},
		{"no record can be changed that cannot be read", obj{
			"all":  pol("DNS Write", obj{"zones": []any{zone}}),
			"deny": obj{"effect": "deny", "permission_groups": []any{"DNS Read"}, "resources": obj{"zones": []any{zone}}},
		}, "DELETE /zones/{zone_id}/dns_records/{dns_record_id}", obj{"zone_id": zone}, false, "Refused, denied_by_policy"},
		{"a record in a batch", txt, post + "/batch", obj{"zone_id": zone, "record": obj{"type": "TXT", "name": "_acme-challenge.www.example.com"}}, true, "It holds whatever the batch does with the record."},
		{"another record in a batch", txt, post + "/batch", obj{"zone_id": zone, "record": obj{"type": "A", "name": "www.example.com"}}, false, "It holds whatever the batch does with the record."},
		{"records of another zone", txt, "DNS Write", obj{"zone_id": other}, false, "Refused, no_matching_grant"},
		{"denied records of another zone", obj{
			"dns":  pol("DNS Write", obj{"zones": []any{other}}),
			"mail": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"dns_records": []any{record(zone, "MX", "*")}}},
		}, "DNS Write", obj{"zone_id": other}, true, `Allowed by policies["dns"]`},
		{"a deny on the zone beside a record", obj{
			"acme": pol("DNS Write", obj{"dns_records": []any{record(zone, "TXT", "_acme-challenge.*")}}),
			"deny": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"zones": []any{zone}}},
		}, post, obj{"zone_id": zone}, false, "Refused, denied_by_policy"},
		{"a key on records about another permission", obj{
			"read": pol("DNS Read", obj{"zones": []any{zone}}), "acme": pol("DNS Write", obj{"dns_records": []any{record(zone, "TXT", "_acme-challenge.*")}}),
		}, "DNS Read", obj{"zone_id": zone}, true, `Allowed by policies["read"]`},
		{"a list of which some is seen", txt, "GET /zones/{zone_id}/dns_records", obj{"zone_id": zone}, true, `The list holds only the records that the token may see: it depends on the record, which policies["acme"] asks for`},
		{"an export of which nothing is seen", obj{
			"all":  pol("DNS Read", obj{"zones": []any{zone}}),
			"deny": obj{"effect": "deny", "permission_groups": []any{"DNS Read"}, "resources": obj{"dns_records": []any{record(zone, "*", "*")}}},
		}, "GET /zones/{zone_id}/dns_records/export", obj{"zone_id": zone}, true, "The list holds no record"},
		{"the user", obj{"t": pol("API Tokens Write", obj{"user": true})}, "POST /user/tokens", nil, true, `com.cloudflare.api.user.<own id>. The token can make other tokens and so is worth all its owner's rights, without its own IP range and expiry.`},
		{"managing tokens is said of other questions too", obj{"t": pol("API Tokens Write", obj{"user": true})}, "GET /user", obj{}, false, "worth all its owner's rights"},
		{"all zones", obj{"all": pol("Zone Read", obj{"all_zones": true})}, "GET /zones/{zone_id}", obj{"zone_id": other}, true, "com.cloudflare.api.account.zone.*"},
		{"all zones of an account", wide, "DNS Write", obj{"account_id": acme, "all_zones": true}, true, "Allowed"},
		{"all zones of an account, beside a deny of another permission", obj{"wide": wide["wide"], "deny": obj{"effect": "deny", "permission_groups": []any{"Zone Write"}, "resources": obj{"zones": []any{zone}}}}, "DNS Write", obj{"account_id": acme, "all_zones": true}, true, "Allowed"},
		{"all zones of an account, of which none is allowed", obj{"wide": wide["wide"], "deny": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"all_zones_of_accounts": []any{acme}}}, "one": pol("DNS Write", obj{"zones": []any{zone}})}, "DNS Write", obj{"account_id": acme, "all_zones": true}, false, "denied_by_policy"},
		{"all zones of an account, beside a zone of another", obj{"one": pol("DNS Write", obj{"other": []any{obj{"key": "com.cloudflare.api.account.zone." + zone, "within": "com.cloudflare.api.account." + globex}}})}, "DNS Write", obj{"account_id": acme, "all_zones": true}, false, "no_matching_grant"},
		{"a new zone, beside one that is denied", obj{"wide": pol("Zone Write", obj{"all_zones_of_accounts": []any{acme}}), "deny": obj{"effect": "deny", "permission_groups": []any{"Zone Write"}, "resources": obj{"zones": []any{zone}}}}, "POST /zones", obj{"account_id": acme, "all_zones": true}, true, "Allowed"},
		{"a bucket", obj{"b": pol("Workers R2 Storage Bucket Item Read", obj{"r2_buckets": []any{acme + "_eu_backups"}})}, "Workers R2 Storage Bucket Item Read", obj{"account_id": acme, "bucket": obj{"name": "backups", "jurisdiction": "eu"}}, true, "Allowed"},
		{"a bucket of another jurisdiction", obj{"b": pol("Workers R2 Storage Bucket Item Read", obj{"r2_buckets": []any{acme + "_eu_backups"}})}, "Workers R2 Storage Bucket Item Read", obj{"account_id": acme, "bucket": obj{"name": "backups"}}, false, acme + "_default_backups"},
		{"no group opens it", wide, "GET /user/billing/profile", obj{}, false, "it takes a Global API key"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			arguments := []tftypes.Value{acctest.Literal(t, test.policies), acctest.Literal(t, test.operation), acctest.Literal(t, test.target)}
			result, problem := acctest.Functions(t)("can", arguments...)
			var can bool
			if problem != nil {
				t.Fatalf("can: %s", problem.Text)
			} else if err := result.As(&can); err != nil || can != test.can {
				t.Errorf("can: %v (%v), want %v", can, err, test.can)
			}
			result, problem = acctest.Functions(t)("explain", arguments...)
			var text string
			if problem != nil {
				t.Fatalf("explain: %s", problem.Text)
			} else if err := result.As(&text); err != nil || !strings.Contains(text, test.says) {
				t.Errorf("explain: %q (%v), want it to say %q", text, err, test.says)
			}
		})
	}
}

// TestFunctions_errors holds that whatever is wrong or missing is an error at its argument, and never false.
func TestFunctions_errors(t *testing.T) {
	t.Parallel()
	good := obj{"p": pol("DNS Write", obj{"zones": []any{zone}})}
	wide := obj{"p": pol("DNS Write", obj{"all_zones_of_accounts": []any{acme}})}
	strange := obj{"key": "com.cloudflare.edge.worker.script.abc", "within": "com.cloudflare.api.account." + acme}
	below := obj{"acme": pol("DNS Write", obj{"dns_records": []any{record(zone, "*", "*.example.com")}})}
	txt := obj{"acme": pol("DNS Write", obj{"dns_records": []any{record(zone, "TXT", "_acme-challenge.*")}})}
	mail := obj{
		"dns":  pol("DNS Write", obj{"zones": []any{zone}}),
		"mail": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"dns_records": []any{record(zone, "MX", "*")}}},
	}
	const records, oneRecord = "/zones/{zone_id}/dns_records", "/zones/{zone_id}/dns_records/{dns_record_id}"
	const asks = `record is missing: the answer depends on the record, which policies[`
	tests := []struct {
		name      string
		policies  any
		operation string
		target    any
		argument  int64
		says      string
	}{
		{"the record, of a permission that is held on some", below, "DNS Write", obj{"zone_id": zone}, 2, asks + `"acme"] asks for and the target does not name; give record = { type, name }, and ask once for each record that matters`},
		{"the record, of a permission with the zone's name and account", below, "DNS Write", obj{"account_id": acme, "zone_id": zone, "zone_name": "example.com"}, 2, asks + `"acme"]`},
		{"the record, of a zone whose name is not in punycode", below, "DNS Write", obj{"zone_id": zone, "zone_name": "exämple.com"}, 2, asks + `"acme"]`},
		{"the record, of a permission that is denied on some", mail, "DNS Write", obj{"zone_id": zone}, 2, asks + `"mail"]`},
		{"the record that is made", txt, "POST " + records, obj{"zone_id": zone}, 2, asks + `"acme"]`},
		{"the record that is made, with ids in the path", txt, "POST /zones/" + zone + "/dns_records", obj{}, 2, asks + `"acme"]`},
		{"the record that is made, denied on some", mail, "POST " + records, obj{"zone_id": zone}, 2, asks + `"mail"]`},
		{"the record that is written", txt, "PUT " + oneRecord, obj{"zone_id": zone}, 2, asks + `"acme"]`},
		{"the record that is changed", txt, "PATCH " + oneRecord, obj{"zone_id": zone}, 2, asks + `"acme"]`},
		{"the record that is deleted", mail, "DELETE " + oneRecord, obj{"zone_id": zone}, 2, asks + `"mail"]`},
		{"the record that is read", txt, "GET " + oneRecord, obj{"zone_id": zone}, 2, asks + `"acme"]`},
		{"the records of a batch", txt, "POST " + records + "/batch", obj{"zone_id": zone}, 2, asks + `"acme"]`},
		{"the records of an import", mail, "POST " + records + "/import", obj{"zone_id": zone}, 2, asks + `"mail"]`},
		{
			"what a batch does with records that may be made and not read",
			obj{"dns": pol("DNS Write", obj{"zones": []any{zone}}), "blind": obj{"effect": "deny", "permission_groups": []any{"DNS Read"}, "resources": obj{"zones": []any{zone}}}},
			"POST " + records + "/batch",
			obj{"zone_id": zone},
			2, "record is missing: the answer depends on the records and what is done with them",
		},
		{
			"what a batch does with a record that may be made and not read",
			obj{"dns": pol("DNS Write", obj{"zones": []any{zone}}), "blind": obj{"effect": "deny", "permission_groups": []any{"DNS Read"}, "resources": obj{"zones": []any{zone}}}},
			"POST " + records + "/batch",
			obj{"zone_id": zone, "record": obj{"type": "TXT", "name": "www.example.com"}},
			1, "the answer depends on what the batch does with the record, which the operation does not say. Ask about the single operations that the batch holds, such as POST /zones/{zone_id}/dns_records",
		},
		{
			"a permission that is held on all records and not on the zone",
			obj{"all": pol("DNS Write", obj{"dns_records": []any{record(zone, "*", "*")}})},
			"DNS Write",
			obj{"zone_id": zone},
			2, asks + `"all"]`,
		},
		{
			"the record that is deleted, where some cannot be read",
			obj{"dns": pol("DNS Write", obj{"zones": []any{zone}}), "blind": obj{"effect": "deny", "permission_groups": []any{"DNS Read"}, "resources": obj{"dns_records": []any{record(zone, "TXT", "*")}}}},
			"DELETE " + oneRecord,
			obj{"zone_id": zone},
			2, asks + `"blind"]`,
		},
		{
			"the record, of a policy beside one on another zone",
			obj{"acme": txt["acme"], "other": pol("DNS Write", obj{"dns_records": []any{record(other, "TXT", "*")}})},
			"DNS Write",
			obj{"zone_id": zone},
			2, asks + `"acme"] asks for`,
		},
		{
			"the record, where it cannot be told which names a pattern has",
			obj{"dns": mail["dns"], "long": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"dns_records": []any{record(zone, "TXT", strings.Repeat("a", 63)+"*.example.com")}}}},
			"DNS Write",
			obj{"zone_id": zone, "zone_name": "example.com"},
			2, asks + `"long"]`,
		},
		{
			"the record, of two policies",
			obj{"a": below["acme"], "b": txt["acme"]},
			"DNS Write",
			obj{"zone_id": zone},
			2, asks + `"a"] and policies["b"] ask for`,
		},
		{"the zone, of a permission on all that is denied on one", obj{"p": wide["p"], "deny": obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"zones": []any{zone}}}}, "DNS Write", obj{"account_id": acme, "all_zones": true}, 2, `zone_id is missing: the answer depends on the zone, which policies["deny"] names and the target does not; give zone_id in place of all_zones`},
		{"the zone, of a permission on all that is denied on records of one", obj{"p": wide["p"], "mail": mail["mail"]}, "DNS Write", obj{"account_id": acme, "all_zones": true}, 2, `which policies["mail"] names`},
		{"the zone, of a permission on all that is held on some", obj{"a": below["acme"], "b": good["p"]}, "DNS Write", obj{"account_id": acme, "all_zones": true}, 2, `which policies["a"] and policies["b"] name and`},
		{"the account of a zone", wide, "DNS Write", obj{"zone_id": zone}, 2, "account_id is missing"},
		{"the zone", good, "DNS Write", obj{}, 2, "zone_id: is missing"},
		{"the account", good, "GET /accounts/{account_id}", nil, 2, "account_id: is missing"},
		{"the record's type", good, "DNS Write", obj{"zone_id": zone, "record": obj{"name": "www.example.com"}}, 2, "target.record: Record without type or name"},
		{"the zone's name", good, "DNS Write", obj{"zone_id": zone, "record": obj{"type": "A", "name": "@"}}, 2, "give zone_name"},
		{"the zone's name, of a path with its ids", good, "POST /zones/" + zone + "/dns_records", obj{"record": obj{"type": "A", "name": "@"}}, 2, "give zone_name"},
		{"unknown attribute of a policy", obj{"p": obj{"permission_groups": []any{"DNS Write"}, "resources": obj{"zone": []any{zone}}}}, "DNS Write", obj{"zone_id": zone}, 0, `policies["p"].resources has no attribute "zone"; did you mean "zones"?`},
		{"unknown attribute of a target", good, "DNS Write", obj{"zone": zone}, 2, `target has no attribute "zone"`},
		{"a text for a list", obj{"p": obj{"permission_groups": "DNS Write", "resources": obj{"zones": []any{zone}}}}, "DNS Write", obj{"zone_id": zone}, 0, `policies["p"].permission_groups must be a set or a list, not a string`},
		{"a number for an id", good, "DNS Write", obj{"zone_id": 7}, 2, "target.zone_id must be a string, not a number"},
		{"a list for policies", []any{good}, "DNS Write", obj{"zone_id": zone}, 0, "policies must be a map, not a list"},
		{"no policies", obj{}, "DNS Write", obj{"zone_id": zone}, 0, "Token without policies"},
		{"a misspelled permission in a policy", obj{"p": pol("DNS Writ", obj{"zones": []any{zone}})}, "DNS Write", obj{"zone_id": zone}, 0, `Unknown permission group: There is no permission group "DNS Writ"`},
		{"a permission that nothing serves", obj{"p": pol("DNS Write", obj{"user": true})}, "DNS Write", obj{"zone_id": zone}, 0, "Permission has no resource it can act on"},
		{"a misspelled operation", good, "DNS Writ", obj{"zone_id": zone}, 1, `did you mean "DNS Write"`},
		{"an unknown path", good, "GET /zone/" + zone, obj{}, 1, "unknown operation"},
		{"an ambiguous permission", good, "Logs Read", obj{"zone_id": zone}, 1, `"zone:Logs Read"`},
		{"a target that contradicts the path", good, "GET /zones/" + zone, obj{"zone_id": other}, 2, "but the path names"},
		{"a target that does not belong", good, "GET /user", obj{"zone_id": zone}, 2, "does not belong to this operation"},
		{"no id", good, "DNS Write", obj{"zone_id": "example.com"}, 2, "target.zone_id: Invalid zone id"},
		{"a key that the model does not know", obj{"p": pol("Workers Scripts Write", obj{"other": []any{strange}})}, "Workers Scripts Write", obj{"account_id": acme}, 0, "it cannot be told what the resource key"},
		{"a group that the model does not know", obj{"p": pol("ffffffffffffffffffffffffffffff01", obj{"zones": []any{zone}})}, "DNS Write", obj{"zone_id": zone}, 0, "it cannot be told what the permission group ffffffffffffffffffffffffffffff01"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			for _, name := range []string{"can", "explain"} {
				result, problem := acctest.Functions(t)(name, acctest.Literal(t, test.policies), acctest.Literal(t, test.operation), acctest.Literal(t, test.target))
				switch {
				case problem == nil:
					t.Errorf("%s: got %v, want an error", name, result)
				case problem.FunctionArgument == nil || *problem.FunctionArgument != test.argument || !strings.Contains(problem.Text, test.says):
					t.Errorf("%s: argument %v: %q, want argument %d and %q", name, problem.FunctionArgument, problem.Text, test.argument, test.says)
				}
			}
		})
	}
}

// What is not known does not hide what is: a key of no known form matters to the answer only where it could
// turn it over.
func TestFunctions_doubtsThatDoNotMatter(t *testing.T) {
	t.Parallel()
	strange := obj{"key": "com.cloudflare.edge.worker.script.abc", "within": "com.cloudflare.api.account." + acme}
	allowed := obj{
		"a": pol("DNS Write", obj{"zones": []any{zone}}),
		"b": pol("DNS Write", obj{"other": []any{strange}}),
	}
	result, problem := acctest.Functions(t)("can", acctest.Literal(t, allowed), acctest.Literal(t, "DNS Write"), acctest.Literal(t, obj{"zone_id": zone}))
	var can bool
	if problem != nil || result.As(&can) != nil || !can {
		t.Errorf("a grant beside an unknown key of an allow: %v, %v", can, problem)
	}
	allowed["c"] = obj{"effect": "deny", "permission_groups": []any{"DNS Write"}, "resources": obj{"other": []any{strange}}}
	if _, problem = acctest.Functions(t)("can", acctest.Literal(t, allowed), acctest.Literal(t, "DNS Write"), acctest.Literal(t, obj{"zone_id": zone})); problem == nil {
		t.Error("a deny with an unknown key was taken for one that does not reach")
	}
}

// Nested values that are not known make the result unknown, whether or not the CLI asks in that case.
func TestFunctions_unknown(t *testing.T) {
	t.Parallel()
	unknown := tftypes.NewValue(tftypes.String, tftypes.UnknownValue)
	for name, arguments := range map[string][2]any{
		"a zone of a policy": {obj{"p": pol("DNS Write", obj{"zones": []any{unknown}})}, obj{"zone_id": zone}},
		"a zone of a target": {obj{"p": pol("DNS Write", obj{"zones": []any{zone}})}, obj{"zone_id": unknown}},
	} {
		for _, function := range []string{"can", "explain"} {
			result, problem := acctest.Functions(t)(function, acctest.Literal(t, arguments[0]), acctest.Literal(t, "DNS Write"), acctest.Literal(t, arguments[1]))
			if problem != nil || result.IsKnown() {
				t.Errorf("%s of %s: %v, %v; want an unknown result", function, name, result, problem)
			}
		}
	}
}

// TestFunctions_typed passes policies in the type that the resource gives them, with nulls for all that is
// left out.
func TestFunctions_typed(t *testing.T) {
	t.Parallel()
	set := tftypes.Set{ElementType: tftypes.String}
	resources := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"zones": set, "accounts": set, "all_zones": tftypes.Bool}}
	policy := tftypes.Object{AttributeTypes: map[string]tftypes.Type{"effect": tftypes.String, "permission_groups": set, "resources": resources}}
	one := func(value string) tftypes.Value {
		return tftypes.NewValue(set, []tftypes.Value{tftypes.NewValue(tftypes.String, value)})
	}
	policies := tftypes.NewValue(tftypes.Map{ElementType: policy}, map[string]tftypes.Value{
		"p": tftypes.NewValue(policy, map[string]tftypes.Value{
			"effect": tftypes.NewValue(tftypes.String, nil), "permission_groups": one("DNS Write"),
			"resources": tftypes.NewValue(resources, map[string]tftypes.Value{
				"zones": one(zone), "accounts": tftypes.NewValue(set, nil), "all_zones": tftypes.NewValue(tftypes.Bool, nil),
			}),
		}),
	})
	result, problem := acctest.Functions(t)("can", policies, acctest.Literal(t, "DNS Write"), acctest.Literal(t, obj{"zone_id": zone}))
	var can bool
	if problem != nil || result.As(&can) != nil || !can {
		t.Errorf("can: %v, %v", can, problem)
	}
}

// TestFunctions_everyOperation holds, for every operation that some group opens by its own scope, what is
// said of policies that allow it and of ones that do not.
func TestFunctions_everyOperation(t *testing.T) {
	t.Parallel()
	call := acctest.Functions(t)
	reader, err := catalog.LookupGroup("Memberships Read")
	if err != nil {
		t.Fatal(err)
	}
	none := acctest.Literal(t, obj{"p": pol("Memberships Read", obj{"user": true})})
	asked := 0
	for _, operation := range catalog.Operations() {
		if operation.Accepts.Has(reader.Index) {
			continue
		}
		for g := range operation.Accepts.All() {
			group := &catalog.Groups()[g]
			resources, target, ok := serving(operation, group)
			if !ok {
				continue
			}
			asked++
			words := acctest.Literal(t, operation.Name())
			for want, policies := range map[bool]tftypes.Value{true: acctest.Literal(t, obj{"p": pol(group.ID, resources)}), false: none} {
				if !want && asked%4 > 0 {
					continue // that a policy about something else opens nothing is no matter of the operation
				}
				if asked%8 == 0 { // each call costs half a millisecond, and explain says the same
					result, problem := call("can", policies, words, acctest.Literal(t, target))
					var can bool
					if problem != nil || result.As(&can) != nil || can != want {
						t.Fatalf("%s with %s: %v, %v; want %v", operation.Name(), group.Ref(), can, problem, want)
					}
				}
				result, problem := call("explain", policies, words, acctest.Literal(t, target))
				var text string
				if problem != nil || result.As(&text) != nil || strings.HasPrefix(text, "Allowed") != want {
					t.Fatalf("%s with %s: %q, %v; want %v", operation.Name(), group.Ref(), text, problem, want)
				}
			}
			break
		}
	}
	if asked < 300 {
		t.Errorf("asked about %d operations, which are too few", asked)
	}
}

// serving is resources of a policy with which the group opens the operation, and the target; it reports
// false for pairs of another kind than those two.
func serving(operation *catalog.Operation, group *catalog.Group) (resources, target obj, ok bool) {
	switch {
	case operation.Target == catalog.TargetZone && group.Scope == catalog.ScopeZone:
		return obj{"zones": []any{zone}}, obj{"zone_id": zone}, true
	case operation.Target == catalog.TargetAccount && group.Scope == catalog.ScopeAccount && !strings.Contains(operation.Route, "{zone_id}"):
		return obj{"accounts": []any{acme}}, obj{"account_id": acme}, true
	case operation.Target == catalog.TargetUser && group.Scope == catalog.ScopeUser:
		return obj{"user": true}, obj{}, true
	default:
		return nil, nil, false
	}
}
