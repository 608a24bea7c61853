// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

const records = "/zones/" + zoneCom + "/dns_records"

// TestRecordLife: create, read, replace, edit, delete.
func TestRecordLife(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	made := s.do("dns_write", "POST", records, object{"type": "A", "name": "api", "content": "192.0.2.1", "comment": "first", "tags": []string{"team:dns"}}).ok()
	o := into[object](made)
	if o.text("name") != "api.example.com" || o["ttl"] != 1.0 || o["proxied"] != false || o.text("comment") != "first" || o.text("comment_modified_on") == "" {
		t.Errorf("made %s", made.body)
	}
	path := records + "/" + o.text("id")
	read := s.do("dns_read", "GET", path, nil).ok()
	s.advance(60e9)
	same := into[object](s.do("dns_write", "PUT", path, string(read.Result)).ok())
	if same.text("created_on") != o.text("created_on") || same.text("modified_on") == o.text("modified_on") {
		t.Errorf("sent back: %v", same)
	}
	edited := into[object](s.do("dns_write", "PATCH", path, object{"content": "192.0.2.2"}).ok())
	if edited.text("content") != "192.0.2.2" || edited.text("comment") != "first" || edited.text("name") != "api.example.com" {
		t.Errorf("edited %v", edited)
	}
	// A replacement forgets what it does not say.
	replaced := into[object](s.do("dns_write", "PUT", path, object{"type": "A", "name": "api.example.com", "content": "192.0.2.3", "ttl": 300}).ok())
	if replaced["comment"] != nil || replaced["ttl"] != 300.0 || len(replaced["tags"].([]any)) != 0 { //nolint:forcetypeassert // A test may fail so.
		t.Errorf("replaced %v", replaced)
	}
	s.do("dns_write", "PUT", path, object{"content": "192.0.2.3"}).refused(400, 1001)
	proxied := into[object](s.do("dns_write", "PATCH", path, object{"proxied": true}).ok())
	if proxied["ttl"] != 1.0 {
		t.Errorf("proxied %v", proxied)
	}
	if got := into[object](s.do("dns_write", "DELETE", path, nil).ok()); got.text("id") != o.text("id") {
		t.Errorf("deleted %v", got)
	}
	for _, r := range []*response{
		s.do("dns_write", "GET", path, nil), s.do("dns_write", "DELETE", path, nil),
		s.do("dns_write", "PATCH", path, object{"content": "192.0.2.9"}), s.do("dns_write", "PUT", path, object{"type": "odd"}),
	} {
		r.refused(404, 81044)
	}
}

// TestClientBodies: what real clients send is taken.
func TestClientBodies(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, body := range []string{
		`{"type":"TXT","name":"_acme-challenge.example.com","content":"\"quoted\"","ttl":120}`,
		`{"type":"TXT","name":"_acme-challenge","content":"bare","ttl":120}`,
		`{"type":"A","name":"c1","content":"192.0.2.1","priority":0,"created_on":"0001-01-01T00:00:00Z","modified_on":"0001-01-01T00:00:00Z","settings":{}}`,
		`{"type":"A","name":"c2","content":"192.0.2.1","data":null,"ttl":null}`,
		`{"type":"MX","name":"c3","content":"mail.example.com.","priority":5,"id":"","zone_id":"x","zone_name":"example.com","locked":false,"meta":null,"proxiable":false}`,
		`{"type":"CNAME","name":"c4","content":"@"}`,
	} {
		s.do("dns_write", "POST", records, body).ok()
	}
}

