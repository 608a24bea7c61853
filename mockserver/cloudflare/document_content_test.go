// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
)

// bucketItemRead is the group Workers R2 Storage Bucket Item Read.
const bucketItemRead = "6a018a9f2fc74eb6b293b0c548f38b39"

// upload sends content with a type and further headers.
func (s *server) upload(method, path, contentType, body string, headers ...string) *response {
	s.tb.Helper()
	h := s.authorize(owner)
	if contentType != "" {
		h.Set("Content-Type", contentType)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		h.Set(headers[i], headers[i+1])
	}
	return s.send(h, method, path, body)
}

// download reads content as it is answered.
func (s *server) download(path string, headers ...string) *httptest.ResponseRecorder {
	s.tb.Helper()
	request := httptest.NewRequest(http.MethodGet, cloudflare.BasePath+path, http.NoBody)
	request.Header, request.RemoteAddr = s.authorize(owner), s.address
	for i := 0; i+1 < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	return serveRaw(s, request)
}

// TestContent: what is no JSON is kept as it came, and read as it was sent.
func TestContent(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	space := spaces + "/" + s.made(spaces, `{"title":"space"}`)
	s.made(buckets, `{"name":"bucket"}`)
	for _, c := range []struct{ name, path, contentType, body, answered string }{
		{"a value without a type", space + "/values/a", "", "value", "application/octet-stream"},
		{"a value that looks like JSON", space + "/values/b", "application/json", `[1]`, "application/json"},
		{"a value that is a form", space + "/values/c", "application/x-www-form-urlencoded", "a=b", "application/x-www-form-urlencoded"},
		{"an empty value", space + "/values/d", "text/plain", "", "text/plain"},
		{"an object", buckets + "/bucket/objects/dir%2Ffile", "image/png", "\x89PNG\x00", "image/png"},
		{"a script", scripts + "/worker", "application/javascript", "export default {}", "application/javascript"},
		{"a form of parts", scripts + "/parts", `multipart/form-data; boundary="x"`, "--x\r\n\r\n--x--", "multipart/form-data; boundary=x"},
		{"text", "/zones/" + zoneCom + "/snippets/s", "text/plain", "let x = 1", "text/plain"},
		{"a type that is none", space + "/values/e", "nonsense;;", "x", "application/octet-stream"},
	} {
		r := s.upload("PUT", c.path, c.contentType, c.body).ok()
		id := into[object](r).text("id")
		if !strings.HasPrefix(string(r.Result), `{"id":"`+id+`","content_type":"`) {
			t.Errorf("%s: the write answers %s", c.name, r.Result)
		}
		got := s.download(c.path)
		h := got.Header()
		if got.Code != 200 || got.Body.String() != c.body || h.Get("Content-Type") != c.answered {
			t.Errorf("%s: read as %d, %q, %q", c.name, got.Code, h.Get("Content-Type"), got.Body)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" || !strings.Contains(h.Get("Content-Security-Policy"), "sandbox") {
			t.Errorf("%s: a browser may run it", c.name)
		}
		s.do("none", "GET", c.path, nil).refused(403, 10000)
	}
	// Text that is JSON is read as such, as are bodies of unnamed types.
	s.upload("PUT", scripts+"/json", "text/plain;charset=UTF-8", ` {"a":1}`).ok()
	s.upload("PUT", scripts+"/form", "application/x-www-form-urlencoded", `{"a":1}`).ok()
	for _, name := range []string{"json", "form"} {
		if got := into[object](s.do(owner, "GET", scripts+"/"+name, nil).ok()); got["a"] != 1.0 {
			t.Errorf("%s is %v", name, got)
		}
	}
	s.upload("PUT", scripts+"/bad", "application/json", `export default {}`).refused(400, 1198)
	// Content cannot be merged, and content of a list is shown by its size.
	s.upload("POST", "/accounts/"+acme+"/images/v1", "image/png", "png").ok()
	image := s.ids("/accounts/" + acme + "/images/v1")[0]
	s.do(owner, "PATCH", "/accounts/"+acme+"/images/v1/"+image, `{"a":1}`).refused(400, 1001).says("replace it")
}

// TestJurisdictions: buckets of two jurisdictions share their names, and
// nothing else; a right on one is no right on the other.
func TestJurisdictions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const header, object1 = "cf-r2-jurisdiction", buckets + "/bucket/objects/key"
	s.upload("POST", buckets, "application/json", `{"name":"bucket"}`, header, "eu").ok()
	s.do(owner, "GET", buckets+"/bucket", nil).refused(404, 1003)
	s.upload("PUT", object1, "text/plain", "eu", header, "eu").ok()
	s.upload("PUT", object1, "text/plain", "none").refused(404, 1003)
	s.made(buckets, `{"name":"bucket"}`)
	s.do(owner, "GET", object1, nil).refused(404, 1003)
	s.upload("PUT", object1, "text/plain", "default", header, "default").ok()
	if a, b := s.download(object1).Body.String(), s.download(object1, header, "eu").Body.String(); a != "default" || b != "eu" {
		t.Errorf("read %q and %q", a, b)
	}
	secret := into[object](s.do("key:super", "POST", "/user/tokens", token("bucket", policy(
		object{"com.cloudflare.edge.r2.bucket." + acme + "_eu_bucket": "*"}, bucketItemRead))).ok()).text("value")
	s.learn("eu", secret)
	h := s.authorize("eu")
	s.send(h, "GET", object1, nil).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
	h.Set(header, "eu")
	if r := s.send(h, "GET", object1, nil); r.body != "eu" {
		t.Errorf("the token of the bucket read %d %s", r.status, r.body)
	}
	s.send(h, "GET", buckets+"/bucket", nil).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
	s.upload("DELETE", buckets+"/bucket", "", "", header, "eu").ok()
	if got := s.download(object1, header, "eu"); got.Code != 404 {
		t.Errorf("the object of a deleted bucket reads as %d %q", got.Code, got.Body)
	}
	if got := s.download(object1).Body.String(); got != "default" {
		t.Errorf("the other bucket's object is %q", got)
	}
}
