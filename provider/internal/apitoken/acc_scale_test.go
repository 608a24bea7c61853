// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// A thousand tokens, with the requests counted in the server's journal. The provider is driven over the
// plugin protocol, ten resources at a time as Terraform's core does, so that the time goes into the provider
// and not into core; package acctest has a smaller fleet that the CLI itself applies.

const (
	// scaleCount is how many tokens the quotas of two accounts hold.
	scaleCount = 1000
	// scaleLimit is the published limit, 1,200 requests, in a window of three seconds instead of five minutes:
	// a thousand tokens need as many windows as they do in earnest, and wait a hundredth of the time. (The
	// rate of 1,200 in five minutes would be four in a second, so that a thousand creates alone took over
	// four minutes; make prove runs that.)
	scaleLimit = "1200/3s"
	// coreParallelism is how many operations Terraform's core has under way, unless told otherwise.
	coreParallelism = 10
)

// fleet is many tokens, spread over owners.
type fleet struct {
	*acctest.Env
	t         *testing.T
	accounts  []string // the owners by account id; the user's own where there is none
	instances []*acctest.Instance
}

func newFleet(t *testing.T, count int, accounts ...string) *fleet {
	t.Helper()
	f := &fleet{
		Env: acctest.New(t, mocktest.WithSeed(acctest.ScaleWorld), mocktest.WithRateLimit(scaleLimit)),
		t:   t, instances: make([]*acctest.Instance, count),
	}
	for _, ref := range accounts {
		f.accounts = append(f.accounts, f.ID("account:"+ref))
	}
	return f
}

// attributes are the configuration of one token.
func (f *fleet) attributes(i int) acctest.Attributes {
	account := f.ID("account:a")
	attributes := acctest.Attributes{"name": fmt.Sprintf("token %d", i)}
	if len(f.accounts) > 0 {
		account = f.accounts[i%len(f.accounts)]
		attributes["account_id"] = account
	}
	attributes["policies"] = map[string]any{"settings": map[string]any{
		"permission_groups": []string{"Account Settings Read"}, "resources": map[string]any{"accounts": []string{account}},
	}}
	return attributes
}

// all does something with every token, as many at a time as core does; each error fails the test.
func (f *fleet) all(do func(ctx context.Context, i int) error) {
	f.t.Helper()
	var group sync.WaitGroup
	slots := make(chan struct{}, coreParallelism)
	for i := range f.instances {
		slots <- struct{}{}
		group.Go(func() {
			defer func() { <-slots }()
			if err := do(f.t.Context(), i); err != nil {
				f.t.Errorf("token %d: %v", i, err)
			}
		})
	}
	group.Wait()
	if f.t.Failed() {
		f.t.FailNow()
	}
}

// plant puts the fleet's tokens into the world behind the API, and into state as an import would leave them.
func (f *fleet) plant() {
	f.t.Helper()
	run := f.Start(nil)
	owners := max(len(f.accounts), 1)
	for owner := range owners {
		plan, err := run.Plan(f.t.Context(), apitoken.TypeName, nil, f.attributes(owner))
		if err != nil {
			f.t.Fatal(err)
		}
		first, err := run.Apply(f.t.Context(), apitoken.TypeName, plan)
		if err != nil {
			f.t.Fatal(err)
		}
		var names []string
		for i := owner + owners; i < len(f.instances); i += owners {
			names = append(names, fmt.Sprintf("token %d", i))
		}
		for n, id := range append([]string{first.Text("id")}, f.Multiply(first.Text("id"), names)...) {
			attributes := f.attributes(owner + n*owners)
			attributes["id"] = id
			if f.instances[owner+n*owners], err = run.Instance(apitoken.TypeName, attributes); err != nil {
				f.t.Fatal(err)
			}
		}
	}
}

