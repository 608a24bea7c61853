// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mocktest

import (
	"net/http"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The kinds of credential.
const (
	UserToken    = seed.KindUserToken
	AccountToken = seed.KindAccountToken
	GlobalKey    = seed.KindGlobalKey
	OriginCAKey  = seed.KindOriginCAKey
	VultrKey     = seed.KindVultrKey
)

// Credential is a credential of the world with its secret.
type Credential struct {
	// Ref is the seed's name of a token, of the user of a key.
	Ref string
	// Kind is one of the constants of this package.
	Kind string
	// ID is the id of a token, the id of the user of a key.
	ID string
	// Email is the address of the user that the credential acts as; empty for account-owned tokens.
	Email string
	// Value is the secret. Do not print it.
	Value string
}

// Authorize sets the headers that present the credential.
func (c Credential) Authorize(h http.Header) {
	switch c.Kind {
	case GlobalKey:
		h.Set("X-Auth-Email", c.Email)
		h.Set("X-Auth-Key", c.Value)
	case OriginCAKey:
		h.Set("X-Auth-User-Service-Key", c.Value)
	default:
		h.Set("Authorization", "Bearer "+c.Value)
	}
}

// Credential returns the token with that ref in the seed or, when there is none, the Global key of the user
// with that ref. An unknown ref fails the test.
func (s *Server) Credential(ref string) Credential {
	s.tb.Helper()
	for _, kinds := range [][]string{{UserToken, AccountToken}, {GlobalKey}} {
		if c, ok := s.find(ref, kinds...); ok {
			return c
		}
	}
	s.tb.Fatalf("mocktest: the world has no credential %q; it has %s", ref, s.refs())
	return Credential{}
}

// CredentialOf returns the credential of a kind with that ref: a token's own, or the key of the user with that
// ref. An unknown one fails the test.
func (s *Server) CredentialOf(kind, ref string) Credential {
	s.tb.Helper()
	c, ok := s.find(ref, kind)
	if !ok {
		s.tb.Fatalf("mocktest: the world has no %s %q; it has %s", kind, ref, s.refs())
	}
	return c
}

func (s *Server) find(ref string, kinds ...string) (Credential, bool) {
	for _, c := range s.server.Credentials() {
		if c.Ref == ref && slices.Contains(kinds, c.Kind) {
			return Credential(c), true
		}
	}
	return Credential{}, false
}

// refs lists the credentials by kind and ref.
func (s *Server) refs() string {
	var list []string
	for _, c := range s.server.Credentials() {
		list = append(list, c.Kind+" "+c.Ref)
	}
	return strings.Join(list, ", ")
}

// ID returns the id of what the seed gave that ref: a user, an account, a zone (its name), a token, or a
// member ("acme/dev"). A ref that several of them have needs the kind in front: "user:dev", "account:acme",
// "zone:example.com", "token:terraform", "member:acme/dev". An unknown or ambiguous ref fails the test.
func (s *Server) ID(ref string) string {
	s.tb.Helper()
	found := map[string]authz.ID{}
	// The view cannot fail: its function does not.
	_ = s.World().View(func(tx *state.Tx) error {
		for kind, id := range map[string]authz.ID{
			"user": userID(tx, ref), "account": accountID(tx, ref), "zone": zoneID(tx, ref),
			"token": tokenID(tx, ref), "member": memberID(tx, ref),
		} {
			if !id.IsZero() {
				found[kind] = id
			}
		}
		return nil
	})
	if len(found) != 1 {
		s.tb.Fatalf("mocktest: the world has %d things with the ref %q", len(found), ref)
	}
	for _, id := range found {
		return id.String()
	}
	return ""
}

// name returns the ref without its kind, and false when it names another kind.
func name(kind, ref string) (string, bool) {
	for _, other := range []string{"user", "account", "zone", "token", "member"} {
		if rest, ok := strings.CutPrefix(ref, other+":"); ok {
			return rest, other == kind
		}
	}
	return ref, true
}

func userID(tx *state.Tx, ref string) authz.ID {
	if ref, ok := name("user", ref); ok {
		if u := tx.UserByRef(ref); u != nil {
			return u.ID
		}
	}
	return authz.ID{}
}

func accountID(tx *state.Tx, ref string) authz.ID {
	if ref, ok := name("account", ref); ok {
		if a := tx.AccountByRef(ref); a != nil {
			return a.ID
		}
	}
	return authz.ID{}
}

func zoneID(tx *state.Tx, ref string) authz.ID {
	if ref, ok := name("zone", ref); ok {
		if z := tx.ZoneByName(ref); z != nil {
			return z.ID
		}
	}
	return authz.ID{}
}

func tokenID(tx *state.Tx, ref string) authz.ID {
	if ref, ok := name("token", ref); ok {
		if t := tx.TokenByRef(ref); t != nil {
			return t.ID
		}
	}
	return authz.ID{}
}

func memberID(tx *state.Tx, ref string) authz.ID {
	if ref, ok := name("member", ref); ok {
		if m := tx.MemberByRef(ref); m != nil {
			return m.ID
		}
	}
	return authz.ID{}
}
