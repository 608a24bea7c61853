// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing that is wrong with a seed. It is an error, so that
// errors.As finds the first one in what [Load] returns.
type Problem struct { //nolint:errname // A seed has problems; the error is their list.
	// File is the seed's name as given to [Load].
	File string
	// Line counts from 1; 0 is the file as a whole.
	Line int
	// Path leads to the value, as in "tokens.terraform.policies[0]"; empty
	// for the whole document.
	Path string
	// Message says what is wrong and, where that is known, what would be
	// right. It never holds a secret.
	Message string
}

// Error returns "file:line: path: message".
func (p *Problem) Error() string {
	var b strings.Builder
	b.WriteString(p.File)
	if p.Line > 0 {
		fmt.Fprintf(&b, ":%d", p.Line)
	}
	b.WriteString(": ")
	if p.Path != "" {
		b.WriteString(p.Path)
		b.WriteString(": ")
	}
	b.WriteString(p.Message)
	return b.String()
}

// Errors are all the problems of one seed, by line.
type Errors struct { //nolint:errname // It is not one error but all of them.
	Problems []Problem
}

// Error returns one line for every problem.
func (e *Errors) Error() string {
	lines := make([]string, len(e.Problems))
	for i := range e.Problems {
		lines[i] = e.Problems[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the problems, for errors.As.
func (e *Errors) Unwrap() []error {
	list := make([]error, len(e.Problems))
	for i := range e.Problems {
		list[i] = &e.Problems[i]
	}
	return list
}

// errors returns what was found, by line.
func (l *loader) errors() *Errors {
	slices.SortStableFunc(l.problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	return &Errors{Problems: l.problems}
}

func (l *loader) problem(line int, path, format string, args ...any) {
	l.problems = append(l.problems, Problem{File: l.name, Line: line, Path: path, Message: fmt.Sprintf(format, args...)})
}
