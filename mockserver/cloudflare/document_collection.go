// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// partialWrites are the collections of which a PUT changes the items that it
// names; of all others it replaces what they hold.
var partialWrites = map[string]bool{
	"/accounts/{account_id}/magic/gre_tunnels":   true,
	"/accounts/{account_id}/magic/ipsec_tunnels": true,
	"/accounts/{account_id}/magic/routes":        true,
	"/zones/{zone_id}/filters":                   true,
	"/zones/{zone_id}/firewall/rules":            true,
}

// serveCollection carries out an operation on a whole collection.
func (d *documents) serveCollection(in documentInput) (*reply, error) {
	switch d.shape.verb {
	case verbList:
		return d.listDocuments()
	case verbCreate:
		return d.createDocuments(in)
	case verbWrite:
		return d.writeDocuments(in)
	case verbMerge:
		return d.mergeDocuments(in.value)
	default:
		return d.removeDocuments(in)
	}
}

// createDocuments creates one item, or one for each element of an array.
func (d *documents) createDocuments(in documentInput) (*reply, error) {
	if in.contentType != "" {
		return d.reply(d.put(d.newID(), nil, in))
	}
	if in.value.kind != kindArray {
		return d.reply(d.create(in.value))
	}
	made := make([]*state.Document, 0, len(in.value.items))
	for _, item := range in.value.items {
		document, err := d.create(item)
		if err != nil {
			return nil, err
		}
		made = append(made, document)
	}
	return result(viewDocuments(made)), nil
}

func (d *documents) create(v value) (*state.Document, error) {
	name, err := d.givenName(v)
	if err != nil {
		return nil, err
	}
	switch {
	case name == "":
		name = d.newID()
	case d.tx.Document(d.place, name) != nil:
		return nil, invalid(v.pointer(), "%s already exists", name)
	}
	return d.put(name, nil, documentInput{value: v, sent: true})
}

// newID makes an identifier that no item of the collection has.
func (d *documents) newID() string {
	for {
		if id := d.tx.NewID("document").String(); d.tx.Document(d.place, id) == nil {
			return id
		}
	}
}

// givenName is the name that a body gives to its object in a collection whose
// items have names; "" is none.
func (d *documents) givenName(v value) (string, error) {
	if v.kind == kindString && len(d.shape.natural) > 0 {
		return v.text, d.checkName(v)
	}
	for _, field := range d.shape.natural {
		m, ok := v.member(field)
		if !ok || m.kind == kindNull {
			continue
		}
		if m.kind != kindString {
			return "", invalid(m.pointer(), "%s: must be a string, not %s", m.pointer(), m.kind)
		}
		return m.text, d.checkName(m)
	}
	return "", nil
}

func (d *documents) checkName(v value) error {
	if !d.routed(v.text) {
		return invalid(v.pointer(), "%s: this name cannot stand in the path of an object", v.pointer())
	}
	return nil
}

// member returns an object's member.
func (v value) member(name string) (value, bool) {
	for _, m := range v.members {
		if m.name == name {
			return m.value, true
		}
	}
	return value{}, false
}

// named finds the item that an element of a body means, by its id or name.
// The document is nil when the element has neither, or a name that is free.
func (d *documents) named(v value) (name string, document *state.Document, err error) {
	id, ok := v.member("id")
	if v.kind == kindString && len(d.shape.natural) == 0 {
		id, ok = v, true
	}
	if ok && id.kind == kindString && !slices.Contains(d.shape.natural, "id") {
		if document = d.tx.Document(d.place, id.text); document == nil || id.text == "" {
			return "", nil, errNotFound.refuse("the object of " + id.pointer())
		}
		return id.text, document, nil
	}
	if name, err = d.givenName(v); err != nil || name == "" {
		return "", nil, err
	}
	return name, d.tx.Document(d.place, name), nil
}

// existing is like named for an element that must mean an item.
func (d *documents) existing(v value) (*state.Document, error) {
	_, document, err := d.named(v)
	switch {
	case err != nil:
		return nil, err
	case document == nil:
		return nil, invalid(v.pointer(), "%s: must name an existing object by its id", v.pointer())
	default:
		return document, nil
	}
}

// writeDocuments replaces what the collection holds by the elements of an
// array; an element that names an item keeps its id and age. An object, and
// in some collections an array, writes only what it names.
func (d *documents) writeDocuments(in documentInput) (*reply, error) {
	if in.value.kind != kindArray {
		return d.reply(d.write(in.value))
	}
	if partialWrites[d.operation.Route] {
		return d.each(in.value, func(v value, old *state.Document) (*state.Document, error) {
			return d.put(old.Name, old, documentInput{value: v, sent: true})
		})
	}
	list := make([]*state.Document, 0, len(in.value.items))
	kept := make(map[string]bool, len(in.value.items))
	for _, v := range in.value.items {
		name, old, err := d.named(v)
		if err != nil {
			return nil, err
		}
		if name == "" {
			name = d.newID()
		}
		if kept[name] {
			return nil, repeated(v)
		}
		kept[name] = true
		document := &state.Document{DocumentPlace: d.place, Name: name, Body: d.kept(v), CreatedOn: d.now, ModifiedOn: d.now}
		if old != nil {
			document.CreatedOn = old.CreatedOn
		}
		list = append(list, document)
	}
	if err := d.rewrite(list, kept); err != nil {
		return nil, err
	}
	return result(viewDocuments(list)), nil
}

