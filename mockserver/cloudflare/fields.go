// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// bodyReader collects the problems of one body.
type bodyReader struct {
	// lenient leaves unknown fields unnoticed.
	lenient  bool
	problems []problem
}

// maxProblems is how many problems one reply tells; a body with more was
// made to have them.
const maxProblems = 200

func (r *bodyReader) problem(pointer, format string, args ...any) {
	if len(r.problems) >= maxProblems {
		return
	}
	message := fmt.Sprintf(format, args...)
	if pointer != "" {
		message = pointer + ": " + message
	}
	r.problems = append(r.problems, problem{pointer: pointer, message: message})
}

// object opens a value as an object. For a value of another kind it notes a
// problem and returns an empty object, so that readers need not stop.
func (r *bodyReader) object(v value) *object {
	if v.kind != kindObject {
		r.problem(v.pointer(), "must be an object, not %s", v.kind)
		return &object{reader: r, value: value{kind: kindObject, at: v.at}, used: map[string]bool{}}
	}
	return &object{reader: r, value: v, used: make(map[string]bool, len(v.members))}
}

// object reads the fields of one JSON object. A field that is null counts as
// absent unless a method says otherwise. Every field that is read or ignored
// is known; [object.end] notes the others as problems.
type object struct {
	reader *bodyReader
	value  value
	used   map[string]bool
}

// get returns a field, null included.
func (o *object) get(name string) (value, bool) {
	o.used[name] = true
	for _, m := range o.value.members {
		if m.name == name {
			return m.value, true
		}
	}
	return value{}, false
}

// has reports whether the field is there, null included.
func (o *object) has(name string) bool {
	_, ok := o.get(name)
	return ok
}

// ignore marks fields as known without reading them: what clients send back
// from what they were given.
func (o *object) ignore(names ...string) {
	for _, name := range names {
		o.used[name] = true
	}
}

// pointer is the place of one of the object's fields.
func (o *object) pointer(name string) string {
	return (&place{above: o.value.at, key: name}).String()
}

// fault notes a problem with a field.
func (o *object) fault(name, format string, args ...any) {
	o.reader.problem(o.pointer(name), format, args...)
}

// typed returns a field of the given kind; null is absent, another kind a
// problem.
func (o *object) typed(name string, kind valueKind) (value, bool) {
	v, ok := o.get(name)
	if !ok || v.kind == kindNull {
		return value{}, false
	}
	if v.kind != kind {
		o.fault(name, "must be %s, not %s", kind, v.kind)
		return value{}, false
	}
	return v, true
}

// text reads a string; "" when absent.
func (o *object) text(name string) string {
	v, _ := o.typed(name, kindString)
	return v.text
}

// optionalText reads a string, nil when absent.
func (o *object) optionalText(name string) *string {
	v, ok := o.typed(name, kindString)
	if !ok {
		return nil
	}
	return &v.text
}

// requiredText reads a string that must be there.
func (o *object) requiredText(name string) string {
	if v, ok := o.get(name); !ok || v.kind == kindNull {
		o.fault(name, "is required")
		return ""
	}
	return o.text(name)
}

// optionalBool reads a boolean, nil when absent.
func (o *object) optionalBool(name string) *bool {
	v, ok := o.typed(name, kindBool)
	if !ok {
		return nil
	}
	return &v.truth
}

// triState reads a field that is true, false or null, and reports whether it
// is there at all.
func (o *object) triState(name string) (setting *bool, present bool) {
	v, ok := o.get(name)
	switch {
	case !ok:
		return nil, false
	case v.kind == kindNull:
		return nil, true
	case v.kind == kindBool:
		return &v.truth, true
	default:
		o.fault(name, "must be true, false or null, not %s", v.kind)
		return nil, false
	}
}

// optionalInt reads a whole number, nil when absent.
func (o *object) optionalInt(name string) *int {
	v, ok := o.typed(name, kindNumber)
	if !ok {
		return nil
	}
	n, err := strconv.ParseInt(v.text, 10, 32)
	if err != nil {
		o.fault(name, "must be a whole number of at most 31 bits")
		return nil
	}
	number := int(n)
	return &number
}

// time reads an RFC 3339 instant; the zero time when absent.
func (o *object) time(name string) time.Time {
	v, ok := o.typed(name, kindString)
	if !ok {
		return time.Time{}
	}
	t, err := time.Parse(time.RFC3339Nano, v.text)
	if err != nil {
		o.fault(name, "must be an RFC 3339 time such as 2030-01-31T00:00:00Z")
		return time.Time{}
	}
	// The zero time stands for "none", so read as a time it would lift an
	// expiry. Beyond four digits a year cannot be written.
	if t = t.UTC(); t.IsZero() || t.Year() < 1 || t.Year() > 9999 {
		o.fault(name, "must lie in the years 1 to 9999 of UTC, after 0001-01-01T00:00:00Z")
		return time.Time{}
	}
	return t
}

// texts reads an array of strings; nil when absent.
func (o *object) texts(name string) []string {
	v, ok := o.typed(name, kindArray)
	if !ok {
		return nil
	}
	list := make([]string, 0, len(v.items))
	for _, item := range v.items {
		if item.kind != kindString {
			o.reader.problem(item.pointer(), "must be a string, not %s", item.kind)
			continue
		}
		list = append(list, item.text)
	}
	return list
}

// objects reads an array of objects; nil when absent.
func (o *object) objects(name string) []*object {
	v, ok := o.typed(name, kindArray)
	if !ok {
		return nil
	}
	list := make([]*object, 0, len(v.items))
	for _, item := range v.items {
		list = append(list, o.reader.object(item))
	}
	return list
}

// child reads an object; nil when absent.
func (o *object) child(name string) *object {
	v, ok := o.typed(name, kindObject)
	if !ok {
		return nil
	}
	return o.reader.object(v)
}

// end notes every field that nothing has read or ignored.
func (o *object) end() {
	if o.reader.lenient {
		return
	}
	for _, m := range o.value.members {
		if o.used[m.name] {
			continue
		}
		if len(o.reader.problems) >= maxProblems {
			return // to look for near names costs more than it would tell
		}
		hint := ""
		if near := catalog.SuggestNames(m.name, slices.Sorted(maps.Keys(o.used)), 1); len(near) > 0 {
			hint = "; did you mean " + near[0] + "?"
		}
		o.reader.problem(m.value.pointer(), "unknown field%s", hint)
	}
}

// json writes a value back as compact JSON, in the order it was read.
func (v value) json() json.RawMessage {
	var b strings.Builder
	v.write(&b)
	return json.RawMessage(b.String())
}

func (v value) write(b *strings.Builder) {
	switch v.kind {
	case kindNull:
		b.WriteString("null")
	case kindBool:
		b.WriteString(strconv.FormatBool(v.truth))
	case kindNumber:
		b.WriteString(v.text)
	case kindString:
		b.Write(quoted(v.text))
	case kindArray:
		b.WriteByte('[')
		for i, item := range v.items {
			if i > 0 {
				b.WriteByte(',')
			}
			item.write(b)
		}
		b.WriteByte(']')
	case kindObject:
		b.WriteByte('{')
		for i, m := range v.members {
			if i > 0 {
				b.WriteByte(',')
			}
			b.Write(quoted(m.name))
			b.WriteByte(':')
			m.value.write(b)
		}
		b.WriteByte('}')
	}
}

// quoted writes a string as JSON. A string always encodes.
func quoted(s string) []byte {
	text, err := json.Marshal(s)
	if err != nil {
		return []byte(`""`)
	}
	return text
}
