// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"maps"
	"net/url"
	"slices"
	"strconv"

	"golang.org/x/sync/errgroup"
)

const (
	// pageSize is the largest page that every list of the API accepts.
	pageSize = 50
	// maxPages bounds a list that never ends, which only a faulty endpoint sends.
	maxPages = 10_000
	// pagesAtOnce is how many pages of a list are asked for at the same time, once it is known how many
	// there are. The pool of connections keeps as many.
	pagesAtOnce = 10
)

// readAll reads every page of a list. The API says how many pages there are; where it does not, a
// page shorter than asked for is the last. The items come in the order of the pages.
func readAll[T any](ctx context.Context, c *Client, q call, size int) ([]T, error) {
	all := []T{}
	complete, err := eachPage(ctx, func(pages int) bool { return pages <= maxPages },
		func(ctx context.Context, page int) ([]T, resultInfo, error) {
			return readPage[T](ctx, c, q, page, size)
		},
		func(item T) { all = append(all, item) })
	if err != nil {
		return nil, err
	}
	if !complete {
		path, err := q.path()
		if err != nil {
			return nil, err
		}
		return nil, &UnexpectedReplyError{Method: q.method, Path: path, Status: 200, Reason: "the list has no end"}
	}
	return all, nil
}

// eachPage reads a list, hands out its items one after the other in the order of the pages, and says
// whether it came to the end. With every page that shows it, worth is told how many pages there are at
// least; when it says no, no further one is read. With an error nothing is to be made of what was
// handed out.
func eachPage[T any](
	ctx context.Context, worth func(pages int) bool,
	read func(ctx context.Context, page int) ([]T, resultInfo, error), take func(T),
) (complete bool, err error) {
	for page := 1; ; page++ {
		items, info, err := read(ctx, page)
		if err != nil {
			return false, err
		}
		for _, item := range items {
			take(item)
		}
		isLast := lastPage(page, len(items), info)
		pages := page
		if !isLast {
			pages = max(info.TotalPages, page+1)
		}
		switch wanted := worth(pages); {
		case isLast:
			return true, nil
		case !wanted:
			return false, nil
		case info.TotalPages > page:
			return true, restOfPages(ctx, page+1, info.TotalPages, read, take)
		}
	}
}

// restOfPages reads the pages of a list of known length at the same time.
func restOfPages[T any](
	ctx context.Context, first, last int,
	read func(ctx context.Context, page int) ([]T, resultInfo, error), take func(T),
) error {
	pages := make([][]T, last-first+1)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(pagesAtOnce)
	for i := range pages {
		group.Go(func() (err error) {
			pages[i], _, err = read(ctx, first+i)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, items := range pages {
		for _, item := range items {
			take(item)
		}
	}
	return nil
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
	if r.info.PerPage <= 0 {
		r.info.PerPage = size
	}
	return items, r.info, nil
}

// lastPage says whether a page is the last of its list.
func lastPage(page, got int, info resultInfo) bool {
	switch {
	case got == 0:
		return true
	case info.TotalPages > 0:
		return page >= info.TotalPages
	default:
		return got < info.PerPage
	}
}
