// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// VultrKey is a user's key of the Vultr dialect.
type VultrKey struct {
	ID   authz.ID `json:"id"`
	User authz.ID `json:"user"`
	// ACLs are what the key may do in that dialect, sorted; see [VultrACLs].
	ACLs      []string  `json:"acls,omitempty"`
	CreatedOn time.Time `json:"created_on,omitzero"`
	// SecretHash is the hash of the key; it is never zero and no two keys
	// share one.
	SecretHash Hash `json:"secret_hash"`

	credential *authz.Credential
}

// VultrACLs lists the ACLs that a key may hold, sorted. The list is fresh.
func VultrACLs() []string {
	return []string{
		"abuse", "alerts", "billing", "dns", "firewall", "loadbalancer", "manage_users", "objstore",
		"provisioning", "subscriptions", "subscriptions_view", "support", "upgrade",
	}
}

type vultrTable struct {
	table[VultrKey]
	bySecret unique[Hash, VultrKey]
	byUser   index[authz.ID, VultrKey]
}

func (t *vultrTable) init() {
	t.table.init(KindVultrKey, func(k *VultrKey) authz.ID { return k.ID })
	t.bySecret = unique[Hash, VultrKey]{}
	t.byUser = newIndex[authz.ID](func(a, b *VultrKey) int { return byCreation(a.CreatedOn, b.CreatedOn, a.ID, b.ID) })
	t.seal = func(k *VultrKey) error {
		k.credential = &authz.Credential{Kind: authz.VultrKey, User: k.User}
		return nil
	}
	t.link = func(k *VultrKey) {
		t.bySecret[k.SecretHash] = k
		t.byUser.add(k.User, k)
	}
	t.unlink = func(k *VultrKey) {
		t.bySecret.remove(k.SecretHash, k)
		t.byUser.remove(k.User, k)
	}
}

// VultrKeys lists the user's keys of the Vultr dialect, by creation.
func (tx *Tx) VultrKeys(user authz.ID) []*VultrKey { return tx.w.vultr.byUser.lists[user] }

// VultrKeyByID returns the key with that id, or nil.
func (tx *Tx) VultrKeyByID(id authz.ID) *VultrKey { return tx.w.vultr.rows[id] }

// PutVultrKey creates or replaces a key. It refuses an unknown user or ACL, a
// missing secret, and a secret that another key has.
func (tx *Tx) PutVultrKey(k *VultrKey) error {
	if !tx.w.users.has(k.User) {
		return unknown("a Vultr key names a user that does not exist")
	}
	for _, acl := range k.ACLs {
		if !slices.Contains(VultrACLs(), acl) {
			return invalid("%q is not an ACL of the Vultr dialect", acl)
		}
	}
	if k.SecretHash.IsZero() {
		return invalid("a Vultr key needs a secret")
	}
	if other := tx.w.vultr.bySecret[k.SecretHash]; other != nil && other.ID != k.ID {
		return taken("another Vultr key has the same secret")
	}
	return put(tx, &tx.w.vultr.table, k)
}

// DeleteVultrKey deletes a key. Deleting one that does not exist does nothing.
func (tx *Tx) DeleteVultrKey(id authz.ID) error { return remove(tx, &tx.w.vultr.table, id) }
