// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"encoding/json"
	"net/url"
	"sync"
	"time"
)

// Terraform refreshes tokens one by one, ten at a time, and asks for each of them by id. So that a
// refresh of many costs no request for each, reads of tokens of one owner are answered from the
// owner's list, 50 tokens a request. A list is a shortcut and never proof: what it does not hold, and
// whatever goes wrong with it, is settled by a GET by id, whose answer or error is the caller's.

const (
	// listLife is how long after its completion a list answers reads, as long as they keep coming: core
	// hands them out a few at a time, so that a plan of thousands lasts minutes, and what it reads first
	// is as old by its end.
	listLife = 10 * time.Minute
	// listRest is how long no read may come for a list to go on. A plan that has ended asks no more, and
	// a client that lives longer than one is to see what has changed since.
	listRest = 30 * time.Second
	// spareReads is how many reads of a client go by id, whatever their owners, before lists are read:
	// a configuration of a few tokens costs what it holds, and no list.
	spareReads = 4
	// pagesPerRead bounds the pages of a list by the reads that have asked for its owner's tokens, so
	// that a few tokens of an owner of thousands do not cost them all. A list that is not worth it yet
	// costs its first page, which it goes on from later, and reads by id until it is: of a list of a
	// hundred pages, the sixth read asks for the rest.
	pagesPerRead = 17
	// listPause is how long reads go by id after a list could not be read.
	listPause = 30 * time.Second
)

// tokenReads turns reads of single tokens into reads of lists. It is safe for concurrent use.
type tokenReads struct {
	// read reads one page of an owner's list.
	read func(ctx context.Context, owner Owner, page int) (listPage[json.RawMessage], error)
	now  func() time.Time

	mu     sync.Mutex
	last   time.Time // when a read last asked, or a list was last read to its end
	spare  int       // how many of the spare reads were taken
	owners map[Owner]*ownerReads
}

// ownerReads is what is known of the reads of one owner's tokens.
type ownerReads struct {
	reads  int        // since the last write, or since the last rest
	pages  int        // how long the list was when it was last looked at; 0 is not known
	first  *firstPage // what a look at a list that was not worth it brought; nil is nothing
	paused time.Time  // until when reads go by id
	list   *tokenList // what answers reads; nil is nothing
}

// firstPage is the first page of a list whose others were not read.
type firstPage struct {
	listPage[json.RawMessage]
	read time.Time
}

// tokenList is an owner's list, under way until done is closed.
type tokenList struct {
	done   chan struct{}
	cancel context.CancelFunc

	// waiters counts, under the lock of tokenReads, the reads that wait while the list is under way.
	waiters int

	// Set before done is closed, and not changed afterwards.
	tokens    map[string]json.RawMessage
	completed time.Time // zero for a list that was not read to its end
}

// find returns the token from its owner's list, which it reads if that is worth it, or nil: then the
// token is to be read by id. A caller whose context ends is let go and leaves the others undisturbed.
func (r *tokenReads) find(ctx context.Context, owner Owner, id string) *Token {
	list := r.join(ctx, owner)
	if list == nil {
		return nil
	}
	select {
	case <-list.done:
	case <-ctx.Done():
	}
	r.quit(owner, list)
	select {
	case <-list.done:
		return list.token(id)
	default:
		return nil
	}
}

// drop forgets every list: something was written. A read that waits for one began before and keeps it.
func (r *tokenReads) drop() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.forget()
}

// forget begins anew but for what lists have taught.
func (r *tokenReads) forget() {
	r.spare = 0
	for _, o := range r.owners {
		o.reads, o.list, o.first = 0, nil, nil
	}
}

// join counts a read and returns the list that answers it, or nil for a read by id.
func (r *tokenReads) join(ctx context.Context, owner Owner) *tokenList {
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	if now.Sub(r.last) > listRest {
		r.forget()
	}
	r.last = now
	o := r.owners[owner]
	if o == nil {
		o = &ownerReads{}
		r.owners[owner] = o
	}
	o.reads++
	if o.list != nil && o.list.isUsable(now) {
		o.list.waiters++
		return o.list
	}
	switch {
	case r.spare < spareReads:
		r.spare++
		return nil
	case now.Before(o.paused), !o.isWorth(o.pages):
		return nil
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	o.list = &tokenList{done: make(chan struct{}), cancel: cancel, waiters: 1}
	first := o.first
	if first != nil && now.Sub(first.read) > listRest {
		first = nil
	}
	o.first = nil
	go r.fetch(ctx, owner, o, o.list, first)
	return o.list
}

// isWorth reports whether the reads so far make up for a list of so many pages.
func (o *ownerReads) isWorth(pages int) bool { return pages-1 <= pagesPerRead*o.reads }

// isUsable reports whether reads may still join: the list is under way, or fresh.
func (l *tokenList) isUsable(now time.Time) bool {
	select {
	case <-l.done:
		return !l.completed.IsZero() && now.Sub(l.completed) <= listLife
	default:
		return true
	}
}

// quit takes a read off a list. One that nobody waits for any more is not read to its end.
func (r *tokenReads) quit(owner Owner, list *tokenList) {
	r.mu.Lock()
	defer r.mu.Unlock()
	list.waiters--
	select {
	case <-list.done:
		return
	default:
	}
	if list.waiters > 0 {
		return
	}
	list.cancel()
	if o := r.owners[owner]; o.list == list {
		o.list = nil
	}
}

// fetch reads the list and closes it, whatever came of it. It goes on from the first page if it is given
// that.
func (r *tokenReads) fetch(ctx context.Context, owner Owner, o *ownerReads, list *tokenList, first *firstPage) {
	defer list.cancel()
	tokens := map[string]json.RawMessage{}
	worth := func(pages int) bool {
		r.mu.Lock()
		defer r.mu.Unlock()
		o.pages = pages
		isWorth := o.isWorth(pages)
		if !isWorth && o.list == list {
			// Had something been written since, the list would not be the owner's any more. Nor is it from here
			// on: who joined it would wait for nothing, and then read by id although it may be worth it by now.
			o.first, o.list = first, nil
		}
		return isWorth
	}
	complete, err := eachPage(ctx, worth, func(ctx context.Context, number int) (listPage[json.RawMessage], error) {
		if number == 1 && first != nil {
			return first.listPage, nil
		}
		page, err := r.read(ctx, owner, number)
		if number == 1 && err == nil {
			first = &firstPage{listPage: page, read: r.now()}
		}
		return page, err
	}, func(id string, item json.RawMessage) { tokens[id] = item })
	r.mu.Lock()
	defer r.mu.Unlock()
	now := r.now()
	list.tokens = tokens
	switch {
	case complete && err == nil:
		// Nobody could ask while all waited for it, however long the API let them wait.
		list.completed, r.last = now, now
	case err != nil && ctx.Err() == nil:
		o.paused = now.Add(listPause)
	}
	close(list.done)
}

// token returns a copy of its own of a token on the list, or nil. What cannot be understood is left to
// a read by id, which says so of that token alone; a token of no policy is no whole token.
func (l *tokenList) token(id string) *Token {
	raw, ok := l.tokens[id]
	if !ok {
		return nil
	}
	var wire wireToken
	if json.Unmarshal(raw, &wire) != nil || len(wire.Policies) == 0 {
		return nil
	}
	token := wire.token()
	return &token
}

// tokenListQuery asks for an owner's tokens, expired ones included.
func tokenListQuery(owner Owner) call {
	q := get(owner.segments()...)
	q.query = url.Values{"include_expired": {"true"}}
	q.secretReply = true
	return q
}
