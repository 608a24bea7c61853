// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package member

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

func TestByEmail(t *testing.T) {
	t.Parallel()
	members := func() []client.Member {
		return []client.Member{
			{ID: "m1", Email: "Super@example.com"},
			{ID: "m2", Email: "twice@example.com"},
			{ID: "m3", Email: "TWICE@example.com"},
		}
	}
	got, problem := byEmail(members(), "a1", "super@EXAMPLE.com")
	if problem != nil || got.ID != "m1" {
		t.Errorf("got %v, %v", got, problem)
	}
	for email, want := range map[string][2]string{
		"nobody@example.com": {"No such account member", "a1"},
		"twice@example.com":  {"Several members have this e-mail", "  - m2\n  - m3"},
	} {
		_, problem := byEmail(members(), "a1", email)
		if problem == nil || problem.Summary() != want[0] || !strings.Contains(problem.Detail(), want[1]) {
			t.Errorf("%s: %v", email, problem)
		}
	}
}

func TestMemberModel_fromAPI(t *testing.T) {
	t.Parallel()
	account := &client.Account{ID: "a1", Type: "enterprise", Settings: client.AccountSettings{APIAccessEnabled: new(false)}}
	member := &client.Member{
		ID: "m1", Email: "ci@example.com", Status: "accepted", UserID: "u1", FirstName: "C",
		Roles:            []client.Role{{ID: "r2", Name: "DNS"}, {ID: "r1", Name: "Analytics"}},
		APIAccessEnabled: new(true),
	}
	want := memberModel{
		AccountID: types.StringValue("a1"), MemberID: types.StringValue("m1"), Email: types.StringValue("CI@example.com"),
		Status: types.StringValue("accepted"), UserID: types.StringValue("u1"),
		FirstName: types.StringValue("C"), LastName: types.StringNull(),
		Roles: []roleModel{
			{ID: types.StringValue("r1"), Name: types.StringValue("Analytics")},
			{ID: types.StringValue("r2"), Name: types.StringValue("DNS")},
		},
		APIAccess:                types.StringValue("enabled"),
		EffectiveAPIAccess:       types.BoolValue(true),
		EffectiveAPIAccessReason: types.StringValue("The member's own setting is enabled, which overrides the account's switch."),
	}
	got := memberModel{AccountID: types.StringValue("a1"), Email: types.StringValue("CI@example.com")}
	got.fromAPI(member, account)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	got = memberModel{AccountID: types.StringValue("a1")}
	got.fromAPI(member, account)
	if got.Email.ValueString() != "ci@example.com" {
		t.Errorf("email %s, want the API's where none was given", got.Email)
	}
}
