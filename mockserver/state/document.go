// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"crypto/sha256"
	"encoding/json"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// DocumentPlace is where documents lie: a path below a user, an account or a
// zone. Documents of two owners never share a place, whatever the path.
type DocumentPlace struct {
	// Scope is ScopeZone, ScopeAccount or ScopeUser, Owner the identifier of
	// that zone, account or user.
	Scope string   `json:"scope"`
	Owner authz.ID `json:"owner"`
	// Path starts with a slash and holds its segments percent-encoded in one
	// way only: who makes places must write equal paths equally.
	Path string `json:"path"`
}

func (p DocumentPlace) owner() ruleOwner { return ruleOwner{p.Scope, p.Owner} }

// Document is what is kept of an object that the world itself knows nothing
// about: a JSON value, or content of any other kind, under its path.
type Document struct {
	DocumentPlace
	// Name tells apart the documents that a place lists. The document with
	// the empty name is the place's own and never listed. Names are UTF-8.
	Name string `json:"name,omitempty"`
	// Order is the place in the list; [Tx.PutDocument] gives it, and changes
	// of a document keep it.
	Order uint64 `json:"order,omitempty"`
	// Body is the JSON value as text, so that a replay keeps every byte;
	// empty for a document that has content instead.
	Body string `json:"body,omitempty"`
	// Content is what a client sent that is no JSON, ContentType its media
	// type; both are empty beside a body. Writers replace the slice, never
	// change it.
	Content     []byte    `json:"content,omitempty"`
	ContentType string    `json:"content_type,omitempty"`
	CreatedOn   time.Time `json:"created_on,omitzero"`
	ModifiedOn  time.Time `json:"modified_on,omitzero"`
}

// HasContent reports whether the document holds content that is no JSON.
func (d *Document) HasContent() bool { return d.ContentType != "" }

// rowID is the identifier of a document in its table and in the change log:
// the first half of the hash of all that names it. What names it reads back
// one way only, since neither scope nor path holds a zero byte.
func (p DocumentPlace) rowID(name string) authz.ID {
	text := make([]byte, 0, len(p.Scope)+len(p.Owner)+len(p.Path)+len(name)+2)
	text = append(append(text, p.Scope...), 0)
	text = append(append(text, p.Owner[:]...), p.Path...)
	text = append(append(text, 0), name...)
	sum := sha256.Sum256(text)
	return authz.ID(sum[:len(authz.ID{})])
}

// documentOverhead is what a document is taken to cost beside its texts.
const documentOverhead = 512

func (d *Document) size() int {
	return len(d.Path) + len(d.Name) + len(d.Body) + len(d.Content) + len(d.ContentType) + documentOverhead
}

// documentLimits bound the memory that documents take. Sizes are in bytes and
// count documentOverhead for every document.
type documentLimits struct {
	document      int // the body or content of one
	name          int // its name, or its path
	ownerCount    int // documents of one user, account or zone
	owner, wholly int // documents of one owner, and of the world
}

func defaultDocumentLimits() documentLimits {
	return documentLimits{document: 1 << 20, name: 4 << 10, ownerCount: 10_000, owner: 32 << 20, wholly: 256 << 20}
}

type documentTable struct {
	table[Document]
	byPlace index[DocumentPlace, Document]
	owners  map[ruleOwner]*documentOwner
	size    int
	limits  documentLimits
}

// documentOwner sums up what one user, account or zone has.
type documentOwner struct {
	count, size int
	// paths are the paths of its documents, sorted, each once.
	paths []string
}

func (t *documentTable) init() {
	t.table.init(KindDocument, func(d *Document) authz.ID { return d.rowID(d.Name) })
	t.byPlace = newIndex[DocumentPlace](func(a, b *Document) int {
		switch {
		case a.Order < b.Order:
			return -1
		case a.Order > b.Order:
			return 1
		default:
			return strings.Compare(a.Name, b.Name)
		}
	})
	t.owners = make(map[ruleOwner]*documentOwner)
	t.limits = defaultDocumentLimits()
	t.link, t.unlink = t.add, t.drop
}

func (t *documentTable) add(d *Document) {
	owner := t.owners[d.owner()]
	if owner == nil {
		owner = &documentOwner{}
		t.owners[d.owner()] = owner
	}
	owner.count++
	owner.size += d.size()
	t.size += d.size()
	if at, found := slices.BinarySearch(owner.paths, d.Path); !found {
		owner.paths = slices.Insert(owner.paths, at, d.Path)
	}
	if d.Name != "" {
		t.byPlace.add(d.DocumentPlace, d)
	}
}

func (t *documentTable) drop(d *Document) {
	owner := t.owners[d.owner()]
	owner.count--
	owner.size -= d.size()
	t.size -= d.size()
	if d.Name != "" {
		t.byPlace.remove(d.DocumentPlace, d)
	}
	if owner.count == 0 {
		delete(t.owners, d.owner())
		return
	}
	own := t.rows[d.rowID("")]
	if len(t.byPlace.lists[d.DocumentPlace]) > 0 || own != nil && own != d {
		return
	}
	if at, found := slices.BinarySearch(owner.paths, d.Path); found {
		owner.paths = slices.Delete(owner.paths, at, at+1)
	}
}

// Documents lists the named documents of a place in the order in which they
// were created. The list does not hold the place's own document.
func (tx *Tx) Documents(place DocumentPlace) []*Document { return tx.w.documents.byPlace.lists[place] }

