// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun_test

import (
	"flag"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/faultrun"
)

var replay = flag.Int("faultrun.seed", -1, "run this seed of the fault runs alone, and show its requests")

// TestFaultRuns runs the first hundred seeds.
func TestFaultRuns(t *testing.T) {
	t.Parallel()
	runAll(t, 100)
}

// runAll runs seeds over the plugin protocol.
func runAll(t *testing.T, runs int) {
	t.Helper()
	runSeeds(t, "fault runs over the plugin protocol", runs, 32, func(t *testing.T, seed int) *faultrun.Result {
		t.Helper()
		return faultrun.Run(t, faultrun.ScenarioOf(seed))
	})
}

// runSeeds runs the seeds below runs, so many at once: they wait more than they compute. Subtests that are
// parallel by the package's own means would be bound by the number of processors.
func runSeeds(t *testing.T, what string, runs, atOnce int, run func(t *testing.T, seed int) *faultrun.Result) {
	t.Helper()
	first := 0
	if *replay >= 0 {
		first, runs = *replay, *replay+1
	}
	results := make([]*faultrun.Result, runs)
	next := make(chan int)
	var workers sync.WaitGroup
	for range atOnce {
		workers.Go(func() {
			for seed := range next {
				t.Run(fmt.Sprintf("seed=%d", seed), func(t *testing.T) {
					results[seed] = run(t, seed)
					switch {
					case !results[seed].Clean():
						test, _, _ := strings.Cut(t.Name(), "/")
						t.Errorf("%s\nagain alone: go test ./provider/internal/acctest/faultrun -run '^%s$' -faultrun.seed=%d -v", results[seed], test, seed)
					case *replay >= 0:
						t.Log(results[seed])
					}
				})
			}
		})
	}
	for seed := first; seed < runs; seed++ {
		next <- seed
	}
	close(next)
	workers.Wait()
	report(t, what, results[first:])
}

// report prints what the runs found, in plain digits.
func report(t *testing.T, what string, results []*faultrun.Result) {
	t.Helper()
	var done, struck, failed, orphans, duplicates, wrong int
	for _, r := range results {
		if r == nil {
			continue
		}
		done++
		if r.Struck > 0 {
			struck++
		}
		if r.Failed {
			failed++
		}
		orphans, duplicates, wrong = orphans+len(r.Orphans), duplicates+len(r.Duplicates), wrong+len(r.WrongStates)
	}
	t.Logf("%s: %d, of which %d met their fault and %d reported an error; %d orphans, %d duplicates, %d wrong states",
		what, done, struck, failed, orphans, duplicates, wrong)
	if done != len(results) {
		t.Errorf("%d of %d runs were not finished", len(results)-done, len(results))
	}
	if struck < len(results)*9/10 {
		t.Errorf("faults struck in %d of %d runs alone", struck, len(results))
	}
}
