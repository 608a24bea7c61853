// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// self stands for the id of the user that the token acts as. A token may name no other user, so no
// decision depends on the id, and it need not be read; texts show selfText in its place.
var self = authz.ID{
	0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
}

const selfText = "<own id>"

// subject is the token that a question is about.
type subject struct {
	credential *authz.Credential
	// keys are the names of its policies, in the order in which the engine numbers them.
	keys   []string
	doubts []doubt
	// held are the resource keys of its policies.
	held []heldKey
}

// doubt is a part of a policy that the model does not know, so that it may allow or deny more than the
// engine can see.
type doubt struct {
	deny bool
	// groups are what the part may be about; empty is anything.
	groups catalog.GroupSet
	text   string
}

// newSubject is a token with the policies, without limits of time and address.
func newSubject(policies []policyset.Keyed, own policyset.Owner) (*subject, error) {
	s := &subject{credential: &authz.Credential{Kind: authz.UserToken, User: self}}
	if own.IsAccount() {
		id, ok := authz.ParseID(own.AccountID)
		if !ok {
			return nil, fmt.Errorf("read the owner of the token: %q is no account id", own.AccountID)
		}
		s.credential = &authz.Credential{Kind: authz.AccountToken, Account: id}
	}
	list := make([]authz.Policy, 0, len(policies))
	for _, p := range policies {
		in := p.Policy.ForEngine(self)
		list = append(list, in.Policy)
		s.keys = append(s.keys, p.Key)
		s.doubts = append(s.doubts, doubtsOf(p.Key, in)...)
		s.held = append(s.held, heldKeysOf(p.Key, in.Policy)...)
	}
	compiled, err := authz.Compile(list)
	if err != nil {
		return nil, fmt.Errorf("compile the policies: %w", err)
	}
	s.credential.Policies = compiled
	return s, nil
}

// subjectOf is a token as the API shows it.
func subjectOf(token *client.Token, own policyset.Owner) (*subject, error) {
	s, err := newSubject(policyset.Named(token.Policies), own)
	if err != nil {
		return nil, err
	}
	c := s.credential
	if id, ok := authz.ParseID(token.ID); ok {
		c.ID = id
	}
	// An expired token is judged by its times, at the instant that is asked about. Whatever else is not
	// active, a revoked token for one, is as good as disabled.
	c.Disabled = token.Status != client.StatusActive && token.Status != client.StatusExpired
	if token.NotBefore != nil {
		c.NotBefore = *token.NotBefore
	}
	if token.ExpiresOn != nil {
		c.ExpiresOn = *token.ExpiresOn
	}
	if token.Condition != nil {
		if c.IP, err = authz.CompileIP(token.Condition.In, token.Condition.NotIn); err != nil {
			return nil, fmt.Errorf("read the IP condition of the token: %w", err)
		}
	}
	return s, nil
}

func doubtsOf(key string, in policyset.ForEngine) []doubt {
	var out []doubt
	deny := in.Policy.Effect != authz.Allow
	for _, id := range in.Unlisted {
		out = append(out, doubt{deny: deny, text: fmt.Sprintf("what the permission group %s of policies[%q] opens, which this version of the provider does not know", id, key)})
	}
	var groups catalog.GroupSet
	for _, g := range in.Policy.Groups {
		groups.Add(g)
	}
	for _, k := range in.Unread {
		out = append(out, doubt{deny: deny, groups: groups, text: fmt.Sprintf("what the resource key %s of policies[%q] reaches, which is of no form that the model knows", k, key)})
	}
	return out
}

// doubtful lists the doubts that could turn the answer over: of denies where it is yes, of allows where
// it is no, and only those about groups that the operation accepts.
func (s *subject) doubtful(allows bool, accepts catalog.GroupSet) []string {
	var out []string
	for _, d := range s.doubts {
		if d.deny == allows && (d.groups.IsEmpty() || d.groups.Intersects(accepts)) {
			out = append(out, d.text)
		}
	}
	return out
}

// accountsNamed are the accounts that the policies name, on whose zones they may act.
func accountsNamed(policies []policyset.Keyed) []authz.ID {
	var out []authz.ID
	for _, p := range policies {
		for _, k := range p.Policy.Keys {
			if key, known := k.Parse(); known && !key.Account.IsZero() {
				out = append(out, key.Account)
			}
		}
	}
	return out
}

// numbered is how the engine names a policy.
var numbered = regexp.MustCompile(`policies\[(\d+)\]`)

// words puts the user's own names into a text of the engine's.
func (s *subject) words(text string) string {
	text = numbered.ReplaceAllStringFunc(text, func(match string) string {
		i, err := strconv.Atoi(numbered.FindStringSubmatch(match)[1])
		if err != nil || i >= len(s.keys) {
			return match
		}
		return fmt.Sprintf("policies[%q]", s.keys[i])
	})
	return strings.ReplaceAll(text, self.String(), selfText)
}
