// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// table holds the rows of one kind by identifier. Its functions are set once
// by init; link and unlink keep the indexes.
type table[T any] struct {
	kind   Kind
	rows   map[authz.ID]*T
	id     func(*T) authz.ID
	seal   func(*T) error // works out what the row holds beside its values
	link   func(*T)
	unlink func(*T)
}

// anyTable is what replay and export need of a table.
type anyTable interface {
	kindOf() Kind
	has(id authz.ID) bool
	ids() []authz.ID
	encode(id authz.ID) (json.RawMessage, error)
	decode(id authz.ID, value json.RawMessage) error
}

// init makes an empty table without indexes; the caller adds them.
func (t *table[T]) init(kind Kind, id func(*T) authz.ID) {
	t.kind, t.id = kind, id
	t.rows = make(map[authz.ID]*T)
	t.seal = func(*T) error { return nil }
	t.link, t.unlink = func(*T) {}, func(*T) {}
}

// set stores v, or deletes the row when v is nil, and returns what was there.
func (t *table[T]) set(id authz.ID, v *T) *T {
	old := t.rows[id]
	if old != nil {
		t.unlink(old)
	}
	if v == nil {
		delete(t.rows, id)
	} else {
		t.rows[id] = v
		t.link(v)
	}
	return old
}

func (t *table[T]) kindOf() Kind { return t.kind }

func (t *table[T]) has(id authz.ID) bool { return t.rows[id] != nil }

// ids lists the identifiers in their order.
func (t *table[T]) ids() []authz.ID {
	list := make([]authz.ID, 0, len(t.rows))
	for id := range t.rows {
		list = append(list, id)
	}
	slices.SortFunc(list, authz.ID.Compare)
	return list
}

// encode returns the row as JSON, nil when there is none.
func (t *table[T]) encode(id authz.ID) (json.RawMessage, error) {
	row := t.rows[id]
	if row == nil {
		return nil, nil
	}
	value, err := json.Marshal(row)
	if err != nil {
		return nil, fmt.Errorf("encoding %s %s: %w", t.kind, id, err)
	}
	return value, nil
}

// decode applies a logged change, without the rules that held when it was
// made. A field that this version does not know is refused, so that nothing
// of a newer log is lost in silence.
func (t *table[T]) decode(id authz.ID, value json.RawMessage) error {
	if value == nil {
		t.set(id, nil)
		return nil
	}
	row := new(T)
	decoder := json.NewDecoder(bytes.NewReader(value))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(row); err != nil {
		return fmt.Errorf("decoding %s %s: %w", t.kind, id, err)
	}
	if t.id(row) != id {
		return fmt.Errorf("decoding %s %s: the value is that of %s", t.kind, id, t.id(row))
	}
	if err := t.seal(row); err != nil {
		return fmt.Errorf("decoding %s %s: %w", t.kind, id, err)
	}
	t.set(id, row)
	return nil
}

// position finds a table's place among the tables of the world.
func (w *World) position(t anyTable) int { return slices.Index(w.tables, t) }

// index lists rows by a key, each list in a fixed order. A list that was
// handed out never changes: rows are added behind its end or in a new list.
type index[K comparable, T any] struct {
	compare func(a, b *T) int
	lists   map[K][]*T
}

func newIndex[K comparable, T any](compare func(a, b *T) int) index[K, T] {
	return index[K, T]{compare: compare, lists: make(map[K][]*T)}
}

func (x *index[K, T]) add(key K, row *T) {
	list := x.lists[key]
	i, _ := slices.BinarySearchFunc(list, row, x.compare)
	if i == len(list) {
		x.lists[key] = append(list, row)
		return
	}
	grown := make([]*T, 0, len(list)+1)
	grown = append(grown, list[:i]...)
	grown = append(grown, row)
	x.lists[key] = append(grown, list[i:]...)
}

func (x *index[K, T]) remove(key K, row *T) {
	list := x.lists[key]
	if last := len(list) - 1; last > 0 && list[last] == row {
		// What is added next must not write into the list as it was.
		x.lists[key] = list[:last:last]
		return
	}
	i := slices.Index(list, row)
	switch {
	case i < 0:
	case len(list) == 1:
		delete(x.lists, key)
	default:
		shrunk := make([]*T, 0, len(list)-1)
		shrunk = append(shrunk, list[:i]...)
		x.lists[key] = append(shrunk, list[i+1:]...)
	}
}

// unique finds a row by a key that no two rows share at the end of a
// transaction. In between, and in a replay, they may: so a row takes out only
// its own entry.
type unique[K comparable, T any] map[K]*T

func (u unique[K, T]) remove(key K, row *T) {
	if u[key] == row {
		delete(u, key)
	}
}

// byCreation orders rows by the instant of creation, then by identifier.
func byCreation(aOn, bOn time.Time, a, b authz.ID) int {
	if c := aOn.Compare(bOn); c != 0 {
		return c
	}
	return a.Compare(b)
}

// decodeStrictly decodes JSON and refuses fields that out does not have.
func decodeStrictly(data []byte, out any) error {
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.DisallowUnknownFields()
	return decoder.Decode(out)
}
