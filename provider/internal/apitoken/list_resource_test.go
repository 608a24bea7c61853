// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"fmt"
	"maps"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// said is the summaries of diagnostics.
func said(diags []*tfprotov6.Diagnostic) string {
	var all []string
	for _, d := range diags {
		all = append(all, d.Summary)
	}
	return strings.Join(all, "; ")
}

// told is said with the details.
func told(diags []*tfprotov6.Diagnostic) string {
	var all []string
	for _, d := range diags {
		all = append(all, d.Summary+": "+d.Detail)
	}
	return strings.Join(all, "\n")
}

func names(listed []acctest.Listed) []string {
	var all []string
	for _, l := range listed {
		all = append(all, l.DisplayName)
	}
	return all
}

func TestAPITokenList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mocktest.WithShuffledReplies(3))
	rpc := w.RPC(nil)
	acme := w.ID("acme")
	definition := func(name string) map[string]any { return map[string]any{"name": name, "policies": w.oddPolicies()} }
	first := w.make("/accounts/$acme/tokens", definition("List one"))
	for i := range 60 {
		w.make("/accounts/$acme/tokens", definition(fmt.Sprintf("many %02d", i)))
	}
	second := w.make("/accounts/$acme/tokens", definition("list two"))
	w.change("/accounts/"+acme+"/tokens/"+second, func(d map[string]any) { d["status"] = "disabled" })

	tests := []struct {
		name   string
		config map[string]any
		limit  int64
		want   []string
	}{
		{"part of the name, in any letters", map[string]any{"account_id": acme, "name_contains": "LIST "}, 0, []string{"List one", "list two"}},
		{"by status", map[string]any{"account_id": acme, "name_contains": "list", "status": "disabled"}, 0, []string{"list two"}},
		{"none passes", map[string]any{"account_id": acme, "status": "revoked"}, 0, nil},
		{"no more than asked for", map[string]any{"account_id": acme, "name_contains": "many"}, 3, []string{"many 00", "many 01", "many 02"}},
		{"of the user", map[string]any{"name_contains": "many"}, 0, nil},
	}
	for _, test := range tests {
		listed, diags := rpc.List(apitoken.TypeName, test.config, false, test.limit)
		if len(diags) > 0 {
			t.Errorf("%s: %s", test.name, said(diags))
		}
		if diff := cmp.Diff(test.want, names(listed)); diff != "" {
			t.Errorf("%s: %s", test.name, diff)
		}
		for _, l := range listed {
			if l.Resource != nil {
				t.Errorf("%s: the resource is there unasked", test.name)
			}
		}
	}

	// All pages of a list are read.
	if listed, _ := rpc.List(apitoken.TypeName, map[string]any{"account_id": acme, "name_contains": "many"}, false, 0); len(listed) != 60 {
		t.Errorf("listed %d tokens, want 60", len(listed))
	}

	// What is listed with its resource is what an import of its identity would read.
	w.Server.ResetJournal()
	listed, diags := rpc.List(apitoken.TypeName, map[string]any{"account_id": acme, "name_contains": "list one"}, true, 0)
	if len(listed) != 1 || len(diags) > 0 {
		t.Fatalf("listed %v, %s", names(listed), said(diags))
	}
	w.requests(http.MethodGet, "/accounts/*/tokens/*", 0)
	if diff := cmp.Diff(map[string]any{"id": first, "account_id": acme}, listed[0].Identity); diff != "" {
		t.Error(diff)
	}
	imported, _, _ := rpc.Import(apitoken.TypeName, listed[0].Identity)
	if diff := cmp.Diff(imported, listed[0].Resource); diff != "" {
		t.Errorf("imported (-), listed (+): %s", diff)
	}
	if text := fmt.Sprint(listed[0].Resource); strings.Contains(text, "cfat_") || listed[0].Resource["value"] != nil {
		t.Error("a listed token has a secret")
	}
}

// TestAPITokenList_status chooses among all that the API may say of a token. It has many words for one that was revoked.
func TestAPITokenList_status(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	id := w.make("/user/tokens", map[string]any{"name": "any", "policies": w.oddPolicies()})
	var shown map[string]any
	if err := w.Must(owner, http.MethodGet, "/user/tokens/"+id, nil).Decode(&shown); err != nil {
		t.Fatal(err)
	}
	var all []any
	for i, status := range []string{"active", "disabled", "expired", "revoked", "revoked (exposed)", "revoked_compromised", "unrevoked"} {
		token := maps.Clone(shown)
		token["id"], token["name"], token["status"] = fmt.Sprintf("%032x", i+1), status, status
		all = append(all, token)
	}
	w.answer("/user/tokens", all)
	for status, want := range map[string][]string{
		"active": {"active"}, "disabled": {"disabled"}, "expired": {"expired"},
		"revoked": {"revoked", "revoked (exposed)", "revoked_compromised"},
	} {
		listed, diags := rpc.List(apitoken.TypeName, map[string]any{"status": status}, false, 0)
		if diff := cmp.Diff(want, names(listed)); diff != "" || len(diags) > 0 {
			t.Errorf("%s: %s%s", status, diff, told(diags))
		}
	}
}

func TestAPITokenList_refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	for summary, config := range map[string]map[string]any{
		"Invalid account id":            {"account_id": "acme"},
		"Invalid Attribute Value Match": {"status": "lost"},
		"Not permitted to list API tokens": {
			"account_id": strings.Repeat("a", 32),
		},
	} {
		listed, diags := rpc.List(apitoken.TypeName, config, true, 0)
		if len(listed) > 0 || said(diags) != summary {
			t.Errorf("%v: listed %v, %s", config, names(listed), said(diags))
		}
	}
}
