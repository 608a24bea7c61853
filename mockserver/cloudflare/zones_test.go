// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// TestZoneList holds what each credential sees, and the filters.
func TestZoneList(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct {
		ref, query string
		want       []string
	}{
		{"all", "", []string{"example.com", "example.org", "globex.example"}},
		{"key:super", "", []string{"example.com", "example.org", "globex.example"}},
		{"zone_read", "", []string{"example.com"}},
		{"ops", "", []string{"example.com", "example.org"}},
		{"dns_other", "", []string{"example.com"}}, // zone.*, of a member of one zone
		{"denied", "", []string{}},
		{"key:dns", "", []string{"example.com", "example.org"}},
		{"key:stranger", "", []string{}},
		{"key:blocked", "", []string{}},
		{"blocked", "", []string{}},
		{"all", "name=example.com", []string{"example.com"}},
		{"all", "name=EXAMPLE.com", []string{"example.com"}},
		{"all", "name=equal:example.com", []string{"example.com"}},
		{"all", "name=not_equal:example.com", []string{"example.org", "globex.example"}},
		{"all", "name=starts_with:EXAMPLE", []string{"example.com", "example.org"}},
		{"all", "name=starts_with_case_sensitive:EXAMPLE", []string{}},
		{"all", "name=ends_with:.org", []string{"example.org"}},
		{"all", "name=contains:globex", []string{"globex.example"}},
		{"all", "name=unknown:globex", []string{}},
		{"all", "account.id=" + globex, []string{"globex.example"}},
		{"all", "account.name=acme", []string{"example.com", "example.org"}},
		{"all", "account.name=starts_with:glob&name=example.com", []string{}},
		{"all", "account.name=starts_with:glob&name=example.com&match=any", []string{"example.com", "globex.example"}},
		{"all", "status=active", []string{"example.com", "example.org", "globex.example"}},
		{"all", "status=pending", []string{}},
		{"all", "type=partial,secondary", []string{}},
		{"all", "type=partial,full&name=example.org", []string{"example.org"}},
		{"all", "per_page=1&page=2&order=name", []string{"example.org"}},
		{"all", "order=name&direction=desc&per_page=2", []string{"globex.example", "example.org"}},
	} {
		got := listed(s.do(c.ref, "GET", "/zones?"+c.query, nil), "name")
		if !strings.Contains(c.query, "order") {
			slices.Sort(got)
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%s with %q sees %v, want %v", c.ref, c.query, got, c.want)
		}
	}
	for _, bad := range []string{"status=odd", "order=age", "direction=up", "match=some", "page=0", "per_page=-1", "page=x"} {
		s.do("all", "GET", "/zones?"+bad, nil).refused(400, 1001)
	}
	s.do("dns_write", "GET", "/zones", nil).refused(403, 0)
	s.do("all", "GET", "/zones?name=%zz", nil).refused(400, 1001)
}

// TestZonePermissions: the summary in a zone is what the caller may do there.
func TestZonePermissions(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	permissions := func(ref string) []any {
		list, _ := into[object](s.do(ref, "GET", "/zones/"+zoneCom, nil).ok())["permissions"].([]any)
		return list
	}
	if got := permissions("zone_read"); !slices.Equal(got, []any{"#zone:read"}) {
		t.Errorf("zone_read: %v", got)
	}
	if got := permissions("dns_write"); !slices.Equal(got, []any{"#dns_records:read", "#dns_records:edit"}) {
		t.Errorf("dns_write: %v", got)
	}
	if got := permissions("key:super"); len(got) < 10 {
		t.Errorf("a Super Administrator: %v", got)
	}
}

