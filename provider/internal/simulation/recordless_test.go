// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

// onZone is a target on a zone that names no record.
func onZone(zoneID string) map[string]any {
	return map[string]any{"target": targetValue(map[string]string{"zone_id": zoneID})}
}

// A question that names no record is about every record of the zone: where the policies tell them apart it is left
// open, and says what it depends on.
func TestSimulation_withoutRecord(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	own, beside := env.ID("example.com"), env.ID("example.org")
	const prefix, dns = "com.cloudflare.api.account.zone.", "4755a26eedb94da69e1066d98aa820be"
	policy := func(effect string, value any) obj {
		return obj{"effect": effect, "permission_groups": []obj{{"id": dns}}, "resources": obj{prefix + own: value}}
	}
	records := func(pattern string) obj { return obj{prefix + "dns_record." + pattern: "*"} }
	tokens := map[string]string{}
	for name, policies := range map[string][]obj{
		"zone": {policy("allow", "*")}, "acme": {policy("allow", records("TXT._acme-challenge.*"))}, "below": {policy("allow", records("*.*.example.com"))},
		"all": {policy("allow", records("*.*"))}, "no mail": {policy("allow", "*"), policy("deny", records("MX.*"))},
		"none": {policy("allow", "*"), policy("deny", records("*.*"))},
	} {
		var token struct{ ID string }
		if err := env.Must("super", http.MethodPost, "/user/tokens", obj{"name": name, "policies": policies}).Decode(&token); err != nil {
			t.Fatal(err)
		}
		tokens[name] = token.ID
	}
	const all, one, open = "/zones/{zone_id}/dns_records", "/zones/{zone_id}/dns_records/{dns_record_id}", "unknown_facts"
	tests := []struct {
		token, operation, zone string
		reason                 string // empty: allowed
		says                   string
	}{
		{"zone", "DNS Write", own, "", "Allowed by"},
		{"zone", "POST " + all, own, "", "Allowed by"},
		{"zone", "DELETE " + one, own, "", "Allowed by"},
		{"zone", "POST " + all + "/batch", own, "", "Allowed by"},
		{"acme", "DNS Write", own, open, `it depends on the record, which policies["dns_write"] asks for and the target does not name. Give target.record`},
		{"acme", "POST " + all, own, open, `policies["dns_write"]`},
		{"acme", "PUT " + one, own, open, `policies["dns_write"]`},
		{"acme", "PATCH " + one, own, open, `policies["dns_write"]`},
		{"acme", "DELETE " + one, own, open, `policies["dns_write"]`},
		{"acme", "GET " + one, own, open, `policies["dns_write"]`},
		{"acme", "POST " + all + "/batch", own, open, `policies["dns_write"]`},
		{"acme", "POST " + all + "/import", own, open, `policies["dns_write"]`},
		{"acme", "GET " + all, own, "", `The list holds only the records that the token may see`},
		{"acme", "GET " + all + "/export", own, "", `The list holds only the records that the token may see`},
		{"acme", "DNS Write", beside, "no_matching_grant", "Refused"},
		{"acme", "POST " + all, beside, "no_matching_grant", "Refused"},
		{"below", "DNS Write", own, open, `policies["dns_write"]`},
		{"all", "POST " + all, own, "", "Allowed by"},
		{"all", "DNS Write", own, open, `policies["dns_write"]`}, // the zone's own settings are not records
		{"no mail", "POST " + all, own, open, `policies["deny_dns_write"]`},
		{"no mail", "DNS Write", own, open, `policies["deny_dns_write"]`},
		{"none", "POST " + all, own, "denied_by_policy", `policies["deny_dns_write"]`},
	}
	run := env.Start(nil)
	for _, test := range tests {
		t.Run(test.token+" "+test.operation+" "+test.zone, func(t *testing.T) {
			t.Parallel()
			attributes := onZone(test.zone)
			attributes["token_id"], attributes["operation"] = tokens[test.token], test.operation
			answer, err := run.Data(t.Context(), simulation.TypeName, attributes)
			if err != nil {
				t.Fatal(err)
			}
			want := map[string]any{"allowed": test.reason == "", "policy_allows": test.reason == "", "reason": test.reason, "facts": 0, "open gates": false}
			if test.reason == open {
				want["policy_allows"], want["facts"], want["open gates"] = nil, 1, true
			}
			facts, _ := answer["unknown_facts"].([]any)
			reason, _ := answer["reason"].(string)
			got := map[string]any{
				"allowed": answer["allowed"], "policy_allows": answer["policy_allows"], "reason": reason, "facts": len(facts),
				"open gates": strings.Contains(fmt.Sprint(answer["trace"]), "outcome:unknown"),
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("answer (-want +got):\n%s\n%v", diff, answer)
			}
			if text, _ := answer["explanation"].(string); !strings.Contains(text, test.says) {
				t.Errorf("explanation %q does not say %q", text, test.says)
			}
			if answer["remedy"] != nil && test.reason != "no_matching_grant" {
				t.Errorf("remedy: %v", answer["remedy"])
			}
			for _, fact := range facts {
				if !strings.HasPrefix(fmt.Sprint(fact), "the record, which policies[") {
					t.Errorf("unknown: %v", fact)
				}
			}
		})
	}
}

