// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"encoding/json"
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
// page shorter than asked for is the last. The items come in the order of the pages, each of them once,
// however often the list has it.
func readAll[T any](ctx context.Context, c *Client, q call, size int) ([]T, error) {
	all := []T{}
	complete, err := eachPage(ctx, func(pages int) bool { return pages <= maxPages },
		func(ctx context.Context, page int) (listPage[T], error) {
			return readPage[T](ctx, c, q, page, size)
		},
		func(_ string, item T) { all = append(all, item) })
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

// listPage is one page of a list.
type listPage[T any] struct {
	items []listItem[T]
	info  resultInfo
	// fault makes the error that says what is wrong with the reply.
	fault func(reason string) error
}

// listItem is an item of a list with its id, which is empty where it has none.
type listItem[T any] struct {
	id    string
	value T
}

// UnmarshalJSON decodes the item, and its id beside that.
func (i *listItem[T]) UnmarshalJSON(raw []byte) error {
	if err := json.Unmarshal(raw, &i.value); err != nil {
		return err
	}
	var named struct {
		ID string `json:"id"`
	}
	if json.Unmarshal(raw, &named) == nil {
		i.id = named.ID
	}
	return nil
}

// eachPage reads a list, hands out its items one after the other in the order of the pages, each of them
// once, and says whether it came to the end. With every page that shows it, worth is told how many pages
// there are at least; when it says no, no further one is read. With an error nothing is to be made of what
// was handed out.
func eachPage[T any](
	ctx context.Context, worth func(pages int) bool,
	read func(ctx context.Context, page int) (listPage[T], error), take func(id string, item T),
) (complete bool, err error) {
	unique := uniqueItems[T]{known: map[string]bool{}, take: take}
	for number := 1; ; number++ {
		page, err := read(ctx, number)
		if err != nil {
			return false, err
		}
		if err := unique.add(number, page); err != nil {
			return false, err
		}
		isLast := lastPage(number, len(page.items), page.info)
		pages := number
		if !isLast {
			pages = max(page.info.TotalPages, number+1)
		}
		switch wanted := worth(pages); {
		case isLast:
			return true, nil
		case !wanted:
			return false, nil
		case page.info.TotalPages > number:
			if err := restOfPages(ctx, number+1, page.info.TotalPages, read, unique.add); err != nil {
				return false, err
			}
			return true, nil
		}
	}
}

// restOfPages reads the pages of a list of known length at the same time.
func restOfPages[T any](
	ctx context.Context, first, last int,
	read func(ctx context.Context, page int) (listPage[T], error), add func(number int, page listPage[T]) error,
) error {
	pages := make([]listPage[T], last-first+1)
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(pagesAtOnce)
	for i := range pages {
		group.Go(func() (err error) {
			pages[i], err = read(ctx, first+i)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for i, page := range pages {
		if err := add(first+i, page); err != nil {
			return err
		}
	}
	return nil
}

func readPage[T any](ctx context.Context, c *Client, q call, page, size int) (listPage[T], error) {
	query := url.Values{"page": {strconv.Itoa(page)}, "per_page": {strconv.Itoa(size)}}
	for name, values := range maps.All(q.query) {
		query[name] = slices.Clone(values)
	}
	q.query = query
	r, err := c.do(ctx, q)
	if err != nil {
		return listPage[T]{}, err
	}
	out := listPage[T]{info: r.info, fault: func(reason string) error { return r.unexpected(q, reason) }}
	if err := r.decode(q, &out.items); err != nil {
		return listPage[T]{}, err
	}
	if out.info.PerPage <= 0 {
		out.info.PerPage = size
	}
	return out, nil
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
