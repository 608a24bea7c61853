// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

func TestAccAccountAPIAccess_identity(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Identity)
	env := acctest.New(t)
	identity := []statecheck.StateCheck{statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
		"account_id": knownvalue.StringExact(env.ID("acme")),
	})}
	env.Test(
		resource.TestStep{Config: env.Config(config(env, "acme", true)), ConfigStateChecks: identity},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		resource.TestStep{
			Config: env.Config(config(env, "acme", false, "allow_self_lockout = true")), ConfigStateChecks: identity,
			PreConfig: func() { env.SetMemberSwitch("acme/super", new(true)) },
		},
	)
}

func TestAccountAPIAccess_importByIdentity(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.SetAccountSwitch("acme", new(true))
	rpc := env.RPC(nil)
	identity := map[string]any{"account_id": env.ID("acme")}
	state, read, diags := rpc.Import(accountapiaccess.TypeName, identity)
	want := map[string]any{"account_id": env.ID("acme"), "enabled": true, "allow_self_lockout": nil}
	if diff := cmp.Diff(want, state); diff != "" || len(diags) > 0 {
		t.Errorf("%v %s", diags, diff)
	}
	if diff := cmp.Diff(identity, read); diff != "" {
		t.Error(diff)
	}
	if _, _, diags := rpc.Import(accountapiaccess.TypeName, map[string]any{"account_id": "acme"}); len(diags) != 1 || diags[0].Summary != "Invalid import ID" {
		t.Errorf("diagnostics = %v", diags)
	}
}

// A switch that was never set has no value that generated configuration could hold, and an import says so.
func TestAccountAPIAccess_importNeverSet(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	rpc := env.RPC(nil)
	state, _, diags := rpc.Import(accountapiaccess.TypeName, map[string]any{"account_id": env.ID("acme")})
	if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityWarning || !strings.Contains(diags[0].Detail, "write `enabled` into it") {
		t.Errorf("diagnostics = %v", diags)
	}
	if diff := cmp.Diff(map[string]any{"account_id": env.ID("acme"), "enabled": nil, "allow_self_lockout": nil}, state); diff != "" {
		t.Error(diff)
	}
	// On an account without the switch nothing that is configured could be set.
	_, _, diags = rpc.Import(accountapiaccess.TypeName, map[string]any{"account_id": env.ID("globex")})
	if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityWarning || diags[0].Summary != "Account has no API access switch" {
		t.Errorf("diagnostics of a standard account = %v", diags)
	}
	env.Server.Fault(mocktest.Fault{Method: "GET", Path: "/accounts/" + env.ID("acme"), Status: 403})
	_, _, diags = rpc.Import(accountapiaccess.TypeName, map[string]any{"account_id": env.ID("acme")})
	if len(diags) != 1 || diags[0].Severity != tfprotov6.DiagnosticSeverityError {
		t.Errorf("diagnostics of a refused read = %v", diags)
	}
}

func TestAccountAPIAccessList(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithSeed(twoEnterprises))
	rpc := env.RPC(nil)
	env.SetAccountSwitch("globex", new(true))
	item := func(name, account string, resource map[string]any) acctest.Listed {
		return acctest.Listed{DisplayName: name, Identity: map[string]any{"account_id": env.ID(account)}, Resource: resource}
	}
	list := func(config map[string]any, include bool, want ...acctest.Listed) {
		t.Helper()
		got, diags := rpc.List(accountapiaccess.TypeName, config, include, 0)
		if diff := cmp.Diff(want, got); diff != "" || len(diags) > 0 {
			t.Errorf("%v: %v %s", config, diags, diff)
		}
	}
	// One that was never set is nobody's to manage.
	list(map[string]any{}, false, item("Globex", "globex", nil))
	env.SetMemberSwitch("acme/super", new(true))
	env.SetAccountSwitch("acme", new(false))
	acme := map[string]any{"account_id": env.ID("acme"), "enabled": false, "allow_self_lockout": nil}
	list(map[string]any{}, false, item("Acme", "acme", nil), item("Globex", "globex", nil))
	list(map[string]any{"enabled": false}, true, item("Acme", "acme", acme))
	list(map[string]any{"name_contains": "GLO"}, false, item("Globex", "globex", nil))
	list(map[string]any{"name_contains": "GLO", "enabled": false}, false)
	if got := env.Server.Count("GET", "/accounts"); got != 5 {
		t.Errorf("%d requests, want 1 a list", got)
	}
	if got, _ := rpc.List(accountapiaccess.TypeName, map[string]any{}, false, 1); len(got) != 1 {
		t.Errorf("listed %d, want no more than asked for", len(got))
	}
}
