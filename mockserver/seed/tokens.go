// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// tokenReader reads one token and remembers where its parts stand, so that
// problems found by the judge of definitions get a line.
type tokenReader struct {
	*loader
	form  *form
	entry entry
	owner authz.Owner
	user  *state.User // nil for account-owned tokens

	policies []policyPlace
	inputs   []authz.PolicyInput
	ids      []authz.ID
	broken   bool // some policy could not be read
}

// policyPlace is where a policy and its parts stand.
type policyPlace struct {
	form   *form
	groups map[string]item
	keys   map[string]item
}

// token reads one entry of tokens.
func (l *loader) token(e entry) {
	f := l.form(e.node, e.path, "user", "account", "id", "name", "value", "status", "policies", "condition",
		"not_before", "expires_on", "issued_on", "modified_on")
	if f == nil {
		return
	}
	r := &tokenReader{loader: l, form: f, entry: e}
	before := len(l.problems)
	owned := r.readOwner()
	t := state.Token{
		ID: f.id("token", e.ref), Owner: r.owner, Ref: e.ref,
		Disabled: f.choice("status", "active", "disabled") == "disabled",
		IssuedOn: f.instant("issued_on", deriveTime("token", e.ref)),
	}
	t.ModifiedOn = f.instant("modified_on", t.IssuedOn)
	t.Definition.Name = f.text("name", e.ref)
	t.Definition.NotBefore = f.instant("not_before", time.Time{})
	t.Definition.ExpiresOn = f.instant("expires_on", time.Time{})
	t.Definition.In, t.Definition.NotIn = r.condition()
	value := r.value()
	r.readPolicies()
	if owned {
		r.judge(&t)
	}
	if !f.unusedID(t.ID, l.tx.Token(t.ID) != nil) || !owned || len(l.problems) > before {
		return
	}
	t.SecretHash = l.tx.HashSecret(value)
	if !l.stored(f.line("value"), e.path, l.tx.PutToken(&t)) {
		return
	}
	c := Credential{Ref: e.ref, Kind: KindAccountToken, ID: t.ID.String(), Value: value}
	if r.user != nil {
		c.Kind, c.Email = KindUserToken, r.user.Email
	}
	l.loaded.Credentials = append(l.loaded.Credentials, c)
}

// readOwner finds the token's owner and reports whether there is one.
func (r *tokenReader) readOwner() bool {
	f := r.form
	user, account := f.get("user"), f.get("account")
	switch {
	case user != nil && account != nil:
		f.problem("account", "a token has one owner: user or account, not both")
	case user != nil:
		if ref := f.text("user", ""); ref != "" {
			if r.user = r.userRef(ref, user.line, f.at("user")); r.user != nil {
				r.owner.User = r.user.ID
				return true
			}
		}
	case account != nil:
		if ref := f.text("account", ""); ref != "" {
			if a := r.accountRef(ref, account.line, f.at("account")); a != nil {
				r.owner.Account = a.ID
				return true
			}
		}
	default:
		r.problem(r.entry.line, r.entry.path, "a token needs an owner: user or account")
	}
	return false
}

// value reads or derives the secret.
func (r *tokenReader) value() string {
	prefix, foreign := state.UserTokenPrefix, state.AccountTokenPrefix
	if r.form.get("account") != nil {
		prefix, foreign = foreign, prefix
	}
	value := r.form.secret("value", deriveToken(prefix, r.entry.ref), authz.IsTokenForm,
		"40 characters of [A-Za-z0-9_-], or "+prefix+" with 40 such characters and 8 hexadecimal digits")
	if strings.HasPrefix(value, foreign) && authz.IsTokenForm(value) && len(value) > 40 {
		r.form.problem("value", "a secret with the prefix %s belongs to another kind of token: this one's is %s", foreign, prefix)
	}
	return value
}

