// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package oracle

import (
	"errors"
	"net/netip"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// TestMalformedScenes: what the model does not store or know is no question.
func TestMalformedScenes(t *testing.T) {
	t.Parallel()
	resources := func(key string, value any) edit {
		return policies(deny(map[string]any{key: value}, "zone:DNS Read"))
	}
	below := func(outer, inner string) edit { return resources(outer, map[string]any{inner: "*"}) }
	record := func(typeAndPattern string) edit {
		return policies(deny(onRecordKey(shop, typeAndPattern), "zone:DNS Read"))
	}
	first := func(change func(*scene.Member)) edit {
		return func(s *scene.Scene) { change(&s.World.Members[0]) }
	}
	for name, e := range map[string]edit{
		"§4 an unknown operation":               ask("GET /nowhere", zoneTarget(shop)),
		"§4 no target":                          ask(getZone),
		"§4 a target of another kind":           ask(getZone, accountTarget(standard)),
		"§5 records of a row that has none":     ask("GET /zones/{zone_id}/dns_records/usage", recordsTarget(shop)),
		"§3 an unknown key":                     resources("com.cloudflare.api.planet.*", "*"),
		"§3 a key without an id":                resources(prefixZone+"shop", "*"),
		"§3 upper case in an id":                resources(prefixZone+"ABCDEFABCDEFABCDEFABCDEFABCDEFAB", "*"),
		"§3 another value":                      resources(prefixZone+shop, "yes"),
		"§3 a value of another type":            resources(prefixZone+shop, true),
		"§3 an empty map":                       resources(prefixAccount+standard, map[string]any{}),
		"§3 a nested value":                     resources(prefixAccount+standard, map[string]any{prefixZone + shop: true}),
		"§3 a nested account":                   below(prefixAccount+standard, prefixAccount+"*"),
		"§3 a nested key below zone.*":          below(prefixZone+"*", prefixRecord+"A.a"),
		"§3 a nested key that nothing is":       below(prefixAccount+standard, "zone"),
		"§3 a zone below a zone":                below(prefixZone+shop, prefixZone+shop),
		"§3 a record key at the top":            resources(prefixRecord+"A.a", "*"),
		"§3 a bucket key without jurisdiction":  resources(prefixBucket+standard+"_photos", "*"),
		"§3 a bucket key without an account":    resources(prefixBucket+"x_eu_photos", "*"),
		"§5 a pattern in upper case":            record("A.WWW"),
		"§5 a pattern with a final dot":         record("A.www."),
		"§5 a pattern with @":                   record("A.@"),
		"§5 an empty pattern":                   record("A."),
		"§5 a pattern beyond ASCII":             record("A.bücher"),
		"§5 a type in lower case":               record("a.www"),
		"§5 no type":                            record(".www"),
		"§3 an unknown effect":                  func(s *scene.Scene) { s.Credential.Policies[0].Effect = "maybe" },
		"§3 an unknown group":                   func(s *scene.Scene) { s.Credential.Policies[0].Groups = []string{alice} },
		"§2 an unknown kind":                    kind("voucher"),
		"§2 a user-owned token without a user":  credential(scene.Credential{Kind: scene.UserToken}),
		"§2 an account-owned token with a user": credential(scene.Credential{Kind: scene.AccountToken, User: alice, Account: standard}),
		"§6 a range that does not parse":        func(s *scene.Scene) { s.Credential.In = []string{"192.0.2.0/33"} },
		"§6 a range of not_in":                  func(s *scene.Scene) { s.Credential.NotIn = []string{"fe80::1%eth0"} },
		"§8 roles and policies": first(func(m *scene.Member) {
			m.Policies = []scene.MemberPolicy{memberPolicy("allow", nil, "Domain DNS")}
		}),
		"§8 a domain role in roles": first(func(m *scene.Member) { m.Roles = roleIDs("Domain DNS") }),
		"§8 an unknown role":        first(func(m *scene.Member) { m.Roles = []string{alice} }),
		"§8 a zone of another account": ownerPolicies(standard,
			memberPolicy("allow", []string{bank}, "Domain DNS")),
		"§8 an unknown access":           ownerPolicies(standard, memberPolicy("maybe", nil)),
		"§8 an unknown role of a policy": ownerPolicies(standard, scene.MemberPolicy{Access: "allow", Roles: []string{alice}}),
		"§6 an unknown mode":             func(s *scene.Scene) { s.Request.Mode = "guess" },
		"§6 an unknown presentation":     func(s *scene.Scene) { s.Request.Presented = "" },
		"§6 a list of something else":    func(s *scene.Scene) { s.Request.Mode = scene.ModeList },
		"§5 a record of something else":  func(s *scene.Scene) { s.Request.Mode = scene.ModeRecord },
		"§5 a read that writes": func(s *scene.Scene) {
			r := recordTarget(shop, "A", www)
			s.Request.Mode, s.Request.Operation, s.Request.After = scene.ModeRecord, getRecord, &r
		},
		"§5 a record that moves": func(s *scene.Scene) {
			a, b := recordTarget(shop, "A", www), recordTarget(blog, "A", www)
			s.Request.Mode, s.Request.Operation, s.Request.Before, s.Request.After = scene.ModeRecord, patchRecord, &a, &b
		},
		"§5 a zone as a record": func(s *scene.Scene) {
			z := zoneTarget(shop)
			s.Request.Mode, s.Request.Operation, s.Request.Before = scene.ModeRecord, getRecord, &z
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := base()
			e(s)
			if v, err := theOracle(t).Judge(s); !errors.Is(err, ErrScene) {
				t.Errorf("got %+v and error %v, want ErrScene", v, err)
			}
		})
	}
}

