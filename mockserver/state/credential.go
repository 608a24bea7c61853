// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import "github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"

// CredentialByToken returns the credential whose secret is that token, nil
// when there is none (gate 2). Secrets are looked up by their keyed hash and
// compared in constant time; whether the credential is alive is for the
// decision.
func (tx *Tx) CredentialByToken(secret string) *authz.Credential {
	h := tx.HashSecret(secret)
	t := tx.w.tokens.bySecret[h]
	if t == nil || !t.SecretHash.equal(h) {
		return nil
	}
	return t.credential
}

// CredentialByKey returns the credential of the user with that e-mail
// address, compared without regard to case, if key is the user's Global API
// key; else nil.
func (tx *Tx) CredentialByKey(email, key string) *authz.Credential {
	// The hash is worked out for unknown addresses too, so that time does
	// not tell which addresses exist.
	h := tx.HashSecret(key)
	u := tx.UserByEmail(email)
	if u == nil || !u.GlobalKeyHash.equal(h) {
		return nil
	}
	return u.globalKey
}

// CredentialByServiceKey returns the credential whose Origin CA key is that
// secret, nil when there is none.
func (tx *Tx) CredentialByServiceKey(secret string) *authz.Credential {
	h := tx.HashSecret(secret)
	u := tx.w.users.byOriginKey[h]
	if u == nil || !u.OriginCAKeyHash.equal(h) {
		return nil
	}
	return u.originCAKey
}

// CredentialByVultrKey returns the credential and the key whose secret that
// is, nil when there is none. It counts under the Vultr dialect alone.
func (tx *Tx) CredentialByVultrKey(secret string) (*authz.Credential, *VultrKey) {
	h := tx.HashSecret(secret)
	k := tx.w.vultr.bySecret[h]
	if k == nil || !k.SecretHash.equal(h) {
		return nil, nil
	}
	return k.credential, k
}