// condition reads the IP condition.
func (r *tokenReader) condition() (in, notIn []string) {
	n := r.form.get("condition")
	if n == nil {
		return nil, nil
	}
	f := r.loader.form(n, r.form.at("condition"), "request_ip")
	if f == nil || f.get("request_ip") == nil {
		return nil, nil
	}
	f = r.loader.form(f.get("request_ip"), f.at("request_ip"), "in", "not_in")
	if f == nil {
		return nil, nil
	}
	return f.prefixes("in"), f.prefixes("not_in")
}

// prefixes reads a list of IP ranges.
func (f *form) prefixes(key string) []string {
	var out []string
	for _, it := range f.list(key) {
		s, ok := f.l.text(it.node, it.path)
		if !ok {
			continue
		}
		if _, err := authz.ParsePrefix(s); err != nil {
			f.l.problem(it.line, it.path, "%q: %v", s, err)
			continue
		}
		out = append(out, s)
	}
	return out
}

func (r *tokenReader) readPolicies() {
	if r.form.get("policies") == nil {
		return
	}
	for i, it := range r.form.list("policies") {
		f := r.loader.form(it.node, it.path, "id", "effect", "permission_groups", "resources")
		if f == nil {
			r.broken = true
			continue
		}
		before := len(r.problems)
		place := policyPlace{form: f, groups: make(map[string]item), keys: make(map[string]item)}
		input := authz.PolicyInput{
			Effect: authz.Effect(f.choice("effect", string(authz.Allow), string(authz.Deny))),
			Groups: r.groups(f, &place), Resources: r.resources(f, &place),
		}
		id := f.id("token_policy", fmt.Sprintf("%s/%d", r.entry.ref, i))
		if len(r.problems) > before {
			r.broken = true
			continue
		}
		r.policies, r.inputs, r.ids = append(r.policies, place), append(r.inputs, input), append(r.ids, id)
	}
}

// groups reads names, scoped names or ids of permission groups.
func (r *tokenReader) groups(f *form, place *policyPlace) []string {
	var ids []string
	for _, it := range f.list("permission_groups") {
		name, ok := r.text(it.node, it.path)
		if !ok {
			continue
		}
		g, err := catalog.LookupGroup(name)
		if err != nil {
			r.problem(it.line, it.path, "%v", err)
			continue
		}
		if slices.Contains(ids, g.ID) {
			r.problem(it.line, it.path, "the permission group %q stands twice", g.Ref())
			continue
		}
		place.groups[g.Name] = it
		ids = append(ids, g.ID)
	}
	return ids
}

// judge runs the checks of a create on what could be read and places the
// problems on their lines.
func (r *tokenReader) judge(t *state.Token) {
	d := &t.Definition
	policies, problems := authz.CheckDefinition(r.tx, &authz.Check{Owner: r.owner, Mode: authz.ModeSeed},
		d.Name, r.inputs, d.In, d.NotIn, d.NotBefore, d.ExpiresOn)
	for _, p := range problems {
		r.place(p)
	}
	d.Policies = policies
	for i := range d.Policies {
		d.Policies[i].ID = r.ids[i]
	}
}

func (r *tokenReader) place(p *authz.Problem) {
	if p.Policy < 0 || p.Policy >= len(r.policies) {
		if p.Field == "policies" && r.broken {
			return // There are policies; they have problems of their own.
		}
		r.problem(r.form.line(p.Field), r.form.at(p.Field), "%s", p.Message)
		return
	}
	at := r.policies[p.Policy]
	outer, _, _ := strings.Cut(p.Key, " ")
	group, named := at.groups[p.Group]
	key, keyed := at.keys[outer]
	switch {
	case named && keyed:
		r.problem(group.line, group.path, "resource %q: %s", p.Key, p.Message)
	case named:
		r.problem(group.line, group.path, "%s", p.Message)
	case keyed:
		r.problem(key.line, key.path, "%s", p.Message)
	case p.Field != "":
		at.form.problem(p.Field, "%s", p.Message)
	default:
		r.problem(at.form.node.line, at.form.path, "%s", p.Error())
	}
}
