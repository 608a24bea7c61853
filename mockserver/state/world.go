// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"fmt"
	"sync"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// Options say how a world makes identifiers and secrets and where its changes
// go. The zero value is a world with random identifiers, secrets and hash key
// that logs nothing.
type Options struct {
	// IDs makes the identifiers of new objects; nil is random.
	IDs IDSource
	// Secrets makes the secrets of new credentials; nil is random.
	Secrets SecretSource
	// HashKey keys the hashes of secrets. The zero key stands for a random
	// one: then secrets cannot be looked up in a world replayed elsewhere.
	HashKey [32]byte
	// Log receives every committed batch before it is acknowledged; nil
	// keeps none.
	Log LogSink
}

// World is one isolated world. It is safe for concurrent use: any number of
// views run beside each other, one update at a time, alone.
type World struct {
	ids     IDSource
	secrets SecretSource
	hasher  *hasher
	log     LogSink
	reader  *Tx

	mu     sync.RWMutex
	seq    uint64
	tables []anyTable // in the order of changes within a batch

	settings table[settings]
	users    userTable
	accounts accountTable
	members  memberTable
	zones    zoneTable
	records  recordTable
	tokens   tokenTable
	rules    accessRuleTable
	vultr    vultrTable

	certificates   certificateTable
	resourceGroups resourceGroupTable
	documents      documentTable

	lastUse lastUse
}

// New makes an empty world.
func New(opts Options) *World {
	w := &World{ids: opts.IDs, secrets: opts.Secrets, hasher: newHasher(opts.HashKey), log: opts.Log}
	if w.ids == nil {
		w.ids = randomIDs{}
	}
	if w.secrets == nil {
		w.secrets = randomSecrets{}
	}
	w.reader = &Tx{w: w}
	w.settings.init(KindSettings, func(*settings) authz.ID { return settingsID })
	w.users.init()
	w.accounts.init()
	w.members.init()
	w.zones.init()
	w.records.init()
	w.tokens.init()
	w.rules.init()
	w.vultr.init()
	w.certificates.init()
	w.resourceGroups.init()
	w.documents.init()
	w.tables = []anyTable{
		&w.settings, &w.users.table, &w.accounts.table, &w.members.table, &w.zones.table,
		&w.records.table, &w.tokens.table, &w.rules.table, &w.vultr.table,
		&w.certificates.table, &w.resourceGroups.table, &w.documents.table,
	}
	return w
}

// View runs fn on one consistent state. Views run beside each other; fn must
// not open another transaction on the same world and must not keep the Tx.
// What it reads may be kept: entities never change once stored.
func (w *World) View(fn func(*Tx) error) error {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return fn(w.reader)
}

// Update runs fn alone and commits what it wrote. An error of fn, a panic in
// it, and an error of the log sink undo everything; the error is returned.
// The batch is with the sink before Update returns nil and before any other
// transaction sees it. fn must not open another transaction on the same world
// and must not keep the Tx.
func (w *World) Update(fn func(*Tx) error) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	tx := &Tx{w: w, update: &update{touched: make(map[change]bool)}}
	committed := false
	defer func() {
		if !committed {
			tx.update.undoAll()
		}
	}()
	if err := fn(tx); err != nil {
		return err
	}
	if err := w.commit(tx.update); err != nil {
		return err
	}
	committed = true
	return nil
}

// commit hands the update's changes to the sink and counts the batch.
func (w *World) commit(u *update) error {
	touched := u.changes(w)
	if len(touched) == 0 {
		return nil
	}
	if w.log != nil {
		batch := Batch{Seq: w.seq + 1, Changes: make([]Change, 0, len(touched))}
		for _, c := range touched {
			value, err := w.tables[c.table].encode(c.id)
			if err != nil {
				return err
			}
			batch.Changes = append(batch.Changes, Change{Kind: w.tables[c.table].kindOf(), Key: c.id.String(), Value: value})
		}
		if err := w.log.Append(batch); err != nil {
			return fmt.Errorf("appending to the change log: %w", err)
		}
	}
	w.seq++
	for _, id := range u.deletedTokens {
		w.lastUse.forget(id)
	}
	return nil
}

// Seq is the sequence number of the last committed batch, 0 for a new world.
func (w *World) Seq() uint64 {
	w.mu.RLock()
	defer w.mu.RUnlock()
	return w.seq
}

// Touch notes that a token was used at an instant; an earlier instant than
// the one known is ignored. The last use is kept beside the world and outside
// the change log: it decides nothing, and a log entry for every request would
// make each read a durable write. It does not take part in transactions.
func (w *World) Touch(token authz.ID, at time.Time) { w.lastUse.touch(token, at) }

// lastUse holds the last use of tokens under a lock of its own, so that
// requests that only read never wait for each other's notes.
type lastUse struct {
	mu sync.Mutex
	at map[authz.ID]time.Time
}

func (l *lastUse) touch(token authz.ID, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.at == nil {
		l.at = make(map[authz.ID]time.Time)
	}
	if at.After(l.at[token]) {
		l.at[token] = at
	}
}

func (l *lastUse) of(token authz.ID) (time.Time, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	at, ok := l.at[token]
	return at, ok
}

func (l *lastUse) forget(token authz.ID) {
	l.mu.Lock()
	defer l.mu.Unlock()
	delete(l.at, token)
}