// apply creates every token.
func (f *fleet) apply() {
	f.t.Helper()
	f.Fresh()
	run := f.Start(nil)
	f.all(func(ctx context.Context, i int) error {
		plan, err := run.Plan(ctx, apitoken.TypeName, nil, f.attributes(i))
		if err != nil {
			return err
		}
		f.instances[i], err = run.Apply(ctx, apitoken.TypeName, plan)
		return err
	})
	// One POST each, and a look at what each owner has before the first; for a user, at who that is too.
	f.expect(f.CheckRequests(len(f.instances) + max(len(f.accounts), 2)))
}

// plan refreshes and plans every token; no plan may change anything.
func (f *fleet) plan() {
	f.t.Helper()
	f.Fresh()
	run := f.Start(nil)
	f.all(func(ctx context.Context, i int) error {
		instance, err := run.Read(ctx, apitoken.TypeName, f.instances[i])
		if err != nil {
			return err
		}
		if instance == nil {
			return errors.New("it is gone")
		}
		plan, err := run.Plan(ctx, apitoken.TypeName, instance, f.attributes(i))
		if err == nil && !plan.IsEmpty() {
			err = errors.New("its plan is not empty")
		}
		f.instances[i] = instance
		return err
	})
	f.expect(f.CheckRefresh(len(f.instances), len(f.accounts)))
}

// destroy deletes every token.
func (f *fleet) destroy() {
	f.t.Helper()
	f.Fresh()
	run := f.Start(nil)
	f.all(func(ctx context.Context, i int) error {
		plan, err := run.Plan(ctx, apitoken.TypeName, f.instances[i], nil)
		if err != nil {
			return err
		}
		left, err := run.Apply(ctx, apitoken.TypeName, plan)
		if err == nil && left != nil {
			err = errors.New("it is still in state")
		}
		return err
	})
	// One DELETE each, and who it is that Terraform runs as.
	f.expect(f.CheckRequests(len(f.instances) + 1))
}

// expect wants no error, and no request that the rate limit refused: one client that respects what the
// API announces never meets it.
func (f *fleet) expect(err error) {
	f.t.Helper()
	if err != nil {
		f.t.Error(err)
	}
	if refused := f.CountRefused(); refused > 0 {
		f.t.Errorf("the rate limit refused %d requests", refused)
	}
}

// expectTokens counts the tokens of the world, the one that Terraform runs with left out.
func (f *fleet) expectTokens(want int) {
	f.t.Helper()
	got := -1
	if err := f.Server.World().View(func(tx *state.Tx) error { got += len(tx.Tokens()); return nil }); err != nil {
		f.t.Fatal(err)
	}
	if got != want {
		f.t.Errorf("there are %d tokens, want %d", got, want)
	}
}

// wholeLife creates, plans and destroys the fleet.
func (f *fleet) wholeLife() {
	f.t.Helper()
	f.apply()
	f.expectTokens(len(f.instances))
	f.plan()
	f.destroy()
	f.expectTokens(0)
}

// A thousand tokens of two accounts are made, planned and deleted within the limit, without one failed
// resource and one refused request.
func TestAPIToken_thousand(t *testing.T) {
	t.Parallel()
	newFleet(t, scaleCount, "a", "b").wholeLife()
}

// A plan of any number of tokens, of the user or of any number of accounts, costs what it may. Make prove has
// more of them.
func TestAPIToken_planRequests(t *testing.T) {
	t.Parallel()
	planFleets(t, 50, 300)
}

// planFleets plans fleets of these sizes, spread over owners of every kind.
func planFleets(t *testing.T, counts ...int) {
	t.Helper()
	for name, accounts := range map[string][]string{
		"of the user": nil, "of an account": {"a"}, "of two accounts": {"a", "b"},
		"of ten accounts": {"a", "b", "c", "d", "e", "f", "g", "h", "i", "j"},
	} {
		for _, count := range counts {
			t.Run(fmt.Sprintf("%d %s", count, name), func(t *testing.T) {
				t.Parallel()
				f := newFleet(t, count, accounts...)
				f.plant()
				f.plan()
			})
		}
	}
}