// TestRecordAccess is the matrix of authorization model §5.
func TestRecordAccess(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	txt := func(name string) object { return object{"type": "TXT", "name": name, "content": "x"} }
	apexTXT := s.record(zoneCom, "TXT", "_acme-challenge.example.com")
	wwwTXT := s.record(zoneCom, "TXT", "_acme-challenge.www.example.com")
	wwwA := s.record(zoneCom, "A", "www.example.com")
	wwwAAAA := s.record(zoneCom, "AAAA", "www.example.com")
	mx := s.record(zoneCom, "MX", "example.com")

	type want struct {
		status, code int
		reason       authz.Reason
	}
	ok := want{status: 200}
	missing := want{404, 81044, ""}
	refused := want{403, 10000, authz.ReasonNoMatchingGrant}
	denied := want{403, 10000, authz.ReasonDeniedByPolicy}
	for _, c := range []struct {
		name, ref, method, path string
		body                    any
		want                    want
	}{
		// The ACME client's token: TXT below one name, in every spelling.
		{"create", "challenge", "POST", records, txt("_acme-challenge.a"), ok},
		{"create, full name", "challenge", "POST", records, txt("_acme-challenge.b.example.com"), ok},
		{"create, final dot and case", "challenge", "POST", records, txt("_ACME-Challenge.c.Example.COM."), ok},
		{"create, another script", "challenge", "POST", records, txt("_acme-challenge.bücher"), ok},
		{"create, the bare name completed", "challenge", "POST", records, txt("_acme-challenge"), ok},
		{"create, another type", "challenge", "POST", records, object{"type": "A", "name": "_acme-challenge.a", "content": "192.0.2.1"}, refused},
		{"create, another name", "challenge", "POST", records, txt("www"), refused},
		{"create, the zone", "challenge", "POST", records, txt("@"), refused},
		{"create, a prefix of the name", "challenge", "POST", records, txt("x_acme-challenge.a"), refused},
		{"read", "challenge", "GET", records + "/" + apexTXT, nil, ok},
		{"read what is hidden", "challenge", "GET", records + "/" + wwwA, nil, missing},
		{"read what is absent", "challenge", "GET", records + "/" + absent, nil, missing},
		{"read what is no id", "challenge", "GET", records + "/x", nil, missing},
		{"edit", "challenge", "PATCH", records + "/" + apexTXT, object{"content": "y"}, ok},
		{"edit what is hidden", "challenge", "PATCH", records + "/" + wwwA, object{"content": "192.0.2.9"}, missing},
		{"edit what is hidden, badly", "challenge", "PATCH", records + "/" + wwwA, object{"type": "odd"}, missing},
		{"rename within", "challenge", "PATCH", records + "/" + wwwTXT, object{"name": "_acme-challenge.other"}, ok},
		{"rename out", "challenge", "PATCH", records + "/" + wwwTXT, object{"name": "www"}, refused},
		{"rename to the zone", "challenge", "PUT", records + "/" + wwwTXT, txt("@"), refused},
		{"change of type", "challenge", "PATCH", records + "/" + wwwTXT, object{"type": "CNAME", "content": "example.org"}, refused},
		{"delete what is hidden", "challenge", "DELETE", records + "/" + mx, nil, missing},
		{"a body that names none", "challenge", "POST", records, object{"content": "x"}, want{400, 1001, ""}},
		{"a body that cannot be read", "challenge", "POST", records, "{", want{400, 1198, ""}},
		{"another zone", "challenge", "GET", "/zones/" + zoneOrg + "/dns_records", nil, refused},
		{"another zone's record by a known id", "challenge", "GET", "/zones/" + zoneOrg + "/dns_records/" + apexTXT, nil, refused},
		{"the zone itself", "challenge", "GET", "/zones/" + zoneCom, nil, want{403, 9109, authz.ReasonNoMatchingGrant}},
		{"the zone's scan", "challenge", "POST", records + "/scan", nil, refused},
		{"the zone's usage", "challenge", "GET", records + "/usage", nil, refused},
		{"its settings", "challenge", "GET", "/zones/" + zoneCom + "/settings", nil, want{403, 9109, authz.ReasonNoMatchingGrant}},
		{"its DNSSEC", "challenge", "GET", "/zones/" + zoneCom + "/dnssec", nil, refused},
		{"delete", "challenge", "DELETE", records + "/" + apexTXT, nil, ok},

		// A zone save some records: read but not write, and neither.
		{"deny of write leaves the read", "all_but_mail_read", "GET", records + "/" + mx, nil, ok},
		{"deny of write", "all_but_mail_read", "DELETE", records + "/" + mx, nil, denied},
		{"deny of write, after", "all_but_mail_read", "PATCH", records + "/" + wwwA, object{"type": "MX", "content": "m.example.com", "priority": 1}, denied},
		{"deny of write, on a create", "all_but_mail_read", "POST", records, object{"type": "MX", "name": "x", "content": "m.example.com", "priority": 1}, denied},
		{"refused before its body is judged", "all_but_mail_read", "PATCH", records + "/" + mx, object{"content": "no host"}, denied},
		{"deny of both hides", "all_but_mail", "GET", records + "/" + wwwAAAA, nil, missing},
		{"deny of both, write", "all_but_mail", "DELETE", records + "/" + wwwAAAA, nil, missing},
		{"the rest is free", "all_but_mail", "PATCH", records + "/" + wwwA, object{"ttl": 600}, ok},

		// Plain grants.
		{"a reader reads", "dns_read", "GET", records + "/" + wwwA, nil, ok},
		{"a reader creates", "dns_read", "POST", records, txt("x"), refused},
		{"a reader edits", "dns_read", "PATCH", records + "/" + wwwA, object{"ttl": 1}, refused},
		{"a reader edits what is absent", "dns_read", "PATCH", records + "/" + absent, object{"ttl": 1}, refused},
		{"a reader deletes", "dns_read", "DELETE", records + "/" + wwwA, nil, refused},
		{"nobody, badly", "zone_read", "POST", records, "{", refused},
		{"a stranger", "key:stranger", "GET", records + "/" + wwwA, nil, want{403, 9109, authz.ReasonTargetNotFound}},
		{"a member of one zone", "key:zoned", "PATCH", records + "/" + wwwA, object{"ttl": 120}, ok},
		{"a member of one zone, elsewhere", "key:zoned", "GET", "/zones/" + zoneOrg + "/dns_records", nil, want{403, 10000, authz.ReasonOwnerLacksRight}},
		{"a viewer", "key:viewer", "PATCH", records + "/" + wwwA, object{"ttl": 1}, want{403, 10000, authz.ReasonOwnerLacksRight}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			before := s.digest()
			r := s.do(c.ref, c.method, c.path, c.body)
			if c.want.status == 200 {
				r.ok()
				return
			}
			r.refused(c.want.status, c.want.code)
			if c.want.reason != "" {
				r.because(c.want.reason)
			} else if c.want.status == 404 && len(r.Errors[0].Chain) != 0 {
				t.Errorf("a hidden record is explained: %s", r.body)
			}
			if s.digest() != before {
				t.Error("something was changed")
			}
		})
	}
}

