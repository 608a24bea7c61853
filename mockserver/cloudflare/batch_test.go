// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// TestBatch: deletes, patches, puts, posts, in this order, all or nothing,
// each judged like the single operation (authorization model §5).
func TestBatch(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	shop := s.record(zoneCom, "CNAME", "shop.example.com")
	www := s.record(zoneCom, "A", "www.example.com")
	mx := s.record(zoneCom, "MX", "example.com")
	done := s.do("dns_write", "POST", records+"/batch", object{
		"posts":   []object{{"type": "A", "name": "shop", "content": "192.0.2.1"}},
		"deletes": []object{{"id": shop}},
		"puts":    []object{{"id": mx, "type": "MX", "name": "@", "content": "mx.example.com", "priority": 1}},
		"patches": []object{{"id": www, "content": "192.0.2.99"}},
	}).ok()
	parts := into[map[string][]object](done)
	for part, content := range map[string]string{"deletes": "www.example.com", "patches": "192.0.2.99", "puts": "mx.example.com", "posts": "192.0.2.1"} {
		if len(parts[part]) != 1 || parts[part][0].text("content") != content {
			t.Errorf("%s: %s", part, done.body)
		}
	}

	txt := s.record(zoneCom, "TXT", "_acme-challenge.example.com")
	for _, c := range []struct {
		name, ref    string
		body         any
		status, code int
		reason       authz.Reason
	}{
		{"a hidden record", "challenge", object{"deletes": []object{{"id": txt}, {"id": www}}}, 404, 81044, ""},
		{"an absent record", "dns_write", object{"deletes": []object{{"id": txt}, {"id": absent}}}, 404, 81044, ""},
		{"a new record elsewhere", "challenge", object{"deletes": []object{{"id": txt}}, "posts": []object{{"type": "A", "name": "x", "content": "192.0.2.1"}}}, 403, 10000, authz.ReasonNoMatchingGrant},
		{"renamed out", "challenge", object{"patches": []object{{"id": txt, "name": "www"}}}, 403, 10000, authz.ReasonNoMatchingGrant},
		{"a bad record", "dns_write", object{"deletes": []object{{"id": txt}}, "posts": []object{{"type": "A", "name": "x", "content": "y"}}}, 400, 1004, ""},
		{"a record without a name", "dns_write", object{"posts": []object{{"type": "A"}}}, 400, 1001, ""},
		{"a deletion without an id", "dns_write", object{"deletes": []object{{}}}, 400, 1001, ""},
		{"an unknown part", "dns_write", object{"deletions": []object{}}, 400, 1001, ""},
		{"a reader", "dns_read", object{}, 403, 10000, authz.ReasonNoMatchingGrant},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			before := s.digest()
			r := s.do(c.ref, "POST", records+"/batch", c.body).refused(c.status, c.code)
			if c.reason != "" {
				r.because(c.reason)
			}
			if s.digest() != before {
				t.Error("something was changed")
			}
		})
	}
	s.do("challenge", "POST", records+"/batch", object{
		"deletes": []object{{"id": txt}}, "posts": []object{{"type": "TXT", "name": "_acme-challenge.new", "content": "x"}},
	}).ok()
}

// TestExport: the zone file holds what passes a GET.
func TestExport(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	export := func(ref string) string {
		request := httptest.NewRequest(http.MethodGet, cloudflare.BasePath+records+"/export", http.NoBody)
		request.Header = s.authorize(ref)
		return serveRaw(s, request).Body.String()
	}
	whole := export("dns_read")
	for _, line := range []string{
		"example.com.\t1\tIN\tMX\t10 mail.example.com.\n", "shop.example.com.\t1\tIN\tCNAME\twww.example.com. ; cf_tags=cf-proxied:false\n",
		"example.com.\t1\tIN\tA\t192.0.2.10 ; cf_tags=cf-proxied:true\n",
		"_acme-challenge.example.com.\t120\tIN\tTXT\t\"first\"\n", "_acme-challenge.www.example.com.\t120\tIN\tTXT\t\"bare text\" ; left by a client\n",
	} {
		if !strings.Contains(whole, line) {
			t.Errorf("the export lacks %q:\n%s", line, whole)
		}
	}
	if part := export("challenge"); strings.Contains(part, "\tA\t") || strings.Count(part, "\tIN\t") != 2 {
		t.Errorf("the export for two records:\n%s", part)
	}
	s.do("zone_read", "GET", records+"/export", nil).refused(403, 10000).because(authz.ReasonNoMatchingGrant)
}

