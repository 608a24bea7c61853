// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import "strings"

// rowReader reads the JSON of the embedded files: arrays, objects, numbers without sign and strings without
// escapes, which is all that they hold. Strings are parts of the embedded text and are not copied. The
// general decoder takes several times as long, and both programs load the catalogue at every start; a test
// compares the two.
type rowReader struct {
	file string
	text string
	at   int
}

// decode reads a file that is one array; read reads one element of it.
func decode[T any](file, text string, read func(*rowReader) T) []T {
	r := &rowReader{file: file, text: text}

	rows := make([]T, 0, strings.Count(text, "\n"))
	r.list('[', ']', func() { rows = append(rows, read(r)) })
	if r.peek() != 0 {
		fault("%s: text after the last row", file)
	}

	return rows
}

// peek skips white space and shows the next byte; 0 means the end.
func (r *rowReader) peek() byte {
	for r.at < len(r.text) {
		switch c := r.text[r.at]; c {
		case ' ', '\n', '\r', '\t':
			r.at++
		default:
			return c
		}
	}

	return 0
}

// take skips white space and the byte c, which must come next.
func (r *rowReader) take(c byte) {
	if r.peek() != c {
		fault("%s: byte %d: expected %q", r.file, r.at, c)
	}

	r.at++
}

// list reads elements with commas between an opening and a closing bracket.
func (r *rowReader) list(opening, closing byte, element func()) {
	r.take(opening)

	if r.peek() == closing {
		r.at++

		return
	}

	for {
		element()

		if r.peek() == closing {
			r.at++

			return
		}

		r.take(',')
	}
}

// object reads an object; field reads the value of one key.
func (r *rowReader) object(field func(key string)) {
	r.list('{', '}', func() {
		key := r.string()
		r.take(':')
		field(key)
	})
}

func (r *rowReader) string() string {
	r.take('"')

	length := strings.IndexByte(r.text[r.at:], '"')
	if length < 0 {
		fault("%s: byte %d: string without end", r.file, r.at)
	}

	s := r.text[r.at : r.at+length]
	if strings.IndexByte(s, '\\') >= 0 {
		fault("%s: byte %d: escape in a string", r.file, r.at)
	}

	r.at += length + 1

	return s
}

func (r *rowReader) strings() []string {
	var out []string

	r.list('[', ']', func() { out = append(out, r.string()) })

	return out
}

func (r *rowReader) int() int {
	c := r.peek()
	if c < '0' || c > '9' {
		fault("%s: byte %d: expected a number", r.file, r.at)
	}

	n := 0
	for ; r.at < len(r.text) && '0' <= r.text[r.at] && r.text[r.at] <= '9'; r.at++ {
		n = 10*n + int(r.text[r.at]-'0')
	}

	return n
}

// unknown stops at a key that the rows of the file do not have.
func (r *rowReader) unknown(key string) {
	fault("%s: byte %d: unknown key %q", r.file, r.at, key)
}
