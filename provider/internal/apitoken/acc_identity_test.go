// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// TestAccAPIToken_identity: the identity is there from the create on, outlives an update, and is what a token
// can be imported by.
func TestAccAPIToken_identity(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Identity)
	for name, test := range map[string]struct {
		attributes string
		account    knownvalue.Check
	}{
		"of the user":   {"", knownvalue.Null()},
		"of an account": {"account_id = \"$acme\"\n", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			account := test.account
			if account == nil {
				account = knownvalue.StringExact(w.ID("acme"))
			}
			identity := statecheck.ExpectIdentity(address, map[string]knownvalue.Check{
				"account_id": account, "id": knownvalue.StringRegexp(regexp.MustCompile("^[0-9a-f]{32}$")),
			})
			same := statecheck.ExpectIdentityValueMatchesState(address, at("id"))
			w.Test(
				resource.TestStep{
					Config:            w.config(test.attributes + "name = \"x\"\n" + dnsPolicy),
					ConfigStateChecks: []statecheck.StateCheck{identity, same},
				},
				resource.TestStep{
					ResourceName: address, ImportState: true, ImportStateKind: resource.ImportBlockWithResourceIdentity,
				},
				resource.TestStep{
					Config:            w.config(test.attributes + "name = \"y\"\n" + dnsPolicy),
					ConfigPlanChecks:  action(plancheck.ResourceActionUpdate),
					ConfigStateChecks: []statecheck.StateCheck{identity, same},
				},
				resource.TestStep{Config: w.config(test.attributes + "name = \"y\"\n" + dnsPolicy), ConfigPlanChecks: isEmpty},
			)
		})
	}
}

// TestAPIToken_importByIdentity reads an imported token without its identity, as it comes from a CLI that knew
// none: the read adds it.
func TestAPIToken_importByIdentity(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	definition := map[string]any{"name": "odd", "policies": w.oddPolicies()}
	ofUser, ofAccount := w.make("/user/tokens", definition), w.make("/accounts/$acme/tokens", definition)
	for name, identity := range map[string]map[string]any{
		"of the user":   {"id": ofUser, "account_id": nil},
		"of an account": {"id": ofAccount, "account_id": w.ID("acme")},
	} {
		state, read, diags := rpc.Import(apitoken.TypeName, identity)
		if diff := cmp.Diff(identity, read); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if state["name"] != "odd" || state["account_id"] != identity["account_id"] || state["value"] != nil {
			t.Errorf("%s: state = %v", name, state)
		}
		which := ofUser + " is null"
		if identity["account_id"] != nil {
			which = ofAccount + " of the account " + w.ID("acme") + " is null"
		}
		if said(diags) != "Secret is not imported" || !strings.Contains(diags[0].Detail, which) {
			t.Errorf("%s: diagnostics = %s, want one that says %q", name, told(diags), which)
		}
	}
	for _, identity := range []map[string]any{
		{"id": "nonsense", "account_id": nil}, {"id": ofUser, "account_id": "nonsense"}, {"id": nil, "account_id": w.ID("acme")},
	} {
		if _, _, diags := rpc.Import(apitoken.TypeName, identity); len(diags) != 1 || diags[0].Summary != "Invalid identity" {
			t.Errorf("%v: diagnostics = %v", identity, diags)
		}
	}
	if writes := w.Server.Journal(mocktest.Writes); len(writes) != 2 {
		t.Errorf("%d writes, want the 2 by which the test made the tokens", len(writes))
	}
}
