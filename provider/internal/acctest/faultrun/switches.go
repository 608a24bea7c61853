// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"errors"
	"fmt"
	"net/http"
	"strconv"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/memberapiaccess"
)

// member is the member whose switch operations are about.
const member = account + "/ci"

// switched is one of the two resources of a switch under an operation that takes it from one value to
// another; nil is that the state does not manage it, and the switch has its default.
type switched struct {
	object
	// attributes are the configuration for a value.
	attributes func(w *world, value *bool) acctest.Attributes
	// value reads the switch of the world, set puts it there.
	value func(w *world) *bool
	set   func(w *world, value *bool)
	// shown is the switch in state.
	shown func(attributes map[string]any) *bool
	// importID names it for an import; name is its key among the things that stay as they are.
	importID, name string

	before, after *bool
	imports       bool
}

// switchOperations are those of both switches.
func switchOperations() []operation {
	var all []operation
	for _, of := range []struct {
		name          string
		method, route string
		make          func(w *world) *switched
		does          []switchDoes
	}{
		{
			"account switch", http.MethodPut, "/accounts/{account_id}", accountSwitch,
			[]switchDoes{
				{"create", nil, new(false), 8, 7},
				{"refresh", new(true), new(true), 1, 1},
				{"update", new(true), new(false), 9, 8},
				{"update back", new(false), new(true), 3, 2},
				{"import", new(true), new(true), 1, 1},
				{"delete", new(false), nil, 3, 2},
			},
		},
		{
			"member switch", http.MethodPatch, "/accounts/{account_id}/members/{member_id}", memberSwitch,
			[]switchDoes{
				{"create", nil, new(false), 11, 10},
				{"refresh", new(true), new(true), 1, 1},
				{"update", new(true), new(false), 10, 9},
				{"update back", new(false), new(true), 2, 1},
				{"import", new(true), new(true), 1, 1},
				{"delete", new(false), nil, 4, 3},
			},
		},
	} {
		for _, do := range of.does {
			write := target{Method: of.method, Path: of.route}
			op := operation{
				name: of.name + ": " + do.name, requests: do.requests, reads: do.reads, plain: do.name != "import",
				// A stale read may have a plan set again what is set.
				allowed: []string{of.method + " " + of.route},
				subject: func(w *world) subject {
					s := of.make(w)
					s.before, s.after, s.imports = do.before, do.after, do.name == "import"
					delete(w.foreign, s.name)
					return s
				},
			}
			if do.requests > do.reads {
				op.write = write
			}
			all = append(all, op)
		}
	}
	return all
}

// switchDoes is an operation of a switch, with the requests that it takes and how many of them read.
type switchDoes struct {
	name            string
	before, after   *bool
	requests, reads int
}

func accountSwitch(w *world) *switched {
	return &switched{
		object: object{typeName: accountapiaccess.TypeName},
		attributes: func(w *world, value *bool) acctest.Attributes {
			return acctest.Attributes{"account_id": w.ID(account), "enabled": *value}
		},
		value: func(w *world) *bool { return w.AccountSwitch(account) },
		set:   func(w *world, value *bool) { w.SetAccountSwitch(account, value) },
		shown: func(attributes map[string]any) *bool {
			if value, ok := attributes["enabled"].(bool); ok {
				return &value
			}
			return nil
		},
		importID: w.ID(account), name: "account " + account + ", its switch",
	}
}

func memberSwitch(w *world) *switched {
	words := map[bool]string{true: "enabled", false: "disabled"}
	return &switched{
		object: object{typeName: memberapiaccess.TypeName},
		attributes: func(w *world, value *bool) acctest.Attributes {
			return acctest.Attributes{"account_id": w.ID(account), "member_id": w.ID(member), "api_access": words[*value]}
		},
		value: func(w *world) *bool { return w.MemberSwitch(member) },
		set:   func(w *world, value *bool) { w.SetMemberSwitch(member, value) },
		shown: func(attributes map[string]any) *bool {
			for value, word := range words {
				if attributes["api_access"] == word {
					return &value
				}
			}
			return nil
		},
		importID: w.ID(account) + "/" + w.ID(member), name: "member " + member + ", its switch",
	}
}

func (s *switched) prepare(w *world, run *acctest.Run) error {
	if s.imports {
		s.set(w, s.before)
		return nil
	}
	_, err := s.apply(w.ctx, run, s.configured(w, s.before))
	return err
}

// configurations are what the operation starts from and what it comes to.
func (s *switched) configurations(w *world) (o *object, before, after acctest.Attributes) {
	return &s.object, s.configured(w, s.before), s.configured(w, s.after)
}

func (s *switched) configured(w *world, value *bool) acctest.Attributes {
	if value == nil {
		return nil
	}
	return s.attributes(w, value)
}

func (s *switched) act(w *world, run *acctest.Run) error {
	if s.imports && s.current == nil {
		imported, err := run.Import(w.ctx, s.typeName, s.importID)
		if err != nil {
			return err
		}
		if s.current = imported; imported == nil {
			return fmt.Errorf("the import of %s found nothing", s.importID)
		}
		return s.change(w.ctx, run, s.configured(w, s.after)) // an import reads what it brings
	}
	_, err := s.apply(w.ctx, run, s.configured(w, s.after))
	return err
}

func (s *switched) rest(w *world, run *acctest.Run) error {
	changed, err := s.apply(w.ctx, run, s.configured(w, s.after))
	if err == nil && changed {
		err = errors.New("a plan after all was applied is not empty")
	}
	return err
}

func (s *switched) known(*world) (ids map[string]bool, unsettled int) { return nil, 0 }

func (s *switched) judge(w *world, done bool) {
	have := s.value(w)
	if !equal(have, s.after) && (done || !equal(have, s.before)) {
		w.fault("the switch is %s; it was %s, and %s was asked for", shownSwitch(have), shownSwitch(s.before), shownSwitch(s.after))
	}
	if s.current == nil {
		if s.before != nil && !s.imports && !done && !equal(have, s.after) {
			w.fault("the state has let go of a switch that is still set")
		}
		if done && s.after != nil {
			w.fault("the state does not hold the switch")
		}
		return
	}
	attributes, err := s.current.Attributes()
	if err != nil {
		w.fault("attributes: %v", err)
		return
	}
	if got := s.shown(attributes); done && !equal(got, have) {
		w.fault("state says %s, and the switch is %s", shownSwitch(got), shownSwitch(have))
	}
	if done && (s.after == nil || s.tainted) {
		w.fault("the state holds the switch after its delete, or tainted (%t)", s.tainted)
	}
}

func equal(a, b *bool) bool { return cmp.Equal(a, b) }

func shownSwitch(value *bool) string {
	if value == nil {
		return "default"
	}
	return strconv.FormatBool(*value)
}