// TestHiddenIsAbsent: a record that the caller may not read answers byte for
// byte like one that does not exist.
func TestHiddenIsAbsent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	hidden := records + "/" + s.record(zoneCom, "A", "www.example.com")
	for _, method := range []string{"GET", "PUT", "PATCH", "DELETE"} {
		var body any
		if method[0] == 'P' {
			body = object{"type": "TXT", "name": "_acme-challenge.x", "content": "x"}
		}
		a, b := s.do("challenge", method, hidden, body), s.do("challenge", method, records+"/"+absent, body)
		if a.body != b.body || a.status != b.status {
			t.Errorf("%s: hidden\n%s\nabsent\n%s", method, a.body, b.body)
		}
	}
}

// TestRecordLists: lists hold exactly what passes a GET, counts to match; and
// the filters.
func TestRecordLists(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct {
		ref, query string
		want       []string
	}{
		{"dns_read", "", []string{"A example.com", "A www.example.com", "AAAA www.example.com", "CNAME shop.example.com", "MX example.com", "TXT _acme-challenge.example.com", "TXT _acme-challenge.www.example.com"}},
		{"challenge", "", []string{"TXT _acme-challenge.example.com", "TXT _acme-challenge.www.example.com"}},
		{"all_but_mail", "", []string{"A example.com", "A www.example.com", "CNAME shop.example.com", "TXT _acme-challenge.example.com", "TXT _acme-challenge.www.example.com"}},
		{"dns_read", "name=www.example.com", []string{"A www.example.com", "AAAA www.example.com"}},
		{"dns_read", "name=WWW.example.com.&type=A", []string{"A www.example.com"}},
		{"dns_read", "name=www", []string{}},
		{"dns_read", "name.exact=shop.example.com", []string{"CNAME shop.example.com"}},
		{"dns_read", "name.contains=challenge", []string{"TXT _acme-challenge.example.com", "TXT _acme-challenge.www.example.com"}},
		{"dns_read", "name.startswith=www", []string{"A www.example.com", "AAAA www.example.com"}},
		{"dns_read", "name.endswith=www.example.com&type=TXT", []string{"TXT _acme-challenge.www.example.com"}},
		{"dns_read", "content=first", []string{"TXT _acme-challenge.example.com"}},
		{"dns_read", "content=%22first%22", []string{"TXT _acme-challenge.example.com"}},
		{"dns_read", "content=%22bare%20text%22&type=TXT&name=_acme-challenge.www.example.com&per_page=1", []string{"TXT _acme-challenge.www.example.com"}},
		{"dns_read", "content.contains=2001", []string{"AAAA www.example.com"}},
		{"dns_read", "proxied=true", []string{"A example.com"}},
		{"dns_read", "comment.present", []string{"TXT _acme-challenge.www.example.com"}},
		{"dns_read", "comment.absent&type=TXT", []string{"TXT _acme-challenge.example.com"}},
		{"dns_read", "comment.startswith=left", []string{"TXT _acme-challenge.www.example.com"}},
		{"dns_read", "search=192.0.2.10", []string{"A example.com", "A www.example.com"}},
		{"dns_read", "type=MX&name=www.example.com&match=any", []string{"A www.example.com", "AAAA www.example.com", "MX example.com"}},
		{"dns_read", "tag.absent=x&type=MX", []string{"MX example.com"}},
		{"dns_read", "tag.present=x", []string{}},
		{"dns_read", "page=2&per_page=5000", []string{}},
	} {
		r := s.do(c.ref, "GET", records+"?"+c.query, nil).ok()
		got := []string{}
		for _, o := range into[[]object](r) {
			got = append(got, o.text("type")+" "+o.text("name"))
		}
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s with %q sees %v, want %v", c.ref, c.query, got, c.want)
		}
		if !strings.Contains(c.query, "page") && r.Info.TotalCount != len(c.want) {
			t.Errorf("%s with %q counts %+v", c.ref, c.query, r.Info)
		}
	}
	for order, want := range map[string]string{"type": "A", "name": "TXT", "content": "TXT", "ttl": "A", "proxied": "A"} {
		if got := listed(s.do("dns_read", "GET", records+"?order="+order, nil), "type"); got[0] != want {
			t.Errorf("by %s: %v", order, got)
		}
	}
	if got := listed(s.do("dns_read", "GET", records+"?order=ttl&direction=desc", nil), "type"); got[0] != "TXT" {
		t.Errorf("by ttl, descending: %v", got)
	}
	if r := s.do("dns_read", "GET", records, nil).ok(); r.Info.PerPage != 100 {
		t.Errorf("a page holds %d", r.Info.PerPage)
	}
	s.do("dns_read", "GET", records+"?proxied=perhaps", nil).refused(400, 1001)
}