// The API's clock says whether a token is alive: an hour ahead of this machine's, it is dead there that lives here
// for half an hour more.
func TestSimulation_clockOfTheAPI(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	account, zoneID := env.ID("acme"), env.ID("example.com")
	made := func(name string, times obj) string {
		body := obj{"name": name, "policies": []obj{{
			"effect": "allow", "permission_groups": []obj{{"id": "4755a26eedb94da69e1066d98aa820be"}},
			"resources": obj{"com.cloudflare.api.account.zone." + zoneID: "*"},
		}}}
		maps.Copy(body, times)
		var token struct{ ID string }
		if err := env.Must("super", http.MethodPost, "/user/tokens", body).Decode(&token); err != nil {
			t.Fatal(err)
		}
		return token.ID
	}
	soon := env.Server.Now().Add(30 * time.Minute).UTC().Format(time.RFC3339)
	want := map[string]any{made("ends soon", obj{"expires_on": soon}): false, made("begins soon", obj{"not_before": soon}): true}
	env.Server.Advance(time.Hour)
	run := env.Start(nil)
	report, err := run.Data(t.Context(), simulation.ReportTypeName, map[string]any{"account_id": account})
	if err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, row := range rowsOf(report, "tokens") {
		id, _ := row["token_id"].(string)
		if works, ours := want[id]; ours {
			seen++
			if row["usable"] != works {
				t.Errorf("%v is usable: %v, want %v", row["name"], row["usable"], works)
			}
		}
	}
	if seen != len(want) {
		t.Errorf("%d of the tokens are reported, want %d", seen, len(want))
	}
	for id, works := range want {
		attributes := onZone(zoneID)
		attributes["token_id"], attributes["operation"] = id, "DNS Write"
		answer, err := run.Data(t.Context(), simulation.TypeName, attributes)
		if err != nil || answer["allowed"] != works {
			t.Errorf("allowed %v, %v, %v; want %v", answer["allowed"], answer["reason"], err, works)
		}
		// An instant that was asked for is nobody's clock.
		attributes["at"] = env.Server.Now().Add(-time.Hour).UTC().Format(time.RFC3339)
		answer, err = run.Data(t.Context(), simulation.TypeName, attributes)
		if err != nil || answer["allowed"] == works {
			t.Errorf("an hour before: allowed %v, %v, %v", answer["allowed"], answer["reason"], err)
		}
	}
}

// A token that makes tokens of one account does not reach another.
func TestReport_tokensThatMakeTokens(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	acme, globex := env.ID("acme"), env.ID("globex")
	env.Must("super", http.MethodPost, "/user/tokens", obj{"name": "acme's", "policies": []obj{{
		"effect": "allow", "permission_groups": []obj{{"id": "5bc3f8b21c554832afc660159ab75fa4"}},
		"resources": obj{"com.cloudflare.api.account." + acme: "*"},
	}}})
	run := env.Start(nil)
	row := func(account, name string) (lines []any, manages any) {
		report, err := run.Data(t.Context(), simulation.ReportTypeName, map[string]any{"account_id": account})
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range rowsOf(report, "tokens") {
			if row["name"] == name {
				lines, _ = row["reaches_by"].([]any)
				return lines, row["manages_tokens"]
			}
		}
		return nil, nil
	}
	if lines, manages := row(acme, "acme's"); manages != true || len(lines) != 1 || lines[0] != "allow Account API Tokens Write on account "+acme {
		t.Errorf("in acme's report: %v, manages %v", lines, manages)
	}
	if lines, _ := row(globex, "acme's"); lines != nil {
		t.Errorf("in globex's report: %v", lines)
	}
}
