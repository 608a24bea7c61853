// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The kinds of credential as they stand in front of a ref, "global_key:super".
// A member counts as one: what the person may do by right, without the API
// access switch (authorization model §2, the console session).
const (
	kindUserToken    = "user_token"
	kindAccountToken = "account_token"
	kindGlobalKey    = "global_key"
	kindOriginCAKey  = "origin_ca_key"
	kindMember       = "member"
)

var credentialKinds = []string{kindUserToken, kindAccountToken, kindGlobalKey, kindOriginCAKey, kindMember}

// subject is who a question is about, with what replies show of it.
type subject struct {
	credential *authz.Credential
	// policies are those of a token, in the order in which they are numbered;
	// nil for all else.
	policies []authz.Policy
	// member is the account of a member, zero for all else.
	member authz.ID
	view   Credential
}

// subject reads "credential", or "policies" with "owner". It returns nil when
// something is wrong, which is noted.
func (q *question) subject() *subject {
	if q.root.has("policies") || q.root.has("owner") {
		if q.root.has("credential") {
			q.problems.add("/credential", "is a credential that exists: leave it out, or policies and owner")
		}
		return q.hypothetical()
	}
	for _, name := range hypotheticalFields {
		if q.root.has(name) {
			q.problems.add("/"+name, "belongs to a credential that is only thought of: give policies and owner too")
		}
	}
	text := q.root.text("credential")
	if text == "" {
		if !q.root.has("credential") {
			q.problems.add("/credential", "is required: the ref or id of a credential, or policies and owner instead")
		}
		return nil
	}
	found, why := q.credentialNamed(text)
	if found == nil {
		q.problems.suggest("/credential", q.refsLike(text), "%s", why)
	}
	return found
}

// credentialNamed finds a credential by its name: a kind and a colon in front
// of the ref, id or e-mail address, or a token's ref or id by itself, or else a
// user's, for the Global API key. Whatever is given might be a secret that
// someone took for a name, so no message repeats it.
func (q *question) credentialNamed(text string) (found *subject, why string) {
	kind, name, qualified := strings.Cut(text, ":")
	if !qualified {
		if t := q.token(text); t != nil {
			return q.tokenSubject(t), ""
		}
		if u := q.user(text); u != nil {
			return q.keySubject(kindGlobalKey, u)
		}
		return nil, "no token and no user goes by this ref, id or e-mail address; a secret is never asked for"
	}
	switch kind {
	case kindUserToken, kindAccountToken:
		t := q.token(name)
		if t == nil || t.Credential().Kind.String() != kind {
			return nil, "no " + strings.ReplaceAll(kind, "_", " ") + " goes by this ref or id; a secret is never asked for"
		}
		return q.tokenSubject(t), ""
	case kindGlobalKey, kindOriginCAKey:
		u := q.user(name)
		if u == nil {
			return nil, "no user goes by this ref, id or e-mail address"
		}
		return q.keySubject(kind, u)
	case kindMember:
		m := q.tx.MemberByRef(name)
		if id, ok := identifier(name); ok {
			m = q.tx.MemberByID(id)
		}
		if m == nil {
			return nil, "no member goes by this ref (\"account/user\") or id"
		}
		return q.memberSubject(m), ""
	default:
		return nil, "the kind in front of the colon is not one of " + strings.Join(credentialKinds, ", ")
	}
}

// refsLike suggests names of credentials.
func (q *question) refsLike(text string) []string {
	kind, _, qualified := strings.Cut(text, ":")
	prefix := ""
	if qualified {
		prefix = kind + ":"
	}
	var names []string
	add := func(ref string) {
		if ref != "" {
			names = append(names, prefix+ref)
		}
	}
	if !qualified || kind == kindUserToken || kind == kindAccountToken {
		for _, t := range q.tx.Tokens() {
			if !qualified || t.Credential().Kind.String() == kind {
				add(t.Ref)
			}
		}
	}
	if !qualified || kind == kindGlobalKey || kind == kindOriginCAKey {
		for _, u := range q.tx.Users() {
			add(u.Ref)
		}
	}
	if kind == kindMember {
		for _, a := range q.tx.Accounts() {
			for _, m := range q.tx.Members(a.ID) {
				add(m.Ref)
			}
		}
	}
	return catalog.SuggestNames(shorten(text), names, 1)
}

// token finds a token by its id or ref.
func (q *question) token(text string) *state.Token {
	if id, ok := identifier(text); ok {
		return q.tx.Token(id)
	}
	return q.tx.TokenByRef(text)
}

func (q *question) tokenSubject(t *state.Token) *subject {
	c := t.Credential()
	s := &subject{credential: c, policies: t.Definition.Policies}
	s.view = Credential{Kind: c.Kind.String(), ID: c.ID.String(), Ref: t.Ref, Name: t.Definition.Name}
	s.view.Owner = q.ownerOf(t.Owner)
	return s
}

// keySubject is a user's key. A user who has none has nothing to be asked
// about.
func (q *question) keySubject(kind string, u *state.User) (found *subject, why string) {
	c := &authz.Credential{Kind: authz.GlobalKey, User: u.ID}
	has := !u.GlobalKeyHash.IsZero()
	if kind == kindOriginCAKey {
		c.Kind, has = authz.OriginCAKey, !u.OriginCAKeyHash.IsZero()
	}
	if !has {
		return nil, "the user has no " + strings.ReplaceAll(kind, "_", " ")
	}
	return &subject{credential: c, view: Credential{Kind: kind, Ref: u.Ref, Owner: q.ownerOf(authz.Owner{User: u.ID})}}, ""
}

func (q *question) memberSubject(m *state.Member) *subject {
	s := &subject{
		credential: &authz.Credential{Kind: authz.ConsoleSession, User: m.User},
		member:     m.Account,
		view:       Credential{Kind: kindMember, ID: m.ID.String(), Ref: m.Ref, Status: m.Status},
	}
	s.view.Owner = q.ownerOf(authz.Owner{User: m.User})
	s.view.Account = q.ownerOf(authz.Owner{Account: m.Account}).Account
	if a := q.tx.Account(m.Account); a != nil {
		on := authz.EffectiveAPIAccess(a, m.Membership())
		s.view.APIAccess = &on
	}
	return s
}
