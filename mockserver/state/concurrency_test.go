// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"errors"
	"fmt"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// TestReadersSeeWholeTransactions runs readers beside a writer that keeps two
// facts in step (the name of an account and the number of its records, a
// secret and the token's name); no reader may see one without the other.
func TestReadersSeeWholeTransactions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	const rounds = 300
	errUndo := errors.New("undo")
	step := func(n int) func(*state.Tx) error {
		return func(tx *state.Tx) error {
			a := *tx.AccountByID(acme)
			a.Name = strconv.Itoa(n)
			k := *tx.Token(devToken)
			k.SecretHash, k.Definition.Name = tx.HashSecret(fmt.Sprint("secret", n)), strconv.Itoa(n)
			r := state.Record{ID: id(5, byte(n)), Zone: exampleCom, Type: "A", Name: "n.example.com", Content: strconv.Itoa(n), CreatedOn: noon.Add(time.Duration(n%7) * time.Hour)}
			r.ID[1] = byte(n >> 8)
			return errors.Join(tx.PutAccount(&a), tx.PutToken(&k), tx.PutRecord(&r))
		}
	}
	if err := w.Update(step(0)); err != nil {
		t.Fatal(err)
	}
	var done atomic.Bool
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for !done.Load() {
				err := w.View(func(tx *state.Tx) error {
					name := tx.AccountByID(acme).Name
					if got := strconv.Itoa(len(tx.RecordsByName(exampleCom, "n.example.com")) - 1); got != name {
						return fmt.Errorf("the account says %s, the records say %s", name, got)
					}
					if c := tx.CredentialByToken("secret" + name); c == nil || tx.Token(c.ID).Definition.Name != name {
						return fmt.Errorf("the account says %s, the token does not", name)
					}
					return nil
				})
				if err != nil {
					t.Error(err)
					return
				}
				w.Touch(devToken, noon)
			}
		})
	}
	for n := 1; n <= rounds; n++ {
		if err := w.Update(step(n)); err != nil {
			t.Error(err)
			break
		}
		undone := w.Update(func(tx *state.Tx) error { return errors.Join(step(n+1000)(tx), tx.DeleteZone(exampleCom), errUndo) })
		if !errors.Is(undone, errUndo) {
			t.Error(undone)
			break
		}
	}
	done.Store(true)
	readers.Wait()
	view(t, w, func(tx *state.Tx) {
		if got := len(tx.RecordsByName(exampleCom, "n.example.com")); got != rounds+1 {
			t.Errorf("%d records, want %d", got, rounds+1)
		}
	})
}

// TestDecisionsOnATransaction holds that a Tx answers the engine: the request
// after a change sees it (authorization model §6).
func TestDecisionsOnATransaction(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	decide := func() (d authz.Decision) {
		view(t, w, func(tx *state.Tx) {
			d = authz.Decide(tx, &authz.Request{
				Presence: authz.WellFormed, Credential: tx.CredentialByKey("dev@example.com", devKey),
				Accepts: authz.RecordGroups(), Targets: []authz.Target{authz.ZoneTarget(exampleCom)}, Now: noon,
			})
		})
		return d
	}
	if d := decide(); !d.Allowed {
		t.Fatalf("the DNS role is refused: %+v", d)
	}
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.APIAccess = authz.Off }))
	if d := decide(); d.Reason != authz.ReasonAPIAccessDisabled {
		t.Errorf("after the switch: %+v", d)
	}
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.APIAccess, m.Roles = authz.Unset, nil }))
	if d := decide(); d.Reason != authz.ReasonOwnerLacksRight {
		t.Errorf("after losing the role: %+v", d)
	}
	update(t, w, changeMember(devAcme, func(m *state.Member) { m.Status = state.StatusPending }))
	if d := decide(); d.Reason != authz.ReasonTargetNotFound {
		t.Errorf("while pending: %+v", d)
	}
	update(t, w, func(tx *state.Tx) error {
		u := *tx.User(dev)
		u.GlobalKeyHash = state.Hash{}
		return tx.PutUser(&u)
	})
	if d := decide(); d.Reason != authz.ReasonCredentialUnknown {
		t.Errorf("without a key: %+v", d)
	}
}
