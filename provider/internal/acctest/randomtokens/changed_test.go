// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// handiwork is something that somebody does to a token behind Terraform's back.
type handiwork struct {
	// fits selects the tokens to which it can be done.
	fits func(m meaning) bool
	does func(token *state.Token)
}

func always(meaning) bool { return true }

// handiworks are small changes of each part of a token.
var handiworks = map[string]handiwork{
	"name":   {always, func(token *state.Token) { token.Definition.Name = "another" }},
	"status": {always, func(token *state.Token) { token.Disabled = !token.Disabled }},
	"effect": {always, func(token *state.Token) {
		p := &token.Definition.Policies[0]
		p.Effect = map[authz.Effect]authz.Effect{authz.Allow: authz.Deny, authz.Deny: authz.Allow}[p.Effect]
	}},
	"a permission more": {always, func(token *state.Token) {
		p := &token.Definition.Policies[0]
		all := slices.Collect(catalog.ScopeGroups(catalog.ScopeAccount).All())
		more := all[slices.IndexFunc(all, func(g catalog.GroupIndex) bool { return !slices.Contains(p.Groups, g) })]
		p.Groups = append(slices.Clone(p.Groups), more)
	}},
	"a policy more": {always, func(token *state.Token) {
		p := token.Definition.Policies[0]
		p.Resources = []authz.Resource{{Key: bucketPrefix + "0123456789abcdef0123456789abcdef_default_another"}}
		token.Definition.Policies = append(token.Definition.Policies, p)
	}},
	"a policy less": {
		func(m meaning) bool { return len(m.Policies) > 1 },
		func(token *state.Token) { token.Definition.Policies = token.Definition.Policies[1:] },
	},
	"an address more": {
		func(m meaning) bool { return len(m.In) > 0 },
		func(token *state.Token) {
			token.Definition.In = append(slices.Clone(token.Definition.In), netip.IPv6Loopback().String())
		},
	},
	"no condition": {
		func(m meaning) bool { return len(m.NotIn) > 0 },
		func(token *state.Token) { token.Definition.In, token.Definition.NotIn = nil, nil },
	},
	"a second later": {
		func(m meaning) bool { return m.ExpiresOn != "" },
		func(token *state.Token) {
			token.Definition.ExpiresOn = token.Definition.ExpiresOn.Add(time.Second)
		},
	},
	"valid at once": {
		func(m meaning) bool { return m.NotBefore != "" },
		func(token *state.Token) { token.Definition.NotBefore = time.Time{} },
	},
}

// The proof can fail: whatever somebody changes by hand is found, and gone is gone.
func TestRandomTokens_changedByHand(t *testing.T) {
	t.Parallel()
	const seed = 3
	env, places := newWorld(t, seed)
	run := env.Start(nil)
	for name, work := range handiworks {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			g := newGenerator(places, seed, false)
			drawn := g.token()
			for !work.fits(drawn.means) {
				drawn = g.token()
			}
			instance, err := apply(t.Context(), run, nil, drawn.attributes)
			if err != nil {
				t.Fatal(err)
			}
			if err := unchanged(t.Context(), env.Start(nil), instance, drawn.attributes); err != nil {
				t.Fatalf("before the change: %v", err)
			}
			changeByHand(t, env, instance.Text("id"), work.does)
			if unchanged(t.Context(), env.Start(nil), instance, drawn.attributes) == nil {
				t.Errorf("nothing is found%s", shown(drawn.attributes))
			}
		})
	}
}

// changeByHand changes the token with that id in the world; an empty id is any.
func changeByHand(t *testing.T, env *acctest.Env, id string, change func(token *state.Token)) {
	t.Helper()
	err := env.Server.World().Update(func(tx *state.Tx) error {
		for _, token := range tx.Tokens() {
			if token.Ref == acctest.Terraform || id != "" && token.ID.String() != id {
				continue
			}
			changed := *token
			changed.Definition.Policies = slices.Clone(token.Definition.Policies)
			change(&changed)
			return tx.PutToken(&changed)
		}
		t.Errorf("there is no token %q", id)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
