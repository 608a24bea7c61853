// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"encoding/base64"
	"encoding/json"
)

// The bounds of a page. A page holds the world's lock for reading, so it looks
// at no more than that many things, and a writer never waits longer than that.
const (
	defaultLimit = 100
	maxLimit     = 1000
	maxLooked    = 5_000
)

// page reads "limit" and "cursor". The cursor goes into after, which stays as
// it is when there is none.
func (q *question) page(after any) (limit int) {
	limit = q.root.integer("limit", defaultLimit, 1, maxLimit)
	text := q.root.text("cursor")
	if text == "" {
		return limit
	}
	data, err := base64.RawURLEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(data, after)
	}
	if err != nil {
		q.problems.add("/cursor", "must be the next_cursor of a reply to the same question")
	}
	return limit
}

// cursorOf writes where a page ended.
func cursorOf(position any) string {
	data, err := json.Marshal(position)
	if err != nil { // positions hold strings, numbers and times
		return ""
	}
	return base64.RawURLEncoding.EncodeToString(data)
}