// TestZoneLife: create, edit, delete.
func TestZoneLife(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	create := func(ref, name, account string) *response {
		return s.do(ref, "POST", "/zones", object{"name": name, "account": object{"id": account}, "type": "full"})
	}
	made := create("all", "Bücher.Example.", acme).ok()
	o := into[object](made)
	if o.text("name") != "xn--bcher-kva.example" || o.text("status") != "pending" || o["activated_on"] != nil {
		t.Errorf("made %s", made.body)
	}
	path := "/zones/" + o.text("id")
	s.do("all", "GET", path, nil).ok()
	create("all", "bücher.example", globex).refused(400, 1061)
	for _, bad := range []string{"", "com", "no_host.example", "a..b", "-a.example", strings.Repeat("a", 64) + ".example"} {
		create("all", bad, acme).refused(400, 1002)
	}
	create("zone_read", "other.example", acme).refused(403, 0).because(authz.ReasonNoMatchingGrant)
	create("ops", "other.example", acme).refused(403, 0).because(authz.ReasonNoMatchingGrant)
	create("key:dns", "other.example", acme).refused(403, 0).because(authz.ReasonOwnerLacksRight)
	create("key:admin", "other.example", acme).ok()

	if got := into[object](s.do("all", "PATCH", path, object{"paused": true}).ok()); got["paused"] != true {
		t.Errorf("paused %v", got)
	}
	s.do("all", "PATCH", path, object{"type": "partial"}).ok()
	s.do("all", "PATCH", path, object{"vanity_name_servers": []string{"ns1.example.com"}}).ok()
	s.do("all", "PATCH", path, object{"paused": true, "type": "full"}).refused(400, 1001)
	s.do("all", "PATCH", path, object{}).refused(400, 1001)
	s.do("all", "PATCH", path, object{"type": "odd"}).refused(400, 1001)
	s.do("zone_read", "PATCH", path, object{"paused": false}).refused(403, 9109)
	s.do("zone_read", "DELETE", path, nil).refused(403, 9109)
	s.do("all", "DELETE", path, nil).ok()
	s.do("all", "GET", path, nil).refused(403, 9109).because(authz.ReasonTargetNotFound)
}

// TestZoneWithoutAccount: there is no container to decide on, so gates 1 to 4
// and then what is wrong (authorization model §4).
func TestZoneWithoutAccount(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, body := range []any{"", "{", object{"name": "x.example"}, object{"name": "x.example", "account": object{}}, object{"name": "x.example", "account": "id"}} {
		if r := s.do("none", "POST", "/zones", body); r.status != 400 {
			t.Errorf("%v got %d", body, r.status)
		}
	}
	// A body that names its account is decided on it, whatever else is wrong.
	s.do("none", "POST", "/zones", object{"name": 7, "account": object{"id": acme}}).refused(403, 0)
	s.do("all", "POST", "/zones", object{"name": 7, "account": object{"id": acme}}).refused(400, 1001)
	s.do("disabled", "POST", "/zones", "{").refused(403, 9109)
	s.do("home", "POST", "/zones", "{").refused(403, 9109)
	s.do("", "POST", "/zones", "{").refused(400, 9106)
}

