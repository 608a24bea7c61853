// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"maps"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

func sortedKeys(m map[string]bool) []string { return slices.Sorted(maps.Keys(m)) }

// user reads one entry of users.
func (l *loader) user(e entry) {
	f := l.form(e.node, e.path, "id", "email", "first_name", "last_name", "username", "telephone", "country", "zipcode",
		"two_factor_authentication_enabled", "tenant_admin", "api_key", "origin_ca_key", "created_on", "modified_on", "access_rules")
	if f == nil {
		return
	}
	before := len(l.problems)
	created := f.instant("created_on", deriveTime("user", e.ref))
	u := state.User{
		ID: f.id("user", e.ref), Ref: e.ref, Email: f.text("email", ""),
		FirstName: f.text("first_name", ""), LastName: f.text("last_name", ""), Username: f.text("username", ""),
		Telephone: f.text("telephone", ""), Country: f.text("country", ""), Zipcode: f.text("zipcode", ""),
		TwoFactor: f.boolean("two_factor_authentication_enabled"), TenantAdmin: f.boolean("tenant_admin"),
		CreatedOn: created, ModifiedOn: f.instant("modified_on", created),
	}
	if u.Username == "" {
		u.Username = deriveHex(32, "username", e.ref)
	}
	if f.get("email") == nil {
		f.problem("email", "a user needs an e-mail address")
	}
	key := f.secret("api_key", deriveGlobalKey(e.ref), authz.IsGlobalKeyForm, "37 hexadecimal digits, or cfk_ with 40 characters and 8 hexadecimal digits")
	service := f.secret("origin_ca_key", deriveOriginCAKey(e.ref), authz.IsOriginCAKeyForm, "v1.0- and hexadecimal digits")
	u.GlobalKeyHash, u.OriginCAKeyHash = l.tx.HashSecret(key), l.tx.HashSecret(service)
	if !f.unusedID(u.ID, l.tx.User(u.ID) != nil) || len(l.problems) > before {
		return
	}
	if other := l.tx.UserByRef(e.ref); other != nil {
		l.problem(e.line, e.path, "a user with the ref %q already exists", e.ref)
		return
	}
	if !l.stored(f.line("email"), e.path, l.tx.PutUser(&u)) {
		return
	}
	l.accessRules(f, state.ScopeUser, u.ID, "user/"+e.ref, created)
	id := u.ID.String()
	l.loaded.Credentials = append(
		l.loaded.Credentials,
		Credential{Ref: e.ref, Kind: KindGlobalKey, ID: id, Email: u.Email, Value: key},
		Credential{Ref: e.ref, Kind: KindOriginCAKey, ID: id, Email: u.Email, Value: service},
	)
}

// secret reads a secret of a given form. The problem never repeats it.
func (f *form) secret(key, otherwise string, sound func(string) bool, wanted string) string {
	value := f.text(key, otherwise)
	if !sound(value) {
		f.problem(key, "not a secret of its form: must be %s", wanted)
	}
	return value
}
