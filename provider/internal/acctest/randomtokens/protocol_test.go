// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

const (
	tokenType = "accesscontrol_api_token"
	// refreshes is how often each token is read and planned again.
	refreshes = 3
	// parallelism is how many operations Terraform's core has under way, unless told otherwise.
	parallelism = 10
)

// Random tokens are made over the plugin protocol, mean what they say, and stay as they are however often they are
// refreshed and in whatever order either side writes what has none. The CLI makes more of them.
func TestRandomTokens(t *testing.T) {
	t.Parallel()
	const count, seed = 20, 1
	stayUnchanged(t, count, seed)
}

// stayUnchanged does that to so many tokens, and once more after the configuration of each has changed.
func stayUnchanged(t *testing.T, count int, seed uint64) {
	t.Helper()
	env, places := newWorld(t, seed)
	g := newGenerator(places, seed, false)
	tokens, instances := make([]token, count), make([]*acctest.Instance, count)
	for i := range tokens {
		tokens[i] = g.token()
	}
	plans := 0
	for _, generation := range []string{"made", "changed"} {
		run := env.Start(nil)
		all(t, count, func(ctx context.Context, i int) (err error) {
			instances[i], err = apply(ctx, run, instances[i], tokens[i].attributes)
			return err
		})
		world := tokensOf(t, env)
		if len(world) != count {
			t.Errorf("%s: there are %d tokens, want %d", generation, len(world), count)
		}
		for i, instance := range instances {
			if diff := cmp.Diff(tokens[i].means, world[instance.Text("id")]); diff != "" {
				t.Errorf("%s: token %d does not mean (+) what its configuration says (-):\n%s%s", generation, i, diff, shown(tokens[i].attributes))
			}
		}
		env.Fresh()
		for range refreshes {
			run := env.Start(nil)
			reordered := make([]acctest.Attributes, count)
			for i := range tokens {
				reordered[i] = g.reordered(tokens[i].attributes)
			}
			all(t, count, func(ctx context.Context, i int) error { return unchanged(ctx, run, instances[i], reordered[i]) })
			plans += count
		}
		if writes := env.Server.Journal(mocktest.Writes); len(writes) > 0 {
			t.Errorf("%s: %d requests could have changed something, the first of them %s %s", generation, len(writes), writes[0].Method, writes[0].Path)
		}
		for i := range tokens {
			tokens[i] = g.successor(tokens[i])
		}
	}
	t.Logf("%d tokens, %d plans, 0 changes", count, plans)
}

// apply has a token validated, planned and made, or changed where there is one.
func apply(ctx context.Context, run *acctest.Run, prior *acctest.Instance, attributes acctest.Attributes) (*acctest.Instance, error) {
	if err := run.Validate(ctx, tokenType, attributes); err != nil {
		return nil, fmt.Errorf("validate: %w%s", err, shown(attributes))
	}
	plan, err := run.Plan(ctx, tokenType, prior, attributes)
	if err != nil {
		return nil, fmt.Errorf("%w%s", err, shown(attributes))
	}
	if plan.Replaces() {
		return nil, fmt.Errorf("the plan replaces the token%s", shown(attributes))
	}
	instance, err := run.Apply(ctx, tokenType, plan)
	switch {
	case err != nil:
		return nil, fmt.Errorf("%w%s", err, shown(attributes))
	case !plan.Planned().Allows(instance):
		return nil, fmt.Errorf("what was applied is not what was planned%s", shown(attributes))
	}
	return instance, nil
}

// unchanged refreshes a token and plans it again.
func unchanged(ctx context.Context, run *acctest.Run, instance *acctest.Instance, attributes acctest.Attributes) error {
	fresh, err := run.Read(ctx, tokenType, instance)
	switch {
	case err != nil:
		return fmt.Errorf("%w%s", err, shown(attributes))
	case fresh == nil:
		return errors.New("it is gone")
	case !fresh.Equal(instance):
		return fmt.Errorf("the refresh finds a change%s", shown(attributes))
	}
	plan, err := run.Plan(ctx, tokenType, fresh, attributes)
	switch {
	case err != nil:
		return fmt.Errorf("%w%s", err, shown(attributes))
	case plan.Replaces() || !plan.Planned().Equal(instance):
		return fmt.Errorf("the plan is not empty%s", shown(attributes))
	}
	return nil
}

// all does something with every token, as many at a time as core does; the first errors fail the test.
func all(t *testing.T, count int, do func(ctx context.Context, i int) error) {
	t.Helper()
	var group sync.WaitGroup
	slots := make(chan struct{}, parallelism)
	for i := range count {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if t.Failed() {
				return
			}
			if err := do(t.Context(), i); err != nil {
				t.Errorf("token %d: %v", i, err)
			}
		})
	}
	group.Wait()
	if t.Failed() {
		t.FailNow()
	}
}

// shown is a configuration as a failure quotes it; there is no secret in one.
func shown(attributes acctest.Attributes) string {
	text, err := json.MarshalIndent(attributes, "", "  ")
	if err != nil {
		return ": " + err.Error()
	}
	return ":\n" + string(text)
}

func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// reordered is the configuration with every set in another order.
func (g *generator) reordered(attributes acctest.Attributes) acctest.Attributes {
	copied, _ := g.shuffled(map[string]any(attributes)).(map[string]any)
	return copied
}

func (g *generator) shuffled(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for _, name := range sortedKeys(value) {
			copied[name] = g.shuffled(value[name])
		}
		return copied
	case []any:
		copied := make([]any, 0, len(value))
		for _, i := range g.Perm(len(value)) {
			copied = append(copied, g.shuffled(value[i]))
		}
		return copied
	default:
		return value
	}
}
