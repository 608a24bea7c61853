// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
)

// form is the body that clients send: multipart/form-data.
func form(tb testing.TB, fields ...[2]string) string {
	tb.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	for _, f := range fields {
		part, err := w.CreateFormField(f[0])
		if err == nil {
			_, err = part.Write([]byte(f[1]))
		}
		if err != nil {
			tb.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		tb.Fatal(err)
	}
	return b.String()
}

// importFile imports a zone file into example.com.
func (s *server) importFile(ref, file string) *response {
	s.tb.Helper()
	return s.do(ref, "POST", records+"/import", form(s.tb, [2]string{"file", file}))
}

// names lists the stored records of example.com as "type name content".
func (s *server) names(ref string) []string {
	s.tb.Helper()
	list := []string{}
	for _, o := range into[[]object](s.do(ref, "GET", records+"?per_page=5000", nil).ok()) {
		list = append(list, o.text("type")+" "+o.text("name")+" "+o.text("content"))
	}
	slices.Sort(list)
	return list
}

// clear deletes every record that the credential may.
func (s *server) clear(ref string) {
	s.tb.Helper()
	for _, o := range into[[]object](s.do(ref, "GET", records+"?per_page=5000", nil).ok()) {
		s.do(ref, "DELETE", records+"/"+o.text("id"), nil).ok()
	}
}

// zoneFile exports the records that the credential may read, without the line
// that tells the time.
func (s *server) zoneFile(ref, zone string) string {
	s.tb.Helper()
	request := httptest.NewRequest(http.MethodGet, cloudflare.BasePath+"/zones/"+zone+"/dns_records/export", http.NoBody)
	request.Header = s.authorize(ref)
	recorder := serveRaw(s, request)
	if recorder.Code != http.StatusOK {
		s.tb.Fatalf("the export got %d:\n%s", recorder.Code, recorder.Body)
	}
	lines := strings.Split(recorder.Body.String(), "\n")
	return strings.Join(slices.DeleteFunc(lines, func(l string) bool { return strings.HasPrefix(l, ";; Exported:") }), "\n")
}

// TestImportForms: the bodies that an import can have, under any content type.
func TestImportForms(t *testing.T) {
	t.Parallel()
	const file = "one 300 IN A 192.0.2.1\n@ IN TXT \"x\"\n"
	sdk := "--------------------------BOUNDARY\nContent-Disposition: form-data; name=\"file\"; filename=\"bind.txt\"\n\n%s\n" +
		"--------------------------BOUNDARY\nContent-Disposition: form-data; name=\"proxied\"\n\ntrue\n--------------------------BOUNDARY--"
	for _, c := range []struct {
		name, body string
		proxied    bool
	}{
		{"a form", form(t, [2]string{"file", file}), false},
		{"a form, proxied", form(t, [2]string{"proxied", "true"}, [2]string{"file", file}), true},
		{"a form, not proxied", form(t, [2]string{"file", file}, [2]string{"proxied", "false"}), false},
		{"a form by an SDK, with bare line feeds", fmt.Sprintf(sdk, file), true},
		{"a file alone", file, false},
		{"a file with carriage returns", strings.ReplaceAll(file, "\n", "\r\n"), false},
		{"a file without its last line feed", strings.TrimSuffix(file, "\n"), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			h := s.authorize("dns_write")
			h.Set("Content-Type", "application/x-www-form-urlencoded")
			done := into[object](s.send(h, "POST", records+"/import", c.body).ok())
			if done["recs_added"] != 2.0 || done["total_records_parsed"] != 2.0 {
				t.Errorf("imported %v", done)
			}
			one := into[[]object](s.do("dns_read", "GET", records+"?name=one.example.com", nil).ok())
			if len(one) != 1 || one[0]["proxied"] != c.proxied || one[0].text("content") != "192.0.2.1" {
				t.Errorf("made %v", one)
			}
		})
	}
	s := newServer(t)
	before := s.digest()
	for _, c := range []struct{ body, pointer, says string }{
		{"", "/file", "is required"},
		{form(t, [2]string{"proxied", "true"}), "/file", "is required"},
		{form(t, [2]string{"file", file}, [2]string{"file", file}), "/file", "stands twice"},
		{form(t, [2]string{"file", file}, [2]string{"proxy", "true"}), "/proxy", "unknown field"},
		{form(t, [2]string{"file", file}, [2]string{"proxied", "yes"}), "/proxied", "true or false"},
		{form(t, [2]string{"file", file})[:150], "/file", "cannot be read"},
		{form(t, [2]string{"file", strings.Repeat("; a long comment\n", 17000)}), "/file", "at most 262144 bytes"},
		{form(t, [2]string{"file", "one A 192.0.2.1 ; \xff\n"}), "/file", "UTF-8"},
		{`{"file":"one A 192.0.2.1"}`, "/file", "line: 1"},
	} {
		r := s.do("dns_write", "POST", records+"/import", c.body).refused(400, 1001).says(c.says)
		if r.Errors[0].Source.Pointer != c.pointer {
			t.Errorf("%.60q points to %q, want %q", c.body, r.Errors[0].Source.Pointer, c.pointer)
		}
		// Who may not write records is told nothing of the body.
		s.do("dns_read", "POST", records+"/import", c.body).refused(403, 10000)
		s.do("", "POST", records+"/import", c.body).refused(400, 9106)
	}
	if s.digest() != before {
		t.Error("something was changed")
	}
	empty := into[object](s.importFile("dns_write", "").ok())
	if empty["recs_added"] != 0.0 || s.digest() != before {
		t.Errorf("imported nothing: %v", empty)
	}
	lenient := newServer(t, func(o *cloudflare.Options) { o.Lenient = true })
	lenient.do("dns_write", "POST", records+"/import", form(t, [2]string{"file", file}, [2]string{"odd", "x"})).ok()
}

