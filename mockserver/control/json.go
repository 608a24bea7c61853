// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// maxDepth bounds how deeply a body may nest; a question needs six levels.
const maxDepth = 16

// kind tells the kinds of JSON value apart.
type kind uint8

const (
	isNull kind = iota
	isBool
	isNumber
	isString
	isArray
	isObject
)

// String names the kind for an error message.
func (k kind) String() string {
	switch k {
	case isNull:
		return "null"
	case isBool:
		return "a boolean"
	case isNumber:
		return "a number"
	case isString:
		return "a string"
	case isArray:
		return "an array"
	default:
		return "an object"
	}
}

// value is one JSON value. Bodies are read into values before they are read
// into fields, so that every problem is found with its place, names are exact
// and no key stands twice.
type value struct {
	kind    kind
	text    string // of a string, or the digits of a number
	truth   bool
	items   []value
	members []member
}

type member struct {
	name  string
	value value
}

// parse reads a body of exactly one JSON value.
func parse(body []byte) (value, error) {
	if !utf8.Valid(body) {
		return value{}, errors.New("the body is not valid UTF-8")
	}
	// This checks the whole text, what follows the value included.
	var whole json.RawMessage
	if err := json.Unmarshal(body, &whole); err != nil {
		if at, ok := errors.AsType[*json.SyntaxError](err); ok {
			return value{}, fmt.Errorf("the body is not JSON: %w at byte %d", at, at.Offset)
		}
		return value{}, fmt.Errorf("the body is not JSON: %w", err)
	}
	decoder := json.NewDecoder(bytes.NewReader(body))
	decoder.UseNumber()
	return parseValue(decoder, 0)
}

func parseValue(decoder *json.Decoder, depth int) (value, error) {
	if depth > maxDepth {
		return value{}, errors.New("the body is nested more than " + strconv.Itoa(maxDepth) + " levels deep")
	}
	token, err := decoder.Token()
	if err != nil {
		return value{}, err
	}
	switch t := token.(type) {
	case bool:
		return value{kind: isBool, truth: t}, nil
	case json.Number:
		return value{kind: isNumber, text: t.String()}, nil
	case string:
		return value{kind: isString, text: t}, nil
	case json.Delim:
		if t == '[' {
			return parseItems(decoder, depth)
		}
		return parseMembers(decoder, depth)
	default:
		return value{kind: isNull}, nil
	}
}

func parseItems(decoder *json.Decoder, depth int) (value, error) {
	v := value{kind: isArray}
	for decoder.More() {
		item, err := parseValue(decoder, depth+1)
		if err != nil {
			return value{}, err
		}
		v.items = append(v.items, item)
	}
	_, err := decoder.Token()
	return v, err
}

func parseMembers(decoder *json.Decoder, depth int) (value, error) {
	v := value{kind: isObject}
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
		if seen[name] {
			return value{}, fmt.Errorf("the key %q stands twice in one object", shorten(name))
		}
		seen[name] = true
		item, err := parseValue(decoder, depth+1)
		if err != nil {
			return value{}, err
		}
		v.members = append(v.members, member{name, item})
	}
	_, err := decoder.Token()
	return v, err
}

// shorten cuts a text that someone sent to a length that a message can hold.
func shorten(s string) string {
	const most = 120
	if len(s) <= most {
		return s
	}
	cut := most
	for !utf8.RuneStart(s[cut]) {
		cut--
	}
	return s[:cut] + "…"
}
