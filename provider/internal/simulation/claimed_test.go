// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

const (
	zoneKey, recordsOf = "com.cloudflare.api.account.zone.", "com.cloudflare.api.account.zone.dns_record."
	writesDNS          = "4755a26eedb94da69e1066d98aa820be"
)

// wirePolicy is a policy on one resource, as the API takes it.
func wirePolicy(effect, key string, value any) obj {
	return obj{"effect": effect, "permission_groups": []obj{{"id": writesDNS}}, "resources": obj{key: value}}
}

// madeToken makes a token of the calling user and returns its id.
func madeToken(t *testing.T, env *acctest.Env, name string, change obj, policies ...obj) string {
	t.Helper()
	body := obj{"name": name, "policies": policies}
	maps.Copy(body, change)
	var token struct{ ID string }
	if err := env.Must("super", http.MethodPost, "/user/tokens", body).Decode(&token); err != nil {
		t.Fatal(err)
	}
	return token.ID
}

// answered is what the tests below compare of an answer.
func answered(answer map[string]any) map[string]any {
	facts, _ := answer["unknown_facts"].([]any)
	words := make([]string, 0, len(facts))
	for _, fact := range facts {
		words = append(words, fmt.Sprint(fact))
	}
	return map[string]any{"allowed": answer["allowed"], "policy_allows": answer["policy_allows"], "facts": strings.Join(words, "; ")}
}

// What a target says of its zone beside the id is held against the zone that is read, and not believed where none
// can be: an answer for the records of a zone of another name is none for those of this one.
func TestSimulation_claimsAboutTheZone(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	acme, globex, own := env.ID("acme"), env.ID("globex"), env.ID("example.com")
	records := func(patterns ...string) obj {
		out := obj{}
		for _, pattern := range patterns {
			out[recordsOf+pattern] = "*"
		}
		return out
	}
	noMail := []obj{wirePolicy("allow", zoneKey+own, "*"), wirePolicy("deny", zoneKey+own, records("MX.example.com"))}
	tokens := map[string]string{
		"no mail":      madeToken(t, env, "no mail", nil, noMail...),
		"dead":         madeToken(t, env, "dead", obj{"not_before": "2099-01-01T00:00:00Z"}, noMail...),
		"every record": madeToken(t, env, "every record", nil, wirePolicy("allow", zoneKey+own, records("*.example.com", "*.*.example.com"))),
		"zone":         madeToken(t, env, "zone", nil, wirePolicy("allow", zoneKey+own, "*")),
	}
	const post, write = "POST /zones/{zone_id}/dns_records", "DNS Write"
	lies := "the account that zone " + own + " lies in"
	mail := `the record, which policies["deny_dns_write"] asks for and the target does not name`
	every := `the record, which policies["dns_write"] asks for and the target does not name`
	all := map[string]any{"allowed": true, "policy_allows": true, "facts": ""}
	open := func(facts ...string) map[string]any {
		return map[string]any{"allowed": false, "policy_allows": nil, "facts": strings.Join(facts, "; ")}
	}
	tests := []struct {
		token, operation, account, name string
		hidden                          bool
		want                            map[string]any
		problem                         string
	}{
		{"no mail", post, acme, "exmaple.com", false, nil, `zone ` + own + ` is "example.com"`},
		{"no mail", post, "", "exmaple.com", false, nil, `zone ` + own + ` is "example.com"`},
		{"dead", post, "", "exmaple.com", false, nil, `zone ` + own + ` is "example.com"`},
		{"zone", write, "", "exmaple.com", false, nil, `zone ` + own + ` is "example.com"`},
		{"no mail", post, globex, "", false, nil, "but the zone lies in account " + acme},
		{"no mail", post, acme, "example.com", false, open(mail), ""},
		{"no mail", post, acme, "Example.COM.", false, open(mail), ""},
		{"no mail", post, acme, "exmaple.com", true, open(lies, mail), ""},
		{"no mail", post, "", "exmaple.com", true, open(lies, mail), ""},
		{"no mail", post, acme, "example.com", true, open(lies, mail), ""},
		{"dead", post, acme, "exmaple.com", true, open(lies, mail), ""},
		{"every record", post, "", "", false, all, ""},
		{"every record", post, acme, "", false, all, ""},
		{"every record", post, acme, "example.com", false, all, ""},
		{"every record", post, acme, "example.com", true, open(lies, every), ""},
		{"zone", post, acme, "exmaple.com", true, map[string]any{"allowed": false, "policy_allows": true, "facts": lies}, ""},
	}
	run := env.Start(nil)
	for _, hidden := range []bool{false, true} {
		if hidden {
			env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/zones/" + own, Status: http.StatusForbidden})
		}
		for _, test := range tests {
			if test.hidden != hidden {
				continue
			}
			on := map[string]string{"zone_id": own}
			for key, value := range map[string]string{"account_id": test.account, "zone_name": test.name} {
				if value != "" {
					on[key] = value
				}
			}
			where := fmt.Sprintf("%s, %s, %v, hidden %v", test.token, test.operation, on, hidden)
			answer, err := run.Data(t.Context(), simulation.TypeName, map[string]any{
				"token_id": tokens[test.token], "operation": test.operation, "target": targetValue(on),
			})
			switch {
			case test.problem != "":
				if err == nil || !strings.Contains(err.Error(), test.problem) {
					t.Errorf("%s: %v, %v; want an error that says %q", where, err, answer, test.problem)
				}
			case err != nil:
				t.Errorf("%s: %v", where, err)
			default:
				if diff := cmp.Diff(test.want, answered(answer)); diff != "" {
					t.Errorf("%s (-want +got):\n%s\n%v", where, diff, answer["explanation"])
				}
			}
		}
	}
}

