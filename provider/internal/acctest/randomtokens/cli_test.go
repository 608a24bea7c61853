// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

const (
	// tokensPerConfiguration is how many tokens one configuration has.
	tokensPerConfiguration = 100
	// configurations is how many configurations all of the proof has, and sample how many of them run with every test.
	configurations, sample = 20, 2
)

// A part of the proof: the first configurations.
func TestAccRandomTokens(t *testing.T) {
	t.Parallel()
	applyConfigurations(t, 0, sample)
}

// applyConfigurations has the CLI apply some of the configurations, each in a world of its own.
func applyConfigurations(t *testing.T, first, count int) {
	t.Helper()
	tool := acctest.NeedsCLI(t)
	configFile := installProvider(t)
	for i := first; i < first+count; i++ {
		t.Run(strconv.Itoa(i), func(t *testing.T) {
			t.Parallel()
			applyConfiguration(t, tool, configFile, i)
		})
	}
}

// applyConfiguration applies one configuration: its tokens mean what they say, no plan changes anything, and after the
// destroy none is left. Every fourth is applied by a caller with a Global API key, and every fifth is changed into
// another one on the way.
func applyConfiguration(t *testing.T, tool cli.Tool, configFile string, number int) {
	t.Helper()
	begin := time.Now()
	const firstSeed, everyFourth, everyFifth = 1000, 4, 5
	seed := uint64(firstSeed + number)
	env, places := newWorld(t, seed)
	byKey := number%everyFourth == 1
	g := newGenerator(places, seed, byKey)
	tokens, c := g.configuration(t, tokensPerConfiguration)
	p := &proof{t: t, env: env, work: newWorkspace(t, tool, configFile, c.files, variables(env, byKey)...)}
	p.apply(c)
	p.plan(refreshes - 1)
	p.refresh()
	p.plan(refreshes - 1)
	if number%everyFifth == 2 {
		for i := range tokens {
			tokens[i] = g.successor(tokens[i])
		}
		c = g.write(t, tokens)
		p.work.write(c.files)
		p.apply(c)
		p.plan(1)
	}
	if number == 0 {
		changeByHand(t, env, "", handiworks["name"].does)
		if err := p.work.plan(p.held); err == nil {
			t.Error("a token was renamed by hand, and no plan shows it")
		}
	}
	p.work.run("destroy", "-input=false", "-auto-approve", "-refresh=false")
	if left := len(tokensOf(t, env)); left > 0 {
		t.Errorf("%d tokens are left after the destroy", left)
	}
	t.Logf("%s: %d tokens, %d plans, 0 changes, %s", tool, tokensPerConfiguration, p.plans, time.Since(begin).Round(time.Millisecond))
}

// variables tell the provider where the API is and who calls it.
func variables(env *acctest.Env, byKey bool) []string {
	// The plugin lives for seconds and makes much that is garbage at once: collecting it later saves a third of the time.
	all := []string{"GOGC=400", "ACCESSCONTROL_BASE_URL=" + env.Server.BaseURL}
	if byKey {
		key := env.Server.CredentialOf(mocktest.GlobalKey, "super")
		return append(all, "ACCESSCONTROL_EMAIL="+key.Email, "ACCESSCONTROL_API_KEY="+key.Value)
	}
	return append(all, "ACCESSCONTROL_API_TOKEN="+env.Server.CredentialOf(mocktest.UserToken, acctest.Terraform).Value)
}

// proof is one configuration in its world.
type proof struct {
	t    *testing.T
	env  *acctest.Env
	work *workspace
	// held is the state since the last apply, plans how many plans were empty.
	held  map[string]map[string]any
	plans int
}

// apply applies a configuration that is written, and looks at what has come of it.
func (p *proof) apply(c configuration) {
	p.t.Helper()
	p.work.run("apply", "-input=false", "-auto-approve")
	before := p.held
	p.held = p.work.state()
	world := tokensOf(p.t, p.env)
	if len(world) != len(c.tokens) {
		p.t.Errorf("there are %d tokens, want %d", len(world), len(c.tokens))
	}
	for address, drawn := range c.tokens {
		id, _ := p.held[address]["id"].(string)
		if before != nil && before[address]["id"] != id {
			p.t.Errorf("%s was replaced", address)
		}
		drawn.means.Name = composed(drawn.means.Name)
		if diff := cmp.Diff(drawn.means, world[id]); diff != "" {
			p.t.Errorf("%s does not mean (+) what its configuration says (-):\n%s%s", address, diff, shown(drawn.attributes))
		}
	}
}

// plan plans so many times; no plan may change or write anything.
func (p *proof) plan(times int) {
	p.t.Helper()
	p.env.Fresh()
	for range times {
		if err := p.work.plan(p.held); err != nil {
			p.t.Fatalf("plan %d: %v", p.plans+1, err)
		}
		p.plans++
	}
	p.expectNoWrites()
}

// refresh brings the state up to date, which it already is.
func (p *proof) refresh() {
	p.t.Helper()
	p.env.Fresh()
	p.work.run("apply", "-input=false", "-auto-approve", "-refresh-only")
	if diff := cmp.Diff(p.held, p.work.state()); diff != "" {
		p.t.Errorf("a refresh changes the state:\n%s", diff)
	}
	p.expectNoWrites()
}

func (p *proof) expectNoWrites() {
	p.t.Helper()
	if writes := p.env.Server.Journal(mocktest.Writes); len(writes) > 0 {
		p.t.Errorf("%d requests of plans could have changed something, the first of them %s %s", len(writes), writes[0].Method, writes[0].Path)
	}
}
