// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"net/http"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// operation is something that a user has the provider do.
type operation struct {
	name string
	// requests is how many requests it takes at least where nothing goes wrong, reads how many of them only read.
	requests, reads int
	// plain says that it is one of a resource, and all that there is to say of it are its configurations.
	plain bool
	// write is the request that it is about; the zero value is none.
	write target
	// allowed are the writes that its plan may come to, as method and route; each of them concerns this
	// operation's own object.
	allowed []string
	// subject prepares what it is done to.
	subject func(w *world) subject
}

// subject is what an operation is done to.
type subject interface {
	// prepare brings it to where the operation starts. Nothing goes wrong meanwhile.
	prepare(w *world, run *acctest.Run) error
	// act does the operation once, and again until it is done: for a resource this is one apply.
	act(w *world, run *acctest.Run) error
	// rest expects that there is nothing left to do.
	rest(w *world, run *acctest.Run) error
	// known are the ids of the tokens that somebody knows of: the state, or whoever was told. Beside them
	// it says how many more there may be whose id nobody knows yet, and which the next apply settles.
	known(w *world) (ids map[string]bool, unsettled int)
	// judge finds what is not as it should be. At the end, or after an act that reported success, the object
	// must be what was asked for; before, what is said of it must be possible.
	judge(w *world, done bool)
}

const (
	userTokens    = "/user/tokens"
	accountTokens = "/accounts/{account_id}/tokens" //nolint:gosec // a route
)

// operations are all operations. Those of tokens come for both kinds of owner.
func operations() []operation {
	var all []operation
	for _, own := range []ownership{ofUser, ofAccount} {
		all = append(all, tokenOperations(own)...)
		all = append(all, ephemeralOperations(own)...)
		all = append(all, actionOperations(own)...)
	}
	all = append(all, switchOperations()...)
	return all
}

// tokenOperations are those of the resource accesscontrol_api_token.
func tokenOperations(own ownership) []operation {
	one := own.route() + "/{token_id}"
	post, put, remove := http.MethodPost+" "+own.route(), http.MethodPut+" "+one, http.MethodDelete+" "+one
	roll := http.MethodPut + " " + one + "/value"
	plain, other, limited, disabled := definition{}, definition{other: true}, definition{limited: true}, definition{status: statusDisabled}
	rolled, moved := definition{trigger: "2"}, definition{moved: true}
	of := func(before, after *definition, change func(*token)) func(*world) subject {
		return func(w *world) subject {
			subject := newToken(w, own, before, after)
			if change != nil {
				change(subject)
			}
			return subject
		}
	}
	create := target{Method: http.MethodPost, Path: own.route()}
	update := target{Method: http.MethodPut, Path: one}
	end := target{Method: http.MethodDelete, Path: one}
	elsewhere := own.another()
	thereOne := elsewhere.route() + "/{token_id}"
	thereCreate := target{Method: http.MethodPost, Path: elsewhere.route()}
	replacing := []string{http.MethodPost + " " + elsewhere.route(), http.MethodDelete + " " + thereOne, remove}
	list := []operation{
		{name: "create", requests: 2, reads: 1, write: create, allowed: []string{post, remove}, subject: of(nil, &plain, nil)},
		{name: "create disabled", requests: 3, reads: 1, write: create, allowed: []string{post, put, remove}, subject: of(nil, &disabled, nil)},
		{name: "create disabled, the second step", requests: 3, reads: 1, write: update, allowed: []string{post, put, remove}, subject: of(nil, &disabled, nil)},
		{name: "refresh", requests: 1, reads: 1, subject: of(&limited, &limited, nil)},
		{name: "update the definition", requests: 3, reads: 2, write: update, allowed: []string{put}, subject: of(&plain, &other, nil)},
		{name: "update the status", requests: 3, reads: 2, write: update, allowed: []string{put}, subject: of(&plain, &disabled, nil)},
		{name: "clear the condition", requests: 2, reads: 1, write: update, allowed: []string{put}, subject: of(&limited, &plain, nil)},
		{name: "roll", requests: 4, reads: 3, write: target{Method: http.MethodPut, Path: one + "/value"}, allowed: []string{roll}, subject: of(&plain, &rolled, nil)},
		{name: "replace", requests: 5, reads: 3, write: thereCreate, allowed: replacing, subject: of(&plain, &moved, nil)},
		{
			name: "replace, the new one first", requests: 5, reads: 3, write: thereCreate, allowed: replacing,
			subject: of(&plain, &moved, func(s *token) { s.createFirst = true }),
		},
		{name: "import", requests: 1, reads: 1, subject: of(&plain, &plain, func(s *token) { s.imports = true })},
		{name: "delete", requests: 3, reads: 2, write: end, allowed: []string{remove}, subject: of(&plain, nil, nil)},
	}
	for i := range list {
		op, last := &list[i], own
		if strings.HasPrefix(op.name, "replace") {
			last = own.another()
		}
		if last == ofUser && op.name != "refresh" && op.name != "delete" {
			// A configuration for a user's token is compared with who is asking.
			op.requests, op.reads = op.requests+1, op.reads+1
		}
		op.plain = op.name != "import"
		op.name = own.name() + " token: " + op.name
	}
	return list
}
