// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

func place(scope string, owner authz.ID, path string) state.DocumentPlace {
	return state.DocumentPlace{Scope: scope, Owner: owner, Path: path}
}

func document(p state.DocumentPlace, name, body string) *state.Document {
	return &state.Document{DocumentPlace: p, Name: name, Body: body, CreatedOn: noon, ModifiedOn: noon}
}

func names(list []*state.Document) string {
	var b strings.Builder
	for _, d := range list {
		b.WriteString(d.Name + " ")
	}
	return strings.TrimSpace(b.String())
}

func TestDocuments(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	rooms := place(state.ScopeZone, exampleCom, "/waiting_rooms")
	update(t, w, func(tx *state.Tx) error {
		return errors.Join(
			// All of one instant: the order is that of creation, not of names.
			tx.PutDocument(document(rooms, "c", `{"n":1}`)),
			tx.PutDocument(document(rooms, "a", `{"n":2}`)),
			tx.PutDocument(document(rooms, "b", `[1]`)),
			tx.PutDocument(document(rooms, "", `{"own":true}`)),
			tx.PutDocument(document(place(state.ScopeZone, globexZ, "/waiting_rooms"), "a", `{}`)),
			tx.PutDocument(&state.Document{DocumentPlace: rooms, Name: "d", Content: []byte{0, 0xff}, ContentType: "image/png"}),
		)
	})
	var handed []*state.Document
	view(t, w, func(tx *state.Tx) {
		handed = tx.Documents(rooms)
		if got := names(handed); got != "c a b d" {
			t.Errorf("the list is %q", got)
		}
		if d := tx.Document(rooms, "a"); d == nil || d.Body != `{"n":2}` || d.HasContent() {
			t.Errorf("a is %+v", d)
		}
		if d := tx.Document(rooms, "d"); d == nil || !d.HasContent() || string(d.Content) != "\x00\xff" {
			t.Errorf("d is %+v", d)
		}
		if d := tx.Document(rooms, ""); d == nil || d.Body != `{"own":true}` {
			t.Errorf("the place's own is %+v", d)
		}
		for _, other := range []state.DocumentPlace{
			place(state.ScopeZone, exampleCom, "/waiting_room"), place(state.ScopeAccount, exampleCom, "/waiting_rooms"),
			place(state.ScopeZone, acme, "/waiting_rooms"),
		} {
			if tx.Document(other, "a") != nil || len(tx.Documents(other)) > 0 {
				t.Errorf("%+v holds what lies elsewhere", other)
			}
		}
	})
	update(t, w, func(tx *state.Tx) error {
		return errors.Join(
			tx.PutDocument(document(rooms, "a", `{"n":3}`)), // keeps its place
			tx.DeleteDocument(rooms, "d"), tx.DeleteDocument(rooms, "absent"),
			tx.PutDocument(document(rooms, "0", `{}`)), // last, whatever its name
		)
	})
	view(t, w, func(tx *state.Tx) {
		if got := names(tx.Documents(rooms)); got != "c a b 0" {
			t.Errorf("the list is %q", got)
		}
		if names(handed) != "c a b d" || handed[1].Body != `{"n":2}` {
			t.Error("a list that was handed out has changed")
		}
	})
}

// TestDocumentsBelow: what goes with a document is what lies below its path,
// and nothing whose path only starts alike.
func TestDocumentsBelow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	at := func(path string) state.DocumentPlace { return place(state.ScopeAccount, acme, path) }
	paths := []string{"/a", "/a-b", "/a/x", "/a/x/b", "/a/x/b/y/c", "/a/xy", "/b/a/x"}
	update(t, w, func(tx *state.Tx) error {
		for _, path := range paths {
			for _, name := range []string{"", "1", "2"} {
				if err := tx.PutDocument(document(at(path), name, `{}`)); err != nil {
					return err
				}
			}
		}
		return tx.PutDocument(document(place(state.ScopeAccount, globex, "/a/x/b"), "1", `{}`))
	})
	update(t, w, func(tx *state.Tx) error {
		return errors.Join(tx.DeleteDocumentsBelow(at("/a/x")), tx.DeleteDocumentsBelow(at("/nothing")), tx.DeleteDocumentsBelow(at("/a/x")))
	})
	view(t, w, func(tx *state.Tx) {
		for _, path := range paths {
			gone := path == "/a/x" || strings.HasPrefix(path, "/a/x/")
			if got := tx.Document(at(path), "") == nil && tx.Document(at(path), "1") == nil && len(tx.Documents(at(path))) == 0; got != gone {
				t.Errorf("%s: gone %t, want %t", path, got, gone)
			}
		}
		if len(tx.Documents(place(state.ScopeAccount, globex, "/a/x/b"))) != 1 {
			t.Error("another account's documents went too")
		}
	})
}