// TestImportIsJudgedByRecord: each like a create of its own, in order; the
// first failure answers and undoes all (authorization model §5).
func TestImportIsJudgedByRecord(t *testing.T) {
	t.Parallel()
	const good = "_acme-challenge.new 120 IN TXT \"ok\"\n"
	for _, c := range []struct {
		name, ref, file string
		status, code    int
		reason          authz.Reason
		line            int
		says            string
	}{
		{"another type", "challenge", good + "_acme-challenge.new CNAME www\n", 403, 10000, authz.ReasonNoMatchingGrant, 2, "CNAME _acme-challenge.new.example.com"},
		{"another name", "challenge", good + "\n; skipped\nwww TXT x\n", 403, 10000, authz.ReasonNoMatchingGrant, 4, "TXT www.example.com"},
		{"first in order", "challenge", good + "a TXT x\nb TXT x\n", 403, 10000, authz.ReasonNoMatchingGrant, 2, "TXT a.example.com"},
		{"denied", "all_but_mail_read", "x A 192.0.2.1\nx MX 10 m.example.com.\n", 403, 10000, authz.ReasonDeniedByPolicy, 2, "MX x.example.com"},
		{"denied, by its number", "all_but_mail_read", "x TYPE15 \\# 4 000a 0000\n", 403, 10000, authz.ReasonDeniedByPolicy, 1, "MX x.example.com"},
		{"denied, generated", "all_but_mail_read", "$GENERATE 1-3 x$ MX 10 m$.example.com.\n", 403, 10000, authz.ReasonDeniedByPolicy, 1, "MX x1.example.com"},
		{"a bad record", "dns_write", good + "x A 192.0.2.1\nx A 192.0.2.1\n", 400, 81058, "", 3, "line 3: A x.example.com"},
		{"a bad value", "dns_write", good + "x 59999999 A 192.0.2.1\n", 400, 1004, "", 2, "line 2: A x.example.com"},
		{"one beside another", "dns_write", good + "www CNAME shop\n", 400, 81053, "", 2, "line 2: CNAME www.example.com"},
		{"a reader", "dns_read", good, 403, 10000, authz.ReasonNoMatchingGrant, 0, ""},
		{"a stranger", "key:stranger", good, 403, 9109, authz.ReasonTargetNotFound, 0, ""},
		{"another zone's", "challenge", "$ORIGIN example.org.\n_acme-challenge TXT x\n", 400, 1001, "", -1, "line 2"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			before := s.digest()
			r := s.importFile(c.ref, c.file).refused(c.status, c.code)
			if c.reason != "" {
				r.because(c.reason)
			}
			if c.says != "" {
				r.says(c.says)
			}
			if want := fmt.Sprintf("/file/line/%d", c.line); c.line > 0 && r.Errors[0].Source.Pointer != want {
				t.Errorf("points to %q, want %q", r.Errors[0].Source.Pointer, want)
			}
			if s.digest() != before {
				t.Error("something was changed")
			}
		})
	}
	s := newServer(t)
	s.importFile("challenge", good+"_ACME-Challenge.www.EXAMPLE.com. TXT \"second\"\n").ok()
	if got := s.names("challenge"); len(got) != 4 {
		t.Errorf("imported %v", got)
	}
}

