// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

func TestRoles(t *testing.T) {
	t.Parallel()

	levels := make(map[string]int)

	for i := range catalog.Roles() {
		r := &catalog.Roles()[i]
		levels[r.Level]++

		if r.Index != i || r.Description == "" || !strings.HasSuffix(r.Description, ".") {
			t.Errorf("%s: index %d at %d, description %q", r.Name, r.Index, i, r.Description)
		}

		if found, ok := catalog.RoleByID(r.ID); !ok || found != r {
			t.Errorf("RoleByID(%s) finds %v", r.ID, found)
		}

		for _, ref := range []string{r.ID, r.Name} {
			if found, err := catalog.LookupRole(ref); err != nil || found != r {
				t.Errorf("LookupRole(%q) finds %v, %v", ref, found, err)
			}
		}

		if r.Groups.Intersects(catalog.ScopeGroups(catalog.ScopeUser)) {
			t.Errorf("%s gives groups of users, which no account can give", r.Name)
		}

		if zone := catalog.ScopeGroups(catalog.ScopeZone); r.Level == catalog.RoleLevelDomain && !zone.Contains(r.Groups) {
			t.Errorf("%s is of level domain and gives groups of other scopes than zone", r.Name)
		}
	}

	if levels[catalog.RoleLevelAccount] != 40 || levels[catalog.RoleLevelDomain] != 13 || len(levels) != 2 {
		t.Errorf("roles by level: %v, want 40 of account and 13 of domain", levels)
	}
}

func TestWhatRolesGive(t *testing.T) {
	t.Parallel()

	noUser := catalog.ScopeGroups(catalog.ScopeAccount).
		Union(catalog.ScopeGroups(catalog.ScopeZone)).Union(catalog.ScopeGroups(catalog.ScopeR2Bucket))

	super := mustRole(t, catalog.RoleSuperAdministrator)
	if super.Name != "Super Administrator - All Privileges" || super.Groups != noUser {
		t.Errorf("%s gives %d groups, want all %d that no user is the scope of", super.Name, super.Groups.Len(), noUser.Len())
	}

	administrator := mustRole(t, catalog.RoleAdministrator)
	want := []string{"account:Billing Read", "account:Billing Write", "account:Zero Trust: PII Read"}

	if got := refs(super.Groups.Minus(administrator.Groups)); administrator.Name != "Administrator" || !slices.Equal(got, want) {
		t.Errorf("%s lacks %q, want %q", administrator.Name, got, want)
	}

	for _, name := range []string{"Administrator Read Only", "Domain Administrator Read Only", "Cloudflare Zero Trust Read Only", "Zaraz Read"} {
		for i := range mustRole(t, name).Groups.All() {
			if g := catalog.Groups()[i]; g.Rank != 1 {
				t.Errorf("%s gives %s", name, g.Ref())
			}
		}
	}

	tests := map[string][]string{
		"Minimal Account Access": nil,
		"Billing":                {"account:Billing Read", "account:Billing Write"},
		"Domain DNS": {
			"zone:DNS Read", "zone:DNS Write", "zone:Zone DNS Settings Read", "zone:Zone DNS Settings Write", "zone:Zone Read",
		},
		"Cache Purge":       {"zone:Cache Purge", "zone:Zone Read", "zone:Zone Settings Read"},
		"Audit Logs Viewer": {"account:Access: Audit Logs Read"},
	}
	for name, want := range tests {
		if got := refs(mustRole(t, name).Groups); !slices.Equal(got, want) {
			t.Errorf("%s gives %q, want %q", name, got, want)
		}
	}
}

func TestLookupRoleRefusesUnknownNames(t *testing.T) {
	t.Parallel()

	tests := map[string]string{
		"administrator":                    "Administrator",
		"Super Administrator":              "Super Administrator - All Privileges",
		"Domain DSN":                       "Domain DNS",
		"05784afa30c1afe1440e79d9351c7431": "",
		"":                                 "",
	}
	for ref, nearest := range tests {
		_, err := catalog.LookupRole(ref)

		unknown, ok := errors.AsType[*catalog.UnknownRoleError](err)
		if !ok || unknown.Ref != ref {
			t.Errorf("%q: got error %v, want unknown", ref, err)

			continue
		}

		if nearest == "" && unknown.Nearest != nil || nearest != "" && (len(unknown.Nearest) == 0 || unknown.Nearest[0] != nearest) {
			t.Errorf("%q: nearest are %q, want %q", ref, unknown.Nearest, nearest)
		}

		if nearest != "" && !strings.Contains(err.Error(), `"`+nearest+`"`) {
			t.Errorf("error %q does not name %q", err, nearest)
		}
	}
}

func mustRole(t *testing.T, nameOrID string) *catalog.Role {
	t.Helper()

	r, err := catalog.LookupRole(nameOrID)
	if err != nil {
		t.Fatal(err)
	}

	return r
}
