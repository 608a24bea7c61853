// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package material

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// TestOperations holds that nothing of the catalogue is left out but the two verify operations.
func TestOperations(t *testing.T) {
	t.Parallel()
	const verify = 2
	if got, want := len(Operations()), len(catalog.Operations())-verify; got != want {
		t.Errorf("%d operations, want %d", got, want)
	}
	lists, accepts := 0, 0
	for _, o := range Operations() {
		if o.Target == "" {
			t.Errorf("%s acts on nothing", o.Name)
		}
		if o.List {
			lists++
		}
		accepts += len(o.Accepts)
	}
	want := 0
	for _, o := range catalog.Operations() {
		want += o.Accepts.Len()
	}
	if lists != 2 || accepts != want {
		t.Errorf("%d lists and %d accepted groups, want 2 and %d", lists, accepts, want)
	}
	two := OperationNamed("PUT /accounts/{account_id}/addressing/address_maps/{address_map_id}/accounts/{account_id}")
	if two == nil || !two.TwoAccounts || two.Target != scene.OnAccount {
		t.Errorf("the operation with two accounts is %+v", two)
	}
	if OperationNamed("GET /nowhere") != nil {
		t.Error("an operation was found that is none")
	}
}

func TestGroups(t *testing.T) {
	t.Parallel()
	if got, want := len(Groups()), len(catalog.Groups()); got != want {
		t.Errorf("%d groups, want %d", got, want)
	}
	read, write := GroupNamed(ScopeZone, "DNS Read"), GroupNamed(ScopeZone, "DNS Write")
	if read == nil || write == nil || len(read.Family) != 2 || GroupByID(write.ID) != write {
		t.Errorf("DNS Read is %+v and DNS Write %+v", read, write)
	}
	if GroupNamed(ScopeUser, "DNS Read") != nil || GroupByID("none") != nil {
		t.Error("a group was found that is none")
	}
}

func TestRoles(t *testing.T) {
	t.Parallel()
	if got, want := len(Roles("account"))+len(Roles("domain")), len(catalog.Roles()); got != want {
		t.Errorf("%d roles, want %d", got, want)
	}
	if Role("Administrator") != catalog.RoleAdministrator || Role("none") != "" {
		t.Error("roles are found by their names")
	}
}

func TestID(t *testing.T) {
	t.Parallel()
	if got := ID("ab"); got != "61620000000000000000000000000000" {
		t.Errorf("got %s", got)
	}
}