func TestPurge(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := "/zones/" + zoneCom + "/purge_cache"
	for _, body := range []object{
		{"purge_everything": true},
		{"files": []any{"https://www.example.com/a", object{"url": "https://www.example.com/b", "headers": object{"Origin": "x"}}}},
		{"tags": []string{"a"}},
		{"hosts": []string{"www.example.com"}},
		{"prefixes": []string{"www.example.com/a"}},
	} {
		if got := into[object](s.do("all", "POST", path, body).ok()); got.text("id") != zoneCom {
			t.Errorf("%v answers %v", body, got)
		}
		s.do("dns_write", "POST", path, body).refused(403, 10000)
	}
	for _, body := range []object{
		{},
		{"purge_everything": false},
		{"tags": []string{}},
		{"tags": []string{"a"}, "hosts": []string{"b"}},
		{"files": []any{1}},
		{"everything": true},
	} {
		s.do("all", "POST", path, body).refused(400, 1001)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := "/zones/" + zoneCom + "/settings"
	list := into[[]object](s.do("all", "GET", path, nil).ok())
	ids := make([]string, 0, len(list))
	for _, o := range list {
		ids = append(ids, o.text("id"))
		// A default is a value that can be set.
		body := object{"value": o["value"], "id": o["id"], "editable": o["editable"], "modified_on": nil}
		if r := s.do("all", "PATCH", path+"/"+o.text("id"), body); r.Success != (o["editable"] == true) {
			t.Errorf("%s: setting its default got %s", o.text("id"), r.body)
		}
	}
	if !slices.IsSorted(ids) || len(ids) < 40 {
		t.Errorf("the settings are %v", ids)
	}
	one := into[object](s.do("all", "PATCH", path+"/ssl", object{"value": "strict"}).ok())
	if one.text("value") != "strict" || one["modified_on"] == nil {
		t.Errorf("set %v", one)
	}
	s.do("all", "PATCH", path, object{"items": []object{{"id": "ssl", "value": "flexible"}, {"id": "browser_cache_ttl", "value": 60}}}).ok()
	if got := into[object](s.do("all", "GET", path+"/ssl", nil).ok()); got.text("value") != "flexible" {
		t.Errorf("got %v", got)
	}
	before := s.digest()
	for suffix, body := range map[string]any{
		"":               object{"items": []object{{"id": "ssl", "value": "full"}, {"id": "tls_1_3", "value": "perhaps"}, {"id": "odd", "value": 1}}},
		"?twice":         object{"items": []object{{"id": "ssl", "value": "full"}, {"id": "ssl", "value": "off"}}},
		"/ssl":           object{"value": "loose"},
		"/max_upload":    object{"value": "100"},
		"/challenge_ttl": object{"value": -1},
		"/ciphers":       object{},
		"/waf":           object{"value": "on", "id": "ssl"},
	} {
		s.do("all", "PATCH", path+suffix, body).refused(400, 1001)
	}
	if r := s.do("all", "PATCH", path, object{"items": []object{{"id": "tls_1_3", "value": "perhaps"}, {"id": "odd", "value": 1}}}); len(r.Errors) != 2 || r.Errors[1].Source.Pointer != "/items/1/value" {
		t.Errorf("two problems got %s", r.body)
	}
	s.do("all", "PATCH", path, object{"items": []object{}}).refused(400, 1001)
	s.do("all", "PATCH", path+"/odd", object{"value": "on"}).refused(404, 1003)
	s.do("dns_write", "PATCH", path+"/ssl", object{"value": "off"}).refused(403, 9109)
	s.do("dns_write", "GET", path, nil).refused(403, 9109)
	if s.digest() != before {
		t.Error("something was changed")
	}
}

// TestAccessRules on zone, account and user, as their clients call them.
func TestAccessRules(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, ref, base, scope, refused string }{
		{"zone", "all", "/zones/" + zoneCom, "zone", "dns_write"},
		{"account", "all", "/accounts/" + acme, "organization", "none"},
		{"user", "key:super", "/user", "user", "all"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			path := c.base + "/firewall/access_rules/rules"
			body := object{"mode": "block", "notes": "Fail2Ban sshd", "configuration": object{"target": "ip", "value": "198.51.100.7"}, "scope": object{}}
			made := s.do(c.ref, "POST", path, body).ok()
			if !strings.HasPrefix(made.body, `{"result":{"id":"`) || !strings.Contains(made.body, `"scope":{"id":"`) ||
				strings.Index(made.body, `"scope"`) < strings.Index(made.body, `"configuration"`) || !strings.Contains(made.body, `"type":"`+c.scope+`"`) {
				t.Errorf("the rule is written %s", made.body)
			}
			id := into[object](made).text("id")
			s.do(c.ref, "POST", path, body).refused(400, 10009)
			s.do(c.ref, "POST", path, object{"mode": "challenge", "configuration": object{"target": "country", "value": "XX"}}).ok()
			for _, query := range []string{
				"mode=block&notes=fail2ban&configuration.target=ip&configuration.value=198.51.100.7",
				"configuration_target=ip&configuration_value=198.51.100.7&page=1&per_page=1",
				"notes=" + url.QueryEscape("fail2BAN SSH"), "match=any&mode=block&notes=nothing",
			} {
				if r := s.do(c.ref, "GET", path+"?"+query, nil).ok(); !slices.Equal(listed(r, "id"), []string{id}) || !strings.HasPrefix(r.body, `{"result":[{"id":"`+id) {
					t.Errorf("%s finds %s", query, r.body)
				}
			}
			if r := s.do(c.ref, "GET", path+"?configuration.value=203.0.113.9", nil).ok(); string(r.Result) != "[]" {
				t.Errorf("nothing is found as %s", r.Result)
			}
			if got := listed(s.do(c.ref, "GET", path+"?order=configuration.target&direction=desc", nil), "mode"); !slices.Equal(got, []string{"block", "challenge"}) {
				t.Errorf("ordered %v", got)
			}
			if c.name != "user" {
				s.do(c.ref, "GET", path+"/"+id, nil).ok()
			}
			changed := into[object](s.do(c.ref, "PATCH", path+"/"+id, object{"mode": "whitelist", "notes": ""}).ok())
			if changed.text("mode") != "whitelist" || changed.text("notes") != "" {
				t.Errorf("changed %v", changed)
			}
			before := s.digest()
			s.do(c.ref, "PATCH", path+"/"+id, object{"configuration": object{"target": "ip", "value": "198.51.100.8"}}).refused(400, 1001)
			s.do(c.ref, "DELETE", path+"/"+id, `{"cascade":"all"}`).refused(400, 1001)
			for _, r := range []*response{
				s.do(c.refused, "GET", path, nil), s.do(c.refused, "POST", path, body),
				s.do(c.refused, "PATCH", path+"/"+id, object{"mode": "block"}), s.do(c.refused, "DELETE", path+"/"+id, nil),
			} {
				r.refused(403, map[bool]int{true: 9109, false: 10000}[c.name == "user"]).because(authz.ReasonNoMatchingGrant)
			}
			if s.digest() != before {
				t.Error("something was changed")
			}
			s.do(c.ref, "DELETE", path+"/"+id, `{"cascade":"none"}`).ok()
			s.do(c.ref, "DELETE", path+"/"+id, nil).refused(404, 1003).says("not_found")
			s.do(c.ref, "PATCH", path+"/"+id, object{"mode": "block"}).refused(404, 1003)
		})
	}
}

