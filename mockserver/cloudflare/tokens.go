// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// tokenOwner says whose tokens the path names: those of the account, or the
// caller's own.
func (x *exchange) tokenOwner() authz.Owner {
	if below(x.operation.Route, "/accounts/{account_id}/tokens") {
		return authz.Owner{Account: x.account()}
	}
	return authz.Owner{User: x.user()}
}

// token finds the token that the path names among its owner's.
func (x *exchange) token() (*state.Token, error) {
	t := x.tx.Token(x.paramID("token_id"))
	if t == nil || t.Owner != x.tokenOwner() {
		return nil, errNotFound.refuse("token")
	}
	return t, nil
}

// check is what a definition that this request writes is judged against.
func (x *exchange) check(owner authz.Owner, stored *authz.Definition) *authz.Check {
	c := x.request.Credential
	return &authz.Check{
		Owner: owner, Caller: c.User, CallerIsToken: c.Kind.HasPolicies(), Now: x.now, Stored: stored,
	}
}

// listTokens leaves out what has expired unless it is asked for.
func listTokens(x *exchange) (*reply, error) {
	expired, err := x.queryBool("include_expired", false)
	if err != nil {
		return nil, err
	}
	owner := x.tokenOwner()
	tokens := x.tx.UserTokens(owner.User)
	if !owner.Account.IsZero() {
		tokens = x.tx.AccountTokens(owner.Account)
	}
	views := make([]tokenView, 0, len(tokens))
	for _, t := range tokens {
		if expired || !isExpired(t, x) {
			views = append(views, x.viewToken(t))
		}
	}
	if err := ordering[tokenView](x, views, nil); err != nil {
		return nil, err
	}
	return page(x, views, ordinaryPages)
}

func getToken(x *exchange) (*reply, error) {
	t, err := x.token()
	if err != nil {
		return nil, err
	}
	return result(x.viewToken(t)), nil
}

func createToken(x *exchange, in tokenInput) (*reply, error) {
	for i, id := range in.ids {
		if id != "" {
			in.fault(problemPointer(&authz.Problem{Policy: i, Field: "id"}), "Reusing existing policies is not supported by token creation")
		}
	}
	if s := in.status; s != nil && *s != "active" && *s != "disabled" {
		in.fault("/status", "must be active or disabled")
	}
	owner := x.tokenOwner()
	policies, err := in.check(x, x.check(owner, nil))
	if err != nil {
		return nil, err
	}
	if err := x.tx.CheckTokenQuota(owner); err != nil {
		return nil, err
	}
	prefix := state.UserTokenPrefix
	if !owner.Account.IsZero() {
		prefix = state.AccountTokenPrefix
	}
	secret := x.tx.NewSecret(prefix)
	t := &state.Token{
		ID: x.tx.NewID("token"), Owner: owner, Definition: in.definition(x, policies, nil),
		Disabled: in.status != nil && *in.status == "disabled",
		IssuedOn: x.now, ModifiedOn: x.now, SecretHash: x.tx.HashSecret(secret),
	}
	if err := x.tx.PutToken(t); err != nil {
		return nil, err
	}
	view := x.viewToken(t)
	view.Value = secret
	return result(view), nil
}

// definition makes the definition to store. A policy that the stored
// definition already holds keeps its id.
func (in *tokenInput) definition(x *exchange, policies, stored []authz.Policy) authz.Definition {
	slices.SortStableFunc(policies, authz.ComparePolicies)
	left := slices.Clone(stored)
	for i := range policies {
		same := slices.IndexFunc(left, func(p authz.Policy) bool { return authz.ComparePolicies(p, policies[i]) == 0 })
		if same < 0 {
			policies[i].ID = x.tx.NewID("policy")
			continue
		}
		policies[i].ID = left[same].ID
		left = slices.Delete(left, same, same+1)
	}
	return authz.Definition{
		Name: in.name, Policies: policies, In: in.in, NotIn: in.notIn,
		NotBefore: in.notBefore, ExpiresOn: in.expiresOn,
	}
}

// updateToken replaces the whole definition and keeps the secret. A status
// that is not sent stays (authorization model §3).
func updateToken(x *exchange, in tokenInput) (*reply, error) {
	old, err := x.token()
	if err != nil {
		return nil, err
	}
	t := *old
	switch {
	case in.status == nil, *in.status == x.tokenStatus(old):
		// What a read showed changes nothing when it is sent back.
	case *in.status == "active":
		t.Disabled = false
	case *in.status == "disabled":
		t.Disabled = true
	default:
		// "expired" among them: what was asked for must not seem done.
		in.fault("/status", "must be active or disabled; a token expires by its expires_on")
	}
	policies, err := in.check(x, x.check(old.Owner, &old.Definition))
	if err != nil {
		return nil, err
	}
	t.Definition = in.definition(x, policies, old.Definition.Policies)
	t.ModifiedOn = x.now
	if err := x.tx.PutToken(&t); err != nil {
		return nil, err
	}
	return result(x.viewToken(&t)), nil
}

func deleteToken(x *exchange) (*reply, error) {
	t, err := x.token()
	if err != nil {
		return nil, err
	}
	if err := x.tx.DeleteToken(t.ID); err != nil {
		return nil, err
	}
	return result(deleted{t.ID.String()}), nil
}

// rollToken gives the token a new secret; the old one is dead at once. The
// secret of an account-owned token is worth every right in it, so its caller
// must hold them all (authorization model §3).
func rollToken(x *exchange, _ nothing) (*reply, error) {
	old, err := x.token()
	if err != nil {
		return nil, err
	}
	prefix := state.UserTokenPrefix
	if !old.Owner.Account.IsZero() {
		prefix = state.AccountTokenPrefix
		if ok, group, key := authz.HoldsAll(x.tx, x.user(), old.Definition.Policies); !ok {
			return nil, invalid("", "Failed common permission check against resources. (Permission group: %q) The caller does not hold it on %s", group, key)
		}
	}
	secret := x.tx.NewSecret(prefix)
	t := *old
	t.SecretHash, t.ModifiedOn = x.tx.HashSecret(secret), x.now
	if err := x.tx.PutToken(&t); err != nil {
		return nil, err
	}
	return result(secret), nil
}