// TestRecordRules: what records may say, and beside each other.
func TestRecordRules(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct {
		name string
		body object
		code int
		says string
	}{
		{"identical", object{"type": "A", "name": "www", "content": "192.0.2.10"}, 81058, "identical"},
		{"identical text, quoted otherwise", object{"type": "TXT", "name": "_acme-challenge", "content": "first"}, 81058, "identical"},
		{"CNAME beside A", object{"type": "CNAME", "name": "www", "content": "example.org"}, 81053, "already exists"},
		{"A beside CNAME", object{"type": "A", "name": "shop", "content": "192.0.2.1"}, 81053, "already exists"},
		{"two CNAMEs", object{"type": "CNAME", "name": "shop", "content": "example.org"}, 81053, "already exists"},
		{"NS beside others", object{"type": "NS", "name": "www", "content": "ns.example.org"}, 81053, "NS records"},
		{"A that is none", object{"type": "A", "name": "x", "content": "example.org"}, 1004, "valid IPv4"},
		{"A in IPv6", object{"type": "A", "name": "x", "content": "2001:db8::1"}, 1004, "valid IPv4"},
		{"AAAA in IPv4", object{"type": "AAAA", "name": "x", "content": "192.0.2.1"}, 1004, "valid IPv6"},
		{"AAAA with a zone", object{"type": "AAAA", "name": "x", "content": "fe80::1%eth0"}, 1004, "valid IPv6"},
		{"CNAME to no host", object{"type": "CNAME", "name": "x", "content": "no host"}, 1004, "host name"},
		{"CNAME to itself", object{"type": "CNAME", "name": "x", "content": "x.example.com"}, 1004, "itself"},
		{"MX without priority", object{"type": "MX", "name": "x", "content": "mail.example.com"}, 1004, "priority"},
		{"MX with too much", object{"type": "MX", "name": "x", "content": "mail.example.com", "priority": 70000}, 1004, "priority"},
		{"an empty text", object{"type": "TXT", "name": "x", "content": ""}, 1004, "1 to 4096"},
		{"TTL too short", object{"type": "A", "name": "x", "content": "192.0.2.1", "ttl": 29}, 1004, "TTL"},
		{"TTL too long", object{"type": "A", "name": "x", "content": "192.0.2.1", "ttl": 86401}, 1004, "TTL"},
		{"proxied text", object{"type": "TXT", "name": "x", "content": "y", "proxied": true}, 1004, "proxied"},
		{"a long comment", object{"type": "TXT", "name": "x", "content": "y", "comment": strings.Repeat("c", 501)}, 1004, "comment"},
		{"an empty tag", object{"type": "TXT", "name": "x", "content": "y", "tags": []string{""}}, 1004, "tag"},
		{"an unknown type", object{"type": "a", "name": "x", "content": "y"}, 1001, "not a DNS record type"},
		{"no type", object{"name": "x", "content": "y"}, 1001, "/type"},
		{"no name", object{"type": "A", "content": "y"}, 1001, "/name"},
		{"a name that is none", object{"type": "A", "name": "a..b", "content": "192.0.2.1"}, 1004, "DNS name"},
		{"data for a type without", object{"type": "A", "name": "x", "content": "192.0.2.1", "data": object{"flags": 1}}, 1004, "no data"},
		{"data that lacks", object{"type": "SRV", "name": "_s._tcp", "data": object{"port": 1}}, 1004, "needs weight"},
		{"data of another type", object{"type": "CAA", "name": "x", "data": object{"flags": "many", "tag": "issue", "value": "ca.example"}}, 1004, "must be a number"},
		{"data with text for text", object{"type": "CAA", "name": "x", "data": object{"flags": 0, "tag": 1, "value": "ca.example"}}, 1004, "must be a text"},
		{"data with more", object{"type": "CAA", "name": "x", "data": object{"flags": 0, "tag": "issue", "value": "ca.example", "odd": 1}}, 1001, "unknown field"},
		{"no data", object{"type": "TLSA", "name": "x", "content": "3 1"}, 1004, "need data"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			before := s.digest()
			s.do("dns_write", "POST", records, c.body).refused(400, c.code).says(c.says)
			if s.digest() != before {
				t.Error("something was changed")
			}
		})
	}
	// On an Enterprise account short TTLs are good, on others they are not.
	s.do("dns_write", "POST", records, object{"type": "A", "name": "short", "content": "192.0.2.1", "ttl": 30}).ok()
	s.do("all", "POST", "/zones/"+zoneOther+"/dns_records", object{"type": "A", "name": "short", "content": "192.0.2.1", "ttl": 30}).refused(400, 1004)
	// A change that would equal another record.
	a := into[object](s.do("dns_write", "POST", records, object{"type": "TXT", "name": "twin", "content": "one"}).ok())
	s.do("dns_write", "POST", records, object{"type": "TXT", "name": "twin", "content": "two"}).ok()
	s.do("dns_write", "PATCH", records+"/"+a.text("id"), object{"content": "two"}).refused(400, 81057)
	// NS may stand beside others on the zone itself.
	s.do("dns_write", "POST", records, object{"type": "NS", "name": "@", "content": "ns.example.org"}).ok()
}

