// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

func TestModifyPlan_warns(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name          string
		own           *bool
		prior, config func(env *acctest.Env) acctest.Object
		provider      acctest.Object
		warns         bool
	}{
		{"create off", nil, nothing, enabled(false), nil, true},
		{"create on", nil, nothing, enabled(true), nil, false},
		{"turn off", nil, enabled(true), enabled(false), nil, true},
		{"turn on", nil, enabled(false), enabled(true), nil, false},
		{"off as before", nil, enabled(false), enabled(false), nil, false},
		{"destroy", nil, enabled(true), nothing, nil, false},
		{"off, with an override", new(true), nothing, enabled(false), nil, false},
		{"off, allowed", nil, nothing, with(enabled(false), "allow_self_lockout", true), nil, false},
		{"off, the provider allows", nil, nothing, enabled(false), acctest.Object{"allow_self_lockout": true}, false},
		{"not known yet", nil, nothing, with(enabled(false), "enabled", acctest.Unknown), nil, false},
		{"account not known yet", nil, nothing, with(enabled(false), "account_id", acctest.Unknown), nil, false},
		{"another account", nil, with(enabled(false), "account_id", strings.Repeat("0", 32)), enabled(false), nil, true},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			env.SetMemberSwitch("acme/super", test.own)
			got := env.Plan(accountapiaccess.TypeName, test.prior(env), test.config(env), test.provider)
			if !test.warns {
				if len(got) != 0 {
					t.Errorf("got %s: %s", got[0].Summary, got[0].Detail)
				}
				return
			}
			if len(got) != 1 || got[0].Severity != tfprotov6.DiagnosticSeverityWarning {
				t.Fatalf("got %v, want one warning", got)
			}
			for _, want := range []string{"super@example.com", "earlier in the same apply", "allow_self_lockout"} {
				if !strings.Contains(got[0].Detail, want) {
					t.Errorf("the warning lacks %q:\n%s", want, got[0].Detail)
				}
			}
		})
	}
}

func nothing(*acctest.Env) acctest.Object { return nil }

func enabled(value bool) func(env *acctest.Env) acctest.Object {
	return func(env *acctest.Env) acctest.Object {
		return acctest.Object{"account_id": env.ID("acme"), "enabled": value}
	}
}

func with(object func(env *acctest.Env) acctest.Object, name string, value any) func(env *acctest.Env) acctest.Object {
	return func(env *acctest.Env) acctest.Object {
		changed := object(env)
		changed[name] = value
		return changed
	}
}

// The switch of a standard account is warned of where it is new; what cannot be read is left to the apply.
func TestModifyPlan_standardAccount(t *testing.T) {
	t.Parallel()
	onGlobex := func(value any) func(env *acctest.Env) acctest.Object {
		return func(env *acctest.Env) acctest.Object {
			return acctest.Object{"account_id": env.ID("globex"), "enabled": value}
		}
	}
	tests := []struct {
		name          string
		prior, config func(env *acctest.Env) acctest.Object
		hidden, warns bool
	}{
		{"on", nothing, onGlobex(true), false, true},
		{"off", nothing, onGlobex(false), false, true},
		{"off, allowed", nothing, with(onGlobex(false), "allow_self_lockout", true), false, true},
		{"not known yet", nothing, onGlobex(acctest.Unknown), false, true},
		{"in place of an Enterprise account", enabled(true), onGlobex(true), false, true},
		{"as before", onGlobex(true), onGlobex(true), false, false},
		{"a change", onGlobex(false), onGlobex(true), false, false},
		{"an account that cannot be read", nothing, onGlobex(true), true, false},
		{"an Enterprise account", nothing, enabled(true), false, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			if test.hidden {
				env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/accounts/{account_id}", Status: http.StatusForbidden})
			}
			got := env.Plan(accountapiaccess.TypeName, test.prior(env), test.config(env), nil)
			if !test.warns {
				if len(got) != 0 {
					t.Errorf("got %s: %s", got[0].Summary, got[0].Detail)
				}
				return
			}
			if len(got) != 1 || got[0].Severity != tfprotov6.DiagnosticSeverityWarning || got[0].Summary != "Account has no API access switch" {
				t.Fatalf("got %v, want one warning", got)
			}
			for _, want := range []string{env.ID("globex") + " is a standard account", "The apply fails unless", "Leave the resource out"} {
				if !strings.Contains(got[0].Detail, want) {
					t.Errorf("the warning lacks %q:\n%s", want, got[0].Detail)
				}
			}
		})
	}
}