// TestImportNames: a name is decided on as it is stored, whatever the file
// makes of it; what names something else to whoever reads zone files is
// refused.
func TestImportNames(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ file, want string }{
		{"www TXT x", "www.example.com"},
		{"WWW TXT x", "www.example.com"},
		{"www.example.com. TXT x", "www.example.com"},
		{"www.example.com TXT x", "www.example.com.example.com"}, // no final dot
		{"@ TXT x", "example.com"},
		{"example.com. TXT x", "example.com"},
		{"* TXT x", "*.example.com"},
		{"*.dev TXT x", "*.dev.example.com"},
		{"bücher TXT x", "xn--bcher-kva.example.com"},
		{"BÜCHER.example.com. TXT x", "xn--bcher-kva.example.com"},
		{"xn--bcher-kva TXT x", "xn--bcher-kva.example.com"},
		{"$ORIGIN sub\nwww TXT x", "www.sub.example.com"},
		{"$ORIGIN sub.example.com.\nwww TXT x", "www.sub.example.com"},
		{"$ORIGIN com.\nwww.example TXT x", "www.example.com"},
		{"$ORIGIN .\nwww.example.com TXT x", "www.example.com"},
		{"www A 192.0.2.77\n TXT x", "www.example.com"},
		{"www ( 60 IN\n TXT ) x", "www.example.com"},
		{"www 60 TXT x", "www.example.com"},
		{"www IN 60 TXT x", "www.example.com"},
		{"$TTL 60\nwww TXT x", "www.example.com"},
		{"$GENERATE 5-5 host$ TXT x", "host5.example.com"},
		{"www TYPE16 \\# 2 0178", "www.example.com"},

		{`\119ww TXT x`, ""},
		{`www\.example.com. TXT x`, ""},
		{`www\046example.com. TXT x`, ""},
		{`a\ b TXT x`, ""},
		{"www.example.org. TXT x", ""},
		{"com. TXT x", ""},
		{". TXT x", ""},
		{"notexample.com. TXT x", ""},
		{"$ORIGIN evil.example.\n@ TXT x", ""},
		{"$ORIGIN example.com.evil.example.\nwww TXT x", ""},
		{"@. TXT x", ""},
		{"a@b TXT x", ""},
		{"a..b TXT x", ""},
		{"xn--a TXT x", ""},
		{strings.Repeat("a", 64) + " TXT x", ""},
	} {
		t.Run(c.file, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			file := c.file + "\n"
			if c.want == "" {
				s.importFile("dns_write", file).refused(400, 1001).says("line")
				return
			}
			s.importFile("dns_write", file).ok()
			if got := listed(s.do("dns_read", "GET", records+"?type=TXT&content=x", nil), "name"); !slices.Equal(got, []string{c.want}) {
				t.Errorf("stored %v, want %s", got, c.want)
			}
			// A grant and a deny of this very name, whatever its spelling.
			s.clear("dns_write")
			s.grant("only", "super", policy(object{keyCom: object{keyRec + "TXT." + c.want: "*"}}, dnsWrite))
			s.grant("all but", "super", policy(object{keyCom: "*"}, dnsWrite),
				object{"effect": "deny", "permission_groups": groups(dnsWrite), "resources": object{keyCom: object{keyRec + "TXT." + c.want: "*"}}})
			s.importFile("all but", file).refused(403, 10000).because(authz.ReasonDeniedByPolicy)
			if !strings.Contains(c.file, " A ") {
				s.importFile("only", file).ok()
			}
		})
	}
}

