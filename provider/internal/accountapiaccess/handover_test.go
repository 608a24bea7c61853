// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess_test

import (
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// An account that one instance hands over to another in the same apply stays off: when a key of for_each is
// renamed Terraform makes the new instance and destroys the old one in any order, and a replacement that is
// made before the old one goes resets last.
func TestHandover_keepsTheAccountOff(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name       string
		resetFirst bool
		writes     int
	}{
		{"the old instance goes first", true, 2},
		{"the new instance comes first", false, 1},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			env.SetMemberSwitch("acme/super", new(true))
			off := acctest.Attributes{"account_id": env.ID("acme"), "enabled": false}
			old := apply(t, env.Start(nil), nil, off)

			run := env.Start(nil)
			env.Fresh()
			steps := []func(){
				func() { apply(t, run, old, nil) },
				func() { apply(t, run, nil, off) },
			}
			if !test.resetFirst {
				steps[0], steps[1] = steps[1], steps[0]
			}
			for _, step := range steps {
				step()
			}
			if value := env.AccountSwitch("acme"); value == nil || *value {
				t.Errorf("the switch is %v, want off", value)
			}
			if got := env.Server.Count("PUT", ""); got != test.writes {
				t.Errorf("%d writes, want %d", got, test.writes)
			}

			// In a run that sets nothing, a destroy resets.
			again := apply(t, env.Start(nil), nil, off)
			apply(t, env.Start(nil), again, nil)
			if value := env.AccountSwitch("acme"); value != nil {
				t.Errorf("the switch is %v after a destroy, want the default", *value)
			}
		})
	}
}

// apply plans and applies one change of an instance: nil attributes destroy it.
func apply(t *testing.T, run *acctest.Run, prior *acctest.Instance, attributes acctest.Attributes) *acctest.Instance {
	t.Helper()
	plan, err := run.Plan(t.Context(), accountapiaccess.TypeName, prior, attributes)
	if err != nil {
		t.Fatal(err)
	}
	after, err := run.Apply(t.Context(), accountapiaccess.TypeName, plan)
	if err != nil {
		t.Fatal(err)
	}
	return after
}