// A permission on all zones of an account is one on each of them: where policies say something else of a zone that
// may lie there it is left open. Making a zone is not about those that are there.
func TestSimulation_allZones(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	acme, own, beside, foreign := env.ID("acme"), env.ID("example.com"), env.ID("example.org"), env.ID("globex.example")
	accountKey := "com.cloudflare.api.account." + acme
	onAcme := wirePolicy("allow", accountKey, obj{zoneKey + "*": "*"})
	mail := obj{recordsOf + "MX.*": "*"}
	depends := `the zone, which policies["deny_dns_write"] names and the target does not`
	tests := []struct {
		name, operation string
		policies        []obj
		hidden          bool
		allows          any
		facts           string
	}{
		{"nothing denied", "DNS Write", []obj{onAcme}, false, true, ""},
		{"a zone", "DNS Write", []obj{onAcme, wirePolicy("deny", zoneKey+own, "*")}, false, nil, depends},
		{"a zone of the account", "DNS Write", []obj{onAcme, wirePolicy("deny", accountKey, obj{zoneKey + beside: "*"})}, false, nil, depends},
		{"records of a zone", "DNS Write", []obj{onAcme, wirePolicy("deny", zoneKey+own, mail)}, false, nil, depends},
		{"a zone of another account", "DNS Write", []obj{onAcme, wirePolicy("deny", zoneKey+foreign, "*")}, false, true, ""},
		{"a zone of another account that cannot be read", "DNS Write", []obj{onAcme, wirePolicy("deny", zoneKey+foreign, "*")}, true, nil, depends},
		{"all zones", "DNS Write", []obj{onAcme, wirePolicy("deny", accountKey, obj{zoneKey + "*": "*"}), wirePolicy("allow", zoneKey+own, "*")}, false, false, ""},
		{"another permission", "Zone Read", []obj{onAcme, wirePolicy("deny", zoneKey+own, "*")}, false, false, ""},
		{"one zone allowed", "DNS Write", []obj{wirePolicy("allow", zoneKey+own, "*")}, false, nil, strings.ReplaceAll(depends, "deny_", "")},
		{"some records allowed", "DNS Write", []obj{wirePolicy("allow", zoneKey+own, mail)}, false, nil, strings.ReplaceAll(depends, "deny_", "")},
		{"one zone of another account allowed", "DNS Write", []obj{wirePolicy("allow", zoneKey+foreign, "*")}, false, false, ""},
	}
	run := env.Start(nil)
	ask := func(name, operation string, policies []obj, on map[string]string) map[string]any {
		t.Helper()
		answer, err := run.Data(t.Context(), simulation.TypeName, map[string]any{
			"token_id": madeToken(t, env, name, nil, policies...), "operation": operation, "target": targetValue(on),
		})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		return answer
	}
	zones := map[string]string{"account_id": acme, "all_zones": "true"}
	for _, hidden := range []bool{false, true} {
		if hidden {
			env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/zones/" + foreign, Status: http.StatusForbidden})
		}
		for _, test := range tests {
			if test.hidden != hidden {
				continue
			}
			answer := ask(test.name, test.operation, test.policies, zones)
			want := map[string]any{"allowed": test.allows == true, "policy_allows": test.allows, "facts": test.facts}
			if diff := cmp.Diff(want, answered(answer)); diff != "" {
				t.Errorf("%s (-want +got):\n%s\n%v", test.name, diff, answer["explanation"])
			}
			text := fmt.Sprint(answer["explanation"])
			if open := test.allows == nil; open != strings.Contains(text, "Give target.zone_id in place of target.all_zones, and ask once for each zone that matters.") {
				t.Errorf("%s: explanation %q", test.name, text)
			}
		}
	}
	makes := obj{"effect": "allow", "permission_groups": []obj{{"id": zoneWriteID}}, "resources": obj{accountKey: obj{zoneKey + "*": "*"}}}
	denied := obj{"effect": "deny", "permission_groups": []obj{{"id": zoneWriteID}}, "resources": obj{zoneKey + own: "*"}}
	if answer := ask("makes zones", "POST /zones", []obj{makes, denied}, zones); answer["allowed"] != true {
		t.Errorf("making a zone: %v", answer)
	}
}

// zoneWriteID is the group Zone Write.
const zoneWriteID = "e6d2666161e84845a636613608cee8d5"

