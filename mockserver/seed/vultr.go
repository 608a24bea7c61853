// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// vultr reads the account that the Vultr dialect shows and the users' keys.
func (l *loader) vultr(root *form) {
	n := root.get("vultr")
	if n == nil {
		return
	}
	f := l.form(n, "vultr", "account", "keys")
	if f == nil {
		return
	}
	if f.get("account") == nil {
		f.problem("account", "the Vultr dialect needs the ref of an Enterprise account")
	} else if ref := f.text("account", ""); ref != "" {
		if a := l.accountRef(ref, f.line("account"), f.at("account")); a != nil {
			l.stored(f.line("account"), f.at("account"), l.tx.PutVultrAccount(a.ID))
		}
	}
	for _, e := range f.named("keys") {
		l.vultrKey(e)
	}
}

func (l *loader) vultrKey(e entry) {
	f := l.form(e.node, e.path, "id", "value", "acls", "created_on")
	if f == nil {
		return
	}
	before := len(l.problems)
	user := l.userRef(e.ref, e.line, e.path)
	k := state.VultrKey{
		ID:        f.id("vultr_key", e.ref),
		CreatedOn: f.instant("created_on", deriveTime("vultr_key", e.ref)),
	}
	for _, it := range f.list("acls") {
		acl, ok := l.text(it.node, it.path)
		if ok && !slices.Contains(state.VultrACLs(), acl) {
			l.problem(it.line, it.path, "unknown ACL%s", suggestion(acl, state.VultrACLs()))
		}
		k.ACLs = append(k.ACLs, acl)
	}
	slices.Sort(k.ACLs)
	k.ACLs = slices.Compact(k.ACLs)
	value := f.secret("value", deriveVultrKey(e.ref), isVultrKeyForm, "16 to 128 letters, digits, hyphens and underscores")
	if user == nil || len(l.problems) > before {
		return
	}
	k.User, k.SecretHash = user.ID, l.tx.HashSecret(value)
	if !f.unusedID(k.ID, l.tx.VultrKeyByID(k.ID) != nil) || !l.stored(f.line("value"), e.path, l.tx.PutVultrKey(&k)) {
		return
	}
	l.loaded.Credentials = append(l.loaded.Credentials,
		Credential{Ref: e.ref, Kind: KindVultrKey, ID: user.ID.String(), Email: user.Email, Value: value})
}

// isVultrKeyForm reports whether s can travel as a bearer token.
func isVultrKeyForm(s string) bool {
	const least, most = 16, 128
	if len(s) < least || len(s) > most {
		return false
	}
	for i := range len(s) {
		c := s[i]
		if (c < '0' || c > '9') && (c < 'A' || c > 'Z') && (c < 'a' || c > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
