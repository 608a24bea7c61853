// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

const (
	rooms   = "/zones/" + zoneCom + "/waiting_rooms"
	scripts = "/accounts/" + acme + "/workers/scripts"
	buckets = "/accounts/" + acme + "/r2/buckets"
	spaces  = "/accounts/" + acme + "/storage/kv/namespaces"
	lists   = "/accounts/" + acme + "/rules/lists"
	filters = "/zones/" + zoneCom + "/filters"
	argo    = "/zones/" + zoneCom + "/argo/smart_routing"
	owner   = "key:super"
)

// want fails the test unless the reply succeeded with this result.
func (r *response) want(result string) *response {
	r.tb.Helper()
	if got := string(r.ok().Result); got != result {
		r.tb.Fatalf("the result is\n%s, want\n%s", got, result)
	}
	return r
}

// made creates a document and returns its id.
func (s *server) made(path string, body any) string {
	s.tb.Helper()
	return into[object](s.do(owner, "POST", path, body).ok()).text("id")
}

// TestDocumentLife follows one document from its creation to its end.
func TestDocumentLife(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	// What is the server's is not taken from a body; all else is kept in its
	// order and its spelling.
	id := s.made(rooms, `{"name":"first","id":"x","n":1.50,"deep":{"b":[1,{"a":null}]},"created_on":"x","modified_on":"x"}`)
	if _, ok := authz.ParseID(id); !ok {
		t.Errorf("the new id is %q", id)
	}
	one := rooms + "/" + id
	const created = `,"created_on":"2030-06-01T12:00:00Z","modified_on":"2030-06-01T`
	first := `{"id":"` + id + `","name":"first","n":1.50,"deep":{"b":[1,{"a":null}]}` + created + `12:00:00Z"}`
	s.do(owner, "GET", one, nil).want(first)
	s.do(owner, "GET", rooms, nil).want("[" + first + "]")
	if r := s.do(owner, "HEAD", one, nil); r.status != 200 {
		t.Errorf("HEAD got %d", r.status)
	}
	s.advance(time.Hour)
	s.do(owner, "PATCH", one, `{"n":null,"deep":{"b":[2],"c":{"x":null,"y":1}},"id":"y","last":true}`).
		want(`{"id":"` + id + `","name":"first","deep":{"b":[2],"c":{"y":1}},"last":true` + created + `13:00:00Z"}`)
	s.advance(time.Hour)
	s.do(owner, "PUT", one, `{"name":"other"}`).want(`{"id":"` + id + `","name":"other"` + created + `14:00:00Z"}`)
	s.do(owner, "DELETE", one, nil).want(`{"id":"` + id + `"}`)
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		s.do(owner, method, one, "{}").refused(404, 1003).says("waiting room not found")
	}
	s.do(owner, "GET", rooms, nil).want("[]")
}

