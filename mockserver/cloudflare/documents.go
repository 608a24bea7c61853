// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"bytes"
	"encoding/json"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// documentEndpoint carries out an operation that knows no objects of its own:
// it keeps what clients send under the path they send it to.
//
// A collection's items are created, listed, read, replaced, merged and
// deleted; an object that is alone at its path is always there: until it is
// written it reads as null, since nothing says what it would be, and deleting
// it brings that back. Every other operation, such as a POST to a verb, is
// kept likewise: the newest call is what lies at its path.
//
// What is kept is what was sent, without the fields that are the server's and
// without secrets. Nothing else is worked out: no defaults, no checks of
// fields, no effects on other paths.
func documentEndpoint(shape *documentShape) *endpoint {
	return &endpoint{
		take: shape.take,
		handle: func(x *exchange) (*reply, error) {
			d, err := x.documents(shape)
			if err != nil {
				return nil, err
			}
			in, _ := x.input.(documentInput)
			if shape.form == formCollection {
				return d.serveCollection(in)
			}
			return d.serveObject(in)
		},
	}
}

// documentPages are as large as pages get: of lists that the API does not cut
// clients read only one.
var documentPages = pageSize{standard: 100, most: 1000}

// serveObject carries out an operation on an item or a single object.
func (d *documents) serveObject(in documentInput) (*reply, error) {
	name := ""
	if d.shape.form == formItem {
		name = d.names[d.shape.place]
	}
	old := d.tx.Document(d.place, name)
	makes := d.shape.form == formSingle || d.shape.upsert && d.shape.verb == verbWrite
	if old == nil && !makes {
		return nil, errNotFound.refuse(noun(segments(d.operation.Route)[d.shape.place]))
	}
	switch d.shape.verb {
	case verbRead:
		return readDocument(old), nil
	case verbRemove:
		if err := d.remove(name); err != nil {
			return nil, err
		}
		return result(deleted{shownID(d.place, name)}), nil
	case verbMerge:
		return d.reply(d.merge(name, old, in.value))
	default:
		return d.reply(d.put(name, old, in))
	}
}

// reply answers a document that was written.
func (d *documents) reply(document *state.Document, err error) (*reply, error) {
	if err != nil {
		return nil, err
	}
	return result(viewDocument(document)), nil
}

// put writes a document as it was sent; old is the one it replaces, nil for a
// new one.
func (d *documents) put(name string, old *state.Document, in documentInput) (*state.Document, error) {
	document := &state.Document{
		DocumentPlace: d.place, Name: name, Content: in.content, ContentType: in.contentType,
		CreatedOn: d.now, ModifiedOn: d.now,
	}
	switch {
	case in.contentType != "":
	case in.sent:
		document.Body = d.kept(in.value)
	default:
		document.Body = "{}"
	}
	if old != nil {
		document.CreatedOn = old.CreatedOn
	}
	return document, d.tx.PutDocument(document)
}

// merge changes a document by a merge patch; old is nil for a single object
// that was never written.
func (d *documents) merge(name string, old *state.Document, patch value) (*state.Document, error) {
	in := documentInput{value: patch, sent: true}
	if old != nil {
		target, err := bodyOf(old)
		if err != nil {
			return nil, err
		}
		in.value = target
	}
	in.value = merged(in.value, withoutServerFields(patch))
	return d.put(name, old, in)
}

// bodyOf reads a document's JSON.
func bodyOf(document *state.Document) (value, error) {
	if document.HasContent() {
		return value{}, invalid("", "it holds %s, which cannot be merged with JSON: replace it", document.ContentType)
	}
	v, wrong := parseJSON([]byte(document.Body))
	if wrong != nil {
		return value{}, refuseProblems([]problem{*wrong})
	}
	return v, nil
}

// remove deletes a document and what lies below it.
func (d *documents) remove(name string) error {
	if err := d.tx.DeleteDocument(d.place, name); err != nil || name == "" {
		return err
	}
	return d.tx.DeleteDocumentsBelow(belowDocument(d.place, name))
}