// TestRanges is authorization model §6 "Address".
func TestRanges(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		text, address string
		want          bool
	}{
		{"192.0.2.7", "192.0.2.7", true},
		{"192.0.2.7", "192.0.2.8", false},
		{"192.0.2.99/24", "192.0.2.1", true},
		{"192.0.2.128/25", "192.0.2.127", false},
		{"0.0.0.0/0", "203.0.113.9", true},
		{"0.0.0.0/0", "2001:db8::1", false},
		{"::/0", "203.0.113.9", false},
		{"::/0", "2001:db8::1", true},
		{"2001:db8::/33", "2001:db8:7fff::1", true},
		{"2001:db8::/33", "2001:db8:8000::1", false},
		{"2001:db8::5", "2001:db8::5", true},
		{"2001:db8::5", "2001:db8::4", false},
		{"::ffff:192.0.2.0/120", "192.0.2.200", true},
		{"::ffff:192.0.2.7", "192.0.2.7", true},
		{"192.0.2.0/24", "::ffff:192.0.2.7", true},
		{"::ffff:0.0.0.0/96", "198.51.100.1", true},
	} {
		r, err := parseRange(c.text)
		if err != nil {
			t.Errorf("range %q: %v", c.text, err)
			continue
		}
		if got := r.contains(netip.MustParseAddr(c.address).Unmap()); got != c.want {
			t.Errorf("range %q, address %s: got %v, want %v", c.text, c.address, got, c.want)
		}
	}
	for _, text := range []string{
		"", "192.0.2", "192.0.2.0/33", "192.0.2.0/", "192.0.2.0/+8", "192.0.2.0/08", "192.0.2.0/8/8", "192.0.2.0/-1",
		"2001:db8::/129", "fe80::1%eth0", "fe80::1%eth0/64", "::ffff:192.0.2.0/80", "192.0.2.07", "example",
	} {
		if r, err := parseRange(text); err == nil {
			t.Errorf("range %q is read as %v", text, r)
		}
	}
}

// TestUnreadableAddress: an address that cannot be read passes no condition, and is not looked at without one.
func TestUnreadableAddress(t *testing.T) {
	t.Parallel()
	condition, err := parseRange("192.0.2.0/24")
	if err != nil {
		t.Fatal(err)
	}
	conditions := []addressRange{condition}
	for _, address := range []string{"", "fe80::1%eth0", "unix"} {
		if addressHolds(address, nil, conditions) || addressHolds(address, conditions, nil) {
			t.Errorf("address %q passes a condition", address)
		}
		if !addressHolds(address, nil, nil) {
			t.Errorf("address %q is refused without a condition", address)
		}
	}
	if !addressHolds("::ffff:198.51.100.1", nil, conditions) || addressHolds("::ffff:192.0.2.1", nil, conditions) {
		t.Error("a mapped address is not judged as the IPv4 address")
	}
}
