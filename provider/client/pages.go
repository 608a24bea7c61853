// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"
)

const (
	// pageSize is the largest page that every list of the API accepts.
	pageSize = 50
	// maxPages bounds a list that never ends, which only a faulty endpoint sends.
	maxPages = 10_000
)

// readAll reads every page of a list. The API says how many pages there are; where it does not, a
// page shorter than asked for is the last.
func readAll[T any](ctx context.Context, c *Client, q call, size int) ([]T, error) {
	all := []T{}
	for page := 1; page <= maxPages; page++ {
		items, info, err := readPage[T](ctx, c, q, page, size)
		if err != nil {
			return nil, err
		}
		all = append(all, items...)
		if lastPage(page, size, len(items), info) {
			return all, nil
		}
	}
	path, err := q.path()
	if err != nil {
		return nil, err
	}
	return nil, &UnexpectedReplyError{Method: q.method, Path: path, Status: 200, Reason: "the list has no end"}
}

func readPage[T any](ctx context.Context, c *Client, q call, page, size int) ([]T, resultInfo, error) {
	query := url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(size)}}
	for name, values := range maps.All(q.query) {
		query[name] = slices.Clone(values)
	}
	q.query = query
	r, err := c.do(ctx, q)
	if err != nil {
		return nil, resultInfo{}, err
	}
	var items []T
	if err := r.decode(q, &items); err != nil {
		return nil, resultInfo{}, err
	}
	return items, r.info, nil
}

func lastPage(page, size, got int, info resultInfo) bool {
	if got == 0 {
		return true
	}
	if info.TotalPages > 0 {
		return page >= info.TotalPages
	}
	if info.PerPage > 0 {
		size = info.PerPage
	}
	return got < size
}