// TestImportRefusesWhatItDoesNotKnow: classes, types, directives and tags, with
// the line.
func TestImportRefusesWhatItDoesNotKnow(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	before := s.digest()
	for file, says := range map[string]string{
		"\n\nx CH TXT y\n":                         "line 3: records of class CH",
		"x CLASS254 TXT y\n":                       "line 1: records of class NONE",
		"\nx FOO y\n":                              "line: 2",
		"x TYPE65280 \\# 1 00\n":                   "line 1: records of type TYPE65280",
		"x RP a. b.\n":                             "line 1: records of type RP",
		"x SOA a. b. 1 2 3 4 5\n":                  "line 1: records of type SOA",
		"x A\n":                                    "line: 1",
		"x A 192.0.2.1 192.0.2.2\n":                "line: 1",
		"x A 2001:db8::1\n":                        "line: 1",
		"ok A 192.0.2.1\n\n$INCLUDE /etc/passwd\n": "$INCLUDE directive not allowed",
		"$BAD x\n":                                 "line: 1",
		"x TXT \"open\n":                           "line",
		"x TXT (y\n":                               "line",
		"x TXT y ; cf_tags=cf-other:1\n":           "line 1: the tag \"cf-other:1\"",
		"x TXT y ; cf_tags=a b:1\n":                "line 1: the tag name",
		"x TXT y ; cf_tags=a:\"b\n":                "line 1: a tag value in quotes",
		"x TXT y ; cf_tags=a:b=c\n":                "line 1: the tag value",
		"$GENERATE 1-5001 x$ A 192.0.2.1\n":        "line 1: one import has at most 5000 records",
		"$GENERATE 1-99999999 x$ A 192.0.2.1\n":    "line: 1",
	} {
		s.importFile("dns_write", file).refused(400, 1001).says(says)
	}
	if s.digest() != before {
		t.Error("something was changed")
	}
	// The zone's own start of authority is parsed and left alone.
	done := into[object](s.importFile("dns_write", "@ 3600 IN SOA ns. mail. (1 2 3\n 4 5)\nx A 192.0.2.1\n").ok())
	if done["recs_added"] != 1.0 || done["total_records_parsed"] != 2.0 {
		t.Errorf("imported %v", done)
	}
}

