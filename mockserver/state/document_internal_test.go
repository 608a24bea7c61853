// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"errors"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// TestDocumentSizes: the bytes of an owner and of the world are bounded, count
// down again, and are the same after an undone transaction.
func TestDocumentSizes(t *testing.T) {
	t.Parallel()
	w := New(Options{})
	w.documents.limits = documentLimits{document: 1000, name: 100, ownerCount: 100, owner: 3000, wholly: 5000}
	one, two, three := authz.ID{1}, authz.ID{2}, authz.ID{3}
	put := func(owner authz.ID, name string, size int) error {
		return w.Update(func(tx *Tx) error {
			return tx.PutDocument(&Document{DocumentPlace: DocumentPlace{ScopeUser, owner, "/x"}, Name: name, Body: `"` + strings.Repeat("x", size-2) + `"`})
		})
	}
	refused := func(what string, err error, says string) {
		t.Helper()
		var broken *RuleError
		if !errors.As(err, &broken) || broken.Rule != RuleDocumentQuota || !strings.Contains(broken.Message, says) {
			t.Errorf("%s: %v, want a quota that says %q", what, err, says)
		}
	}
	if err := w.Update(func(tx *Tx) error {
		return errors.Join(
			tx.PutUser(&User{ID: one, Email: "1@example.com"}), tx.PutUser(&User{ID: two, Email: "2@example.com"}), tx.PutUser(&User{ID: three, Email: "3@example.com"}),
		)
	}); err != nil {
		t.Fatal(err)
	}
	refused("one document", put(one, "a", 1001), "up to 1000 bytes in one")
	if err := errors.Join(put(one, "a", 900), put(one, "b", 900)); err != nil {
		t.Fatal(err)
	}
	refused("one owner", put(one, "c", 900), "up to 3000 bytes of documents for one user")
	if err := put(one, "b", 100); err != nil {
		t.Errorf("a document cannot become smaller: %v", err)
	}
	if err := errors.Join(put(one, "b", 900), put(two, "a", 900)); err != nil {
		t.Fatal(err)
	}
	refused("the world", put(three, "a", 900), "up to 5000 bytes of documents in all")
	size := w.documents.size
	undone := errors.New("undone")
	if err := w.Update(func(tx *Tx) error {
		return errors.Join(tx.DeleteUser(one), tx.DeleteDocument(DocumentPlace{ScopeUser, two, "/x"}, "a"), undone)
	}); !errors.Is(err, undone) {
		t.Fatal(err)
	}
	if w.documents.size != size || len(w.documents.owners) != 2 {
		t.Errorf("after an undone deletion %d bytes of %d owners count, want %d of 2", w.documents.size, len(w.documents.owners), size)
	}
	if err := w.Update(func(tx *Tx) error { return errors.Join(tx.DeleteUser(one), tx.DeleteUser(two)) }); err != nil {
		t.Fatal(err)
	}
	if w.documents.size != 0 || len(w.documents.owners) != 0 || len(w.documents.byPlace.lists) != 0 {
		t.Errorf("nothing is left, and %d bytes of %d owners count", w.documents.size, len(w.documents.owners))
	}
}