func TestAccessRuleValues(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	path := "/zones/" + zoneCom + "/firewall/access_rules/rules"
	try := func(target, value string) *response {
		return s.do("all", "POST", path, object{"mode": "block", "configuration": object{"target": target, "value": value}})
	}
	for target, values := range map[string][]string{
		"ip": {"198.51.100.1"}, "ip6": {"2001:db8::1"}, "ip_range": {"198.51.0.0/16", "198.51.100.0/24", "2001:db8::/32", "2001:db8::/48", "2001:db8::/64"},
		"asn": {"AS64496", "as64497"}, "country": {"US", "T1"},
	} {
		for _, v := range values {
			try(target, v).ok()
		}
	}
	for target, values := range map[string][]string{
		"ip": {"2001:db8::1", "198.51.100", "198.51.100.0/24"}, "ip6": {"198.51.100.1", "fe80::1%eth0"},
		"ip_range": {"198.51.100.0/25", "2001:db8::/24", "198.51.100.1", "198.51.100.0/32"}, "asn": {"64496", "AS", "ASX"},
		"country": {"USA", "us"}, "host": {"example.com"}, "": {"198.51.100.1"},
	} {
		for _, v := range values {
			try(target, v).refused(400, 1001)
		}
	}
	s.do("all", "POST", path, object{"mode": "explode", "configuration": object{"target": "ip", "value": "198.51.100.9"}}).refused(400, 1001)
	s.do("all", "POST", path, object{"mode": "block"}).refused(400, 1001)
	s.do("all", "POST", path, object{"configuration": object{"target": "ip", "value": "198.51.100.9"}}).refused(400, 1001)
}

// TestSubdomainZones: a zone below a registered name is for Enterprise
// accounts.
func TestSubdomainZones(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	for _, c := range []struct {
		name, account string
		code          int
	}{
		{"sub.new.example", globex, 1116},
		{"a.b.new.example", globex, 1116},
		{"sub.new.co.uk", globex, 1116},
		{"new.example", globex, 0},
		{"new.co.uk", globex, 0},
		{"sub.example.com", acme, 0},
	} {
		before := s.digest()
		r := s.do("all", "POST", "/zones", object{"name": c.name, "account": object{"id": c.account}})
		if c.code == 0 {
			r.ok()
			continue
		}
		r.refused(400, c.code).says("root domain")
		if s.digest() != before {
			t.Errorf("%s was made", c.name)
		}
	}
}

// TestSettingsTellTheirChange: each its own, and none that was given the value
// it had.
func TestSettingsTellTheirChange(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	base := "/zones/" + zoneCom + "/settings"
	changed := func(id string) any {
		t.Helper()
		return into[object](s.do("all", "GET", base+"/"+id, nil).ok())["modified_on"]
	}
	s.do("all", "PATCH", base+"/ssl", object{"value": "strict"}).ok()
	s.advance(time.Hour)
	s.do("all", "PATCH", base, object{"items": []object{{"id": "ssl", "value": "strict"}, {"id": "brotli", "value": "off"}, {"id": "websockets", "value": "on"}}}).ok()
	for id, want := range map[string]any{"ssl": "2030-06-01T12:00:00Z", "brotli": "2030-06-01T13:00:00Z", "websockets": nil, "http2": nil} {
		if got := changed(id); got != want {
			t.Errorf("%s was changed %v, want %v", id, got, want)
		}
	}
	s.advance(time.Hour)
	s.do("all", "PATCH", base+"/ssl", object{"value": "full"}).ok() // the default again
	if got := changed("ssl"); got != "2030-06-01T14:00:00Z" {
		t.Errorf("ssl was changed %v", got)
	}
}
