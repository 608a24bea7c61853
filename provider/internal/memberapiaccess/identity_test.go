// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/memberapiaccess"
)

// The identity follows an override that moves to another member in place.
func TestAccMemberAPIAccess_identity(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Identity)
	env := acctest.New(t)
	identity := func(member string) []statecheck.StateCheck {
		return []statecheck.StateCheck{statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
			"account_id": knownvalue.StringExact(env.ID("acme")), "member_id": knownvalue.StringExact(env.ID(member)),
		})}
	}
	env.Test(
		resource.TestStep{Config: env.Config(config(env, ciByEmail, access("disabled"))), ConfigStateChecks: identity("acme/ci")},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
		resource.TestStep{Config: env.Config(config(env, ciByEmail, access("enabled"))), ConfigStateChecks: identity("acme/ci")},
		resource.TestStep{
			Config:            env.Config(config(env, `email = "dns@example.com"`, access("enabled"))),
			ConfigStateChecks: identity("acme/dns"),
		},
		resource.TestStep{ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity},
	)
}

func TestMemberAPIAccess_importByIdentity(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.SetMemberSwitch("acme/ci", new(false))
	rpc := env.RPC(nil)
	identity := map[string]any{"account_id": env.ID("acme"), "member_id": env.ID("acme/ci")}
	state, read, diags := rpc.Import(memberapiaccess.TypeName, identity)
	want := map[string]any{
		"account_id": env.ID("acme"), "member_id": env.ID("acme/ci"), "email": "ci@example.com", "api_access": "disabled",
		"allow_self_lockout": nil,
	}
	if diff := cmp.Diff(want, state); diff != "" || len(diags) > 0 {
		t.Errorf("%v %s", diags, diff)
	}
	if diff := cmp.Diff(identity, read); diff != "" {
		t.Error(diff)
	}
	for _, wrong := range []map[string]any{
		{"account_id": "acme", "member_id": env.ID("acme/ci")}, {"account_id": env.ID("acme"), "member_id": "a/b"},
	} {
		if _, _, diags := rpc.Import(memberapiaccess.TypeName, wrong); len(diags) != 1 || diags[0].Summary != "Invalid import ID" {
			t.Errorf("%v: diagnostics = %v", wrong, diags)
		}
	}
}

func TestMemberAPIAccessList(t *testing.T) {
	t.Parallel()
	env := acctest.New(t, mocktest.WithShuffledReplies(5))
	rpc := env.RPC(nil)
	env.SetMemberSwitch("acme/ci", new(false))
	env.SetMemberSwitch("acme/dns", new(true))
	emails := func(config map[string]any, want ...string) []acctest.Listed {
		t.Helper()
		config["account_id"] = env.ID("acme")
		listed, diags := rpc.List(memberapiaccess.TypeName, config, true, 0)
		var got []string
		for _, l := range listed {
			got = append(got, l.DisplayName)
		}
		if diff := cmp.Diff(want, got); diff != "" || len(diags) > 0 {
			t.Errorf("%v: %v %s", config, diags, diff)
		}
		return listed
	}
	if all := emails(map[string]any{"email_contains": "@EXAMPLE.com", "api_access": "account_default"}, "admin@example.com", "pending@example.com", "super@example.com", "viewer@example.com"); len(all) > 0 {
		imported, _, _ := rpc.Import(memberapiaccess.TypeName, all[0].Identity)
		if diff := cmp.Diff(imported, all[0].Resource); diff != "" {
			t.Errorf("imported (-), listed (+): %s", diff)
		}
	}
	emails(map[string]any{"api_access": "disabled"}, "ci@example.com")
	emails(map[string]any{"api_access": "enabled", "email_contains": "ci"})
	if listed, diags := rpc.List(memberapiaccess.TypeName, map[string]any{"account_id": "acme"}, false, 0); len(listed) > 0 || len(diags) != 1 {
		t.Errorf("listed %d, %v", len(listed), diags)
	}
}
