// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// TestJudge_findsMisdeeds does, between the apply and its judgement, what a provider must not do, and expects
// that the judge says so.
func TestJudge_findsMisdeeds(t *testing.T) {
	t.Parallel()
	orphans := func(r *Result) []string { return r.Orphans }
	duplicates := func(r *Result) []string { return r.Duplicates }
	wrong := func(r *Result) []string { return r.WrongStates }
	for _, tt := range []struct {
		operation, name string
		misdeed         func(w *world, s subject)
		finding         func(*Result) []string
		says            string
	}{
		{
			"user-owned token: create", "a second token that nobody knows",
			func(w *world, _ subject) { w.issue(ofUser, definition{other: true}) }, orphans, "does not know it",
		},
		{
			"user-owned token: create", "the same token twice",
			func(w *world, _ subject) { w.issue(ofUser, definition{}) }, duplicates, `"faulty"`,
		},
		{
			"user-owned token: update the definition", "a token that leaves the state while it lives",
			func(_ *world, s subject) { tokenIn(s).current = nil }, orphans, "does not know it",
		},
		{
			"account-owned token: update the definition", "a change that was reported and not made",
			func(w *world, s subject) { w.rewrite(s, func(t *state.Token) { t.Definition.Name = "faulty too" }) },
			wrong, "not what was asked for",
		},
		{
			"user-owned token: update the status", "a status that is not so",
			func(w *world, s subject) { w.rewrite(s, func(t *state.Token) { t.Disabled = false }) }, wrong, "not what was asked for",
		},
		{
			"user-owned token: roll", "a dead secret in state",
			func(w *world, s subject) {
				w.as(http.MethodPut, userTokens+"/"+tokenIn(s).current.Text("id")+"/value")
			},
			wrong, "does not open the token",
		},
		{
			"user-owned token: delete", "a delete that was reported and not done",
			func(w *world, _ subject) { w.issue(ofUser, definition{}) }, orphans, "does not know it",
		},
		{
			"user-owned token: refresh", "a write that no plan said",
			func(w *world, s subject) { w.terraform(http.MethodDelete, userTokens+"/"+tokenIn(s).startID) }, wrong, "nothing that the plan said",
		},
		{
			"user-owned token: create", "the deletion of somebody else's token",
			func(w *world, _ subject) {
				for id := range w.strangers {
					if w.token(ofUser, id) != nil && w.token(ofUser, id).Name == tokenName {
						w.as(http.MethodDelete, userTokens+"/"+id)
					}
				}
			},
			wrong, "somebody else was changed or deleted",
		},
		{
			"account switch: update", "a switch that is not so",
			func(w *world, _ subject) { w.SetAccountSwitch(account, nil) }, wrong, "the switch is default",
		},
		{
			"member switch: create", "the switch of another member",
			func(w *world, _ subject) { w.SetMemberSwitch(account+"/dns", new(false)) }, wrong, "the operation is not about it",
		},
		{
			"user-owned ephemeral token: open", "an ephemeral token that nothing ends",
			func(w *world, _ subject) { w.issue(ofUser, definition{}) }, wrong, "would outlive its run",
		},
		{
			"user-owned token: the action roll", "a secret that is dead when it is told",
			func(w *world, s subject) {
				if rolled, ok := s.(*acted); ok {
					w.as(http.MethodPut, userTokens+"/"+rolled.id+"/value")
				}
			},
			wrong, "is dead",
		},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			scenario := Scenario{operation: operationNamed(t, tt.operation), storage: storageState, twin: true}
			result := run(t, scenario, tt.misdeed)
			if found := tt.finding(result); !slices.ContainsFunc(found, func(text string) bool { return strings.Contains(text, tt.says) }) {
				t.Errorf("the judge says nothing of %q:\n%s", tt.says, result)
			}
		})
	}
}

// TestScenarios holds that the first seeds cross everything, once each, and that a seed always chooses the same.
func TestScenarios(t *testing.T) {
	t.Parallel()
	met := map[string]int{}
	for seed := range Cells() {
		s, again := ScenarioOf(seed), ScenarioOf(seed)
		if s.String() != again.String() {
			t.Fatalf("seed %d chooses %s and %s", seed, s.String(), again.String())
		}
		met[s.operation.name+" / "+s.faults[0].class.name]++
	}
	for _, c := range cells() {
		if name := c.operation.name + " / " + c.class.name; met[name] != 1 {
			t.Errorf("%s is met %d times", name, met[name])
		}
	}
	if len(met) > 1000 {
		t.Errorf("%d cells, which a thousand runs do not cross", len(met))
	}
}

func operationNamed(t *testing.T, name string) operation {
	t.Helper()
	for _, op := range operations() {
		if op.name == name {
			return op
		}
	}
	t.Fatalf("there is no operation %q", name)
	return operation{}
}

func tokenIn(s subject) *token {
	found, _ := s.(*token)
	return found
}

// rewrite changes the operation's token behind the API.
func (w *world) rewrite(s subject, change func(*state.Token)) {
	w.t.Helper()
	id := tokenIn(s).current.Text("id")
	err := w.Server.World().Update(func(tx *state.Tx) error {
		for _, t := range tx.Tokens() {
			if t.ID.String() == id {
				changed := *t
				change(&changed)
				return tx.PutToken(&changed)
			}
		}
		return nil
	})
	if err != nil {
		w.t.Fatal(err)
	}
}

// as sends a request as somebody else, terraform as the provider would.
func (w *world) as(method, path string) { w.Must(bystander, method, path, map[string]any{}) }

func (w *world) terraform(method, path string) {
	w.t.Helper()
	request := w.Server.Request("", method, path, nil)
	request.Header.Set("Authorization", "Bearer "+w.Server.CredentialOf(mocktest.UserToken, acctest.Terraform).Value)
	if _, err := send(w.ctx, request); err != nil {
		w.t.Fatal(err)
	}
}