// everyType are records of every type that an import knows, as the API takes
// them.
func everyType() []object {
	return []object{
		{"type": "A", "name": "a", "content": "192.0.2.1", "proxied": true},
		{"type": "AAAA", "name": "a", "content": "2001:db8::1", "ttl": 600},
		{"type": "CAA", "name": "caa", "data": object{"flags": 0, "tag": "issue", "value": "ca.example; validationmethods=dns-01"}},
		{"type": "CERT", "name": "cert", "data": object{"type": 1, "key_tag": 2, "algorithm": 3, "certificate": "aGVsbG8="}},
		{"type": "CNAME", "name": "alias", "content": "a.example.com", "settings": object{"flatten_cname": true}},
		{"type": "CNAME", "name": "*", "content": "@", "proxied": true},
		{"type": "DNSKEY", "name": "key", "data": object{"flags": 257, "protocol": 3, "algorithm": 13, "public_key": "aGVsbG8="}},
		{"type": "DS", "name": "ds", "data": object{"key_tag": 1, "algorithm": 13, "digest_type": 2, "digest": "abcdef"}},
		{"type": "HTTPS", "name": "@", "data": object{"priority": 1, "target": ".", "value": `alpn="h3,h2" ipv4hint="192.0.2.1"`}},
		{"type": "LOC", "name": "loc", "data": object{
			"lat_degrees": 51, "lat_minutes": 30, "lat_seconds": 12.5, "lat_direction": "N",
			"long_degrees": 0, "long_minutes": 7, "long_seconds": 39.5, "long_direction": "W",
			"altitude": 10, "size": 1, "precision_horz": 100, "precision_vert": 10,
		}},
		{"type": "MX", "name": "@", "content": "mail.example.com", "priority": 10},
		{"type": "MX", "name": "null", "content": ".", "priority": 0},
		{"type": "NAPTR", "name": "naptr", "data": object{"order": 1, "preference": 2, "flags": "S", "service": "SIP+D2U", "regex": `!^.*$!sip:x@example.com!`, "replacement": "."}},
		{"type": "NS", "name": "@", "content": "ns.example.org"},
		{"type": "NS", "name": "sub", "content": "ns.example.org"},
		{"type": "OPENPGPKEY", "name": "pgp", "content": "aGVsbG8="},
		{"type": "PTR", "name": "1/25.2", "content": "a.example.com"},
		{"type": "SMIMEA", "name": "mail", "data": object{"usage": 3, "selector": 1, "matching_type": 1, "certificate": "abcdef"}},
		{"type": "SPF", "name": "spf", "content": "v=spf1 -all"},
		{"type": "SRV", "name": "_sip._tcp", "data": object{"priority": 10, "weight": 5, "port": 5060, "target": "sip.example.com"}},
		{"type": "SRV", "name": "_none._tcp", "content": "0 0 ."},
		{"type": "SSHFP", "name": "ssh", "data": object{"algorithm": 4, "type": 2, "fingerprint": "abcdef"}},
		{"type": "SVCB", "name": "_dns", "data": object{"priority": 1, "target": "dns.example.com", "value": "port=853"}},
		{"type": "TLSA", "name": "_443._tcp", "data": object{"usage": 3, "selector": 1, "matching_type": 1, "certificate": "abcdef"}},
		{"type": "TXT", "name": "bare", "content": "bare text; with = and \"quotes\" and \\ and é"},
		{"type": "TXT", "name": "quoted", "content": `"one" "two \"x\" \195\169 é"`},
		{"type": "TXT", "name": "long", "content": strings.Repeat("0123456789", 100)},
		{"type": "TXT", "name": "_x", "content": "$ORIGIN evil.", "comment": "a; b ;; c (not open) \"x\" \\ é", "tags": []string{"team:dns", "old", "note:a,b=\"c\\d\"", "pad: x "}},
		{"type": "TXT", "name": "mark", "content": "x", "comment": "holds cf_tags=foo as text"},
		{"type": "TXT", "name": "mark2", "content": "x", "comment": "cf_tags=foo", "tags": []string{"a:x cf_tags=b"}},
		{"type": "URI", "name": "uri", "priority": 1, "data": object{"weight": 2, "target": "https://example.com/?a=b;c  d"}},
	}
}