// readDocument answers one document; nil is one that was never written.
func readDocument(document *state.Document) *reply {
	switch {
	case document == nil:
		return result(nil)
	case document.HasContent():
		return &reply{contentType: document.ContentType, content: document.Content}
	default:
		return result(viewDocument(document))
	}
}

// shownID is the id in a document's reply: its name, or for a single object
// the last word of its path.
func shownID(place state.DocumentPlace, name string) string {
	if name != "" {
		return name
	}
	last := place.Path[strings.LastIndexByte(place.Path, '/')+1:]
	if text, err := url.PathUnescape(last); err == nil {
		return text
	}
	return last
}

// viewDocument is a document on the wire: its id, what was sent, and its
// times. What is no object is shown as it was sent, content by its type and
// size.
func viewDocument(document *state.Document) json.RawMessage {
	body := document.Body
	if document.HasContent() {
		text, err := json.Marshal(struct {
			Type string `json:"content_type"`
			Size int    `json:"size"`
		}{document.ContentType, len(document.Content)})
		if err != nil {
			text = []byte("{}") // Texts and numbers always encode.
		}
		body = string(text)
	}
	if !strings.HasPrefix(body, "{") {
		return json.RawMessage(body)
	}
	var b bytes.Buffer
	b.WriteString(`{"id":`)
	b.Write(quoted(shownID(document.DocumentPlace, document.Name)))
	if inner := strings.TrimSpace(body[1 : len(body)-1]); inner != "" {
		b.WriteString("," + inner)
	}
	b.WriteString(`,"created_on":` + wireTime(document.CreatedOn) + `,"modified_on":` + wireTime(document.ModifiedOn) + "}")
	return b.Bytes()
}

func wireTime(at time.Time) string { return at.UTC().Format(`"` + time.RFC3339 + `"`) }

// listDocuments answers a page of the collection. A query parameter that
// names a field of the documents filters them by its value.
func (d *documents) listDocuments() (*reply, error) {
	list := d.tx.Documents(d.place)
	if wanted := d.wantedFields(); len(wanted) > 0 {
		list = slices.DeleteFunc(slices.Clone(list), func(document *state.Document) bool { return !matches(document, wanted) })
	}
	answer, err := page(d.exchange, list, documentPages)
	if err != nil {
		return nil, err
	}
	cut, _ := answer.result.([]*state.Document)
	answer.result = viewDocuments(cut)
	return answer, nil
}

// pageParameters are the query parameters that cut and order lists.
var pageParameters = []string{"page", "per_page", "order", "direction", "match", "cursor", "limit"}

func viewDocuments(list []*state.Document) []json.RawMessage {
	views := make([]json.RawMessage, 0, len(list))
	for _, document := range list {
		views = append(views, viewDocument(document))
	}
	return views
}

// wantedFields are the query's parameters but those that cut the list.
func (d *documents) wantedFields() map[string]string {
	wanted := make(map[string]string)
	for name := range maps.Keys(d.query) {
		if text := d.query.Get(name); text != "" && !slices.Contains(pageParameters, name) {
			wanted[name] = text
		}
	}
	return wanted
}

// matches reports whether a document has no other value in any of the fields:
// one that does not have the field cannot be told apart by it.
func matches(document *state.Document, wanted map[string]string) bool {
	if id, ok := wanted["id"]; ok && id != document.Name {
		return false
	}
	var fields map[string]json.RawMessage
	if json.Unmarshal([]byte(document.Body), &fields) != nil {
		return true
	}
	for name, want := range wanted {
		raw := fields[name]
		var text string
		switch {
		case raw == nil || raw[0] == '{' || raw[0] == '[':
		case json.Unmarshal(raw, &text) == nil && text == want, string(raw) == want:
		default:
			return false
		}
	}
	return true
}
