// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package complaints_test

import (
	"context"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// The resources of the provider.
const (
	tokenType  = "accesscontrol_api_token"
	memberType = "accesscontrol_account_member_api_access"
)

// enough bounds a test that would otherwise wait for a server that never relents.
const enough = time.Minute

type (
	attributes = acctest.Attributes
	object     = map[string]any
)

// world is a server with a provider that has been configured once.
type world struct {
	*acctest.Env
	t             *testing.T
	ctx           context.Context //nolint:containedctx // It is the test's, with a bound.
	run           *acctest.Run
	zone, account string
}

// newWorld starts both. The attributes of block are added to the provider block.
func newWorld(t *testing.T, block acctest.Object, options ...mocktest.Option) *world {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), enough)
	t.Cleanup(cancel)
	env := acctest.New(t, options...)
	return &world{Env: env, t: t, ctx: ctx, run: env.Start(block), zone: env.ID("example.com"), account: env.ID("acme")}
}

// policy is one policy on the zone.
func (w *world) policy(groups ...string) object {
	return object{"permission_groups": groups, "resources": object{"zones": []string{w.zone}}}
}

// reader is the configuration of a token that reads DNS, and further attributes.
func (w *world) reader(further attributes) attributes {
	all := attributes{"name": "ci", "policies": object{"read": w.policy("DNS Read")}}
	for name, value := range further {
		if value == nil {
			delete(all, name)
			continue
		}
		all[name] = value
	}
	return all
}

// try validates, plans and applies.
func (w *world) try(kind string, prior *acctest.Instance, config attributes) (*acctest.Instance, error) {
	if config != nil {
		if err := w.run.Validate(w.ctx, kind, config); err != nil {
			return nil, err
		}
	}
	plan, err := w.run.Plan(w.ctx, kind, prior, config)
	if err != nil {
		return nil, err
	}
	return w.run.Apply(w.ctx, kind, plan)
}

// apply is try for what must succeed.
func (w *world) apply(kind string, prior *acctest.Instance, config attributes) *acctest.Instance {
	w.t.Helper()
	instance, err := w.try(kind, prior, config)
	if err != nil {
		w.t.Fatal(err)
	}
	return instance
}

// refresh reads the instance anew.
func (w *world) refresh(kind string, instance *acctest.Instance) *acctest.Instance {
	w.t.Helper()
	fresh, err := w.run.Read(w.ctx, kind, instance)
	if err != nil {
		w.t.Fatal(err)
	}
	return fresh
}

// settled expects that no refresh, of three, makes a plan that changes something.
func (w *world) settled(kind string, instance *acctest.Instance, config attributes) *acctest.Instance {
	w.t.Helper()
	for i := range 3 {
		instance = w.refresh(kind, instance)
		if instance == nil {
			w.t.Fatal("the object is gone")
		}
		plan, err := w.run.Plan(w.ctx, kind, instance, config)
		if err != nil {
			w.t.Fatal(err)
		}
		if !plan.IsEmpty() {
			w.t.Fatalf("the plan after refresh %d is not empty", i+1)
		}
	}
	return instance
}

// refused expects that something fails, and says all of this.
func (w *world) refused(err error, says ...string) {
	w.t.Helper()
	if err == nil {
		w.t.Errorf("nothing was refused, want it to say %q", says)
		return
	}
	for _, text := range says {
		if !strings.Contains(err.Error(), text) {
			w.t.Errorf("the error does not say %q:\n%v", text, err)
		}
	}
}

// wire is the token of the user as the API shows it.
func (w *world) wire(id string) object {
	w.t.Helper()
	var shown object
	if err := w.Must("super", http.MethodGet, "/user/tokens/"+id, nil).Decode(&shown); err != nil {
		w.t.Fatal(err)
	}
	return shown
}