// TestExportImports: what was exported comes back whole, records of every
// type, with their attributes; and so does the part that a record grant sees.
func TestExportImports(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.clear("dns_write")
	for _, r := range everyType() {
		s.do("dns_write", "POST", records, r).ok()
	}
	known := make(map[string]bool)
	for _, r := range everyType() {
		known[r.text("type")] = true
	}
	for _, recordType := range authz.RecordTypes() {
		if !known[recordType] {
			t.Errorf("no record of type %s is tried", recordType)
		}
	}
	strip := func(list []object) []object {
		for _, o := range list {
			for _, field := range []string{"id", "created_on", "modified_on", "comment_modified_on", "tags_modified_on", "data", "content"} {
				delete(o, field)
			}
		}
		slices.SortFunc(list, func(a, b object) int {
			return strings.Compare(a.text("type")+a.text("name"), b.text("type")+b.text("name"))
		})
		return list
	}
	all := func() []object { return into[[]object](s.do("dns_read", "GET", records, nil).ok()) }
	file, before := s.zoneFile("dns_read", zoneCom), strip(all())
	s.clear("dns_write")
	done := into[object](s.importFile("dns_write", file).ok())
	if done["recs_added"] != float64(len(before)) {
		t.Errorf("imported %v of %d records from:\n%s", done, len(before), file)
	}
	if diff := cmp.Diff(before, strip(all())); diff != "" {
		t.Errorf("the import differs (-was +is):\n%s\nfrom:\n%s", diff, file)
	}
	if diff := cmp.Diff(sortedLines(file), sortedLines(s.zoneFile("dns_read", zoneCom))); diff != "" {
		t.Errorf("the second export differs (-was +is):\n%s", diff)
	}
	// The same text is found as it was posted.
	for content, name := range map[string]string{"bare%20text%3B%20with%20=%20and%20%22quotes%22%20and%20%5C%20and%20%C3%A9": "bare", "onetwo%20%22x%22%20%C3%A9%20%C3%A9": "quoted"} {
		if got := listed(s.do("dns_read", "GET", records+"?content="+content, nil), "name"); !slices.Equal(got, []string{name + ".example.com"}) {
			t.Errorf("%s finds %v", content, got)
		}
	}

	// A part, by a credential that sees and may write just that.
	s = newServer(t)
	part := s.zoneFile("challenge", zoneCom)
	want := s.names("dns_read")
	s.clear("challenge")
	s.importFile("challenge", part).ok()
	if diff := cmp.Diff(unquoted(want), unquoted(s.names("dns_read"))); diff != "" {
		t.Errorf("the part differs (-was +is):\n%s", diff)
	}
	// The whole is more than it may write, and nothing of it is done.
	s.clear("dns_write")
	s.importFile("challenge", file).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
	if got := s.names("dns_read"); len(got) != 0 {
		t.Errorf("of a refused import there is %v", got)
	}
}

func sortedLines(text string) []string {
	lines := strings.Split(text, "\n")
	slices.Sort(lines)
	return lines
}

// unquoted leaves the quotes of texts out: an import writes them.
func unquoted(list []string) []string {
	out := make([]string, len(list))
	for i, s := range list {
		out[i] = strings.ReplaceAll(s, `"`, "")
	}
	return out
}

// TestExportOfASeed: what a seed gives as a content never makes a line of its
// own in an export.
func TestExportOfASeed(t *testing.T) {
	t.Parallel()
	s := newSeeded(t, `
users: {super: {email: super@example.com}}
accounts: {acme: {members: {super: {roles: [Super Administrator - All Privileges]}}}}
zones:
  example.com:
    account: acme
    id: "023e105f4ecef8ad9ca31a8372d0c353"
    records:
      - {type: CAA, name: "@", content: "0 issue (x"}
      - {type: TLSA, name: x, content: "3 1 1 ("}
      - {type: TXT, name: x, content: "a", comment: "a\nevil A 192.0.2.66"}
`)
	file := s.zoneFile("key:super", zoneCom)
	for line := range strings.SplitSeq(file, "\n") {
		if strings.HasPrefix(line, "evil") || strings.HasPrefix(line, "@") {
			t.Errorf("the export has the line %q:\n%s", line, file)
		}
	}
	s.clear("key:super")
	if done := into[object](s.importFile("key:super", file).ok()); done["recs_added"] != 1.0 {
		t.Errorf("imported %v of\n%s", done, file)
	}
}

