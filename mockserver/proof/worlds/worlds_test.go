// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package worlds

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/engine"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// TestNew_repeats holds that a world depends on its seed and number alone.
func TestNew_repeats(t *testing.T) {
	t.Parallel()
	first := New(3, 4).Batches()
	if diff := cmp.Diff(first, New(3, 4).Batches()); diff != "" {
		t.Errorf("the same world differs:\n%s", diff)
	}
	if cmp.Equal(first, New(3, 5).Batches()) || cmp.Equal(first, New(4, 4).Batches()) {
		t.Error("two worlds are one")
	}
	if got := len(first) * len(first[0].Requests); got != QuestionsEach {
		t.Errorf("%d questions, want %d", got, QuestionsEach)
	}
}

// TestBatches_wellFormed holds that the server would store the tokens, but for keys that name what is not the
// owner's: tokens keep those when their owner leaves.
func TestBatches_wellFormed(t *testing.T) {
	t.Parallel()
	for n := range uint64(400) {
		for _, b := range New(11, n).Batches() {
			problems, err := engine.Problems(b.Scene(0))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range problems {
				if !strings.Contains(p, "no such user, account or zone") {
					t.Fatalf("world %d: %s", n, p)
				}
			}
		}
	}
}

// TestBatches_variety holds that the things that make worlds interesting occur.
func TestBatches_variety(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	note := func(name string, is bool) {
		if is {
			seen[name]++
		}
	}
	for n := range uint64(150) {
		for _, b := range New(12, n).Batches() {
			for _, r := range b.Requests {
				note("mode "+r.Mode, true)
				note("switch", r.Switch != nil)
				note("several targets", r.Mode == scene.ModeTargets && len(r.Targets) > 1)
				note("zone below an account", len(r.Targets) > 0 && r.Targets[0].Kind == scene.OnAccount && r.Targets[0].Zone != "")
				note("special", material.OperationNamed(r.Operation).Asks)
			}
			note("unknown credential", b.Credential == nil)
			if b.Credential == nil {
				continue
			}
			note("kind "+b.Credential.Kind, true)
			note("several policies", len(b.Credential.Policies) > 2)
			for _, p := range b.Credential.Policies {
				for key, value := range p.Resources {
					nested, ok := value.(map[string]any)
					note("nested", ok)
					note("several nested", len(nested) > 1)
					note("wildcard", strings.HasSuffix(key, scene.Any))
					for inner := range nested {
						_, pattern, _ := strings.Cut(strings.TrimPrefix(inner, scene.RecordPrefix), ".")
						note("pattern", strings.HasPrefix(inner, scene.RecordPrefix) && strings.Contains(pattern, scene.Any))
					}
				}
			}
		}
	}
	for _, name := range []string{
		"mode targets", "mode list", "mode record", "switch", "several targets", "zone below an account", "special", "unknown credential",
		"kind user_token", "kind account_token", "kind global_key", "kind origin_ca_key", "kind console_session",
		"several policies", "nested", "several nested", "wildcard", "pattern",
	} {
		if seen[name] < 10 {
			t.Errorf("%s occurs %d times only", name, seen[name])
		}
	}
}
