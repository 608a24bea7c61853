// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"cmp"
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// Disagreement is a question on which evaluators differ, or that one of them could not judge.
type Disagreement struct {
	Scene *scene.Scene
	// Verdicts are in the evaluators' order; nil when one could not judge.
	Verdicts []scene.Verdict
	// Err is why one could not judge; nil otherwise.
	Err error
}

// tally is what a run counted.
type tally struct {
	questions int64
	// outcomes counts the first evaluator's verdicts.
	outcomes      map[outcome]int64
	disagreements []Disagreement
	disagreed     int64
}

func (t *tally) add(other *tally) {
	t.questions += other.questions
	t.disagreed += other.disagreed
	for o, n := range other.outcomes {
		t.outcomes[o] += n
	}
	t.disagreements = append(t.disagreements, other.disagreements...)
}

func newTally() *tally { return &tally{outcomes: make(map[outcome]int64)} }

// mostKept bounds how many disagreements are kept, and after how many a run stops.
const mostKept = 10

// outcome is a verdict in a histogram.
type outcome struct {
	allowed, hidden bool
	gate            int
	reason          string
}

func outcomeOf(v *scene.Verdict) outcome {
	if v.Hidden {
		return outcome{hidden: true}
	}
	return outcome{allowed: v.Allowed, gate: v.Gate, reason: v.Reason}
}

func (o outcome) String() string {
	switch {
	case o.hidden:
		return "answered as absent"
	case o.allowed:
		return "allowed"
	default:
		return fmt.Sprintf("gate %d %s", o.gate, o.reason)
	}
}

// before orders outcomes: allowed, hidden, then by gate and reason.
func (o outcome) compare(other outcome) int {
	return cmp.Or(cmp.Compare(o.gate, other.gate), -cmp.Compare(btoi(o.allowed), btoi(other.allowed)), cmp.Compare(o.reason, other.reason))
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

// runner puts jobs to panels on several workers.
type runner struct {
	config   *Config
	newPanel func() (*panel.Panel, error)
	// title begins the lines of progress.
	title string
	// most ends the run after about so many questions; negative is no end.
	most int64
}

// run works off the jobs. The order in which workers take them decides nothing: a job is a closed piece of
// work, and counts are sums.
func (r *runner) run(ctx context.Context, jobs iter.Seq[panel.Job]) (*tally, error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	queue := make(chan panel.Job, 4*r.config.workers())
	var (
		group  sync.WaitGroup
		mu     sync.Mutex
		failed error
		total  = newTally()
		count  atomic.Int64
	)
	stopProgress := r.progress(&count)
	defer stopProgress()
	for range r.config.workers() {
		p, err := r.newPanel()
		if err != nil {
			return nil, err
		}
		group.Go(func() {
			mine := newTally()
			for job := range queue {
				if ctx.Err() == nil {
					work(ctx, p, job, mine, &count)
				}
				if mine.disagreed > mostKept {
					cancel()
				}
			}
			mu.Lock()
			defer mu.Unlock()
			total.add(mine)
		})
	}
	for job := range jobs {
		if r.most >= 0 && count.Load() >= r.most {
			break
		}
		select {
		case queue <- job:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
	}
	close(queue)
	group.Wait()
	if total.disagreed == 0 && ctx.Err() != nil {
		failed = ctx.Err()
	}
	return total, failed
}

// work judges the batches of one job.
func work(ctx context.Context, p *panel.Panel, job panel.Job, t *tally, count *atomic.Int64) {
	for b := range job {
		if ctx.Err() != nil {
			return
		}
		judged := 0
		err := p.Judge(b, func(i int, verdicts []scene.Verdict) {
			judged++
			t.outcomes[outcomeOf(&verdicts[0])]++
			if panel.Agree(verdicts) {
				return
			}
			t.disagreed++
			if len(t.disagreements) < mostKept {
				t.disagreements = append(t.disagreements, Disagreement{Scene: b.Scene(i), Verdicts: slices.Clone(verdicts)})
			}
		})
		t.questions += int64(judged)
		count.Add(int64(judged))
		if err != nil {
			t.disagreed++
			if len(t.disagreements) < mostKept {
				t.disagreements = append(t.disagreements, Disagreement{Scene: b.Scene(min(judged, len(b.Requests)-1)), Err: err})
			}
		}
	}
}

// progress writes a line every few seconds until the returned function is called.
func (r *runner) progress(count *atomic.Int64) (stop func()) {
	const every = 5 * time.Second
	done := make(chan struct{})
	var group sync.WaitGroup
	group.Go(func() {
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
				r.config.logf("%s: %d so far\n", r.title, count.Load())
			}
		}
	})
	return func() {
		close(done)
		group.Wait()
	}
}

// histogram lists the outcomes of a tally in their order.
func (t *tally) histogram() []Count {
	list := make([]Count, 0, len(t.outcomes))
	for _, o := range slices.SortedFunc(maps.Keys(t.outcomes), outcome.compare) {
		list = append(list, Count{Name: o.String(), Value: t.outcomes[o]})
	}
	return list
}