// write puts one object into the collection: in the place of the item that it
// names, or as a new one.
func (d *documents) write(v value) (*state.Document, error) {
	name, old, err := d.named(v)
	if err != nil {
		return nil, err
	}
	if name == "" {
		name = d.newID()
	}
	return d.put(name, old, documentInput{value: v, sent: true})
}

// rewrite makes the list all that the collection holds. Items that are not
// kept go with what lies below them. Deleting from the end and then writing
// in order costs the same for each item, however many there are.
func (d *documents) rewrite(list []*state.Document, kept map[string]bool) error {
	for _, old := range slices.Backward(d.tx.Documents(d.place)) {
		if err := d.tx.DeleteDocument(d.place, old.Name); err != nil {
			return err
		}
		if kept[old.Name] {
			continue
		}
		if err := d.tx.DeleteDocumentsBelow(belowDocument(d.place, old.Name)); err != nil {
			return err
		}
	}
	for _, document := range list {
		if err := d.tx.PutDocument(document); err != nil {
			return err
		}
	}
	return nil
}

// each changes the items that the elements of an array name, each once: a
// large item that a small body names again and again would be copied as often.
func (d *documents) each(list value, change func(value, *state.Document) (*state.Document, error)) (*reply, error) {
	changed := make([]*state.Document, 0, len(list.items))
	seen := make(map[string]bool, len(list.items))
	for _, v := range list.items {
		old, err := d.existing(v)
		if err != nil {
			return nil, err
		}
		if seen[old.Name] {
			return nil, repeated(v)
		}
		seen[old.Name] = true
		document, err := change(v, old)
		if err != nil {
			return nil, err
		}
		changed = append(changed, document)
	}
	return result(viewDocuments(changed)), nil
}

// repeated refuses an element that names the same item as one before it.
func repeated(v value) error {
	return invalid(v.pointer(), "%s: names the same object as another element", v.pointer())
}

// mergeDocuments merges each element of an array into the item that it names,
// or an object into every item.
func (d *documents) mergeDocuments(patch value) (*reply, error) {
	if patch.kind == kindArray {
		return d.each(patch, func(v value, old *state.Document) (*state.Document, error) { return d.merge(old.Name, old, v) })
	}
	items := d.tx.Documents(d.place)
	patch = withoutServerFields(patch)
	if n := patch.count(); n*len(items) > maxMergeWork {
		return nil, invalid("", "%d fields for each of %d objects are too many at once: send an array with the objects to change", n, len(items))
	}
	for _, old := range slices.Backward(items) {
		if err := d.tx.DeleteDocument(d.place, old.Name); err != nil {
			return nil, err
		}
	}
	// Each is stored before the next is made, so that what does not fit is
	// refused before it fills the memory.
	list := make([]*state.Document, 0, len(items))
	for _, old := range items {
		target, err := bodyOf(old)
		if err != nil {
			return nil, err
		}
		document := *old
		document.Body, document.ModifiedOn = d.kept(merged(target, patch)), d.now
		if err := d.tx.PutDocument(&document); err != nil {
			return nil, err
		}
		list = append(list, &document)
	}
	return result(viewDocuments(list)), nil
}

// maxMergeWork bounds a merge into every item, in values of the patch times
// items: it holds back every other request of the world.
const maxMergeWork = 1_000_000

// count is how many values a value holds, itself included.
func (v value) count() int {
	n := 1
	for _, item := range v.items {
		n += item.count()
	}
	for _, m := range v.members {
		n += m.value.count()
	}
	return n
}

// removeDocuments deletes the items that the query or the body names by their
// ids, all or none; without any it empties the collection. A request that says
// in another way what to delete is refused, lest more goes than was meant.
func (d *documents) removeDocuments(in documentInput) (*reply, error) {
	for name := range d.query {
		if name != "id" {
			return nil, invalid("", "query parameter %s: this server deletes by id alone", name)
		}
	}
	if in.sent && in.value.kind == kindObject && len(in.value.members) > 0 {
		return nil, invalid("", "the body must be an array of the objects to delete, by their ids")
	}
	var names []string
	for _, id := range d.query["id"] {
		if id == "" || d.tx.Document(d.place, id) == nil {
			return nil, errNotFound.refuse("the object of query parameter id")
		}
		names = append(names, id)
	}
	for _, v := range in.value.items {
		document, err := d.existing(v)
		if err != nil {
			return nil, err
		}
		names = append(names, document.Name)
	}
	if len(names) == 0 && in.value.kind != kindArray {
		for _, document := range d.tx.Documents(d.place) {
			names = append(names, document.Name)
		}
	}
	gone := make([]deleted, 0, len(names))
	for _, name := range names {
		gone = append(gone, deleted{name})
	}
	for _, name := range slices.Backward(names) {
		if err := d.remove(name); err != nil {
			return nil, err
		}
	}
	return result(gone), nil
}
