// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ids lists the ids of a collection.
func (s *server) ids(path string) []string {
	s.tb.Helper()
	return listed(s.do(owner, "GET", path, nil), "id")
}

// TestManyDocuments: arrays create, replace and change several items, all or
// none.
func TestManyDocuments(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	items := lists + "/" + s.made(lists, object{"name": "list"}) + "/items"
	made := listed(s.do(owner, "POST", items, `[{"ip":"192.0.2.1"},{"ip":"192.0.2.2"},{"ip":"192.0.2.3"}]`), "id")
	if len(made) != 3 || !slices.Equal(s.ids(items), made) {
		t.Fatalf("made %v, and the list holds %v", made, s.ids(items))
	}
	// A PUT replaces the list in the order of the array; who is named stays.
	again := listed(s.do(owner, "PUT", items, `[{"ip":"192.0.2.4"},{"id":"`+made[2]+`","ip":"192.0.2.3"},{"ip":"192.0.2.5"}]`), "id")
	if len(again) != 3 || again[1] != made[2] || !slices.Equal(s.ids(items), again) {
		t.Errorf("replaced by %v, and the list holds %v", again, s.ids(items))
	}
	s.do(owner, "GET", items+"/"+made[0], nil).refused(404, 1003)
	before := s.digest()
	s.do(owner, "PUT", items, `[{"ip":"192.0.2.9"},{"id":"`+made[0]+`"}]`).refused(404, 1003).says("/1/id")
	s.do(owner, "PUT", items, `[{"id":"`+made[2]+`"},{"id":"`+made[2]+`"}]`).refused(400, 1001).says("same object")
	if s.digest() != before {
		t.Error("a refused replacement changed something")
	}
	s.do(owner, "PUT", items, `[]`).want("[]")
	if got := s.ids(items); len(got) != 0 {
		t.Errorf("the list holds %v", got)
	}
	// An object writes the item that it names, or another one.
	domains := "/accounts/" + acme + "/workers/domains"
	id := into[object](s.do(owner, "PUT", domains, `{"hostname":"a"}`).ok()).text("id")
	s.do(owner, "PUT", domains, `{"id":"`+id+`","hostname":"b"}`).ok()
	if got := listed(s.do(owner, "GET", domains, nil), "hostname"); !slices.Equal(got, []string{"b"}) {
		t.Errorf("the domains are %v", got)
	}
}

// TestPartialWrites: in some collections an array changes what it names.
func TestPartialWrites(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	made := listed(s.do(owner, "POST", filters, `[{"expression":"a"},{"expression":"b"},{"expression":"c"}]`), "id")
	s.do(owner, "PUT", filters, `[{"id":"`+made[1]+`","expression":"B"}]`).ok()
	if got := listed(s.do(owner, "GET", filters, nil), "expression"); strings.Join(got, "") != "aBc" {
		t.Errorf("the filters are %v", got)
	}
	s.do(owner, "PUT", filters, `[{"expression":"new"}]`).refused(400, 1001).says("/0")
	s.do(owner, "PUT", filters, `[{"id":"`+absent+`"}]`).refused(404, 1003)
	rules := "/zones/" + zoneCom + "/firewall/rules"
	made = listed(s.do(owner, "POST", rules, `[{"action":"block","paused":true},{"action":"log"}]`), "id")
	s.do(owner, "PATCH", rules, `[{"id":"`+made[0]+`","paused":false}]`).ok()
	if got := listed(s.do(owner, "GET", rules, nil), "action"); strings.Join(got, " ") != "block log" {
		t.Errorf("the rules are %v", got)
	}
	pools := "/accounts/" + acme + "/load_balancers/pools"
	made = []string{s.made(pools, `{"name":"p"}`), s.made(pools, `{"name":"q"}`)}
	s.do(owner, "PATCH", pools, `{"notification_email":"a@example.com","id":"x"}`).ok()
	if got := listed(s.do(owner, "GET", pools, nil), "notification_email"); !slices.Equal(s.ids(pools), made) || strings.Join(got, " ") != "a@example.com a@example.com" {
		t.Errorf("the pools %v have %v", s.ids(pools), got)
	}
	// The array may stand under the collection's own word.
	routes := "/accounts/" + acme + "/magic/routes"
	made = listed(s.do(owner, "POST", routes, `{"routes":[{"prefix":"192.0.2.0/24"},{"prefix":"198.51.100.0/24"}]}`), "id")
	s.do(owner, "PUT", routes, `{"routes":[{"id":"`+made[0]+`","prefix":"203.0.113.0/24"}]}`).ok()
	if got := listed(s.do(owner, "GET", routes, nil), "prefix"); strings.Join(got, " ") != "203.0.113.0/24 198.51.100.0/24" {
		t.Errorf("the routes are %v", got)
	}
}

