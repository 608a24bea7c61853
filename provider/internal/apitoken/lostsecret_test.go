// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// rollLoses is the rotation whose answers are lost, both of them.
var rollLoses = mocktest.Fault{Method: http.MethodPut, Path: "/user/tokens/*/value", DropAfter: true}

// secretCase is a way of keeping the secret, from a create on.
type secretCase struct {
	*world
	run *acctest.Run
	// keeps are the attributes that say where the secret goes; holds is where it is kept, empty for nowhere.
	keeps map[string]any
	holds string
}

func (c *secretCase) attributes(triggers map[string]any) acctest.Attributes {
	all := c.shortLived(map[string]any{"name": "lost"})
	maps.Copy(all, c.keeps)
	if triggers != nil {
		all["rotate_triggers"] = triggers
	}
	return acctest.Attributes(all)
}

// plan refreshes and plans.
func (c *secretCase) plan(state *acctest.Instance, triggers map[string]any) *acctest.Plan {
	c.t.Helper()
	if state != nil {
		read, err := c.run.Read(c.t.Context(), apitoken.TypeName, state)
		if err != nil {
			c.t.Fatal(err)
		}
		state = read
	}
	plan, err := c.run.Plan(c.t.Context(), apitoken.TypeName, state, c.attributes(triggers))
	if err != nil {
		c.t.Fatal(err)
	}
	return plan
}

func (c *secretCase) apply(state *acctest.Instance, triggers map[string]any) *acctest.Instance {
	c.t.Helper()
	state, err := c.run.Apply(c.t.Context(), apitoken.TypeName, c.plan(state, triggers))
	if err != nil {
		c.t.Fatal(err)
	}
	return state
}

// fails applies what the fault does not let through, as often as it lasts, and returns what is in state and said.
func (c *secretCase) fails(fault mocktest.Fault, state *acctest.Instance, triggers map[string]any) (*acctest.Instance, string) {
	c.t.Helper()
	struck := c.Server.Fault(fault)
	state, err := c.run.Apply(c.t.Context(), apitoken.TypeName, c.plan(state, triggers))
	struck.Remove()
	if err == nil || state == nil {
		c.t.Fatalf("the apply succeeded, or left no state: %v", err)
	}
	return state, err.Error()
}

// heldTriggers are rotate_triggers as state has them; nil is none.
func heldTriggers(t *testing.T, state *acctest.Instance) any {
	t.Helper()
	attributes, err := state.Attributes()
	if err != nil {
		t.Fatal(err)
	}
	return attributes["rotate_triggers"]
}

func warnsOfLoss(plan *acctest.Plan) bool {
	return slices.ContainsFunc(plan.Warnings(), func(s string) bool { return strings.HasPrefix(s, "Secret is lost: ") })
}

