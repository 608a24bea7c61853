// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/memberapiaccess"
)

func TestModifyPlan_warns(t *testing.T) {
	t.Parallel()
	const super, ci = "super@example.com", "ci@example.com"
	tests := []struct {
		name          string
		accountOff    bool
		prior, config func(env *acctest.Env) acctest.Object
		provider      acctest.Object
		warns         string
	}{
		{"create own off", false, nothing, byEmail(super, "disabled"), nil, "Turning API access off for super@example.com"},
		{"create own off, by id", false, nothing, byID("acme/super", "disabled"), nil, "Turning API access off"},
		{"create own on", true, nothing, byEmail(super, "enabled"), nil, ""},
		{"create another's off", false, nothing, byEmail(ci, "disabled"), nil, ""},
		{"own off", false, stored("acme/super", super, "enabled"), byEmail(super, "disabled"), nil, "Turning API access off"},
		{"own off as before", false, stored("acme/super", super, "disabled"), byEmail(super, "disabled"), nil, ""},
		{"own back to the default, account on", false, stored("acme/super", super, "enabled"), byEmail(super, "account_default"), nil, ""},
		{
			"own back to the default, account off", true, stored("acme/super", super, "enabled"), byEmail(super, "account_default"), nil,
			"turned on earlier in the same apply",
		},
		{"destroy own, account off", true, stored("acme/super", super, "enabled"), nothing, nil, "Returning super@example.com to the account's default"},
		{"destroy own, account on", false, stored("acme/super", super, "enabled"), nothing, nil, ""},
		{"destroy own default", true, stored("acme/super", super, "account_default"), nothing, nil, ""},
		{"destroy another's, account off", true, stored("acme/ci", ci, "enabled"), nothing, nil, ""},
		{"move from own to another, account off", true, stored("acme/super", super, "enabled"), byEmail(ci, "enabled"), nil, "Returning super@example.com"},
		{
			"destroy own, account off, allowed", true,
			with(stored("acme/super", super, "enabled"), "allow_self_lockout", true), nothing, nil, "",
		},
		{"own off, the provider allows", false, nothing, byEmail(super, "disabled"), acctest.Object{"allow_self_lockout": true}, ""},
		{"setting not known yet", false, nothing, with(byEmail(super, "disabled"), "api_access", acctest.Unknown), nil, ""},
		{"e-mail not known yet", false, nothing, with(byEmail(super, "disabled"), "email", acctest.Unknown), nil, ""},
		{"move to own, off", false, stored("acme/ci", ci, "disabled"), byEmail(super, "disabled"), nil, "Turning API access off for super@example.com"},
		{"move to own, off, by id", false, stored("acme/ci", ci, "disabled"), byID("acme/super", "disabled"), nil, "Turning API access off"},
		{"move, neither is own", true, stored("acme/ci", ci, "enabled"), byEmail("dns@example.com", "disabled"), nil, ""},
		{
			"existing, nobody has the e-mail", false, stored("acme/ci", "renamed@example.com", "disabled"), byEmail("former@example.com", "disabled"), nil,
			"has no member with the e-mail former@example.com",
		},
		{
			"existing, nobody has the e-mail: what happens", false, stored("acme/ci", "renamed@example.com", "disabled"),
			byEmail("former@example.com", "disabled"), nil, "(renamed@example.com) stays as it is",
		},
		{
			"existing, the e-mail beside the id is another's", false, stored("acme/ci", ci, "disabled"),
			with(byID("acme/ci", "disabled"), "email", "dns@example.com"), nil, "is ci@example.com, and not dns@example.com",
		},
		{
			"existing, the state has an old e-mail", false, stored("acme/ci", "former@example.com", "disabled"),
			with(byID("acme/ci", "disabled"), "email", ci), nil, "",
		},
		{
			"existing, e-mail not known yet", false, stored("acme/ci", ci, "disabled"),
			with(byEmail(ci, "disabled"), "email", acctest.Unknown), nil, "",
		},
		{"a standard account", false, nothing, onGlobex(super, "enabled"), nil, "is a standard account. Only Enterprise accounts have the switch"},
		{"a standard account at its default", false, nothing, onGlobex(super, "account_default"), nil, ""},
		{"nobody", false, nothing, byEmail("nobody@example.com", "enabled"), nil, "unless the member is created earlier"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			if test.accountOff {
				env.SetMemberSwitch("acme/super", new(true))
				env.SetAccountSwitch("acme", new(false))
			}
			got := env.Plan(memberapiaccess.TypeName, test.prior(env), test.config(env), test.provider)
			if test.warns == "" {
				if len(got) != 0 {
					t.Errorf("got %s: %s", got[0].Summary, got[0].Detail)
				}
				return
			}
			if len(got) != 1 || got[0].Severity != tfprotov6.DiagnosticSeverityWarning {
				t.Fatalf("got %v, want one warning", got)
			}
			if !strings.Contains(got[0].Detail, test.warns) {
				t.Errorf("the warning lacks %q:\n%s", test.warns, got[0].Detail)
			}
		})
	}
}

// What cannot be looked up at the plan is left to the apply.
func TestModifyPlan_unreadableMembers(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.Server.Fault(mocktest.Fault{Path: "/accounts/*/members", Status: http.StatusForbidden})
	if got := env.Plan(memberapiaccess.TypeName, nil, byEmail("ci@example.com", "enabled")(env), nil); len(got) != 0 {
		t.Errorf("got %s: %s", got[0].Summary, got[0].Detail)
	}
}

func nothing(*acctest.Env) acctest.Object { return nil }

func byEmail(email, setting string) func(env *acctest.Env) acctest.Object {
	return func(env *acctest.Env) acctest.Object {
		return acctest.Object{"account_id": env.ID("acme"), "email": email, "api_access": setting}
	}
}

func onGlobex(email, setting string) func(env *acctest.Env) acctest.Object {
	return func(env *acctest.Env) acctest.Object {
		return acctest.Object{"account_id": env.ID("globex"), "email": email, "api_access": setting}
	}
}

func byID(member, setting string) func(env *acctest.Env) acctest.Object {
	return func(env *acctest.Env) acctest.Object {
		return acctest.Object{"account_id": env.ID("acme"), "member_id": env.ID(member), "api_access": setting}
	}
}

func stored(member, email, setting string) func(env *acctest.Env) acctest.Object {
	return with(byID(member, setting), "email", email)
}

func with(object func(env *acctest.Env) acctest.Object, name string, value any) func(env *acctest.Env) acctest.Object {
	return func(env *acctest.Env) acctest.Object {
		changed := object(env)
		changed[name] = value
		return changed
	}
}