// TestDocumentPages: items come in the order of their creation, page by page,
// and no page is beyond the end.
func TestDocumentPages(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	var want []string
	for i := range 7 {
		want = append(want, s.made(rooms, object{"name": strconv.Itoa(i), "type": []string{"odd", "even"}[i%2]}))
	}
	s.do(owner, "PUT", rooms+"/"+want[2], `{"name":"2","type":"odd"}`).ok() // keeps its place
	var got []string
	for page := 1; page <= 3; page++ {
		r := s.do(owner, "GET", fmt.Sprintf("%s?per_page=3&page=%d", rooms, page), nil)
		got = append(got, listed(r, "id")...)
		if want := (info{Page: page, PerPage: 3, Count: min(3, 7-3*(page-1)), TotalCount: 7, TotalPages: 3}); *r.Info != want {
			t.Errorf("got %+v, want %+v", *r.Info, want)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages hold %v, want %v", got, want)
	}
	r := s.do(owner, "GET", rooms+"?page=4&per_page=3", nil).want("[]")
	if r.Info.TotalCount != 7 || r.Info.Count != 0 {
		t.Errorf("past the end: %+v", *r.Info)
	}
	if r := s.do(owner, "GET", rooms+"?per_page=100000", nil); r.Info.PerPage != 1000 {
		t.Errorf("got %+v", *r.Info)
	}
	s.do(owner, "GET", rooms+"?page=0", nil).refused(400, 1001)
	// A parameter that names a field finds by it; one that names none is not
	// looked at.
	for query, count := range map[string]int{"?name=3": 1, "?type=even": 3, "?type=even&name=2": 0, "?unknown=x": 7, "?id=" + want[1]: 1, "?id=x": 0} {
		if got := listed(s.do(owner, "GET", rooms+query, nil), "id"); len(got) != count {
			t.Errorf("%s finds %v, want %d", query, got, count)
		}
	}
}

// TestDocumentsAreApart: what lies in one account, zone or user is nowhere in
// another, under whatever id, and goes with it.
func TestDocumentsAreApart(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct{ path, other string }{
		{rooms, "/zones/" + zoneOrg + "/waiting_rooms"},
		{rooms, "/zones/" + zoneOther + "/waiting_rooms"},
		{lists, "/accounts/" + globex + "/rules/lists"},
	} {
		id := s.made(c.path, object{"name": "mine"})
		if got := listed(s.do(owner, "GET", c.other, nil), "id"); len(got) != 0 {
			t.Errorf("%s lists %v", c.other, got)
		}
		for _, method := range []string{"GET", "PUT", "DELETE"} {
			s.do(owner, method, c.other+"/"+id, "{}").refused(404, 1003)
		}
		s.do(owner, "GET", c.path+"/"+id, nil).ok()
	}
	own := s.made("/organizations", object{"name": "mine"})
	s.do("key:second", "GET", "/organizations", nil).want("[]")
	s.do("key:second", "GET", "/organizations/"+own, nil).refused(404, 1003)
	s.do("key:second", "GET", "/organizations/"+own+"/members", nil).refused(404, 1003)
	s.do("ops", "GET", "/organizations", nil).refused(403, 9109).because(authz.ReasonUserCredentialRequired)

	s.do(owner, "DELETE", "/zones/"+zoneCom, nil).ok()
	zone := into[object](s.do(owner, "POST", "/zones", object{"name": "example.com", "account": object{"id": acme}}).ok()).text("id")
	s.do(owner, "GET", "/zones/"+zone+"/waiting_rooms", nil).want("[]")
}

// TestDocumentParents: nothing lies in what does not exist, and what lies in
// something goes with it.
func TestDocumentParents(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct{ method, path string }{
		{"GET", rooms + "/" + absent + "/events"},
		{"POST", rooms + "/" + absent + "/events"},
		{"GET", rooms + "/" + absent + "/events/" + absent},
		{"GET", rooms + "/" + absent + "/status"},
		{"PUT", rooms + "/" + absent + "/rules"},
		{"POST", "/accounts/" + acme + "/access/service_tokens/" + absent + "/rotate"},
		{"PUT", scripts + "/absent/secrets"},
		{"PUT", spaces + "/" + absent + "/values/key"},
		{"PUT", buckets + "/absent/objects/key"},
	} {
		s.do(owner, c.method, c.path, "{}").refused(404, 1003)
	}
	room := rooms + "/" + s.made(rooms, object{"name": "room"})
	event := room + "/events/" + s.made(room+"/events", object{"name": "event"})
	s.do(owner, "GET", event, nil).ok()
	s.do(owner, "GET", room+"/status", nil).want("null")
	s.do(owner, "PUT", room+"/rules", `[{"action":"bypass"}]`).ok()
	s.do(owner, "GET", rooms+"/"+absent+strings.TrimPrefix(event, room), nil).refused(404, 1003)

	s.do(owner, "PUT", scripts+"/worker", `{"main":true}`).ok()
	s.do(owner, "PUT", scripts+"/worker/secrets", `{"name":"KEY","type":"secret_text","text":"hidden"}`).ok()
	s.do(owner, "PUT", scripts+"/worker/schedules", `[{"cron":"* * * * *"}]`).ok()
	s.do(owner, "PUT", scripts+"/worker-2", `{}`).ok()
	s.do(owner, "PUT", scripts+"/worker-2/secrets", `{"name":"KEY"}`).ok()
	s.do(owner, "DELETE", scripts+"/worker", nil).want(`{"id":"worker"}`)
	s.do(owner, "PUT", scripts+"/worker", `{}`).ok() // another one of that name
	s.do(owner, "GET", scripts+"/worker/secrets", nil).want("[]")
	s.do(owner, "GET", scripts+"/worker/schedules", nil).want("null")
	if got := listed(s.do(owner, "GET", scripts+"/worker-2/secrets", nil), "id"); !slices.Equal(got, []string{"KEY"}) {
		t.Errorf("the other script's secrets are %v", got)
	}
}

// TestSingleDocuments: what is alone at its path is always there.
func TestSingleDocuments(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.do(owner, "GET", argo, nil).want("null")
	s.do(owner, "PATCH", argo, `{"value":"on","id":"other"}`).
		want(`{"id":"smart_routing","value":"on","created_on":"2030-06-01T12:00:00Z","modified_on":"2030-06-01T12:00:00Z"}`)
	s.do(owner, "GET", "/zones/"+zoneOrg+"/argo/smart_routing", nil).want("null")
	hold := "/zones/" + zoneCom + "/hold"
	s.do(owner, "POST", hold, nil).ok()
	s.do(owner, "PATCH", hold, nil).refused(400, 1198)
	s.do(owner, "DELETE", hold, nil).want(`{"id":"hold"}`)
	s.do(owner, "DELETE", hold, nil).want(`{"id":"hold"}`)
	s.do(owner, "GET", hold, nil).want("null")
	// It may be an array; it stands beside a collection and is not listed.
	exclude := "/accounts/" + acme + "/devices/policy/exclude"
	s.do(owner, "PUT", exclude, `[{"address":"192.0.2.0/24"}]`).want(`[{"address":"192.0.2.0/24"}]`)
	s.do(owner, "PUT", "/zones/"+zoneCom+"/custom_hostnames/fallback_origin", `{"origin":"a"}`).ok()
	s.do(owner, "GET", "/zones/"+zoneCom+"/custom_hostnames", nil).want("[]")
	s.do(owner, "GET", "/zones/"+zoneCom+"/custom_hostnames/fallback_origin", nil).ok()
	// Phases of rulesets are each their own.
	phases := "/zones/" + zoneCom + "/rulesets/phases/"
	s.do(owner, "PUT", phases+"http_request_sanitize/entrypoint", `{"rules":[]}`).ok()
	s.do(owner, "GET", phases+"http_ratelimit/entrypoint", nil).want("null")
}

// TestNamedDocuments: in some collections the body gives the name.
func TestNamedDocuments(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct{ path, body, id string }{
		{buckets, `{"name":"my-bucket"}`, "my-bucket"},
		{"/accounts/" + acme + "/pages/projects", `{"name":"site","production_branch":"main"}`, "site"},
		{"/accounts/" + acme + "/ai-gateway/gateways", `{"id":"gateway"}`, "gateway"},
		{"/zones/" + zoneCom + "/addressing/regional_hostnames", `{"hostname":"*.a.example.com","region_key":"eu"}`, "*.a.example.com"},
		{"/accounts/" + acme + "/workers/dispatch/namespaces", `{"name":"with space/and slash"}`, "with space/and slash"},
	} {
		if got := s.made(c.path, c.body); got != c.id {
			t.Errorf("%s made %q, want %q", c.path, got, c.id)
		}
		escaped := strings.NewReplacer(" ", "%20", "/", "%2F", "*", "%2a").Replace(c.id)
		if got := into[object](s.do(owner, "GET", c.path+"/"+escaped, nil).ok()).text("id"); got != c.id {
			t.Errorf("%s has %q, want %q", c.path, got, c.id)
		}
		s.do(owner, "POST", c.path, c.body).refused(400, 1001).says("already exists")
	}
	if id := s.made(buckets, `{"location":"eu"}`); len(id) != 32 {
		t.Errorf("without a name the id is %q", id)
	}
	for _, body := range []string{`{"name":""}`, `{"name":7}`, `{"name":"."}`, `{"name":".."}`, `{"name":"a\u0000b"}`} {
		if r := s.do(owner, "POST", buckets, body).refused(400, 1001); r.Errors[0].Source.Pointer != "/name" {
			t.Errorf("%s: points to %q", body, r.Errors[0].Source.Pointer)
		}
	}
	// No name can take the path of another operation.
	s.do(owner, "PUT", "/accounts/"+acme+"/workers/scripts/worker", `{}`).ok()
	s.do(owner, "GET", "/accounts/"+acme+"/workers/scripts/%ff", nil).refused(404, 1003)
	s.do(owner, "PUT", "/accounts/"+acme+"/workers/scripts/%ff", `{}`).refused(404, 1003)
}

// TestDocumentsMadeElsewhere: some operations create in, or list, the
// collection above their own last word.
func TestDocumentsMadeElsewhere(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	requests := "/accounts/" + acme + "/cloudforce-one/requests"
	for _, c := range []struct{ create, item, listMethod, list string }{
		{requests + "/new", requests, "POST", requests},
		{"/zones/" + zoneCom + "/ssl/certificate_packs/order", "/zones/" + zoneCom + "/ssl/certificate_packs", "GET", "/zones/" + zoneCom + "/ssl/certificate_packs"},
		{"/accounts/" + acme + "/rum/site_info", "/accounts/" + acme + "/rum/site_info", "GET", "/accounts/" + acme + "/rum/site_info/list"},
	} {
		id := s.made(c.create, `{"a":1}`)
		s.do(owner, "GET", c.item+"/"+id, nil).ok()
		if got := listed(s.do(owner, c.listMethod, c.list, "{}"), "id"); !slices.Equal(got, []string{id}) {
			t.Errorf("%s lists %v, want %s", c.list, got, id)
		}
	}
}

// TestDocumentBodies: a body that is not what is asked for is refused with
// the place, changes nothing, and is told only to who may write.
func TestDocumentBodies(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	room := rooms + "/" + s.made(rooms, object{"name": "room"})
	before := s.digest()
	for _, c := range []struct {
		method, path, body string
		code               int
		pointer            string
	}{
		{"POST", rooms, ``, 1198, ""},
		{"POST", rooms, `{`, 1198, ""},
		{"POST", rooms, `{"a":1,"a":2}`, 1198, "/a"},
		{"POST", rooms, `{} {}`, 1198, ""},
		{"POST", rooms, `"text"`, 1001, ""},
		{"POST", rooms, `null`, 1001, ""},
		{"POST", rooms, `[{},7]`, 1001, "/1"},
		{"POST", rooms, `["name"]`, 1001, "/0"},
		{"PUT", room, ``, 1198, ""},
		{"PUT", room, `[]`, 1001, ""},
		{"PATCH", room, `[]`, 1001, ""},
		{"PATCH", room, `true`, 1001, ""},
		{"PATCH", argo, `"on"`, 1001, ""},
		{"POST", rooms, `{"x":"` + strings.Repeat("x", 2<<20) + `"}`, 1198, ""},
	} {
		if r := s.do(owner, c.method, c.path, c.body).refused(400, c.code); r.Errors[0].Source.Pointer != c.pointer {
			t.Errorf("%s %s %.20s points to %q, want %q", c.method, c.path, c.body, r.Errors[0].Source.Pointer, c.pointer)
		}
		s.do("none", c.method, c.path, c.body).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
	}
	if s.digest() != before {
		t.Error("something was changed")
	}
	// The body of a deletion of one object is nobody's business.
	s.do(owner, "DELETE", room, "nonsense").ok()
}

// TestDocumentsKeepNoSecrets: what the API never shows again is never kept.
func TestDocumentsKeepNoSecrets(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const hidden = "s3cr3t-that-nobody-sees"
	s.do(owner, "PUT", scripts+"/worker", `{}`).ok()
	store := "/accounts/" + acme + "/secrets_store/stores"
	for _, c := range []struct{ method, path, body string }{
		{"PUT", scripts + "/worker/secrets", `{"name":"KEY","text":"` + hidden + `"}`},
		{"PUT", scripts + "/bound", `{"bindings":[{"type":"secret_text","name":"KEY","text":"` + hidden + `"}]}`},
		{"POST", store + "/" + s.made(store, `{"name":"store"}`) + "/secrets", `[{"name":"a","value":"` + hidden + `"}]`},
		{"POST", "/zones/" + zoneCom + "/custom_certificates", `{"certificate":"c","private_key":"` + hidden + `"}`},
		{"POST", "/accounts/" + acme + "/cfd_tunnel", `{"name":"t","tunnel_secret":"` + hidden + `"}`},
		{"POST", "/accounts/" + acme + "/access/identity_providers", `{"name":"i","config":{"client_id":"id","client_secret":"` + hidden + `"}}`},
		{"POST", "/accounts/" + acme + "/hyperdrive/configs", `{"name":"h","origin":[{"password":"` + hidden + `"}]}`},
	} {
		if r := s.do(owner, c.method, c.path, c.body).ok(); strings.Contains(r.body, hidden) {
			t.Errorf("%s answers the secret:\n%s", c.path, r.body)
		}
	}
	// An uploaded form keeps its parts, but not the secrets in those that are
	// JSON. What is stored as a value or object is the client's own.
	const form, script = "multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=\"a.js\"\r\n\r\nexport default {}\r\n"
	metadata := func(text string) string {
		return script + "--x\r\nContent-Disposition: form-data; name=\"metadata\"\r\n\r\n{\"bindings\":[{\"type\":\"secret_text\",\"name\":\"KEY\"" + text + "}]}\r\n--x--\r\n"
	}
	s.upload("PUT", scripts+"/form", form, metadata(`,"text":"`+hidden+`"`)).ok()
	if got := s.download(scripts + "/form").Body.String(); got != metadata("") {
		t.Errorf("the form is\n%q", got)
	}
	value := spaces + "/" + s.made(spaces, `{"title":"space"}`) + "/values/v"
	s.upload("PUT", value, form, metadata(`,"text":"mine"`)).ok()
	if got := s.download(value).Body.String(); got != metadata(`,"text":"mine"`) {
		t.Errorf("the value is\n%q", got)
	}
	batch, err := s.world.Export()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range batch.Changes {
		// Content stands in the log as base64.
		var kept struct{ Content []byte }
		if err := json.Unmarshal(c.Value, &kept); err == nil && bytes.Contains(kept.Content, []byte(hidden)) || strings.Contains(string(c.Value), hidden) {
			t.Errorf("the log holds the secret in %s", c.Value)
		}
	}
	if r := s.do(owner, "GET", "/accounts/"+acme+"/access/identity_providers", nil).ok(); !strings.Contains(r.body, `"client_id":"id"`) {
		t.Errorf("more than the secret is gone:\n%s", r.body)
	}
}

// TestDocumentQuota: the room for documents is bounded, and a reply says so.
func TestDocumentQuota(t *testing.T) {
	t.Parallel()
	s := newServer(t, func(o *cloudflare.Options) { o.BodyLimit = 2 << 20 })
	room := rooms + "/" + s.made(rooms, object{"name": "room"})
	s.do(owner, "PUT", room, `{"x":"`+strings.Repeat("x", 1<<20)+`"}`).refused(400, 1001).says("up to 1048576 bytes in one")
	zone, _ := authz.ParseID(zoneCom)
	err := s.world.Update(func(tx *state.Tx) error {
		place := state.DocumentPlace{Scope: state.ScopeZone, Owner: zone, Path: "/waiting_rooms"}
		for i := range 9_999 {
			if err := tx.PutDocument(&state.Document{DocumentPlace: place, Name: strconv.Itoa(i), Body: `{}`, CreatedOn: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	s.do(owner, "POST", rooms, `{}`).refused(400, 1001).says("up to 10000 documents for one zone: delete some first")
	s.do(owner, "PATCH", argo, `{"value":"on"}`).refused(400, 1001)
	s.do(owner, "POST", "/zones/"+zoneOrg+"/waiting_rooms", `{}`).ok()
	s.do(owner, "DELETE", rooms+"/17", nil).ok()
	s.do(owner, "POST", rooms, `{}`).ok()
}

// TestDocumentDecisions: a document is reached by the gates alone: policies,
// denies, switch and roles count as everywhere, before anything is looked up.
func TestDocumentDecisions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	id := s.made(rooms, object{"name": "room"})
	for _, path := range []string{rooms + "/" + id, rooms + "/" + absent, rooms + "/" + absent + "/events"} {
		s.do("none", "GET", path, nil).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
		s.do("key:dns", "GET", path, nil).refused(403, 10000).because(authz.ReasonOwnerLacksRight)
		s.do("key:blocked", "GET", path, nil).refused(403, 10000).because(authz.ReasonAPIAccessDisabled)
		s.do("key:stranger", "GET", path, nil).refused(403, 9109).because(authz.ReasonTargetNotFound)
	}
	// Read opens no write, whatever is there.
	s.do("overreach_none", "GET", rooms+"/"+id, nil).ok()
	s.do("overreach_none", "PATCH", rooms+"/"+id, `{"name":"x"}`).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
	s.do("overreach_none", http.MethodGet, "/zones/"+zoneOrg+"/waiting_rooms/"+id, nil).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
}

// TestEscapedWords: a path that escapes a letter of a route's own word is not
// the path of an object of that name, which would be decided as something
// else than what lies there.
func TestEscapedWords(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	phases := "/zones/" + zoneCom + "/rulesets/phases/"
	s.do(owner, "PUT", phases+"ddos_l7/entrypoint", `{"name":"a"}`).ok()
	before := s.digest()
	s.do(owner, "PUT", phases+"%64dos_l7/entrypoint", `{"name":"b"}`).refused(404, 1003)
	s.do(owner, "GET", phases+"%64dos_l7/entrypoint", nil).refused(404, 1003)
	snippets := "/zones/" + zoneCom + "/snippets/"
	s.do(owner, "PUT", snippets+"snippet%5Frules", `{}`).refused(404, 1003)
	s.do(owner, "PUT", snippets+"%2e%2E", `{}`).refused(404, 1003)
	if s.digest() != before {
		t.Error("a refused write changed something")
	}
	// Escapes of other names are as good as the letters.
	s.do(owner, "PUT", snippets+"a%62%2Fc", `{"n":1}`).ok()
	if got := s.ids(snippets[:len(snippets)-1]); !slices.Equal(got, []string{"ab/c"}) {
		t.Errorf("the snippets are %q", got)
	}
}
