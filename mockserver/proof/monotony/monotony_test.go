// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package monotony

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/engine"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/worlds"
)

// TestChanges holds that every change finds something to work on, changes a copy alone, and leaves a scene that
// the engine can read.
func TestChanges(t *testing.T) {
	t.Parallel()
	e, err := engine.New()
	if err != nil {
		t.Fatal(err)
	}
	applied := make(map[string]int)
	for n := range uint64(60) {
		g := worlds.New(21, n)
		for _, b := range g.Batches() {
			before := b.Scene(0).Clone()
			for _, c := range Changes() {
				w, credential, ok := c.Apply(g, b.World, b.Credential)
				if !ok {
					continue
				}
				applied[c.Name]++
				changed := (&panel.Batch{World: w, Credential: credential, Requests: b.Requests}).Scene(0)
				if cmp.Equal(before, changed) {
					t.Errorf("%s changed nothing", c.Name)
				}
				if _, err := panel.Judge(e, changed); err != nil {
					t.Errorf("%s: %v", c.Name, err)
				}
			}
			if diff := cmp.Diff(before, b.Scene(0)); diff != "" {
				t.Fatalf("a change reached what it was given:\n%s", diff)
			}
		}
	}
	for _, c := range Changes() {
		if applied[c.Name] == 0 {
			t.Errorf("%s was never applied", c.Name)
		}
	}
}

// TestApply_unknown holds that there is nothing to take from a credential that is unknown.
func TestApply_unknown(t *testing.T) {
	t.Parallel()
	g := worlds.New(1, 1)
	b := g.Batches()[0]
	for _, c := range Changes() {
		if _, _, ok := c.Apply(g, b.World, nil); ok {
			t.Errorf("%s was applied to nothing", c.Name)
		}
	}
}
