// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"net/http"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// lifetime is the ttl of ephemeral tokens.
const lifetime = 10 * time.Minute

// lent is the ephemeral resource accesscontrol_api_token. It has no state: what is open is known to the run
// alone, and what a failed run leaves must say so and end by itself.
type lent struct {
	own ownership
	// until is how far the operation goes: each step has those before it done without faults.
	step string

	lease *acctest.Lease
	// confessed are the errors and warnings that said that a token may live on.
	confessed bool
	closed    bool
}

// ephemeralOperations are those of the ephemeral resource.
func ephemeralOperations(own ownership) []operation {
	one := own.route() + "/{token_id}"
	post, put, remove := http.MethodPost+" "+own.route(), http.MethodPut+" "+one, http.MethodDelete+" "+one
	allowed := []string{post, put, remove}
	of := func(step string) func(*world) subject {
		return func(*world) subject { return &lent{own: own, step: step} }
	}
	return []operation{
		{name: own.name() + " ephemeral token: open", requests: 2, reads: 1, write: target{Method: http.MethodPost, Path: own.route()}, allowed: allowed, subject: of("open")},
		{name: own.name() + " ephemeral token: renew", requests: 1, write: target{Method: http.MethodPut, Path: one}, allowed: allowed, subject: of("renew")},
		{name: own.name() + " ephemeral token: close", requests: 1, write: target{Method: http.MethodDelete, Path: one}, allowed: allowed, subject: of("close")},
	}
}

func (s *lent) attributes(w *world) acctest.Attributes {
	all := (&definition{}).attributes(w, s.own)
	kept := acctest.Attributes{"ttl": lifetime.String()}
	for _, name := range []string{"name", "policies", "account_id"} {
		kept[name] = all[name]
	}
	return kept
}

func (s *lent) prepare(w *world, run *acctest.Run) error {
	if s.step == "open" {
		return nil
	}
	return s.open(w, run)
}

func (s *lent) open(w *world, run *acctest.Run) error {
	lease, warnings, err := run.Open(w.ctx, apitoken.TypeName, s.attributes(w))
	s.lease = lease
	for _, text := range warnings {
		s.confessed = s.confessed || err != nil && strings.Contains(text, tokenName)
	}
	return err
}

func (s *lent) close(w *world, run *acctest.Run) error {
	warnings, err := run.Close(w.ctx, apitoken.TypeName, s.lease)
	if err != nil {
		return err
	}
	s.closed = true
	id, _ := s.lease.Result["id"].(string)
	for _, text := range warnings {
		s.confessed = s.confessed || strings.Contains(text, id)
	}
	return nil
}

// act does its step. A run that has opened a token closes it, whatever comes between.
func (s *lent) act(w *world, run *acctest.Run) error {
	switch {
	case s.closed:
		return nil
	case s.lease == nil:
		return s.open(w, run)
	case s.step == "renew":
		return run.Renew(w.ctx, apitoken.TypeName, s.lease)
	default:
		return s.close(w, run)
	}
}

func (s *lent) rest(w *world, run *acctest.Run) error {
	if s.closed {
		return nil
	}
	return s.close(w, run)
}

func (s *lent) known(*world) (ids map[string]bool, unsettled int) {
	ids = map[string]bool{}
	if s.lease != nil && !s.closed {
		id, _ := s.lease.Result["id"].(string)
		ids[id] = true
	}
	if s.confessed {
		unsettled = 1
	}
	return ids, unsettled
}

func (s *lent) judge(w *world, _ bool) {
	latest := w.Server.Now().Add(lifetime + time.Minute)
	for id := range w.tokens() {
		if _, stranger := w.strangers[id]; stranger {
			continue
		}
		have := w.token(s.own, id)
		end, err := time.Parse(time.RFC3339, have.expiresOn)
		if err != nil || end.After(latest) {
			w.fault("the token %s would outlive its run: it ends at %q", id, have.expiresOn)
		}
	}
	if s.lease == nil || s.closed {
		return
	}
	id, _ := s.lease.Result["id"].(string)
	value, _ := s.lease.Result["value"].(string)
	if w.opens(value) != id {
		w.fault("the secret of the open token %s is dead", id)
	}
}

// acted is a token that an action is about; somebody else made it.
type acted struct {
	own    ownership
	revoke bool
	id     string
	// said is what the last invocation that reported success had to say.
	said string
	done bool
}

// actionOperations are those of the actions.
func actionOperations(own ownership) []operation {
	one := own.route() + "/{token_id}"
	return []operation{
		{
			name: own.name() + " token: the action roll", requests: 2, reads: 1, write: target{Method: http.MethodPut, Path: one + "/value"},
			allowed: []string{http.MethodPut + " " + one + "/value"}, subject: func(*world) subject { return &acted{own: own} },
		},
		{
			name: own.name() + " token: the action revoke", requests: 3, reads: 2, write: target{Method: http.MethodDelete, Path: one},
			allowed: []string{http.MethodDelete + " " + one}, subject: func(*world) subject { return &acted{own: own, revoke: true} },
		},
	}
}

func (s *acted) prepare(w *world, _ *acctest.Run) error {
	s.id = w.issue(s.own, definition{})
	w.adopt(s.id)
	return nil
}

func (s *acted) act(w *world, run *acctest.Run) error {
	if s.done {
		return nil
	}
	actionType, config := apitoken.RollTypeName, acctest.Attributes{"id": s.id}
	if s.own == ofAccount {
		config["account_id"] = w.ID(account)
	}
	if s.revoke {
		actionType = apitoken.RevokeTypeName
	} else {
		config["recipients"] = []any{w.identity.Recipient().String()}
	}
	messages, err := run.Invoke(w.ctx, actionType, config)
	if err == nil {
		s.said, s.done = strings.Join(messages, "\n"), true
	}
	return err
}

func (s *acted) rest(*world, *acctest.Run) error { return nil }

func (s *acted) known(*world) (ids map[string]bool, unsettled int) { return nil, 0 }

func (s *acted) judge(w *world, done bool) {
	lives := w.lives(s.id)
	if !s.revoke && !lives {
		w.fault("the token is gone, and it was to be rolled")
		return
	}
	if !done {
		return
	}
	if s.revoke {
		if lives {
			w.fault("the token lives, and it was to be revoked")
		}
		return
	}
	_, text, _ := strings.Cut(s.said, "\n")
	secret, err := decrypt(text, w.identity)
	if err != nil {
		w.fault("the new secret cannot be read: %v", err)
		return
	}
	if w.opens(secret) != s.id {
		w.fault("the secret that the action told of is dead")
	}
}
