// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// form reads the fields of one object of a seed and reports what is wrong with
// them. Its methods return the zero value for a field that is absent, null or
// wrong.
type form struct {
	l    *loader
	node *node
	path string
}

// nearest is how many valid names an error about an unknown one carries.
const nearest = 2

// form opens an object that may have the keys. It reports what is not an
// object and every key that is not one of them; it returns nil for the former.
func (l *loader) form(n *node, path string, keys ...string) *form {
	if n.isNull() {
		n = &node{kind: object, line: n.line}
	}
	if n.kind != object {
		l.problem(n.line, path, "must be an object")
		return nil
	}
	f := &form{l: l, node: n, path: path}
	for _, entry := range n.fields {
		if !slices.Contains(keys, entry.key) {
			l.problem(entry.line, f.at(entry.key), "unknown key%s", suggestion(entry.key, keys))
		}
	}
	return f
}

// suggestion is the tail of an error about an unknown name.
func suggestion(name string, valid []string) string {
	const most = 20 // names that a message lists when none is near
	near := catalog.SuggestNames(name, valid, nearest)
	if len(near) == 0 {
		if len(valid) == 0 || len(valid) > most {
			return ""
		}
		return "; valid are " + strings.Join(valid, ", ")
	}
	for i := range near {
		near[i] = strconv.Quote(near[i])
	}
	return ": did you mean " + strings.Join(near, " or ") + "?"
}

// at is the path of a field.
func (f *form) at(key string) string {
	if f.path == "" {
		return key
	}
	return f.path + "." + key
}

// get returns the value of a key, nil when it is absent or null.
func (f *form) get(key string) *node {
	n := f.node.get(key)
	if n == nil || n.isNull() {
		return nil
	}
	return n
}

// line is the line of a field, or of the object when it is absent.
func (f *form) line(key string) int {
	for i := range f.node.fields {
		if f.node.fields[i].key == key {
			return f.node.fields[i].line
		}
	}
	return f.node.line
}

func (f *form) problem(key, format string, args ...any) {
	f.l.problem(f.line(key), f.at(key), format, args...)
}

// text reads a scalar as text, whatever it looks like: a ref or name written
// on or 123 is those letters.
func (l *loader) text(n *node, path string) (string, bool) {
	if n.kind != scalar || n.isNull() {
		l.problem(n.line, path, "must be text")
		return "", false
	}
	return n.text, true
}

func (f *form) text(key, otherwise string) string {
	n := f.get(key)
	if n == nil {
		return otherwise
	}
	s, ok := f.l.text(n, f.at(key))
	if !ok {
		return otherwise
	}
	return s
}

// choice reads one of some words; the first is what an absent field means.
func (f *form) choice(key string, words ...string) string {
	// An empty value is not the first word: what was meant to be denied would
	// be allowed.
	if n := f.node.get(key); n != nil && n.isNull() {
		f.problem(key, "must be one of %s; leave it out for %s", strings.Join(words, ", "), words[0])
		return words[0]
	}
	s := f.text(key, words[0])
	if !slices.Contains(words, s) {
		f.problem(key, "must be one of %s", strings.Join(words, ", "))
		return words[0]
	}
	return s
}

// boolean reads true or false, the only booleans.
func (f *form) boolean(key string) bool {
	n := f.get(key)
	if n == nil {
		return false
	}
	if n.kind != scalar || !n.plain || n.text != "true" && n.text != "false" {
		f.problem(key, "must be true or false")
		return false
	}
	return n.text == "true"
}

// switchValue reads an API access switch: true, false or null.
func (f *form) switchValue(key string) authz.Switch {
	if f.get(key) == nil {
		return authz.Unset
	}
	before := len(f.l.problems)
	on := f.boolean(key)
	if len(f.l.problems) > before {
		f.l.problems[len(f.l.problems)-1].Message = "must be true, false or null"
		return authz.Unset
	}
	return authz.SwitchOf(&on)
}

// integer reads a whole number between two bounds.
func (f *form) integer(key string, otherwise, least, most int) int {
	n := f.get(key)
	if n == nil {
		return otherwise
	}
	value, err := strconv.Atoi(n.text)
	if n.kind != scalar || !n.plain || err != nil || !isJSONLiteral(n.text) || value < least || value > most {
		if most == math.MaxInt {
			f.problem(key, "must be a whole number from %d", least)
		} else {
			f.problem(key, "must be a whole number from %d to %d", least, most)
		}
		return otherwise
	}
	return value
}

