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
	isNew := len(page.items) == 0
	for _, item := range page.items {
		ids = append(ids, item.id)
		if item.id != "" && u.known[item.id] {
			continue
		}
		u.known[item.id] = true
		isNew = true
		u.take(item.id, item.value)
	}
	if !isNew && !isShift(u.before, ids) {
		return page.fault(fmt.Sprintf(
			"page %d of the list repeats items of earlier pages and brings no other, as if the parameter page were ignored; items may be missing", number))
	}
	u.before = ids
	return nil
}

// isShift says whether a page of repeated items, which is not empty, is what is left of the page before: who
// creates an object while a list is read moves those behind it, by less than a page.
func isShift(before, page []string) bool {
	at := slices.Index(before, page[0])
	return at > 0 && len(page) <= len(before)-at && slices.Equal(before[at:at+len(page)], page)
}
