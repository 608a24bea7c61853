// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"
)

// crossing is the seed of the order in which the first runs cross operations and classes, so that any
// stretch of seeds has something of everything.
const crossing = 20_26

// Scenario is all that is chosen about a run.
type Scenario struct {
	// Seed is the number that chose it.
	Seed int

	operation operation
	faults    []struck
	// retries is the provider's max_retries.
	retries int
	// propagation is the provider's propagation_timeout.
	propagation time.Duration
	// storage is the secret_storage of a token.
	storage string
	// twin says whether somebody else has a token of the same name and definition from before.
	twin bool
	// stops says whether a run that is cancelled is told so by StopProvider, and not by the end of the context.
	stops bool
}

// struck is a class and the requests that it strikes.
type struck struct {
	class class
	at    target
}

// target is the requests that a fault strikes: of those that match, Skip pass, and Times are struck, all of
// them for 0.
type target struct {
	Method, Path string
	Skip, Times  int
}

// cell is an operation that meets a class of fault.
type cell struct {
	operation operation
	class     class
}

// cells cross all operations with all classes, but for those that strike reads where there are none.
func cells() []cell {
	var all []cell
	for _, op := range operations() {
		for _, c := range classes() {
			if op.reads > 0 || !c.readsOnly {
				all = append(all, cell{op, c})
			}
		}
	}
	return all
}

// Cells is how many seeds it takes for every operation to meet every class of fault.
func Cells() int { return len(cells()) }

// ScenarioOf returns what the seed chooses. The same seed always chooses the same.
func ScenarioOf(seed int) Scenario { return choose(seed, cells()) }

// CLIScenarioOf is ScenarioOf for runs of a CLI: resources that are configured, and faults that do not end the
// command.
func CLIScenarioOf(seed int) Scenario {
	return choose(seed, slices.DeleteFunc(cells(), func(c cell) bool { return !c.operation.plain || c.class.cancels }))
}

func choose(seed int, all []cell) Scenario {
	dice := rand.New(rand.NewPCG(uint64(seed), crossing)) //nolint:gosec // runs are to be repeatable
	chosen, pair := all[dice.IntN(len(all))], dice.IntN(2) == 0
	if seed >= 0 && seed < len(all) {
		chosen, pair = all[rand.New(rand.NewPCG(crossing, 0)).Perm(len(all))[seed]], false //nolint:gosec // as above
	}
	s := Scenario{
		Seed: seed, operation: chosen.operation,
		retries: dice.IntN(3), propagation: time.Duration(1+dice.IntN(2)) * time.Second,
		storage: []string{storageState, storageEncrypted, storageNone}[dice.IntN(3)],
		twin:    dice.IntN(2) == 0, stops: dice.IntN(2) == 0,
	}
	s.add(dice, &chosen.class)
	for pair {
		if second := all[dice.IntN(len(all))]; second.operation.name == chosen.operation.name {
			s.add(dice, &second.class)
			break
		}
	}
	return s
}

// add chooses the requests that the class strikes: half of the time the write that the operation is about, if
// that may be, and else any.
func (s *Scenario) add(dice *rand.Rand, c *class) {
	at, among := target{Times: dice.IntN(4)}, s.operation.requests
	write := dice.IntN(2) == 0 && s.operation.write.Method != ""
	switch {
	case c.readsOnly:
		at.Method, among = http.MethodGet, s.operation.reads
	case write:
		at.Method, at.Path, among = s.operation.write.Method, s.operation.write.Path, 1
	}
	at.Skip = dice.IntN(among)
	if c.longest > 0 && (at.Times == 0 || at.Times > c.longest) {
		at.Times = c.longest
	}
	s.faults = append(s.faults, struck{*c, at})
}

// timeout is the provider's request_timeout while the faults are active: short where a request is never
// answered, so that the run ends.
func (s *Scenario) timeout() time.Duration {
	for _, f := range s.faults {
		if f.class.fault.Delay > 0 && !f.class.cancels {
			return time.Second
		}
	}
	return 5 * time.Second
}

// String names the scenario in one line, for the log of a run that failed.
func (s *Scenario) String() string {
	var text strings.Builder
	fmt.Fprintf(&text, "seed %d: %s (%s)", s.Seed, s.operation.name, s.storage)
	for _, f := range s.faults {
		at := "any request"
		if f.class.readsOnly {
			at = "any read"
		}
		if f.at.Path != "" {
			at = f.at.Method + " " + f.at.Path
		}
		times := fmt.Sprintf("%d times", f.at.Times)
		if f.at.Times == 0 {
			times = "to the end"
		}
		fmt.Fprintf(&text, "; %s on %s after %d, %s", f.class.name, at, f.at.Skip, times)
	}
	fmt.Fprintf(&text, "; max_retries %d, twin %t", s.retries, s.twin)
	return text.String()
}