// instant reads a time of RFC 3339.
func (f *form) instant(key string, otherwise time.Time) time.Time {
	n := f.get(key)
	if n == nil {
		return otherwise
	}
	t, err := time.Parse(time.RFC3339Nano, n.text)
	if n.kind != scalar || err != nil {
		f.problem(key, "must be a time such as \"2030-01-01T00:00:00Z\"")
		return otherwise
	}
	// The zero time stands for "none": read as a time it would lift an expiry.
	if t = t.UTC(); t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		f.problem(key, "must lie in the years 1 to 9999 of UTC, after 0001-01-01T00:00:00Z")
		return otherwise
	}
	return t
}

// id reads an identifier, or derives it from the kind and ref.
func (f *form) id(kind, ref string) authz.ID {
	n := f.get("id")
	if n == nil {
		return deriveID(kind, ref)
	}
	id, ok := authz.ParseID(n.text)
	if n.kind != scalar || !ok {
		f.problem("id", "must be 32 lower-case hexadecimal digits")
		return deriveID(kind, ref)
	}
	return id
}

// list reads a list and returns its items with their paths.
func (f *form) list(key string) []item {
	n := f.get(key)
	if n == nil {
		return nil
	}
	return f.l.list(n, f.at(key))
}

// item is an item of a list with its path.
type item struct {
	*node
	path string
}

func (l *loader) list(n *node, path string) []item {
	if n.kind != list {
		l.problem(n.line, path, "must be a list")
		return nil
	}
	items := make([]item, len(n.items))
	for i := range n.items {
		items[i] = item{n.items[i], fmt.Sprintf("%s[%d]", path, i)}
	}
	return items
}

// texts reads a list of texts.
func (f *form) texts(key string) []string {
	var out []string
	for _, it := range f.list(key) {
		if s, ok := f.l.text(it.node, it.path); ok {
			out = append(out, s)
		}
	}
	return out
}

// named reads an object whose keys are refs of the seed's own choosing.
func (f *form) named(key string) []entry {
	n := f.get(key)
	if n == nil {
		return nil
	}
	if n.kind != object {
		f.problem(key, "must be an object with a ref for every entry")
		return nil
	}
	var out []entry
	for _, e := range n.fields {
		path := f.at(key) + "." + e.key
		if e.key == "" || strings.ContainsFunc(e.key, func(r rune) bool { return r == '/' || r < ' ' || r == 0x7f }) {
			f.l.problem(e.line, path, "a ref is text without slashes and control characters")
			continue
		}
		out = append(out, entry{ref: e.key, path: path, line: e.line, node: e.value})
	}
	return out
}

// entry is one named thing of a seed.
type entry struct {
	ref, path string
	line      int
	node      *node
}

// value returns a node as JSON, for fields that hold any JSON.
func (n *node) value() json.RawMessage {
	var b bytes.Buffer
	n.write(&b)
	return b.Bytes()
}

func (n *node) write(b *bytes.Buffer) {
	switch n.kind {
	case list:
		b.WriteByte('[')
		for i, it := range n.items {
			if i > 0 {
				b.WriteByte(',')
			}
			it.write(b)
		}
		b.WriteByte(']')
	case object:
		b.WriteByte('{')
		for i, f := range n.fields {
			if i > 0 {
				b.WriteByte(',')
			}
			writeText(b, f.key)
			b.WriteByte(':')
			f.value.write(b)
		}
		b.WriteByte('}')
	case scalar:
		switch {
		case n.isNull():
			b.WriteString("null")
		case n.plain && isJSONLiteral(n.text):
			b.WriteString(n.text)
		default:
			writeText(b, n.text)
		}
	}
}

// isJSONLiteral reports whether the text is true, false or a number in JSON.
func isJSONLiteral(s string) bool {
	if s == "true" || s == "false" {
		return true
	}
	return strings.Trim(s, "0123456789+-.eE") == "" && json.Valid([]byte(s))
}

func writeText(b *bytes.Buffer, s string) {
	text, err := json.Marshal(s)
	if err != nil { // A string always has a JSON form.
		return
	}
	b.Write(text)
}
