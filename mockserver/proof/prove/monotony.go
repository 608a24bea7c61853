// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/monotony"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/worlds"
)

// monotonySeed tells this section's worlds from those of the random section.
const monotonySeed = 0x5eed

// strictness is what the section counts.
type strictness struct {
	cases, broken int64
	// lost are, by change, how many cases ended an allowance.
	lost     []int64
	examples []violation
}

// violation is a case in which a change allowed more.
type violation struct{ before, after *scene.Scene }

// runMonotony is the section of changes that must never allow more: in random worlds every request is judged
// before and after every change, by the first evaluator.
func runMonotony(ctx context.Context, c *Config) (Counts, error) {
	var counts Counts
	changes := monotony.Changes()
	total, err := countStrictness(ctx, c, changes, c.Monotony/int64(c.sample()))
	if err != nil {
		return counts, fmt.Errorf("monotony: %w", err)
	}
	counts.Figures = []Count{{Name: "monotony cases", Value: total.cases}}
	counts.Failures = total.broken
	for i, change := range changes {
		counts.Details = append(counts.Details, Count{Name: "allowances ended by " + change.Name, Value: total.lost[i]})
		if total.lost[i] == 0 && total.broken == 0 && total.cases >= enoughCases {
			return counts, fmt.Errorf("monotony: %q never ended an allowance, so that nothing was shown of it", change.Name)
		}
	}
	for i, v := range total.examples {
		for _, side := range []struct {
			name  string
			scene *scene.Scene
		}{{"before", v.before}, {"after", v.after}} {
			file, err := c.write(side.scene, fmt.Sprintf("monotony-%d-%s.json", i+1, side.name))
			if err != nil {
				return counts, err
			}
			counts.Replays = append(counts.Replays, file)
		}
	}
	return counts, nil
}

// enoughCases is how many cases show something of every change.
const enoughCases = 1_000_000

// countStrictness works off world after world until there were enough cases.
func countStrictness(ctx context.Context, c *Config, changes []monotony.Change, wanted int64) (*strictness, error) {
	total := &strictness{lost: make([]int64, len(changes))}
	var (
		group    sync.WaitGroup
		mu       sync.Mutex
		next     atomic.Uint64
		count    atomic.Int64
		failures []error
	)
	r := &runner{config: c, title: "monotony"}
	stop := r.progress(&count)
	defer stop()
	for range c.workers() {
		e, err := c.first()
		if err != nil {
			return nil, err
		}
		group.Go(func() {
			mine := &strictness{lost: make([]int64, len(changes))}
			var err error
			for ctx.Err() == nil && err == nil && count.Load() < wanted && mine.broken <= mostKept {
				before := mine.cases
				err = mine.world(e, changes, worlds.New(c.Seed+monotonySeed, next.Add(1)))
				count.Add(mine.cases - before)
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(mine)
			if err != nil {
				failures = append(failures, err)
			}
		})
	}
	group.Wait()
	if len(failures) > 0 {
		return nil, failures[0]
	}
	return total, ctx.Err()
}

// first is the evaluator whose strictness is judged.
func (c *Config) first() (panel.Evaluator, error) {
	evaluators := c.Evaluators
	if evaluators == nil {
		evaluators = Evaluators
	}
	list, err := evaluators()
	if err != nil {
		return nil, err
	}
	return list[0], nil
}

func (s *strictness) add(other *strictness) {
	s.cases += other.cases
	s.broken += other.broken
	for i, n := range other.lost {
		s.lost[i] += n
	}
	s.examples = append(s.examples, other.examples...)
}

// world judges every request of a world before and after every change.
func (s *strictness) world(e panel.Evaluator, changes []monotony.Change, g *worlds.Generator) error {
	for _, b := range g.Batches() {
		before, err := judgeAll(e, b)
		if err != nil {
			return err
		}
		for i := range changes {
			w, credential, ok := changes[i].Apply(g, b.World, b.Credential)
			if !ok {
				continue
			}
			changed := &panel.Batch{World: w, Credential: credential, Requests: b.Requests}
			after, err := judgeAll(e, changed)
			if err != nil {
				return fmt.Errorf("after %s: %w", changes[i].Name, err)
			}
			for j := range after {
				s.cases++
				if before[j].Allowed && !after[j].Allowed {
					s.lost[i]++
				}
				if allowsMore(&before[j], &after[j]) {
					s.broken++
					if len(s.examples) < mostKept {
						s.examples = append(s.examples, violation{b.Scene(j), changed.Scene(j)})
					}
				}
			}
		}
	}
	return nil
}

func judgeAll(e panel.Evaluator, b *panel.Batch) ([]scene.Verdict, error) {
	list := make([]scene.Verdict, 0, len(b.Requests))
	err := panel.New(e).Judge(b, func(_ int, verdicts []scene.Verdict) { list = append(list, verdicts[0]) })
	return list, err
}

// allowsMore reports whether after allows what before does not: the request, or an item of a list.
func allowsMore(before, after *scene.Verdict) bool {
	if after.Allowed && !before.Allowed {
		return true
	}
	for i, item := range after.Items {
		if item && !before.Items[i] {
			return true
		}
	}
	return false
}