// TestAPIToken_secretLost loses both answers to a rotation and then takes the change of the triggers back, or all of
// them away: the next apply replaces the secret where there are any, and where there are none every plan says that
// nobody holds it.
func TestAPIToken_secretLost(t *testing.T) {
	t.Parallel()
	_, key := keyPair(t)
	type m = map[string]any
	for name, test := range map[string]struct {
		keeps m
		holds string
	}{
		"in state":  {nil, "value"},
		"encrypted": {m{"secret_storage": "encrypted", "recipients": []any{key}}, "encrypted_value"},
		"nowhere":   {m{"secret_storage": "none"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			c := &secretCase{world: w, run: w.Start(acctest.Object{"max_retries": 0}), keeps: test.keeps, holds: test.holds}
			old, changed := m{"a": "1"}, m{"a": "2"}
			made := c.apply(nil, old)
			lost, said := c.fails(rollLoses, made, changed)
			for _, want := range []string{"may be lost", "State holds no rotate_triggers any more", "every plan warns"} {
				if !strings.Contains(said, want) {
					t.Errorf("the apply does not say %q:\n%s", want, said)
				}
			}
			if says := strings.Contains(said, "State no longer holds the old secret."); says != (test.holds != "") {
				t.Errorf("the apply says that state gives up a secret: %v", says)
			}
			if lost.Text("value") != "" || lost.Text("encrypted_value") != "" || heldTriggers(t, lost) != nil {
				t.Errorf("state keeps a secret that may be dead, or triggers: %v", heldTriggers(t, lost))
			}

			// Without triggers nothing rolls, and every plan says so.
			for range 2 {
				plan := c.plan(lost, nil)
				if !plan.IsEmpty() || !warnsOfLoss(plan) {
					t.Errorf("without triggers: empty %v, warnings %q", plan.IsEmpty(), plan.Warnings())
				}
			}
			w.Server.ResetJournal()
			emptied := c.apply(lost, m{})
			w.requests(http.MethodPut, "/user/tokens/**", 0)
			if plan := c.plan(emptied, m{}); !warnsOfLoss(plan) {
				t.Errorf("with empty triggers: warnings %q", plan.Warnings())
			}

			// What is refused now says nothing of a secret that works.
			refused, said := c.fails(mocktest.Fault{Method: http.MethodPut, Path: rollLoses.Path, Status: http.StatusForbidden}, emptied, old)
			if strings.Contains(said, "still works") || strings.Contains(said, "keeps the old rotate_triggers") || !strings.Contains(said, "is not replaced yet") {
				t.Errorf("refused: %s", said)
			}

			// The old triggers bring a new secret, with which the loss is over.
			w.Server.ResetJournal()
			found := c.apply(refused, old)
			w.requests(http.MethodPut, rollLoses.Path, 1)
			if test.holds != "" && found.Text(test.holds) == "" {
				t.Error("state has no secret")
			}
			for _, triggers := range []m{old, nil} {
				if plan := c.plan(found, triggers); warnsOfLoss(plan) {
					t.Errorf("with triggers %v: warnings %q", triggers, plan.Warnings())
				}
			}
		})
	}
}

// TestAPIToken_secretNotLost replaces nothing that is not lost: a refused rotation keeps the old triggers, so that
// taking the change back is no change, and an imported token has no secret without having lost it.
func TestAPIToken_secretNotLost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &secretCase{world: w, run: w.Start(acctest.Object{"max_retries": 0})}
	old := map[string]any{"a": "1"}
	made := c.apply(nil, old)
	refused, said := c.fails(mocktest.Fault{Method: http.MethodPut, Path: rollLoses.Path, Status: http.StatusForbidden}, made, map[string]any{"a": "2"})
	if !strings.Contains(said, "the old one still works") || !strings.Contains(said, "State keeps the old rotate_triggers") {
		t.Errorf("refused: %s", said)
	}
	if plan := c.plan(refused, old); !plan.IsEmpty() || len(plan.Warnings()) > 0 || refused.Text("value") != made.Text("value") {
		t.Errorf("with the old triggers: empty %v, warnings %q", plan.IsEmpty(), plan.Warnings())
	}

	imported, err := c.run.Import(t.Context(), apitoken.TypeName, made.Text("id"))
	if err != nil {
		t.Fatal(err)
	}
	if plan := c.plan(imported, nil); warnsOfLoss(plan) {
		t.Errorf("imported: warnings %q", plan.Warnings())
	}
}

// TestAPIToken_secretLostReplaced replaces a token whose secret is lost: the new one comes with a secret.
func TestAPIToken_secretLostReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	c := &secretCase{world: w, run: w.Start(acctest.Object{"max_retries": 0})}
	lost, _ := c.fails(rollLoses, c.apply(nil, nil), map[string]any{"a": "1"})
	attributes := c.attributes(nil)
	attributes["account_id"] = w.ID("acme")
	plan, err := c.run.Plan(t.Context(), apitoken.TypeName, lost, attributes)
	if err != nil || plan.IsEmpty() || warnsOfLoss(plan) {
		t.Errorf("replaced: warnings %q, error %v", plan.Warnings(), err)
	}
}
