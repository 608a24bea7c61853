// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
)

// survivor is an entry of the list: a mutant that no test can tell from the original, and why.
type survivor struct {
	Mutant string `json:"mutant"`
	Reason string `json:"reason"`
}

// readList reads the reasons by the names of their mutants. A package without a list has no excuses.
func readList(path string) (map[string]string, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil //nolint:nilnil // Reading from a nil map finds nothing, which is what is listed.
	}
	if err != nil {
		return nil, err
	}
	var entries []survivor
	if err := json.Unmarshal(data, &entries); err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	listed := make(map[string]string, len(entries))
	for _, e := range entries {
		switch {
		case e.Mutant == "" || strings.TrimSpace(e.Reason) == "":
			return nil, fmt.Errorf("%s: an entry needs a mutant and the reason why no test can kill it", path)
		case listed[e.Mutant] != "":
			return nil, fmt.Errorf("%s: %q stands twice", path, e.Mutant)
		}
		listed[e.Mutant] = e.Reason
	}
	return listed, nil
}

// tally counts fates.
type tally struct {
	counts    [notViable + 1]int
	survivors []string
}

func (t *tally) add(m *mutant, f fate) {
	t.counts[f]++
	if f == survived {
		t.survivors = append(t.survivors, m.name())
	}
}

// total is the number of mutants; what does not compile is none.
func (t *tally) total() int { return t.counts[killed] + t.counts[timedOut] + t.counts[survived] }

// percent is the share of mutants that the tests noticed.
func (t *tally) percent() float64 {
	if t.total() == 0 {
		return 0
	}
	return 100 * float64(t.total()-t.counts[survived]) / float64(t.total())
}

func (t *tally) unlisted(listed map[string]string) []string {
	var names []string
	for _, name := range t.survivors {
		if listed[name] == "" {
			names = append(names, name)
		}
	}
	return names
}

func (t *tally) print(out io.Writer, listed map[string]string) {
	unlisted := len(t.unlisted(listed))
	fmt.Fprintf(out, "mutants: %d\n", t.total())
	fmt.Fprintf(out, "killed: %d\n", t.counts[killed]+t.counts[timedOut])
	fmt.Fprintf(out, "  of these timed out: %d\n", t.counts[timedOut])
	fmt.Fprintf(out, "survived: %d\n", t.counts[survived])
	fmt.Fprintf(out, "  listed as equivalent: %d\n", t.counts[survived]-unlisted)
	fmt.Fprintf(out, "  not listed: %d\n", unlisted)
	fmt.Fprintf(out, "not viable, not counted: %d\n", t.counts[notViable])
	fmt.Fprintf(out, "killed percent: %.1f\n", t.percent())
}

// judge fails for a survivor that is not listed, for an entry of the list that is not true any more, and for
// too small a share.
func (t *tally) judge(listed map[string]string, all []mutant, minimum float64) error {
	var problems []string
	for _, name := range t.unlisted(listed) {
		problems = append(problems, "survived and not listed: "+name)
	}
	lives := make(map[string]bool, len(t.survivors))
	for _, name := range t.survivors {
		lives[name] = true
	}
	exists := make(map[string]bool, len(all))
	for i := range all {
		exists[all[i].name()] = true
	}
	for name := range listed {
		switch {
		case !exists[name]:
			problems = append(problems, "listed and no longer there, remove it from the list: "+name)
		case !lives[name]:
			problems = append(problems, "listed as one that no test can kill, but killed, remove it from the list: "+name)
		}
	}
	if p := t.percent(); p < minimum {
		problems = append(problems, fmt.Sprintf("%.1f %% killed, at least %.1f %% asked", p, minimum))
	}
	if len(problems) > 0 {
		return errors.New(strings.Join(problems, "\n  "))
	}
	return nil
}
