// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package attacks

import (
	"context"
	"errors"
	"math/rand/v2"
	"sync"
)

// perScenario is how many attacks a scenario sees, perWorld after how many its world starts anew.
const (
	perScenario = 2000
	perWorld    = 100
)

// maxBypasses bounds how many bypasses a run collects before it ends.
const maxBypasses = 10

// Config says how much to try. Every run with the same Seed and Count makes the same attacks.
type Config struct {
	// Count is the least number of attacks.
	Count int
	// Seed starts the generator.
	Seed uint64
	// Workers is how many scenarios run beside each other; zero is one.
	Workers int
	// Progress, if not nil, is told after each scenario how many attacks have been made; it may be called
	// from several goroutines.
	Progress func(done int)
}

// Result is what a run counted.
type Result struct {
	// Attacks counts the requests, Allowed those that were carried out.
	Attacks, Allowed int
	// ByKind counts the requests of each kind, AllowedByKind those that were carried out: a kind of which
	// none ever is shows nothing.
	ByKind, AllowedByKind map[Kind]int
	// Bypasses are the attacks that came through, at most some ten; the run ends early then.
	Bypasses []*BypassError
}

// Run makes the attacks. The error is that of the context or of a scenario that could not be made; bypasses
// are part of the result.
func Run(ctx context.Context, config Config) (Result, error) {
	total := Result{ByKind: map[Kind]int{}, AllowedByKind: map[Kind]int{}}
	jobs := make(chan uint64)
	var (
		mu     sync.Mutex
		failed error
		group  sync.WaitGroup
	)
	done := func(one Result, err error) {
		mu.Lock()
		defer mu.Unlock()
		failed = errors.Join(failed, err)
		total.add(one)
		if config.Progress != nil {
			config.Progress(total.Attacks)
		}
	}
	for range max(config.Workers, 1) {
		group.Go(func() {
			for n := range jobs {
				done(runScenario(rand.New(rand.NewPCG(config.Seed, n)))) //nolint:gosec // A run must be repeatable.
			}
		})
	}
	stopped := func() bool {
		mu.Lock()
		defer mu.Unlock()
		return failed != nil || len(total.Bypasses) >= maxBypasses
	}
	for n := uint64(0); n*perScenario < uint64(config.Count) && ctx.Err() == nil && !stopped(); n++ { //nolint:gosec // A count is not negative.
		jobs <- n
	}
	close(jobs)
	group.Wait()
	return total, errors.Join(failed, ctx.Err())
}

// runScenario attacks one scenario.
func runScenario(rng *rand.Rand) (Result, error) {
	result := Result{ByKind: map[Kind]int{}, AllowedByKind: map[Kind]int{}}
	s, err := newScenario(rng)
	if err != nil {
		return result, err
	}
	for i := range perScenario {
		if i > 0 && i%perWorld == 0 {
			if err := s.reset(); err != nil {
				return result, err
			}
		}
		a := next(rng, s)
		status, err := s.try(pick(rng, s.tokens), a)
		result.Attacks++
		result.ByKind[a.kind]++
		if status < 300 {
			result.Allowed++
			result.AllowedByKind[a.kind]++
		}
		if broken, ok := errors.AsType[*BypassError](err); ok {
			result.Bypasses = append(result.Bypasses, broken)
			if len(result.Bypasses) >= maxBypasses {
				return result, nil
			}
			// What came through is part of the world now; the next attacks start from a sound one.
			err = s.reset()
		}
		if err != nil {
			return result, err
		}
	}
	return result, nil
}

func (r *Result) add(other Result) {
	r.Attacks += other.Attacks
	r.Allowed += other.Allowed
	for kind, n := range other.ByKind {
		r.ByKind[kind] += n
	}
	for kind, n := range other.AllowedByKind {
		r.AllowedByKind[kind] += n
	}
	r.Bypasses = append(r.Bypasses, other.Bypasses...)
}
