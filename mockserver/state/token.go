// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Token is an API token, owned by a user or by an account.
type Token struct {
	ID    authz.ID
	Owner authz.Owner
	// Ref is the readable name that a seed gives; empty for tokens made
	// later. No two tokens share one.
	Ref string
	// Disabled is the status as stored; whether the token has expired
	// depends on the instant (see [authz.Credential.VerifyStatus]).
	Disabled   bool
	Definition authz.Definition
	IssuedOn   time.Time
	ModifiedOn time.Time
	// SecretHash is the hash of the secret; it is never zero and no two
	// tokens share one.
	SecretHash Hash

	credential *authz.Credential
}

// tokenJSON is a token in the change log: groups by their ids, because
// catalogue indexes are stable within one build only.
type tokenJSON struct {
	ID         authz.ID     `json:"id"`
	User       authz.ID     `json:"user,omitzero"`
	Account    authz.ID     `json:"account,omitzero"`
	Ref        string       `json:"ref,omitempty"`
	Name       string       `json:"name"`
	Disabled   bool         `json:"disabled,omitempty"`
	Policies   []policyJSON `json:"policies"`
	In         []string     `json:"in,omitempty"`
	NotIn      []string     `json:"not_in,omitempty"`
	NotBefore  time.Time    `json:"not_before,omitzero"`
	ExpiresOn  time.Time    `json:"expires_on,omitzero"`
	IssuedOn   time.Time    `json:"issued_on,omitzero"`
	ModifiedOn time.Time    `json:"modified_on,omitzero"`
	SecretHash Hash         `json:"secret_hash"`
}

type policyJSON struct {
	ID        authz.ID       `json:"id,omitzero"`
	Effect    authz.Effect   `json:"effect"`
	Groups    []string       `json:"groups"`
	Resources []resourceJSON `json:"resources"`
}

// resourceJSON keeps an absent nested map ("*") apart from an empty one.
type resourceJSON struct {
	Key    string   `json:"key"`
	Nested []string `json:"nested,omitzero"`
}

// MarshalJSON writes the form of the change log.
func (t *Token) MarshalJSON() ([]byte, error) {
	groups := catalog.Groups()
	out := tokenJSON{
		ID: t.ID, User: t.Owner.User, Account: t.Owner.Account, Ref: t.Ref, Name: t.Definition.Name, Disabled: t.Disabled,
		In: t.Definition.In, NotIn: t.Definition.NotIn, NotBefore: t.Definition.NotBefore, ExpiresOn: t.Definition.ExpiresOn,
		IssuedOn: t.IssuedOn, ModifiedOn: t.ModifiedOn, SecretHash: t.SecretHash,
	}
	for _, p := range t.Definition.Policies {
		policy := policyJSON{ID: p.ID, Effect: p.Effect}
		for _, g := range p.Groups {
			policy.Groups = append(policy.Groups, groups[g].ID)
		}
		for _, r := range p.Resources {
			policy.Resources = append(policy.Resources, resourceJSON(r))
		}
		out.Policies = append(out.Policies, policy)
	}
	return json.Marshal(out)
}

// UnmarshalJSON reads what MarshalJSON wrote. An unknown field or permission
// group is an error: a token must not come back with less denied than before.
func (t *Token) UnmarshalJSON(data []byte) error {
	var in tokenJSON
	if err := decodeStrictly(data, &in); err != nil {
		return err
	}
	*t = Token{
		ID: in.ID, Owner: authz.Owner{User: in.User, Account: in.Account}, Ref: in.Ref, Disabled: in.Disabled,
		Definition: authz.Definition{Name: in.Name, In: in.In, NotIn: in.NotIn, NotBefore: in.NotBefore, ExpiresOn: in.ExpiresOn},
		IssuedOn:   in.IssuedOn, ModifiedOn: in.ModifiedOn, SecretHash: in.SecretHash,
	}
	for _, p := range in.Policies {
		policy := authz.Policy{ID: p.ID, Effect: p.Effect}
		for _, id := range p.Groups {
			g, ok := catalog.GroupByID(id)
			if !ok {
				return fmt.Errorf("token %s names the unknown permission group %q", in.ID, id)
			}
			policy.Groups = append(policy.Groups, g.Index)
		}
		for _, r := range p.Resources {
			policy.Resources = append(policy.Resources, authz.Resource(r))
		}
		t.Definition.Policies = append(t.Definition.Policies, policy)
	}
	return nil
}

// Credential returns the token in the form that decisions read. It is nil on
// a Token that no transaction has returned.
func (t *Token) Credential() *authz.Credential { return t.credential }

// compile brings every policy into canonical form, so that a token has one
// form in the log, and works out the credential. A definition that cannot be
// compiled is refused, never stored with less meaning.
func (t *Token) compile() error {
	own := make([]authz.Policy, len(t.Definition.Policies))
	for i, p := range t.Definition.Policies {
		p.Groups, p.Resources = slices.Clone(p.Groups), slices.Clone(p.Resources)
		for r := range p.Resources {
			p.Resources[r].Nested = slices.Clone(p.Resources[r].Nested)
		}
		p.Canonicalize()
		own[i] = p
	}
	t.Definition.Policies = own
	policies, err := authz.Compile(t.Definition.Policies)
	if err != nil {
		return fmt.Errorf("compiling token %s: %w", t.ID, err)
	}
	condition, err := authz.CompileIP(t.Definition.In, t.Definition.NotIn)
	if err != nil {
		return fmt.Errorf("compiling token %s: %w", t.ID, err)
	}
	kind := authz.UserToken
	if !t.Owner.Account.IsZero() {
		kind = authz.AccountToken
	}
	t.credential = &authz.Credential{
		Kind: kind, ID: t.ID, User: t.Owner.User, Account: t.Owner.Account, Disabled: t.Disabled,
		NotBefore: t.Definition.NotBefore, ExpiresOn: t.Definition.ExpiresOn, IP: condition, Policies: policies,
	}
	return nil
}

