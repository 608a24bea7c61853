// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"iter"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// Kind names what a change is about.
type Kind string

// The kinds of change, in the order in which a batch holds them. The settings
// of a zone are part of the zone.
const (
	KindSettings   Kind = "settings"
	KindUser       Kind = "user"
	KindAccount    Kind = "account"
	KindMember     Kind = "member"
	KindZone       Kind = "zone"
	KindRecord     Kind = "record"
	KindToken      Kind = "token"
	KindAccessRule Kind = "access_rule"
	KindVultrKey   Kind = "vultr_key"
	// KindCertificate are Origin CA certificates.
	KindCertificate Kind = "certificate"
	// KindResourceGroup are the resource groups that people made.
	KindResourceGroup Kind = "resource_group"
	// KindDocument are the documents of operations that know no objects of
	// their own.
	KindDocument Kind = "document"
)

// Change is one row as a transaction left it.
type Change struct {
	// Kind names the table.
	Kind Kind `json:"kind"`
	// Key is the row's identifier in its wire form.
	Key string `json:"key"`
	// Value is the whole row; nil means that it was deleted. It holds
	// secrets only as keyed hashes.
	Value json.RawMessage `json:"value,omitempty"`
}

// Batch is what one transaction changed, sorted by kind and key, each row at
// most once.
type Batch struct {
	// Seq numbers the batches of a world from 1, without gaps.
	Seq uint64 `json:"seq"`
	// Changes are never empty.
	Changes []Change `json:"changes"`
}

// LogSink takes committed batches, in order and one at a time. An error
// refuses the batch: the transaction is undone. Append runs under the world's
// lock and must not open a transaction on it.
type LogSink interface {
	Append(batch Batch) error
}

// Replay makes the world that a change log describes. The first batch may
// have any number (a snapshot made by [World.Export] has the number of the
// last batch it covers); each further one must follow its predecessor. The
// batches are not appended to opts.Log; later updates are.
func Replay(opts Options, batches iter.Seq[Batch]) (*World, error) {
	w := New(opts)
	for batch := range batches {
		if w.seq != 0 && batch.Seq != w.seq+1 {
			return nil, fmt.Errorf("replaying the change log: batch %d follows batch %d", batch.Seq, w.seq)
		}
		for _, c := range batch.Changes {
			if err := w.apply(c); err != nil {
				return nil, fmt.Errorf("replaying batch %d: %w", batch.Seq, err)
			}
		}
		w.seq = batch.Seq
	}
	return w, nil
}

func (w *World) apply(c Change) error {
	id, ok := authz.ParseID(c.Key)
	if !ok {
		return fmt.Errorf("change of %s has the malformed key %q", c.Kind, c.Key)
	}
	for _, t := range w.tables {
		if t.kindOf() == c.Kind {
			return t.decode(id, c.Value)
		}
	}
	return fmt.Errorf("change of the unknown kind %q", c.Kind)
}

// Export returns the whole state as one batch, sorted by kind and key: what
// [Replay] turns into the same world again. An empty world has no changes.
func (w *World) Export() (Batch, error) {
	w.mu.RLock()
	defer w.mu.RUnlock()
	batch := Batch{Seq: w.seq}
	for _, t := range w.tables {
		for _, id := range t.ids() {
			value, err := t.encode(id)
			if err != nil {
				return Batch{}, err
			}
			batch.Changes = append(batch.Changes, Change{Kind: t.kindOf(), Key: id.String(), Value: value})
		}
	}
	return batch, nil
}

// Digest is a hash of the whole state: equal digests mean equal states. Two
// worlds with different hash keys and a credential in them never agree.
func (w *World) Digest() (string, error) {
	batch, err := w.Export()
	if err != nil {
		return "", err
	}
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(batch.Changes); err != nil {
		return "", fmt.Errorf("encoding the state: %w", err)
	}
	return hex.EncodeToString(h.Sum(nil)), nil
}
