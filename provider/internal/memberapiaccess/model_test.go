// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
)

func TestMemberAPIAccessModel_roundTrip(t *testing.T) {
	t.Parallel()
	for _, setting := range lockout.Settings() {
		t.Run(setting, func(t *testing.T) {
			t.Parallel()
			want := memberAPIAccessModel{
				AccountID: types.StringValue("a1"), MemberID: types.StringValue("m1"),
				Email: types.StringValue("ci@example.com"), APIAccess: types.StringValue(setting),
			}
			got := memberAPIAccessModel{AccountID: want.AccountID, MemberID: types.StringUnknown(), Email: types.StringUnknown()}
			got.fromAPI(&client.Member{ID: "m1", Email: "ci@example.com", APIAccessEnabled: want.toAPI()})
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestMemberAPIAccessModel_fromAPI_email(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name       string
		prior      types.String
		reply      string
		wantEmail  string
		wantAsWere bool
	}{
		{"other letter case stays as it is written", types.StringValue("CI@Example.com"), "ci@example.com", "CI@Example.com", true},
		{"another e-mail is taken over", types.StringValue("old@example.com"), "new@example.com", "new@example.com", false},
		{"none known", types.StringNull(), "ci@example.com", "ci@example.com", false},
		{"a reply without one changes nothing", types.StringValue("ci@example.com"), "", "ci@example.com", true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := memberAPIAccessModel{Email: test.prior}
			got.fromAPI(&client.Member{ID: "m1", Email: test.reply})
			if got.Email.ValueString() != test.wantEmail || got.Email.Equal(test.prior) != test.wantAsWere {
				t.Errorf("got %s, want %q", got.Email, test.wantEmail)
			}
		})
	}
}

func TestPlanNames(t *testing.T) {
	t.Parallel()
	null, unknown, text := types.StringNull(), types.StringUnknown(), types.StringValue
	state := &memberAPIAccessModel{MemberID: text("m1"), Email: text("ci@example.com")}
	tests := []struct {
		name              string
		id, email         types.String
		same              bool
		wantID, wantEmail types.String
	}{
		{"same id", text("m1"), null, true, text("m1"), state.Email},
		{"same e-mail", null, text("ci@example.com"), true, text("m1"), state.Email},
		{"same e-mail in other letter case", null, text("CI@example.com"), true, text("m1"), text("CI@example.com")},
		{"same id, e-mail not known yet", text("m1"), unknown, true, text("m1"), unknown},
		{"same id, another e-mail: not another member but a contradiction", text("m1"), text("x@example.com"), true, text("m1"), text("x@example.com")},
		{"another id", text("m2"), null, false, text("m2"), unknown},
		{"another id, same e-mail", text("m2"), text("ci@example.com"), false, text("m2"), state.Email},
		{"another e-mail", null, text("x@example.com"), false, unknown, text("x@example.com")},
		{"id not known yet", unknown, null, false, unknown, unknown},
		{"id not known yet, same e-mail", unknown, text("ci@example.com"), false, unknown, state.Email},
		{"e-mail not known yet", null, unknown, false, unknown, unknown},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			config := &memberAPIAccessModel{MemberID: test.id, Email: test.email}
			if got := namesSame(config, state); got != test.same {
				t.Errorf("same member: got %v, want %v", got, test.same)
			}
			// Terraform proposes what the state has, or unknown; neither may stay by accident.
			plan := &memberAPIAccessModel{MemberID: text("proposed"), Email: text("proposed")}
			planNames(config, plan, state)
			if !plan.MemberID.Equal(test.wantID) || !plan.Email.Equal(test.wantEmail) {
				t.Errorf("planned %s and %s, want %s and %s", plan.MemberID, plan.Email, test.wantID, test.wantEmail)
			}
		})
	}
}
