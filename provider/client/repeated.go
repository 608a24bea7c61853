// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"fmt"
	"slices"
)

// An endpoint that ignores the parameter page, or a cache in front of one that leaves it out of its key,
// answers every page with the same items. Nothing in such a reply is wrong by itself, and what is made of
// it lacks the items of all other pages: a name would look free, and a token unknown.

// uniqueItems hands out each item of a list once, and refuses a page by which the list cannot be whole.
type uniqueItems[T any] struct {
	known  map[string]bool
	before []string // the ids of the page before
	take   func(id string, item T)
}

// add takes the page of that number, counted from 1. The pages come in their order. An item without an id is
// taken as often as it comes.
func (u *uniqueItems[T]) add(number int, page listPage[T]) error {
	ids := make([]string, 0, len(page.items))
	repeated, leading := 0, 0
	for i, item := range page.items {
		ids = append(ids, item.id)
		if item.id != "" && u.known[item.id] {
			repeated++
			if leading == i {
				leading++
			}
			continue
		}
		u.known[item.id] = true
		u.take(item.id, item.value)
	}
	// Of an endpoint that ignores the page, an object that was created meanwhile lets the second page bring that.
	if 2*repeated > len(ids) && (leading < repeated || !isShift(u.before, ids[:leading])) {
		return page.fault(fmt.Sprintf(
			"page %d of the list repeats items of earlier pages, and brings %d others, as if the parameter page were ignored; items may be missing",
			number, len(ids)-repeated))
	}
	u.before = ids
	return nil
}

// isShift says whether repeated items, of which there is one at least, are what is left of the page before: who
// creates an object while a list is read moves those behind it, by less than a page.
func isShift(before, repeated []string) bool {
	at := slices.Index(before, repeated[0])
	return at > 0 && len(repeated) <= len(before)-at && slices.Equal(before[at:at+len(repeated)], repeated)
}