// TestIAM: the names that policies of members use.
func TestIAM(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	base := "/accounts/" + acme + "/iam"
	for label, want := range map[string]string{"admin": roleAdmin, "all_privileges": roleSuper, "domain_dns": roleDomainDNS, "nothing": ""} {
		got := listed(s.do("all", "GET", base+"/permission_groups?label="+label, nil), "id")
		if strings.Join(got, " ") != want {
			t.Errorf("%s is %v", label, got)
		}
	}
	s.do("all", "GET", base+"/permission_groups/"+roleDNS, nil).ok()
	s.do("all", "GET", base+"/permission_groups/"+dnsRead, nil).refused(404, 1003)
	if got := listed(s.do("all", "GET", base+"/resource_groups", nil), "id"); !slices.Equal(got, []string{acme, zoneCom, zoneOrg}) {
		t.Errorf("the resource groups are %v", got)
	}
	if got := listed(s.do("all", "GET", base+"/resource_groups?name="+keyAcme, nil), "id"); !slices.Equal(got, []string{acme}) {
		t.Errorf("by name: %v", got)
	}
	s.do("all", "GET", base+"/resource_groups/"+zoneOrg, nil).ok()
	s.do("all", "GET", base+"/resource_groups/"+zoneOther, nil).refused(404, 1003)
	s.do("zone_read", "GET", base+"/resource_groups", nil).refused(403, 9109)
	// A policy over the whole account is one on the account's resource group.
	changed := s.do("all", "PUT", members+"/"+s.member("acme/zoned"), object{"policies": []object{
		{"access": "allow", "permission_groups": []object{{"id": roleDNS}}, "resource_groups": []object{{"id": acme}, {"id": zoneCom}}},
	}}).ok()
	if !strings.Contains(changed.body, `"objects":[{"key":"*"}]`) {
		t.Errorf("changed %s", changed.body)
	}
	s.do("key:zoned", "GET", "/zones/"+zoneOrg+"/dns_records", nil).ok()
	s.do("all", "PUT", members+"/"+s.member("acme/zoned"), object{"policies": []object{
		{"access": "allow", "permission_groups": []object{{"id": roleDNS}}, "resource_groups": []object{{"id": "x"}}},
	}}).refused(400, 1001)
}

// TestAmbient: a server gives a request its id, its instant, another world.
func TestAmbient(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	older := newServer(t)
	s.do("all", "PATCH", "/zones/"+zoneCom, object{"paused": true}).ok()
	ask := func(a cloudflare.Ambient) *httptest.ResponseRecorder {
		request := httptest.NewRequest(http.MethodGet, cloudflare.BasePath+"/zones/"+zoneCom, http.NoBody)
		request.Header = s.authorize("zone_read")
		return serveRaw(s, request.WithContext(cloudflare.WithAmbient(t.Context(), a)))
	}
	r := ask(cloudflare.Ambient{RequestID: "ray", World: older.world, Shuffle: 3})
	if r.Header().Get("Cf-Ray") != "ray" || !strings.Contains(r.Body.String(), `"paused":false`) {
		t.Errorf("got %v %s", r.Header(), r.Body)
	}
	arrival := noon.Add(time.Hour)
	ask(cloudflare.Ambient{Arrival: arrival})
	if d := s.lastDecision(); !d.Now.Equal(arrival) {
		t.Errorf("decided for %v", d.Now)
	}
}

// TestTags: tags and comments in filters.
func TestTags(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	s.do("dns_write", "POST", records, object{"type": "A", "name": "tagged", "content": "192.0.2.1", "tags": []string{"team:dns", "old"}}).ok()
	s.do("dns_write", "POST", records, object{"type": "TXT", "name": "bücher", "content": "x"}).ok()
	for query, want := range map[string]int{
		"tag=team:dns": 1, "tag.exact=TEAM:dns": 1, "tag=team": 0, "tag.present=team": 1, "tag.present=old": 1, "tag.absent=team": 8,
		"tag.present=team&tag.present=old&tag_match=any": 1, "tag.present=other&tag.exact=old": 0, "tag.present=other&tag.exact=old&tag_match=any": 1,
		"tag.absent=team&tag.exact=old&tag_match=any": 9, "tag.absent=team&tag.exact=old": 0, "tag.absent=team&tag.exact=old&tag_match=any&type=A": 3,
		"tag.exact=old&tag.present=other&tag_match=any&name=nobody&match=any": 1,
		"name=b%C3%BCcher.example.com":                                        1, "name=xn--bcher-kva.example.com": 1,
	} {
		if got := listed(s.do("dns_read", "GET", records+"?"+query, nil), "name"); len(got) != want {
			t.Errorf("%s finds %v", query, got)
		}
	}
}

// TestParallelRequests: many callers at once see one consistent world.
func TestParallelRequests(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	done := make(chan int)
	for i := range 8 {
		go func() {
			created := 0
			for j := range 10 {
				name := strings.Repeat("a", i+1) + strings.Repeat("b", j+1)
				if s.do("dns_write", "POST", records, object{"type": "A", "name": name, "content": "192.0.2.1"}).Success {
					created++
				}
				s.do("dns_read", "GET", records, nil)
			}
			done <- created
		}()
	}
	total := 0
	for range 8 {
		total += <-done
	}
	stored := 0
	err := s.world.View(func(tx *state.Tx) error {
		id, _ := authz.ParseID(zoneCom)
		stored = len(tx.Records(id))
		return nil
	})
	if err != nil || total != 80 || stored != 87 {
		t.Errorf("created %d, stored %d (%v)", total, stored, err)
	}
}