// TestDocumentsGoWithTheirOwner: deleting a zone, an account or a user leaves
// none behind, and the others theirs.
func TestDocumentsGoWithTheirOwner(t *testing.T) {
	t.Parallel()
	owners := map[string]state.DocumentPlace{
		"zone": place(state.ScopeZone, exampleCom, "/x"), "other zone": place(state.ScopeZone, globexZ, "/x"),
		"account": place(state.ScopeAccount, acme, "/x"), "other account": place(state.ScopeAccount, globex, "/x"),
		"user": place(state.ScopeUser, dev, "/x"), "other user": place(state.ScopeUser, super, "/x"),
	}
	for _, tc := range []struct {
		name   string
		remove func(*state.Tx) error
		gone   []string
	}{
		{"a zone", func(tx *state.Tx) error { return tx.DeleteZone(exampleCom) }, []string{"zone"}},
		{"an account with its zones", func(tx *state.Tx) error { return tx.DeleteAccount(acme) }, []string{"zone", "account"}},
		{"a user", func(tx *state.Tx) error { return tx.DeleteUser(dev) }, []string{"user"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			log := &memoryLog{}
			w := newWorld(t, log)
			update(t, w, func(tx *state.Tx) error {
				for _, p := range owners {
					if err := errors.Join(
						tx.PutDocument(document(p, "one", `{}`)), tx.PutDocument(document(p, "two", `{}`)), tx.PutDocument(document(p, "", `{}`)),
					); err != nil {
						return err
					}
				}
				return nil
			})
			update(t, w, tc.remove)
			view(t, w, func(tx *state.Tx) {
				for name, p := range owners {
					want := 2
					if slices.Contains(tc.gone, name) {
						want = 0
					}
					if got := len(tx.Documents(p)); got != want || (tx.Document(p, "") == nil) != (want == 0) {
						t.Errorf("%s has %d documents, want %d", name, got, want)
					}
				}
			})
			again, err := state.Replay(state.Options{HashKey: testKey}, slices.Values(log.batches))
			if err != nil {
				t.Fatal(err)
			}
			if digest(t, again) != digest(t, w) {
				t.Error("the log gives another world")
			}
		})
	}
}

func TestPutDocumentRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	x := place(state.ScopeZone, exampleCom, "/x")
	for name, tc := range map[string]struct {
		document *state.Document
		rule     string
	}{
		"no such owner":    {document(place(state.ScopeZone, acme, "/x"), "a", `{}`), state.RuleUnknownReference},
		"no such scope":    {document(place("world", acme, "/x"), "a", `{}`), state.RuleUnknownReference},
		"no path":          {document(place(state.ScopeZone, exampleCom, ""), "a", `{}`), state.RuleInvalidValue},
		"path without /":   {document(place(state.ScopeZone, exampleCom, "x"), "a", `{}`), state.RuleInvalidValue},
		"zero byte":        {document(place(state.ScopeZone, exampleCom, "/\x00"), "a", `{}`), state.RuleInvalidValue},
		"name no text":     {document(x, "\xff", `{}`), state.RuleInvalidValue},
		"nothing":          {document(x, "a", ""), state.RuleInvalidValue},
		"no JSON":          {document(x, "a", `{`), state.RuleInvalidValue},
		"body no text":     {document(x, "a", "\"\xff\""), state.RuleInvalidValue},
		"body and content": {&state.Document{DocumentPlace: x, Name: "a", Body: `{}`, ContentType: "text/plain"}, state.RuleInvalidValue},
		"untyped content":  {&state.Document{DocumentPlace: x, Name: "a", Body: `{}`, Content: []byte("x")}, state.RuleInvalidValue},
		"too large":        {document(x, "a", `"`+strings.Repeat("x", 1<<20)+`"`), state.RuleDocumentQuota},
		"name too long":    {document(x, strings.Repeat("n", 5000), `{}`), state.RuleDocumentQuota},
		"path too long":    {document(place(state.ScopeZone, exampleCom, "/"+strings.Repeat("p", 5000)), "a", `{}`), state.RuleDocumentQuota},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			wantRule(t, w.Update(func(tx *state.Tx) error { return tx.PutDocument(tc.document) }), tc.rule)
		})
	}
	view(t, w, func(tx *state.Tx) {
		for name, write := range map[string]func() error{
			"put": func() error { return tx.PutDocument(document(x, "a", `{}`)) }, "delete": func() error { return tx.DeleteDocument(x, "a") },
			"delete below": func() error { return tx.DeleteDocumentsBelow(x) },
		} {
			if err := write(); !errors.Is(err, state.ErrReadOnly) {
				t.Errorf("%s in a view: %v", name, err)
			}
		}
	})
}

// TestDocumentQuota: an owner has a bounded number of documents; what is
// deleted makes room, and others have their own.
func TestDocumentQuota(t *testing.T) {
	t.Parallel()
	const most = 10_000
	w := newWorld(t, nil)
	x := place(state.ScopeAccount, acme, "/x")
	update(t, w, func(tx *state.Tx) error {
		for i := range most {
			if err := tx.PutDocument(document(x, strconv.Itoa(i), `{}`)); err != nil {
				return err
			}
		}
		return nil
	})
	more := func(p state.DocumentPlace, name string) error {
		return w.Update(func(tx *state.Tx) error { return tx.PutDocument(document(p, name, `{}`)) })
	}
	wantRule(t, more(x, "more"), state.RuleDocumentQuota)
	wantRule(t, more(place(state.ScopeAccount, acme, "/y"), "more"), state.RuleDocumentQuota)
	if err := more(x, "7"); err != nil {
		t.Errorf("an existing document cannot be replaced: %v", err)
	}
	if err := more(place(state.ScopeAccount, globex, "/x"), "more"); err != nil {
		t.Errorf("another account is refused: %v", err)
	}
	update(t, w, func(tx *state.Tx) error { return tx.DeleteDocument(x, "0") })
	if err := more(x, "more"); err != nil {
		t.Errorf("room that was made is not there: %v", err)
	}
}
