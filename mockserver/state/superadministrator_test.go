// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"sync"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// losses are all the ways in which an account can lose a Super Administrator.
var losses = map[string]func(m authz.ID) func(*state.Tx) error{
	"removed": func(m authz.ID) func(*state.Tx) error {
		return func(tx *state.Tx) error { return tx.DeleteMember(m) }
	},
	"demoted to another role": func(m authz.ID) func(*state.Tx) error {
		return changeMember(m, func(m *state.Member) { m.Roles, m.Policies = []string{catalog.RoleAdministrator}, nil })
	},
	"demoted to no role": func(m authz.ID) func(*state.Tx) error {
		return changeMember(m, func(m *state.Member) { m.Roles, m.Policies = nil, nil })
	},
	"demoted to a policy over a zone": func(m authz.ID) func(*state.Tx) error {
		return changeMember(m, func(m *state.Member) {
			m.Roles, m.Policies = nil, policy(authz.Allow, catalog.RoleSuperAdministrator, exampleCom)
		})
	},
	"denied something": func(m authz.ID) func(*state.Tx) error {
		return changeMember(m, func(m *state.Member) {
			m.Roles = nil
			m.Policies = append(policy(authz.Allow, catalog.RoleSuperAdministrator), policy(authz.Deny, domainDNSRole, exampleCom)...)
		})
	},
	"rejected": func(m authz.ID) func(*state.Tx) error {
		return changeMember(m, func(m *state.Member) { m.Status = state.StatusRejected })
	},
	"made pending": func(m authz.ID) func(*state.Tx) error {
		return changeMember(m, func(m *state.Member) { m.Status = state.StatusPending })
	},
	"user deleted": func(m authz.ID) func(*state.Tx) error {
		return func(tx *state.Tx) error { return tx.DeleteUser(tx.MemberByID(m).User) }
	},
}

func TestLastSuperAdministratorStays(t *testing.T) {
	t.Parallel()
	for name, lose := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			before := digest(t, w)
			wantRule(t, w.Update(lose(superAcme)), state.RuleLastSuperAdministrator)
			if digest(t, w) != before {
				t.Error("a refused write changed the world")
			}
		})
	}
}

func TestOneOfTwoSuperAdministratorsMayGo(t *testing.T) {
	t.Parallel()
	for name, lose := range losses {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			// By policy over the whole account, which counts as the role does.
			update(t, w, changeMember(devAcme, func(m *state.Member) {
				m.Roles, m.Policies = nil, policy(authz.Allow, catalog.RoleSuperAdministrator)
			}))
			update(t, w, lose(devAcme))
			view(t, w, func(tx *state.Tx) {
				if tx.Membership(dev, acme).IsSuperAdministrator() {
					t.Error("the member is a Super Administrator still")
				}
			})
			wantRule(t, w.Update(lose(superAcme)), state.RuleLastSuperAdministrator)
		})
	}
}

// TestPendingSuperAdministratorDoesNotCount: an invitation is no replacement.
func TestPendingSuperAdministratorDoesNotCount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	update(t, w, func(tx *state.Tx) error {
		m := member(id(3, 9), acme, guest, catalog.RoleSuperAdministrator)
		m.Status = state.StatusPending
		return tx.PutMember(m)
	})
	for _, lose := range losses {
		wantRule(t, w.Update(lose(superAcme)), state.RuleLastSuperAdministrator)
	}
}

// TestUnrelatedChangesOfTheLastSuperAdministratorPass guards against a rule
// that forbids too much.
func TestUnrelatedChangesOfTheLastSuperAdministratorPass(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	update(t, w, changeMember(superAcme, func(m *state.Member) { m.APIAccess = authz.Off }))
	update(t, w, changeMember(superAcme, func(m *state.Member) { m.Roles = append([]string{dnsRole}, m.Roles...) }))
	update(t, w, changeMember(superAcme, func(m *state.Member) {
		m.Roles, m.Policies = nil, policy(authz.Allow, catalog.RoleSuperAdministrator)
	}))
	update(t, w, func(tx *state.Tx) error { return tx.DeleteMember(devAcme) })
}

// TestConcurrentDemotions lets the two Super Administrators of an account
// demote each other at once: one of them must stay.
func TestConcurrentDemotions(t *testing.T) {
	t.Parallel()
	for range 50 {
		w := newWorld(t, nil)
		update(t, w, changeMember(devAcme, func(m *state.Member) { m.Roles = []string{catalog.RoleSuperAdministrator} }))
		start := make(chan struct{})
		var refused [2]error
		var group sync.WaitGroup
		for i, m := range []authz.ID{superAcme, devAcme} {
			group.Go(func() {
				<-start
				refused[i] = w.Update(losses["demoted to another role"](m))
			})
		}
		close(start)
		group.Wait()
		if (refused[0] == nil) == (refused[1] == nil) {
			t.Fatalf("demotions gave %v and %v, want one of them refused", refused[0], refused[1])
		}
		for _, err := range refused {
			if err != nil {
				wantRule(t, err, state.RuleLastSuperAdministrator)
			}
		}
		view(t, w, func(tx *state.Tx) {
			supers := 0
			for _, m := range tx.Members(acme) {
				if m.Membership().IsSuperAdministrator() {
					supers++
				}
			}
			if supers != 1 {
				t.Fatalf("%d Super Administrators are left, want 1", supers)
			}
		})
	}
}

// TestRefusedDeleteOfUserLeavesNothingHalfDone: the user is the last Super
// Administrator of the second of two accounts; a handler that goes on after
// the refusal must find the first membership in place.
func TestRefusedDeleteOfUserLeavesNothingHalfDone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.Roles = []string{catalog.RoleSuperAdministrator} }))
	before := digest(t, w)
	update(t, w, func(tx *state.Tx) error {
		wantRule(t, tx.DeleteUser(super), state.RuleLastSuperAdministrator)
		return nil
	})
	if digest(t, w) != before {
		t.Error("the refused delete changed the world")
	}
}
