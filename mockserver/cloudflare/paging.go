// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"cmp"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// resultInfo says where in a list a page stands.
type resultInfo struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	Count      int `json:"count"`
	TotalCount int `json:"total_count"`
	TotalPages int `json:"total_pages"`
}

// pageSize is how many items a page of a list holds: unless the request says
// otherwise, and at most. Less than the published minimum is served, since
// clients ask for single items.
type pageSize struct{ standard, most int }

var (
	ordinaryPages = pageSize{standard: 20, most: 50}
	zonePages     = pageSize{standard: 20, most: 50}
	rulePages     = pageSize{standard: 20, most: 1000}
	recordPages   = pageSize{standard: 100, most: 5000}
)

// page cuts a page out of a list. Past the end it is empty, never null:
// clients ask for pages until one is empty.
func page[T any](x *exchange, items []T, size pageSize) (*reply, error) {
	number, err := x.queryInt("page", 1)
	if err != nil {
		return nil, err
	}
	perPage, err := x.queryInt("per_page", size.standard)
	if err != nil {
		return nil, err
	}
	perPage = min(perPage, size.most)
	info := &resultInfo{Page: number, PerPage: perPage, TotalCount: len(items)}
	info.TotalPages = (len(items) + perPage - 1) / perPage
	cut := make([]T, 0, perPage)
	if first := (number - 1) * perPage; first < len(items) {
		cut = append(cut, items[first:min(first+perPage, len(items))]...)
	}
	info.Count = len(cut)
	if x.query.Get("order") == "" && x.query.Get("direction") == "" {
		shuffled(x.shuffle, cut)
	}
	return &reply{result: cut, info: info}, nil
}

// queryInt reads a positive whole number from the query.
func (x *exchange) queryInt(name string, absent int) (int, error) {
	text := x.query.Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.ParseInt(text, 10, 32)
	if err != nil || n < 1 {
		return 0, invalid("", "query parameter %s must be a whole number from 1", name)
	}
	return int(n), nil
}

// queryBool reads true or false from the query.
func (x *exchange) queryBool(name string, absent bool) (bool, error) {
	switch x.query.Get(name) {
	case "":
		return absent, nil
	case "true":
		return true, nil
	case "false":
		return false, nil
	default:
		return false, invalid("", "query parameter %s must be true or false", name)
	}
}

// choice reads one of a few words from the query; the first is what an absent
// parameter means.
func (x *exchange) choice(name string, words ...string) (string, error) {
	text := x.query.Get(name)
	if text == "" {
		return words[0], nil
	}
	if !slices.Contains(words, text) {
		return "", invalid("", "query parameter %s must be one of %s", name, strings.Join(words, ", "))
	}
	return text, nil
}

// ordering sorts a list by the query's order and direction. Keys are what can
// be ordered by; without an order the list keeps the one it has, and a
// direction of desc reverses that. Equal items keep their order.
func ordering[T any](x *exchange, items []T, keys map[string]func(T) string) error {
	descending, err := x.choice("direction", "asc", "desc")
	if err != nil {
		return err
	}
	order, err := x.choice("order", append([]string{""}, slices.Sorted(maps.Keys(keys))...)...)
	if err != nil {
		return err
	}
	key := keys[order]
	switch {
	case key == nil && descending == "desc":
		slices.Reverse(items)
	case key != nil && descending == "desc":
		slices.SortStableFunc(items, func(a, b T) int { return cmp.Compare(key(b), key(a)) })
	case key != nil:
		slices.SortStableFunc(items, func(a, b T) int { return cmp.Compare(key(a), key(b)) })
	}
	return nil
}
