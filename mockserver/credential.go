// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"net/http"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// credentialID is the id that a credential goes by in journals and faults: a token's own, else its user's.
func credentialID(c *authz.Credential) authz.ID {
	if c.Kind.HasPolicies() {
		return c.ID
	}
	return c.User
}

// presented returns the ref and the id of the credential that a request presents, empty for none and an
// unknown one. Faults select by it; nothing is decided from it.
func (s *Server) presented(r *http.Request) (ref, id string) {
	p := authz.ParseHeaders(authz.Headers{
		Authorization: r.Header.Values("Authorization"),
		Email:         r.Header.Values("X-Auth-Email"),
		Key:           r.Header.Values("X-Auth-Key"),
		ServiceKey:    r.Header.Values("X-Auth-User-Service-Key"),
	})
	if p.Presence != authz.WellFormed {
		return "", ""
	}
	// The view cannot fail: its function does not.
	_ = s.world.View(func(tx *state.Tx) error {
		var c *authz.Credential
		switch p.Kind {
		case authz.PresentedBearer:
			c = tx.CredentialByToken(p.Secret)
		case authz.PresentedKey:
			c = tx.CredentialByKey(p.Email, p.Secret)
		case authz.PresentedServiceKey:
			c = tx.CredentialByServiceKey(p.Secret)
		case authz.PresentedNothing:
		}
		if c == nil {
			return nil
		}
		id = credentialID(c).String()
		if c.Kind.HasPolicies() {
			if t := tx.Token(c.ID); t != nil {
				ref = t.Ref
			}
		} else if u := tx.User(c.User); u != nil {
			ref = u.Ref
		}
		return nil
	})
	return ref, id
}
