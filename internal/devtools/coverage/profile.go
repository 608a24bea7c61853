// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// result is what a profile says in sum.
type result struct {
	statements, reached int
	missed              []string // "file:line.column,line.column", sorted
}

// percent returns the share of statements that tests reached.
func (r result) percent() float64 {
	return 100 * float64(r.reached) / float64(r.statements)
}

// atLeast compares without rounding: 9,999 of 10,000 statements are not 100 %.
func (r result) atLeast(minimum float64) bool {
	return float64(r.reached)*100 >= minimum*float64(r.statements)
}

// block is what the lines of one block add up to: a profile over several packages repeats blocks.
type block struct {
	statements int
	reached    bool
}

// parse reads lines of the form "file.go:1.2,3.4 statements count" after one line with the mode. A
// profile without a statement is an error, since it proves nothing.
func parse(profile io.Reader) (result, error) {
	blocks := map[string]block{}
	lines := bufio.NewScanner(profile)
	for lines.Scan() {
		line := lines.Text()
		if strings.HasPrefix(line, "mode:") || line == "" {
			continue
		}
		fields := strings.Fields(line)
		if len(fields) != 3 {
			return result{}, fmt.Errorf("unexpected line %q", line)
		}
		statements, err := strconv.Atoi(fields[1])
		if err != nil {
			return result{}, fmt.Errorf("unexpected line %q: %w", line, err)
		}
		count, err := strconv.ParseUint(fields[2], 10, 64)
		if err != nil {
			return result{}, fmt.Errorf("unexpected line %q: %w", line, err)
		}
		blocks[fields[0]] = block{statements: statements, reached: count > 0 || blocks[fields[0]].reached}
	}
	if err := lines.Err(); err != nil {
		return result{}, err
	}
	var sum result
	for _, place := range slices.Sorted(maps.Keys(blocks)) {
		b := blocks[place]
		sum.statements += b.statements
		if b.reached {
			sum.reached += b.statements
		} else if b.statements > 0 {
			sum.missed = append(sum.missed, place)
		}
	}
	if sum.statements == 0 {
		return result{}, errors.New("the profile has no statements")
	}
	return sum, nil
}