// Document returns the document of that name in a place, or, for the empty
// name, the place's own; nil when there is none.
func (tx *Tx) Document(place DocumentPlace, name string) *Document {
	if d := tx.w.documents.rows[place.rowID(name)]; d != nil && d.DocumentPlace == place && d.Name == name {
		return d
	}
	return nil
}

// PutDocument creates or replaces a document; the Order of d is not looked at.
// It refuses an owner that does not exist, a malformed path, name or body, and
// what would be more than a world can hold ([RuleDocumentQuota]).
func (tx *Tx) PutDocument(d *Document) error {
	documents := &tx.w.documents
	if !tx.ownerExists(d.Scope, d.Owner) {
		return unknown("a document names a zone, account or user that does not exist")
	}
	if !strings.HasPrefix(d.Path, "/") || strings.ContainsRune(d.Path, 0) || !utf8.ValidString(d.Path) {
		return invalid("a document's path starts with a slash and is text")
	}
	if !utf8.ValidString(d.Name) || !utf8.ValidString(d.ContentType) {
		return invalid("a document's name is text")
	}
	if d.HasContent() == (d.Body != "") || !d.HasContent() && (len(d.Content) > 0 || !json.Valid([]byte(d.Body)) || !utf8.ValidString(d.Body)) {
		return invalid("a document holds either one JSON value or content with its type")
	}
	stored := *d
	old := documents.rows[d.rowID(d.Name)]
	if old != nil {
		if old.DocumentPlace != d.DocumentPlace || old.Name != d.Name {
			return taken("another document has the same key")
		}
		stored.Order = old.Order
	} else if stored.Order = 0; d.Name != "" {
		stored.Order = 1
		if list := tx.Documents(d.DocumentPlace); len(list) > 0 {
			stored.Order = list[len(list)-1].Order + 1
		}
	}
	if err := documents.room(&stored, old); err != nil {
		return err
	}
	return put(tx, &documents.table, &stored)
}

// room refuses a document that the limits leave no room for.
func (t *documentTable) room(d, old *Document) error {
	limits, added := t.limits, d.size()
	count, size := 0, 0
	if owner := t.owners[d.owner()]; owner != nil {
		count, size = owner.count, owner.size
	}
	if old == nil {
		count++
	} else {
		added -= old.size()
	}
	full := func(format string, args ...any) error { return broken(RuleDocumentQuota, format, args...) }
	switch {
	case len(d.Body)+len(d.Content) > limits.document:
		return full("a document of %d bytes is too large: this server keeps up to %d bytes in one", len(d.Body)+len(d.Content), limits.document)
	case len(d.Name) > limits.name || len(d.Path) > limits.name:
		return full("the path or name of a document is too long: this server keeps up to %d bytes of it", limits.name)
	case old == nil && count > limits.ownerCount:
		return full("this server keeps up to %d documents for one %s: delete some first", limits.ownerCount, d.Scope)
	case added > 0 && size+added > limits.owner:
		return full("this server keeps up to %d bytes of documents for one %s: delete some first", limits.owner, d.Scope)
	case added > 0 && t.size+added > limits.wholly:
		return full("this server keeps up to %d bytes of documents in all: delete some first", limits.wholly)
	default:
		return nil
	}
}

// DeleteDocument deletes one document and nothing below it. Deleting one that
// does not exist does nothing.
func (tx *Tx) DeleteDocument(place DocumentPlace, name string) error {
	if tx.Document(place, name) == nil {
		return tx.writable()
	}
	return remove(tx, &tx.w.documents.table, place.rowID(name))
}

// DeleteDocumentsBelow deletes every document that a place holds, its own one
// included, and all in places below it.
func (tx *Tx) DeleteDocumentsBelow(place DocumentPlace) error {
	owner := tx.w.documents.owners[place.owner()]
	if owner == nil {
		return tx.writable()
	}
	from, _ := slices.BinarySearch(owner.paths, place.Path)
	// Deleting changes the list of paths, so that it is copied first. Between
	// a path and those below it stand others: "/a", "/a-b", "/a/c".
	var paths []string
	for _, path := range owner.paths[from:] {
		if !strings.HasPrefix(path, place.Path) {
			break
		}
		if rest := path[len(place.Path):]; rest == "" || rest[0] == '/' {
			paths = append(paths, path)
		}
	}
	return tx.deletePlaces(place, paths)
}

// deleteDocuments deletes every document of a zone, account or user.
func (tx *Tx) deleteDocuments(scope string, id authz.ID) error {
	owner := tx.w.documents.owners[ruleOwner{scope, id}]
	if owner == nil {
		return tx.writable()
	}
	return tx.deletePlaces(DocumentPlace{Scope: scope, Owner: id}, slices.Clone(owner.paths))
}

func (tx *Tx) deletePlaces(place DocumentPlace, paths []string) error {
	for _, path := range paths {
		place.Path = path
		// From the end, where a list is shortened without being copied.
		for _, d := range slices.Backward(tx.Documents(place)) {
			if err := tx.DeleteDocument(place, d.Name); err != nil {
				return err
			}
		}
		if err := tx.DeleteDocument(place, ""); err != nil {
			return err
		}
	}
	return nil
}

// writable refuses writes in a view.
func (tx *Tx) writable() error {
	if tx.update == nil {
		return ErrReadOnly
	}
	return nil
}