// TestRecordData: structured data gives the content.
func TestRecordData(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct {
		recordType, name string
		data             object
		content          string
	}{
		{"SRV", "_sip._tcp", object{"priority": 10, "weight": 5, "port": 5060, "target": "sip.example.com", "service": "_sip", "proto": "_tcp", "name": "example.com"}, "5 5060 sip.example.com"},
		{"CAA", "@", object{"flags": 0, "tag": "issue", "value": "ca.example"}, `0 issue "ca.example"`},
		{"TLSA", "_443._tcp", object{"usage": 3, "selector": 1, "matching_type": 1, "certificate": "abcd"}, "3 1 1 abcd"},
		{"HTTPS", "@", object{"priority": 1, "target": ".", "value": `alpn="h3"`}, `1 . alpn="h3"`},
		{"SSHFP", "host", object{"algorithm": "4", "type": 2, "fingerprint": "abcd"}, "4 2 abcd"},
	} {
		made := s.do("dns_write", "POST", records, object{"type": c.recordType, "name": c.name, "data": c.data}).ok()
		if got := into[object](made); got.text("content") != c.content || got["data"] == nil {
			t.Errorf("%s gives %s", c.recordType, made.body)
		}
	}
	srv := into[[]object](s.do("dns_write", "GET", records+"?type=SRV", nil).ok())[0]
	if srv["priority"] != 10.0 {
		t.Errorf("the priority is %v", srv["priority"])
	}
	// Content that is written over data drops the data.
	changed := into[object](s.do("dns_write", "PATCH", records+"/"+srv.text("id"), object{"content": "1 2 other.example.com"}).ok())
	if changed["data"] != nil || changed.text("content") != "1 2 other.example.com" {
		t.Errorf("changed %v", changed)
	}
	typed := into[object](s.do("dns_write", "PATCH", records+"/"+srv.text("id"), object{"type": "TXT", "content": "now text"}).ok())
	if typed["priority"] != nil {
		t.Errorf("a text has the priority %v", typed["priority"])
	}
}

// TestContentsAreOneLine: a line break in a content would be a record of its
// own in an export, and text is no number.
func TestContentsAreOneLine(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, body := range []string{
		`{"type":"TXT","name":"x","content":"a\nevil 1 IN A 192.0.2.66"}`,
		`{"type":"TXT","name":"x","content":"\"a\"\nevil 1 IN A 192.0.2.66"}`,
		`{"type":"CAA","name":"x","content":"0 issue x\r\nevil 1 IN A 192.0.2.66"}`,
		`{"type":"CAA","name":"x","data":{"flags":0,"tag":"issue\nevil","value":"ca.example"}}`,
		`{"type":"URI","name":"x","priority":1,"data":{"weight":"NaN","target":"https://x.example"}}`,
		`{"type":"URI","name":"x","priority":1,"data":{"weight":"0x1p4","target":"https://x.example"}}`,
	} {
		s.do("dns_write", "POST", records, body).refused(400, 1004)
	}
}