// TestBatchNamesTheRecord: a refused batch says which of its records it is
// about, with the place and, where it may be known, the name.
func TestBatchNamesTheRecord(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	www := s.record(zoneCom, "A", "www.example.com")
	txt := s.record(zoneCom, "TXT", "_acme-challenge.example.com")
	for _, c := range []struct {
		ref, pointer, says string
		body               object
		status, code       int
	}{
		{"challenge", "/posts/1", "TXT www.example.com", object{"posts": []object{
			{"type": "TXT", "name": "_acme-challenge.a", "content": "x"}, {"type": "TXT", "name": "WWW.", "content": "x"},
		}}, 403, 10000},
		{"challenge", "/patches/0", "TXT _acme-challenge.example.com", object{"deletes": []object{}, "patches": []object{{"id": txt, "type": "SPF"}}}, 403, 10000},
		{"challenge", "/deletes/1", "", object{"deletes": []object{{"id": txt}, {"id": www}}}, 404, 81044},
		{"all_but_mail_read", "/puts/0", "puts[0]: A www.example.com", object{"puts": []object{{"id": www, "type": "MX", "name": "@", "content": "m.example.com", "priority": 1}}}, 403, 10000},
		{"dns_write", "/posts/0/type", "type", object{"posts": []object{{"type": "X", "name": "x"}}}, 400, 1001},
		{"dns_write", "/posts/0", "IPv4", object{"posts": []object{{"type": "A", "name": "x", "content": "y"}}}, 400, 1004},
	} {
		before := s.digest()
		r := s.do(c.ref, "POST", records+"/batch", c.body).refused(c.status, c.code)
		if r.Errors[0].Source.Pointer != c.pointer {
			t.Errorf("points to %q, want %q:\n%s", r.Errors[0].Source.Pointer, c.pointer, r.body)
		}
		if c.says != "" {
			r.says(c.says)
		} else if strings.Contains(r.body, "www") {
			t.Errorf("the name of a hidden record is told:\n%s", r.body)
		}
		if s.digest() != before {
			t.Error("something was changed")
		}
	}
}

// TestCommentsAndTags: what a comment and a tag may hold.
func TestCommentsAndTags(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for name, body := range map[string]object{
		"a comment of two lines": {"comment": "a\nevil A 192.0.2.66"},
		"a reserved tag":         {"tags": []string{"cf-proxied:true"}},
		"a reserved tag, loud":   {"tags": []string{"CF-proxied:true"}},
		"a tag without name":     {"tags": []string{":x"}},
		"a tag with a space":     {"tags": []string{"a b"}},
		"a tag of two lines":     {"tags": []string{"a:b\nc"}},
	} {
		body["type"], body["name"], body["content"] = "TXT", "x", "y"
		if r := s.do("dns_write", "POST", records, body); r.status != 400 || r.Errors[0].Code != 1004 {
			t.Errorf("%s got %d:\n%s", name, r.status, r.body)
		}
	}
}

// FuzzImport: no zone file makes the server fault, no record is made that a
// create would not make, and nothing is made that the credential may not.
func FuzzImport(f *testing.F) {
	for _, seed := range []string{
		"a A 192.0.2.1\n", "$ORIGIN x.\n@ TXT y\n", "$GENERATE 1-3 a$ A 192.0.2.$\n", "_acme-challenge TXT x ; c cf_tags=a:\"b\"\n",
		"\\097 TXT x\n", "x TYPE16 \\# 2 0178\n", "x ( TXT\n y )\n", "--b\nContent-Disposition: form-data; name=\"file\"\n\nx A 192.0.2.1\n--b--",
		"x TXT \"\\255\\000\"\n", "x URI 1 2 \"a\"\n", "x HTTPS 1 . alpn=h2\n", "x LOC 51 30 12.748 N 0 7 39.611 W 0\n",
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		s := newServer(t)
		hidden := s.names("dns_read")
		if r := s.do("challenge", "POST", records+"/import", body); r.status >= 500 || r.status == 0 {
			t.Fatalf("%q got %d", body, r.status)
		}
		for _, record := range s.names("dns_read") {
			if !strings.HasPrefix(record, "TXT _acme-challenge.") && !slices.Contains(hidden, record) {
				t.Fatalf("%q made %s", body, record)
			}
		}
		s = newServer(t)
		s.clear("dns_write")
		if r := s.do("dns_write", "POST", records+"/import", body); !r.Success {
			return
		}
		file := s.zoneFile("dns_read", zoneCom)
		s.clear("dns_write")
		s.importFile("dns_write", file).ok()
		if again := s.zoneFile("dns_read", zoneCom); !slices.Equal(sortedLines(file), sortedLines(again)) {
			t.Fatalf("%q is exported as\n%s\nand after an import of that as\n%s", body, file, again)
		}
	})
}
