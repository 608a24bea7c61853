// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package prove compares evaluators of the authorization model on the whole finite space, on random worlds
// and under changes that must never allow more (authorization model §10). What it proves is a list of named
// sections; a further proof is a further section.
package prove

import (
	"context"
	"fmt"
	"io"
	"runtime"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/cedar"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/engine"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/oracle"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
)

// Config says how much to prove and how.
type Config struct {
	// Cells bounds the enumeration, about; negative is all of it, zero none.
	Cells int64
	// Random, Monotony and Attacks are how many decisions, cases and attacks to make at least.
	Random, Monotony, Attacks int64
	// Seed begins everything random, and says which slice a sample takes.
	Seed uint64
	// Sample takes one in so many of everything; zero and one are all.
	Sample int
	// Workers is how many questions are judged at once; zero is one for each processor.
	Workers int
	// Log gets lines of progress, from one goroutine at a time; nil is nobody.
	Log io.Writer
	// Disagreements is the folder for the scenes on which evaluators disagree; "" is the working folder.
	Disagreements string
	// Evaluators replace the three of [NewPanel], for tests of this package; nil is those.
	Evaluators func() ([]panel.Evaluator, error)
}

func (c *Config) workers() int {
	if c.Workers > 0 {
		return c.Workers
	}
	return runtime.GOMAXPROCS(0)
}

func (c *Config) sample() int { return max(c.Sample, 1) }

func (c *Config) logf(format string, args ...any) {
	if c.Log != nil {
		fmt.Fprintf(c.Log, format, args...)
	}
}

func (c *Config) newPanel() (*panel.Panel, error) {
	if c.Evaluators == nil {
		return NewPanel()
	}
	list, err := c.Evaluators()
	if err != nil {
		return nil, err
	}
	return panel.New(list...), nil
}

// Count is a figure with its name.
type Count struct {
	Name  string `json:"name"`
	Value int64  `json:"value"`
}

// Counts are what a section counted.
type Counts struct {
	// Figures are the section's results, in the order in which they are to be read.
	Figures []Count `json:"figures"`
	// Details are finer figures, a histogram for example.
	Details []Count `json:"details,omitempty"`
	// Failures is how many questions ended other than they must; a proof has none.
	Failures int64 `json:"failures"`
	// Replays are the files of minimal scenes that show failures.
	Replays []string `json:"replays,omitempty"`
}

// Section is one proof.
type Section struct {
	// Name is what the command's flags and reports call it, Title says what it shows, Failure what a question
	// is called that ended other than it must.
	Name, Title, Failure string
	// Run proves; an error is a proof that could not be made, which is not a proof that failed.
	Run func(ctx context.Context, c *Config) (Counts, error)
}

// Sections are all proofs, the quick ones first.
func Sections() []Section {
	return []Section{
		{"operations", "every operation accepts the same groups in the operations table and in the oracle's", "operations that differ", runOperations},
		{"monotony", "what makes access stricter never allows more", "cases that allow more", runMonotony},
		{"attacks", "no attack on record-level grants comes through the server", "bypasses", runAttacks},
		{"random", "engine, oracle and Cedar agree on random worlds", "disagreements in random worlds", runRandom},
		{"cells", "engine, oracle and Cedar agree on the whole finite space", "disagreements", runCells},
	}
}

// NewPanel seats the three evaluators: the engine, the oracle and the translation to Cedar.
func NewPanel() (*panel.Panel, error) {
	list, err := Evaluators()
	if err != nil {
		return nil, err
	}
	return panel.New(list...), nil
}

// Evaluators makes the three evaluators, the engine first.
func Evaluators() ([]panel.Evaluator, error) {
	e, err := engine.New()
	if err != nil {
		return nil, fmt.Errorf("engine: %w", err)
	}
	o, err := oracle.New()
	if err != nil {
		return nil, fmt.Errorf("oracle: %w", err)
	}
	c, err := cedar.New()
	if err != nil {
		return nil, fmt.Errorf("cedar: %w", err)
	}
	return []panel.Evaluator{e, panel.Whole("oracle", o.Judge), c}, nil
}