// TestManyDeletions: a deletion takes what it names, all or none, and empties
// a collection only if it names nothing at all.
func TestManyDeletions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	make4 := func() []string {
		s.do(owner, "DELETE", filters, nil).ok()
		return listed(s.do(owner, "POST", filters, `[{"e":1},{"e":2},{"e":3},{"e":4}]`), "id")
	}
	made := make4()
	s.do(owner, "DELETE", filters+"?id="+made[0]+"&id="+made[2], nil).want(`[{"id":"` + made[0] + `"},{"id":"` + made[2] + `"}]`)
	if got := s.ids(filters); !slices.Equal(got, []string{made[1], made[3]}) {
		t.Errorf("left are %v", got)
	}
	for _, body := range []string{`[{"id":"%s"}]`, `["%s"]`, `{"filters":[{"id":"%s"}]}`, `{"items":[{"id":"%s"}]}`} {
		made = make4()
		s.do(owner, "DELETE", filters, strings.Replace(body, "%s", made[1], 1)).ok()
		if got := s.ids(filters); !slices.Equal(got, []string{made[0], made[2], made[3]}) {
			t.Errorf("%s left %v of %v", body, got, made)
		}
	}
	before := s.digest()
	s.do(owner, "DELETE", filters+"?id="+made[0]+"&id="+absent, nil).refused(404, 1003)
	s.do(owner, "DELETE", filters+"?id=", nil).refused(404, 1003)
	s.do(owner, "DELETE", filters, `[{"id":"`+made[0]+`"},{"id":"`+absent+`"}]`).refused(404, 1003)
	s.do(owner, "DELETE", filters, `[{"expression":"a"}]`).refused(400, 1001)
	s.do(owner, "DELETE", filters, `{"expression":"a"}`).refused(400, 1001)
	s.do(owner, "DELETE", filters, `{"before":"2030-01-01"}`).refused(400, 1001)
	s.do(owner, "DELETE", filters+"?direction=asc", nil).refused(400, 1001).says("direction")
	s.do(owner, "DELETE", filters, `[]`).want("[]")
	if s.digest() != before {
		t.Error("a deletion of nothing deleted something")
	}
	s.do(owner, "DELETE", filters, nil).ok()
	s.do(owner, "GET", filters, nil).want("[]")
}

// TestScriptTags: where items have names, names alone can stand in an array.
func TestScriptTags(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	namespaces := "/accounts/" + acme + "/workers/dispatch/namespaces"
	s.made(namespaces, `{"name":"n"}`)
	script := namespaces + "/n/scripts/s"
	s.do(owner, "PUT", script, `{}`).ok()
	s.do(owner, "PUT", script+"/tags", `["one","two"]`).want(`["one","two"]`)
	s.do(owner, "DELETE", script+"/tags/one", nil).want(`{"id":"one"}`)
	s.do(owner, "GET", script+"/tags", nil).want(`["two"]`)
	s.do(owner, "PUT", script+"/tags", `["a",7]`).refused(400, 1001)
	s.do(owner, "PUT", script+"/tags", `["."]`).refused(400, 1001)
}

// TestManyChangesAreBounded: a small body cannot make the server copy large
// documents again and again. What is refused changes nothing.
func TestManyChangesAreBounded(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	pools := "/accounts/" + acme + "/load_balancers/pools"
	made := listed(s.do(owner, "POST", pools, "["+strings.Repeat(`{"x":1},`, 99)+`{"x":1}]`), "id")
	one := s.made(filters, `{"expression":"a"}`)
	before := s.digest()
	twice := func(id string) string { return `[{"id":"` + id + `","x":2},{"id":"` + id + `","x":3}]` }
	s.do(owner, "PATCH", pools, twice(made[0])).refused(400, 1001).says("same object")
	s.do(owner, "PUT", filters, twice(one)).refused(400, 1001).says("same object")
	var many strings.Builder
	for i := range 10_000 {
		many.WriteString(`,"` + strconv.Itoa(i) + `":null`)
	}
	s.do(owner, "PATCH", pools, `{"x":2`+many.String()+"}").refused(400, 1001).says("too many")
	s.do(owner, "PATCH", pools, `{"x":"`+strings.Repeat("x", 1_000_000)+`"}`).refused(400, 1001).says("delete some")
	if s.digest() != before {
		t.Error("a refused change changed something")
	}
	s.do(owner, "PATCH", pools, `{"y":"`+strings.Repeat("x", 1_000)+`"}`).ok()
	if got := s.ids(pools); !slices.Equal(got, made) {
		t.Errorf("the pools are now %v, want %v", got, made)
	}
}
