// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package account

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

func TestNamed(t *testing.T) {
	t.Parallel()
	in := func(id, name, status string) client.Membership {
		return client.Membership{Status: status, Account: client.AccountRef{ID: id, Name: name}}
	}
	world := []client.Membership{
		in("a1", "Acme", "accepted"), in("g1", "Globex", "accepted"), in("g2", "Globex", "accepted"), in("i1", "Initech", "pending"),
	}
	tests := []struct {
		name        string
		memberships []client.Membership
		account     string
		want        string
		problem     string
		says        []string
	}{
		{"one", world, "Acme", "a1", "", nil},
		{"several", world, "Globex", "", "Several accounts have this name", []string{"  - g1\n  - g2", "account_id"}},
		{"other letter case is another name", world, "acme", "", "No such account", []string{`"Acme" (a1)`}},
		{"only invited", world, "Initech", "", "No such account", []string{`"Acme" (a1)`}},
		{"member of none", nil, "Acme", "", "No such account", []string{"member of no account"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, problem := named(test.memberships, test.account)
			if got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if (problem == nil) != (test.problem == "") {
				t.Fatalf("problem %v, want %q", problem, test.problem)
			}
			if problem == nil {
				return
			}
			if problem.Summary() != test.problem {
				t.Errorf("summary %q, want %q", problem.Summary(), test.problem)
			}
			for _, want := range test.says {
				if !strings.Contains(problem.Detail(), want) {
					t.Errorf("detail lacks %q:\n%s", want, problem.Detail())
				}
			}
		})
	}
}

func TestAccountModel_fromAPI(t *testing.T) {
	t.Parallel()
	off := false
	account := client.Account{
		ID: "a1", Name: "Acme", Type: "enterprise",
		CreatedOn: time.Date(2024, 1, 2, 3, 4, 5, 0, time.FixedZone("", 3600)),
		Settings:  client.AccountSettings{EnforceTwofactor: true, APIAccessEnabled: &off},
	}
	want := accountModel{
		AccountID: types.StringValue("a1"), Name: types.StringValue("Acme"), Type: types.StringValue("enterprise"),
		CreatedOn: types.StringValue("2024-01-02T02:04:05Z"),
		Settings:  &settingsModel{APIAccessEnabled: types.BoolValue(false), EnforceTwofactor: types.BoolValue(true)},
	}
	var got accountModel
	got.fromAPI(&account)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}

	account.CreatedOn, account.Settings.APIAccessEnabled = time.Time{}, nil
	want.CreatedOn, want.Settings.APIAccessEnabled = types.StringNull(), types.BoolNull()
	got.fromAPI(&account)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
