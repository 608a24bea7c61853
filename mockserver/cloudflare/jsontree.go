// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxDepth bounds how deeply a body may nest. Nothing that the API takes
// nests deeper than seven.
const maxDepth = 32

// valueKind tells the kinds of JSON value apart.
type valueKind uint8

const (
	kindNull valueKind = iota
	kindBool
	kindNumber
	kindString
	kindArray
	kindObject
)

// String names the kind for an error message.
func (k valueKind) String() string {
	switch k {
	case kindNull:
		return "null"
	case kindBool:
		return "a boolean"
	case kindNumber:
		return "a number"
	case kindString:
		return "a string"
	case kindArray:
		return "an array"
	case kindObject:
		return "an object"
	default:
		return "nothing"
	}
}

// value is one JSON value with the place where it stands. Reading a body into
// values first, and only then into fields, lets problems name their place,
// keeps names exact, and refuses repeated keys, none of which decoding into
// structs does.
type value struct {
	kind    valueKind
	at      *place // nil for the whole body
	text    string // of a string, or the digits of a number
	truth   bool
	items   []value
	members []member
}

type member struct {
	name  string
	value value
}

// pointer is the JSON pointer to the value, "" for the whole body.
func (v value) pointer() string { return v.at.String() }

// place is where a value stands in its body: a key or an index below another
// place. It becomes a text only when a problem is told: a text in every value
// would let a small body with one long key and many values fill the memory.
type place struct {
	above *place
	key   string
	index int // where there is no key; from 0
	item  bool
}

// String returns the JSON pointer; "" for nil.
func (p *place) String() string {
	if p == nil {
		return ""
	}
	if p.item {
		return p.above.String() + "/" + strconv.Itoa(p.index)
	}
	return p.above.String() + "/" + escapePointer(p.key)
}

// problem is something wrong with a request.
type problem struct {
	pointer string
	message string
	syntax  bool // the body could not be decoded at all
}

// parseJSON reads a body of exactly one JSON value. The problem is nil if it
// is one.
func parseJSON(body []byte) (value, *problem) {
	syntax := func(pointer, format string, args ...any) *problem {
		return &problem{pointer: pointer, message: fmt.Sprintf(format, args...), syntax: true}
	}
	if !utf8.Valid(body) {
		return value{}, syntax("", "it is not valid UTF-8")
	}
	// This checks the whole text, what follows the value included.
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		if at, ok := errors.AsType[*json.SyntaxError](err); ok {
			return value{}, syntax("", "%s at byte %d", at.Error(), at.Offset)
		}
		return value{}, syntax("", "%s", err.Error())
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	v, err := readValue(decoder, nil, 0)
	if err != nil {
		if place, ok := errors.AsType[*placeError](err); ok {
			return value{}, syntax(place.pointer, "%s", place.message)
		}
		return value{}, syntax("", "%s", err.Error())
	}
	return v, nil
}

// placeError is a fault of a body at one place.
type placeError struct{ pointer, message string }

// Error names the place and the fault.
func (e *placeError) Error() string { return e.pointer + ": " + e.message }

func readValue(decoder *json.Decoder, at *place, depth int) (value, error) {
	if depth > maxDepth {
		return value{}, &placeError{at.String(), "it is nested more than " + strconv.Itoa(maxDepth) + " levels deep"}
	}
	token, err := decoder.Token()
	if err != nil {
		return value{}, err
	}
	v := value{at: at}
	switch t := token.(type) {
	case nil:
	case bool:
		v.kind, v.truth = kindBool, t
	case json.Number:
		v.kind, v.text = kindNumber, t.String()
	case string:
		v.kind, v.text = kindString, t
	case json.Delim:
		if t == '[' {
			v.kind = kindArray
			return readItems(decoder, v, depth)
		}
		v.kind = kindObject
		return readMembers(decoder, v, depth)
	}
	return v, nil
}

func readItems(decoder *json.Decoder, v value, depth int) (value, error) {
	for decoder.More() {
		item, err := readValue(decoder, &place{above: v.at, index: len(v.items), item: true}, depth+1)
		if err != nil {
			return value{}, err
		}
		v.items = append(v.items, item)
	}
	_, err := decoder.Token()
	return v, err
}

func readMembers(decoder *json.Decoder, v value, depth int) (value, error) {
	seen := make(map[string]bool)
	for decoder.More() {
		token, err := decoder.Token()
		if err != nil {
			return value{}, err
		}
		name, ok := token.(string)
		if !ok {
			return value{}, io.ErrUnexpectedEOF
		}
		at := &place{above: v.at, key: name}
		if seen[name] {
			return value{}, &placeError{at.String(), "the key " + at.String() + " stands twice"}
		}
		seen[name] = true
		item, err := readValue(decoder, at, depth+1)
		if err != nil {
			return value{}, err
		}
		v.members = append(v.members, member{name, item})
	}
	_, err := decoder.Token()
	return v, err
}

// maxShownKey is how many bytes of a key a pointer shows.
const maxShownKey = 256

// escapePointer writes a key as one token of a JSON pointer. A key longer than
// any that the API knows is cut short.
func escapePointer(key string) string {
	if len(key) > maxShownKey {
		key = strings.ToValidUTF8(key[:maxShownKey], "") + "…"
	}
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(key)
}
