// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cells

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/engine"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// TestParts holds how large the enumeration is, and that every operation and every permission group is in it.
func TestParts(t *testing.T) {
	t.Parallel()
	operations, allowed, denied := map[string]bool{}, map[string]bool{}, map[string]bool{}
	total := 0
	for _, part := range Parts() {
		count := 0
		for job := range part.Jobs {
			var last *scene.Policy
			for b := range job {
				count += len(b.Requests)
				if part.Name == "keys" {
					for _, r := range b.Requests {
						operations[r.Operation] = true
					}
				}
				if c := b.Credential; c != nil && len(c.Policies) > 0 && &c.Policies[0] != last {
					last = &c.Policies[0]
					for _, p := range c.Policies {
						for _, g := range p.Groups {
							allowed[g] = allowed[g] || p.Effect == "allow"
							denied[g] = denied[g] || p.Effect == "deny"
						}
					}
				}
			}
		}
		t.Logf("part %s: %d cells", part.Name, count)
		total += count
	}
	if total < 10_000_000 {
		t.Errorf("%d cells, want 10000000 at least", total)
	}
	for _, o := range material.Operations() {
		if !operations[o.Name] {
			t.Errorf("%s is never asked", o.Name)
		}
		for _, g := range o.Accepts {
			if !denied[g.ID] {
				t.Errorf("%s is never denied", g.Name)
			}
		}
	}
	for _, g := range material.Groups() {
		if !allowed[g.ID] {
			t.Errorf("%s is never granted", g.Name)
		}
	}
}

// TestParts_order holds that the enumeration is the same each time.
func TestParts_order(t *testing.T) {
	t.Parallel()
	first := func(part Part) (list []*panel.Batch) {
		for job := range part.Jobs {
			for b := range job {
				list = append(list, b)
				if len(list) == 3 {
					return list
				}
			}
		}
		return list
	}
	again := Parts()
	for i, part := range Parts() {
		if diff := cmp.Diff(first(part), first(again[i])); diff != "" {
			t.Errorf("part %s differs the second time:\n%s", part.Name, diff)
		}
	}
}

// TestParts_tokens holds that the server would store the tokens of the enumeration. A key that names another
// user is the only exception: in part grants one token's key is asked for every owner.
func TestParts_tokens(t *testing.T) {
	t.Parallel()
	for _, part := range Parts() {
		judged, jobs := 0, 0
		for job := range part.Jobs {
			jobs++
			if jobs%29 != 1 {
				continue
			}
			var last *scene.Policy
			for b := range job {
				c := b.Credential
				if c == nil || len(c.Policies) == 0 || &c.Policies[0] == last || c.Kind == scene.AccountToken && c.Account != own || part.Name == "gates" && c.Kind == scene.UserToken {
					continue
				}
				last = &c.Policies[0]
				problems, err := engine.Problems(b.Scene(0))
				if err != nil {
					t.Fatal(err)
				}
				if len(problems) > 0 {
					t.Fatalf("part %s: %v\n%+v", part.Name, problems, c)
				}
				judged++
			}
		}
		if judged == 0 && part.Name != "keys" {
			t.Errorf("part %s: no token was judged", part.Name)
		}
	}
}

// TestStandings holds that users with different standings are different users, and that every role is one.
func TestStandings(t *testing.T) {
	t.Parallel()
	for _, list := range [][]standing{gateStandings, grantStandings} {
		seen := map[string]string{}
		for i := range list {
			s := &list[i]
			if other, ok := seen[s.user()]; ok {
				t.Errorf("%q and %q are one user", s.name, other)
			}
			seen[s.user()] = s.name
			roles := s.roles
			for _, p := range s.policies {
				roles = append(roles, p.Roles...)
			}
			for _, r := range roles {
				if r == "" {
					t.Errorf("%q holds a role that does not exist", s.name)
				}
			}
		}
	}
}

// TestGateRequests holds that the operations of part gates exist.
func TestGateRequests(t *testing.T) {
	t.Parallel()
	for _, r := range append(gateRequests, recordRequests...) {
		if material.OperationNamed(r.Operation) == nil {
			t.Errorf("there is no operation %s", r.Operation)
		}
	}
}
