// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"errors"
	"math"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// loader writes one seed into a transaction and collects its problems.
type loader struct {
	name     string
	tx       *state.Tx
	problems []Problem
	loaded   Loaded

	// users, accounts and zones are the refs that the seed declares, sound
	// or not: a ref to a broken thing is not reported a second time.
	users, accounts, zones map[string]bool
}

// world reads the whole seed: first what others refer to.
func (l *loader) world(root *node) {
	f := l.form(root, "", "users", "accounts", "zones", "tokens", "limits", "vultr")
	if f == nil {
		return
	}
	users, accounts, zones := f.named("users"), f.named("accounts"), f.named("zones")
	l.users, l.accounts, l.zones = refsOf(users), refsOf(accounts), make(map[string]bool, len(zones))
	for _, z := range zones {
		l.zones[zoneRef(z.ref)] = true
	}
	l.limits(f)
	for _, e := range users {
		l.user(e)
	}
	for _, e := range accounts {
		l.account(e)
	}
	for _, e := range zones {
		l.zone(e)
	}
	// Members' policies name zones, so members come after them.
	for _, e := range accounts {
		l.members(e)
	}
	for _, e := range f.named("tokens") {
		l.token(e)
	}
	l.vultr(f)
}

func refsOf(entries []entry) map[string]bool {
	refs := make(map[string]bool, len(entries))
	for _, e := range entries {
		refs[e.ref] = true
	}
	return refs
}

func (l *loader) limits(root *form) {
	n := root.get("limits")
	if n == nil {
		return
	}
	f := l.form(n, "limits", "tokens_per_user", "tokens_per_account")
	if f == nil {
		return
	}
	limits := state.DefaultLimits()
	limits.TokensPerUser = f.integer("tokens_per_user", limits.TokensPerUser, 0, math.MaxInt)
	limits.TokensPerAccount = f.integer("tokens_per_account", limits.TokensPerAccount, 0, math.MaxInt)
	l.stored(n.line, "limits", l.tx.PutLimits(limits))
}

// stored reports the rule that a write broke and whether it broke none.
func (l *loader) stored(line int, path string, err error) bool {
	if err == nil {
		return true
	}
	message := err.Error()
	if rule, ok := errors.AsType[*state.RuleError](err); ok {
		message = rule.Message
	}
	l.problem(line, path, "%s", message)
	return false
}

// unusedID reports an identifier that another thing of the kind has already.
func (f *form) unusedID(id authz.ID, used bool) bool {
	if used {
		f.problem("id", "the identifier %s is used twice", id)
	}
	return !used
}

// userRef finds a user by ref. A ref that the seed declares but could not
// store has been reported where it stands.
func (l *loader) userRef(ref string, line int, path string) *state.User {
	u := l.tx.UserByRef(ref)
	if u == nil && !l.users[ref] {
		l.unknownRef("user", ref, l.users, line, path)
	}
	return u
}

func (l *loader) accountRef(ref string, line int, path string) *state.Account {
	a := l.tx.AccountByRef(ref)
	if a == nil && !l.accounts[ref] {
		l.unknownRef("account", ref, l.accounts, line, path)
	}
	return a
}

func (l *loader) zoneRef(ref string, line int, path string) *state.Zone {
	stored := zoneRef(ref)
	z := l.tx.ZoneByName(stored)
	if z == nil && !l.zones[stored] {
		l.unknownRef("zone", ref, l.zones, line, path)
	}
	return z
}

// zoneRef is the stored form of a zone's name, or the ref as it is when it
// has none.
func zoneRef(ref string) string {
	if stored, err := state.NormalizeZoneName(ref); err == nil {
		return stored
	}
	return ref
}

func (l *loader) unknownRef(what, ref string, declared map[string]bool, line int, path string) {
	l.problem(line, path, "no %s has the ref %q%s", what, ref, suggestion(ref, sortedKeys(declared)))
}
