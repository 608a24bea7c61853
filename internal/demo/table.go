// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"strings"
	"unicode/utf8"
)

// section is a part of the table with a heading of its own.
type section struct {
	title string
	rows  []row
}

// printTable writes all sections under one set of columns and returns how many rows there are and how
// many of them are not as expected.
func printTable(out io.Writer, sections []section) (rows, wrong int) {
	header := []string{"", "WHO", "REQUEST", "EXPECTED", "GOT", "REASON"}
	widths := make([]int, len(header))
	measure := func(cells []string) {
		for i, cell := range cells {
			widths[i] = max(widths[i], utf8.RuneCountInString(cell))
		}
	}
	measure(header)
	for _, s := range sections {
		for _, r := range s.rows {
			measure(r.cells())
		}
	}
	writeCells(out, header, widths)
	for _, s := range sections {
		fmt.Fprintf(out, "\n%s\n", s.title)
		for _, r := range s.rows {
			rows++
			if !r.ok {
				wrong++
			}
			writeCells(out, r.cells(), widths)
		}
	}
	return rows, wrong
}

// cells returns what stands in the columns.
func (r row) cells() []string {
	mark := "✓"
	if !r.ok {
		mark = "✗"
	}
	return []string{mark, r.who, r.request, r.want, r.got, r.reason}
}

// writeCells writes one line, without blanks at its end.
func writeCells(out io.Writer, cells []string, widths []int) {
	var line strings.Builder
	for i, cell := range cells {
		line.WriteString(cell)
		line.WriteString(strings.Repeat(" ", widths[i]-utf8.RuneCountInString(cell)+2))
	}
	fmt.Fprintln(out, strings.TrimRight(line.String(), " "))
}
