// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"net/http"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

// An operation's path may hold the ids, or the target may; what they name is found either way, and an account
// that is only part of the path says nothing of where a zone lies.
func TestSimulation_idsOfPathAndTarget(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	account, own, far := env.ID("acme"), env.ID("example.com"), env.ID("globex.example")
	const maps = "/addressing/address_maps/{address_map_id}/zones/"
	made := env.Must("super", http.MethodPost, "/user/tokens", obj{"name": "paths", "policies": []obj{
		{
			"effect": "allow", "permission_groups": []obj{{"id": "6ffe7f4299db4d4cb54f64e0eb12a456"}},
			"resources": obj{"com.cloudflare.api.account." + account: "*"},
		},
		{
			"effect": "allow", "permission_groups": []obj{{"id": "4755a26eedb94da69e1066d98aa820be"}},
			"resources": obj{"com.cloudflare.api.account.zone." + own: obj{"com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.*": "*"}},
		},
	}})
	var token struct{ ID string }
	if err := made.Decode(&token); err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, operation string
		target          map[string]string
		reason          string // empty: allowed
	}{
		{"record, path", "POST /zones/" + own + "/dns_records", map[string]string{"record.type": "TXT", "record.name": "_acme-challenge"}, ""},
		{"record, target", "POST /zones/{zone_id}/dns_records", map[string]string{"zone_id": own, "record.type": "TXT", "record.name": "_acme-challenge"}, ""},
		{"other record, path", "POST /zones/" + own + "/dns_records", map[string]string{"record.type": "TXT", "record.name": "@"}, "no_matching_grant"},
		{"zone below its account, path", "PUT /accounts/" + account + maps + own, nil, ""},
		{"zone below its account, target", "PUT /accounts/{account_id}" + maps + "{zone_id}", map[string]string{"account_id": account, "zone_id": own}, ""},
		{"zone below another account, path", "PUT /accounts/" + account + maps + far, nil, "target_not_found"},
		{"zone below another account, target", "PUT /accounts/{account_id}" + maps + "{zone_id}", map[string]string{"account_id": account, "zone_id": far}, "target_not_found"},
		{"zone below another account, path and target", "PUT /accounts/" + account + maps + "{zone_id}", map[string]string{"account_id": account, "zone_id": far}, "target_not_found"},
	}
	run := env.Start(nil)
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			attributes := map[string]any{"token_id": token.ID, "operation": test.operation}
			if test.target != nil {
				attributes["target"] = targetValue(test.target)
			}
			answer, err := run.Data(t.Context(), simulation.TypeName, attributes)
			if err != nil {
				t.Fatal(err)
			}
			reason, _ := answer["reason"].(string)
			if answer["allowed"] != (test.reason == "") || reason != test.reason {
				t.Errorf("allowed %v, reason %q, want %q: %v", answer["allowed"], reason, test.reason, answer["explanation"])
			}
		})
	}
}
