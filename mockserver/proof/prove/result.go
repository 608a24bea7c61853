// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// Result is what a run of the sections came to.
type Result struct {
	Commit   string          `json:"commit,omitempty"`
	Seed     uint64          `json:"seed"`
	Sample   int             `json:"sample"`
	Sections []SectionResult `json:"sections"`
	// Failures is the sum of the sections' failures.
	Failures int64   `json:"failures"`
	Seconds  float64 `json:"seconds"`
}

// SectionResult is what one section came to.
type SectionResult struct {
	Name    string  `json:"name"`
	Title   string  `json:"title"`
	Failure string  `json:"failure"`
	Seconds float64 `json:"seconds"`
	Counts
}

// Add adds what a section came to.
func (r *Result) Add(s Section, counts Counts, took time.Duration) {
	r.Sections = append(r.Sections, SectionResult{
		Name: s.Name, Title: s.Title, Failure: s.Failure, Seconds: took.Seconds(), Counts: counts,
	})
	r.Failures += counts.Failures
}

// Select finds sections by their names, separated by commas; "" is all.
func Select(only string) ([]Section, error) {
	if only == "" {
		return Sections(), nil
	}
	var list []Section
	for name := range strings.SplitSeq(only, ",") {
		at := slices.IndexFunc(Sections(), func(s Section) bool { return s.Name == strings.TrimSpace(name) })
		if at < 0 {
			return nil, fmt.Errorf("there is no section %q", name)
		}
		list = append(list, Sections()[at])
	}
	return list, nil
}

// WriteText writes the result for people, every figure as a name, a colon and plain digits.
func (r *Result) WriteText(to io.Writer) error {
	out := &report{to: to}
	for _, s := range r.Sections {
		out.printf("%s: %s (%.0f s)\n", s.Name, s.Title, s.Seconds)
		for _, d := range s.Details {
			out.printf("  %s: %d\n", d.Name, d.Value)
		}
		for _, file := range s.Replays {
			out.printf("  replay with: go run ./cmd/prove -replay %s\n", file)
		}
		out.printf("\n")
	}
	for _, s := range r.Sections {
		for _, f := range s.Figures {
			out.printf("%s: %d\n", f.Name, f.Value)
		}
		out.printf("%s: %d\n", s.Failure, s.Failures)
	}
	out.printf("seconds: %.0f\n", r.Seconds)
	return out.err
}

// WriteJSON writes the result as one JSON object.
func (r *Result) WriteJSON(to io.Writer) error {
	encoder := json.NewEncoder(to)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("writing JSON: %w", err)
	}
	return nil
}

// WriteMarkdown writes the result as tables: the figures, the outcomes, and what was factored.
func (r *Result) WriteMarkdown(to io.Writer) error {
	out := &report{to: to}
	if r.Commit != "" {
		out.printf("Commit `%s`, seed %d, %.0f seconds.\n\n", r.Commit, r.Seed, r.Seconds)
	}
	out.printf("| proof | counted | figure | failures |\n|---|---|---:|---:|\n")
	for _, s := range r.Sections {
		for _, f := range s.Figures {
			out.printf("| %s | %s | %d | %d %s |\n", s.Title, f.Name, f.Value, s.Failures, s.Failure)
		}
	}
	for _, s := range r.Sections {
		if len(s.Details) == 0 {
			continue
		}
		out.printf("\n### %s: %s\n\n| | |\n|---|---:|\n", s.Name, s.Title)
		for _, d := range s.Details {
			out.printf("| %s | %d |\n", d.Name, d.Value)
		}
	}
	out.printf("\n### What the enumeration does not cross, and why it need not\n\n| dimensions | because | shown by |\n|---|---|---|\n")
	for _, f := range Factors() {
		out.printf("| %s | %s | `%s` |\n", f.Dimensions, f.Because, f.Test)
	}
	return out.err
}