type tokenTable struct {
	table[Token]
	bySecret unique[Hash, Token]
	byRef    unique[string, Token]
	byOwner  index[authz.Owner, Token]
}

func (t *tokenTable) init() {
	t.table.init(KindToken, func(token *Token) authz.ID { return token.ID })
	t.bySecret, t.byRef = unique[Hash, Token]{}, unique[string, Token]{}
	t.byOwner = newIndex[authz.Owner](func(a, b *Token) int { return byCreation(a.IssuedOn, b.IssuedOn, a.ID, b.ID) })
	t.seal = (*Token).compile
	t.link = func(token *Token) {
		t.bySecret[token.SecretHash] = token
		if token.Ref != "" {
			t.byRef[token.Ref] = token
		}
		t.byOwner.add(token.Owner, token)
	}
	t.unlink = func(token *Token) {
		t.bySecret.remove(token.SecretHash, token)
		t.byRef.remove(token.Ref, token)
		t.byOwner.remove(token.Owner, token)
	}
}

// Token returns the token, or nil when there is none with that id. Whose it is
// stands in its Owner.
func (tx *Tx) Token(id authz.ID) *Token { return tx.w.tokens.rows[id] }

// TokenByRef returns the token with the ref, or nil.
func (tx *Tx) TokenByRef(ref string) *Token { return tx.w.tokens.byRef[ref] }

// UserTokens lists the tokens that the user owns, by issue.
func (tx *Tx) UserTokens(user authz.ID) []*Token {
	return tx.w.tokens.byOwner.lists[authz.Owner{User: user}]
}

// AccountTokens lists the tokens that the account owns, by issue.
func (tx *Tx) AccountTokens(account authz.ID) []*Token {
	return tx.w.tokens.byOwner.lists[authz.Owner{Account: account}]
}

// Tokens lists every token by identifier. The list is fresh.
func (tx *Tx) Tokens() []*Token {
	list := make([]*Token, 0, len(tx.w.tokens.rows))
	for _, t := range tx.w.tokens.rows {
		list = append(list, t)
	}
	slices.SortFunc(list, func(a, b *Token) int { return a.ID.Compare(b.ID) })
	return list
}

// LastUsed returns when the token was last used, as far as this process knows
// (see [World.Touch]), and whether it was.
func (tx *Tx) LastUsed(token authz.ID) (time.Time, bool) { return tx.w.lastUse.of(token) }

// PutToken creates or replaces a token. Its definition must have passed
// [authz.CheckDefinition]; here only what would corrupt the world is refused:
// no single existing owner, a change of owner, no secret, a secret or ref that
// another token has, a definition that does not compile.
func (tx *Tx) PutToken(t *Token) error {
	owner := t.Owner
	if owner.User.IsZero() == owner.Account.IsZero() {
		return invalid("a token has exactly one owner, a user or an account")
	}
	if tx.w.users.rows[owner.User] == nil && tx.w.accounts.rows[owner.Account] == nil {
		return unknown("a token names an owner that does not exist")
	}
	if old := tx.w.tokens.rows[t.ID]; old != nil && old.Owner != owner {
		return invalid("the owner of a token cannot be changed")
	}
	if t.SecretHash.IsZero() {
		return invalid("a token needs a secret")
	}
	if other := tx.w.tokens.bySecret[t.SecretHash]; other != nil && other.ID != t.ID {
		return taken("another token has the same secret")
	}
	if other := tx.w.tokens.byRef[t.Ref]; t.Ref != "" && other != nil && other.ID != t.ID {
		return taken("a token with the ref %q already exists", t.Ref)
	}
	return put(tx, &tx.w.tokens.table, t)
}

// DeleteToken deletes a token; its secret is unknown from the next
// transaction on. Deleting a token that does not exist does nothing.
func (tx *Tx) DeleteToken(id authz.ID) error {
	if err := remove(tx, &tx.w.tokens.table, id); err != nil {
		return err
	}
	tx.update.deletedTokens = append(tx.update.deletedTokens, id)
	return nil
}

// CheckTokenQuota refuses if the owner already has as many tokens as the
// limits allow (authorization model §3). It is for creates over an API; seeds
// may describe more.
func (tx *Tx) CheckTokenQuota(owner authz.Owner) error {
	limits := tx.Limits()
	limit, whose := limits.TokensPerUser, "user"
	if !owner.Account.IsZero() {
		limit, whose = limits.TokensPerAccount, "account"
	}
	if len(tx.w.tokens.byOwner.lists[owner]) >= limit {
		return broken(RuleTokenQuota, "maximum number of tokens reached: a %s can have %d; delete one first", whose, limit)
	}
	return nil
}
