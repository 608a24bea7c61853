// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"bytes"
	"encoding/json"
	"mime"
	"net/http"
	"slices"
	"strings"
)

// documentInput is a request's body as the document handler takes it: a JSON
// value, or content of another kind.
type documentInput struct {
	// value is meaningful if sent is true: an empty body is none.
	value value
	sent  bool
	// content is what is kept as it came; its type is then not empty.
	content     []byte
	contentType string
}

// contentRoutes are the items that are content, whatever it looks like.
var contentRoutes = map[string]bool{
	"/accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}":                 true,
	"/accounts/{account_id}/storage/kv/namespaces/{namespace_id}/values/{key_name}": true,
}

// take reads a body. Writes take content that is no JSON if its type says so:
// scripts, images and forms are uploaded, and no client sends JSON that way.
// Of text the JSON counts, because clients that name no type send that one.
func (s *documentShape) take(x *exchange, body []byte) {
	if s.ignoresBody() {
		return
	}
	in := documentInput{}
	defer func() { x.input = in }()
	header := x.http.Header.Get("Content-Type")
	if s.keepsContent(header, body) {
		in.contentType = contentType(header)
		if in.content = body; !contentRoutes[s.operation.Route] {
			in.content = withoutSecretParts(body, in.contentType)
		}
		return
	}
	if len(body) == 0 && s.emptyBody() {
		return
	}
	v, wrong := parseJSON(body)
	if wrong != nil {
		x.problems = append(x.problems, *wrong)
		return
	}
	reader := &bodyReader{}
	in.value, in.sent = s.check(reader, v), true
	x.problems = append(x.problems, reader.problems...)
}

// keepsContent reports whether a body is kept as it came.
func (s *documentShape) keepsContent(header string, body []byte) bool {
	if s.verb != verbCreate && (s.verb != verbWrite || s.form == formCollection) {
		return false
	}
	if contentRoutes[s.operation.Route] {
		return true
	}
	name, _, err := mime.ParseMediaType(header)
	switch {
	case err != nil || name == "application/json" || strings.HasSuffix(name, "+json"):
		return false
	case name == "application/x-www-form-urlencoded":
		return false // What clients name that do not say what they send.
	case strings.HasPrefix(name, "text/"):
		start := bytes.TrimLeft(body, " \t\r\n")
		return len(start) == 0 || start[0] != '{' && start[0] != '[' || !json.Valid(body)
	default:
		return true
	}
}

// ignoresBody reports whether the operation looks at no body, as on reads.
func (s *documentShape) ignoresBody() bool {
	return s.verb == verbRead || s.verb == verbList || s.verb == verbRemove && s.form != formCollection
}

// emptyBody reports whether the operation is often sent without a body: all
// but those that describe an object to make or to change.
func (s *documentShape) emptyBody() bool {
	switch {
	case s.verb == verbRemove:
		return true
	case s.form == formSingle:
		return s.operation.Method != http.MethodPatch
	default:
		return s.form == formItem && s.upsert
	}
}

// check notes what of a body's outermost value cannot be kept.
func (s *documentShape) check(reader *bodyReader, v value) value {
	if v.kind != kindObject && (v.kind != kindArray || s.form == formItem) {
		reader.problem(v.pointer(), "must be an object, not %s", v.kind)
		return value{kind: kindObject}
	}
	if s.form == formCollection {
		if v = s.unwrapped(v); v.kind == kindArray {
			s.checkItems(reader, v)
		}
	}
	return v
}

// unwrapped takes the array out of an object that holds nothing else, under
// the collection's own word: {"routes": [...]}. What a deletion lists may
// stand under any word.
func (s *documentShape) unwrapped(v value) value {
	if v.kind != kindObject || len(v.members) != 1 || v.members[0].value.kind != kindArray {
		return v
	}
	if word := segments(s.operation.Route)[s.place-1]; v.members[0].name == word || s.verb == verbRemove {
		return v.members[0].value
	}
	return v
}

// checkItems notes items that are no objects. A name alone may stand where
// items have names.
func (s *documentShape) checkItems(reader *bodyReader, v value) {
	for _, item := range v.items {
		byName := item.kind == kindString && (s.verb == verbRemove || s.verb == verbWrite && len(s.natural) > 0)
		if item.kind != kindObject && !byName {
			reader.problem(item.pointer(), "must be an object, not %s", item.kind)
		}
	}
}

// contentType is a media type as it is kept; what is none is bytes.
func contentType(header string) string {
	if name, params, err := mime.ParseMediaType(header); err == nil {
		if text := mime.FormatMediaType(name, params); text != "" && len(text) <= maxContentType {
			return text
		}
	}
	return "application/octet-stream"
}

// maxContentType is how long a kept media type is at most.
const maxContentType = 255

// serverFields are the members that are the server's: clients send back what
// they were given.
var serverFields = []string{"id", "created_on", "modified_on"}

// secretFields are members that hold secrets, wherever they stand. They are
// dropped before anything is kept: the API shows them never again, and the
// change log holds no secrets.
var secretFields = map[string]bool{
	"private_key": true, "client_secret": true, "tunnel_secret": true, "psk": true, "password": true, "secret": true,
	"secret_access_key": true, "secretAccessKey": true, "api_token": true, "auth_token": true,
	"key_base64": true, "key_jwk": true,
}

// withoutServerFields leaves out the outermost members that are the server's.
func withoutServerFields(v value) value {
	if v.kind == kindObject {
		v.members = slices.DeleteFunc(slices.Clone(v.members), func(m member) bool { return slices.Contains(serverFields, m.name) })
	}
	return v
}

// kept is the JSON of a value as it is kept.
func (d *documents) kept(v value) string {
	// In a list of secrets, what stands under these names is the secret.
	secrets := slices.Contains(segments(d.operation.Route), "secrets")
	return string(withoutSecrets(withoutServerFields(v), secrets).json())
}

func withoutSecrets(v value, secrets bool) value {
	switch v.kind {
	case kindObject:
		if kind, ok := v.member("type"); ok && kind.text == "secret_text" {
			secrets = true // a script's binding to a secret
		}
		members := make([]member, 0, len(v.members))
		for _, m := range v.members {
			if !secretFields[m.name] && (!secrets || m.name != "text" && m.name != "value") {
				members = append(members, member{m.name, withoutSecrets(m.value, secrets)})
			}
		}
		v.members = members
	case kindArray:
		items := make([]value, 0, len(v.items))
		for _, item := range v.items {
			items = append(items, withoutSecrets(item, secrets))
		}
		v.items = items
	default:
	}
	return v
}

// merged applies a merge patch as RFC 7396 does: members that are null go,
// objects are merged, all else replaces. Members keep their order, new ones
// come last.
func merged(target, patch value) value {
	if patch.kind != kindObject {
		return patch
	}
	out := value{kind: kindObject}
	if target.kind == kindObject {
		out.members = slices.Clone(target.members)
	}
	at := make(map[string]int, len(out.members))
	for i, m := range out.members {
		at[m.name] = i
	}
	gone := make(map[string]bool)
	for _, m := range patch.members {
		i, found := at[m.name]
		switch {
		case m.value.kind == kindNull:
			gone[m.name] = true
		case found:
			out.members[i].value = merged(out.members[i].value, m.value)
		default:
			out.members = append(out.members, member{m.name, merged(value{}, m.value)})
		}
	}
	out.members = slices.DeleteFunc(out.members, func(m member) bool { return gone[m.name] })
	return out
}
