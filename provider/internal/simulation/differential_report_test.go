// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"net/http"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

// compareReport holds the report on an account against what the server then does with the members' Global
// API keys and with the tokens.
func (d *differ) compareReport(ref string) {
	d.Helper()
	account := d.env.ID(ref)
	report, err := d.keys["terraform"].Data(d.Context(), simulation.ReportTypeName, map[string]any{"account_id": account})
	if err != nil {
		d.Errorf("report on %s: %v", ref, err)
		return
	}
	for _, row := range rowsOf(report, "members") {
		email, _ := row["email"].(string)
		user, _, _ := strings.Cut(strings.ToLower(email), "@")
		if row["status"] != state.StatusAccepted {
			continue
		}
		d.counts["members reported"]++
		off := d.ask(user, account).Gate == int(authz.GateAPIAccess)
		if effective, _ := row["effective_api_access"].(bool); effective == off {
			d.Errorf("%s: %s is reported with access %v (%v), but the server says %v", ref, email, effective, row["effective_api_access_reason"], !off)
		}
	}
	d.compareTokens(ref, report, "account")
	for _, user := range []string{"ann", "bob"} {
		if !d.ask(user, account).Allowed {
			continue
		}
		own, err := d.keys[user].Data(d.Context(), simulation.ReportTypeName, map[string]any{"account_id": account})
		if err != nil {
			if !strings.Contains(err.Error(), "Not permitted to") {
				d.Errorf("report on %s for %s: %v", ref, user, err)
			}
			continue
		}
		d.compareTokens(ref, own, "user", user)
	}
}

// compareTokens holds what is said of the tokens of an owner against their use, and that none is left out
// that the account lets in.
func (d *differ) compareTokens(ref string, report map[string]any, owner string, users ...string) {
	d.Helper()
	account := d.env.ID(ref)
	for _, token := range d.tokens {
		if token.account != (owner == "account") || token.account && token.owner != account || !token.account && !slices.Contains(users, token.owner) {
			continue
		}
		entry := d.send(token, &asking{method: http.MethodGet, path: "/accounts/" + account})
		at := slices.IndexFunc(rowsOf(report, "tokens"), func(row map[string]any) bool { return row["token_id"] == token.id })
		if at < 0 {
			if entry.Allowed {
				d.Errorf("%s: a token that works is not reported: %s", ref, token.definition)
			}
			continue
		}
		d.counts["tokens reported"]++
		row := rowsOf(report, "tokens")[at]
		dead := entry.Gate == int(authz.GateAlive) || entry.Gate == int(authz.GateTarget) || entry.Gate == int(authz.GateAPIAccess)
		usable, known := row["usable"].(bool)
		if known && entry.Gate != int(authz.GateAddress) && usable == dead {
			d.Errorf("%s: usable is %v (%v), but the server says %q to %s", ref, usable, row["effective_api_access_reason"], entry.Reason, token.definition)
		}
	}
}

// ask reads the account with the user's Global API key.
func (d *differ) ask(user, account string) mocktest.JournalEntry {
	d.Helper()
	return d.exchange(d.env.Server.Request(user, http.MethodGet, "/accounts/"+account, nil))
}

// rowsOf are the rows of a list of a data source.
func rowsOf(data map[string]any, list string) []map[string]any {
	all, _ := data[list].([]any)
	rows := make([]map[string]any, 0, len(all))
	for _, one := range all {
		row, _ := one.(map[string]any)
		rows = append(rows, row)
	}
	return rows
}
