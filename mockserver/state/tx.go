// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"cmp"
	"errors"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// ErrReadOnly is returned by every write in a [World.View].
var ErrReadOnly = errors.New("a view cannot write")

// Tx is a transaction: one consistent state, and in an update the writes to
// it. It implements [authz.World]; its look-ups by identifier do not allocate.
//
// Entities and lists that a Tx returns are shared and read-only. To change an
// entity, copy it, give the copy new values (new slices and maps, never
// changed ones) and put the copy; Put keeps its own copy of the struct.
//
// A Tx is valid while its function runs. In a view it is safe for concurrent
// use, in an update it is not.
type Tx struct {
	w      *World
	update *update // nil in a view
}

var _ authz.World = (*Tx)(nil)

// NewID returns an identifier for a new object of a kind ("token", "zone").
func (tx *Tx) NewID(kind string) authz.ID { return tx.w.ids.NewID(kind) }

// NewSecret returns a new secret with one of the prefixes "cfut_", "cfat_"
// and "cfk_". It is shown once; what is stored is its [Tx.HashSecret].
func (tx *Tx) NewSecret(prefix string) string { return tx.w.secrets.NewSecret(prefix) }

// HashSecret returns the keyed hash under which a secret is stored.
func (tx *Tx) HashSecret(secret string) Hash { return tx.w.hasher.sum(secret) }

// DeriveKey returns a key for a purpose that is the same for the same purpose
// and hash key, and tells nothing of either (see [Options.HashKey]). So what is
// signed in this world can be checked after a replay under the same hash key,
// while no key stands in the change log.
func (tx *Tx) DeriveKey(purpose string) [32]byte {
	// No header can carry the zero byte, so no secret has this hash.
	return tx.w.hasher.sum("\x00derived key\x00" + purpose)
}

// change names a row that an update wrote.
type change struct {
	table int // position in World.tables
	id    authz.ID
}

// update is the journal of a writing transaction.
type update struct {
	undo          []func()
	touched       map[change]bool // whether the row existed before
	deletedTokens []authz.ID
}

// undoAll takes back every write, the last first, so that indexes pass
// through the states they came from.
func (u *update) undoAll() {
	for _, undo := range slices.Backward(u.undo) {
		undo()
	}
	u.undo = nil
}

// changes lists what the update wrote in the order of tables and identifiers:
// the same writes give the same batch. Rows that came and went are no change.
func (u *update) changes(w *World) []change {
	list := make([]change, 0, len(u.touched))
	for c, existed := range u.touched {
		if existed || w.tables[c.table].has(c.id) {
			list = append(list, c)
		}
	}
	slices.SortFunc(list, func(a, b change) int {
		return cmp.Or(cmp.Compare(a.table, b.table), a.id.Compare(b.id))
	})
	return list
}

// put stores a copy of v and notes how to take it back.
func put[T any](tx *Tx, t *table[T], v *T) error {
	if tx.update == nil {
		return ErrReadOnly
	}
	id := t.id(v)
	if id.IsZero() {
		return invalid("%s without an identifier", t.kind)
	}
	stored := *v
	if err := t.seal(&stored); err != nil {
		return err
	}
	write(tx, t, id, &stored)
	return nil
}

// remove deletes a row if it exists and notes how to take it back.
func remove[T any](tx *Tx, t *table[T], id authz.ID) error {
	if tx.update == nil {
		return ErrReadOnly
	}
	if t.has(id) {
		write(tx, t, id, nil)
	}
	return nil
}

func write[T any](tx *Tx, t *table[T], id authz.ID, v *T) {
	old := t.set(id, v)
	u := tx.update
	u.undo = append(u.undo, func() { t.set(id, old) })
	c := change{table: tx.w.position(t), id: id}
	if _, known := u.touched[c]; !known {
		u.touched[c] = old != nil
	}
}