// An answer that holds for every record does not say that it says nothing of them.
func TestSimulation_notesOfRecords(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	own := env.ID("example.com")
	zone := wirePolicy("allow", zoneKey+own, "*")
	deny := func(group string, patterns obj) obj {
		return obj{"effect": "deny", "permission_groups": []obj{{"id": group}}, "resources": obj{zoneKey + own: patterns}}
	}
	const all = "/zones/{zone_id}/dns_records"
	const every, none = "It holds for every record of the zone.", "The list holds no record"
	mail, nothing := obj{recordsOf + "MX.*": "*"}, obj{recordsOf + "*.*": "*"}
	tests := []struct {
		name, operation string
		policies        []obj
		says            string
	}{
		{"allowed", "POST " + all, []obj{zone}, every},
		{"a batch", "POST " + all + "/batch", []obj{zone}, every},
		{"a permission", "DNS Write", []obj{zone}, ""},
		{"left open", "POST " + all, []obj{zone, deny(writesDNS, mail)}, ""},
		{"refused", "POST " + all, []obj{zone, deny(writesDNS, nothing)}, ""},
		{"a list", "GET " + all, []obj{zone}, ""},
		{"an empty list", "GET " + all, []obj{zone, deny(writesDNS, nothing), deny(readsDNS, nothing)}, none},
	}
	run := env.Start(nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			attributes := onZone(own)
			attributes["token_id"], attributes["operation"] = madeToken(t, env, test.name, nil, test.policies...), test.operation
			answer, err := run.Data(t.Context(), simulation.TypeName, attributes)
			if err != nil {
				t.Fatal(err)
			}
			text := fmt.Sprint(answer["explanation"])
			if strings.Contains(text, "name a record to decide") || !strings.Contains(text, test.says) ||
				strings.Contains(text, every) != (test.says == every) {
				t.Errorf("explanation %q, want it to say %q", text, test.says)
			}
		})
	}
}

// readsDNS is the group DNS Read.
const readsDNS = "82e64a83756745bbbb1c9c2701bf816b"

// What a token of an account allows on a zone that cannot be read is told for that account: it reaches no other.
func TestSimulation_accountTokenOnUnreadableZone(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	acme, own, beside := env.ID("acme"), env.ID("example.com"), env.ID("example.org")
	var made struct{ ID string }
	if err := env.Must("super", http.MethodPost, "/accounts/"+acme+"/tokens", obj{
		"name": "of the account", "policies": []obj{wirePolicy("allow", zoneKey+own, "*")},
	}).Decode(&made); err != nil {
		t.Fatal(err)
	}
	env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/zones/*", Status: http.StatusForbidden})
	run := env.Start(nil)
	for name, test := range map[string]struct {
		on     map[string]string
		allows bool
	}{
		"by its id":                {map[string]string{"zone_id": own}, true},
		"with its account":         {map[string]string{"zone_id": own, "account_id": acme}, true},
		"with its name":            {map[string]string{"zone_id": own, "zone_name": "example.com"}, true},
		"one that it has no right": {map[string]string{"zone_id": beside}, false},
	} {
		answer, err := run.Data(t.Context(), simulation.TypeName, map[string]any{
			"token_id": made.ID, "account_id": acme, "operation": "DNS Write", "target": targetValue(test.on),
		})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := answered(answer); got["policy_allows"] != test.allows || got["allowed"] != false {
			t.Errorf("%s: %v, %v; want policy_allows %t", name, got, answer["reason"], test.allows)
		}
	}
}

// The name of a record is completed with the zone's. Where that is only what the target says, policies on records of
// the zone decide nothing.
func TestSimulation_recordUnderClaimedName(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	own := env.ID("example.com")
	onZone := wirePolicy("allow", zoneKey+own, "*")
	noMail := wirePolicy("deny", zoneKey+own, obj{recordsOf + "MX.example.com": "*"})
	mailOnly := wirePolicy("allow", zoneKey+own, obj{recordsOf + "MX.example.com": "*"})
	env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/zones/" + own, Status: http.StatusForbidden})
	run := env.Start(nil)
	lies, name := "the account that zone "+own+" lies in", "the name of zone "+own
	for where, test := range map[string]struct {
		policies []obj
		allows   any
		facts    string
	}{
		"a record is denied":  {[]obj{onZone, noMail}, nil, lies + "; " + name},
		"a record is allowed": {[]obj{mailOnly}, nil, lies + "; " + name},
		"no record is named":  {[]obj{onZone}, true, lies},
	} {
		answer, err := run.Data(t.Context(), simulation.TypeName, map[string]any{
			"token_id": madeToken(t, env, where, nil, test.policies...), "operation": "POST /zones/{zone_id}/dns_records",
			"target": targetValue(map[string]string{"zone_id": own, "zone_name": "exmaple.com", "record.type": "MX", "record.name": "@"}),
		})
		if err != nil {
			t.Errorf("%s: %v", where, err)
			continue
		}
		want := map[string]any{"allowed": false, "policy_allows": test.allows, "facts": test.facts}
		if diff := cmp.Diff(want, answered(answer)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", where, diff)
		}
	}
}
