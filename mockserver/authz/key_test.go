// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestParseResource holds the table of §3: its forms and nothing else.
func TestParseResource(t *testing.T) {
	t.Parallel()
	id := strings.Repeat("0a", 16)
	account, zone := accountPrefix+id, zonePrefix+id
	for _, r := range []Resource{
		{Key: userPrefix + id},
		{Key: account},
		{Key: accountPrefix + "*"},
		{Key: zone},
		{Key: zonePrefix + "*"},
		{Key: account, Nested: []string{zonePrefix + "*"}},
		{Key: account, Nested: []string{zone}},
		{Key: zone, Nested: []string{recordPrefix + "TXT.a.b"}},
		{Key: zone, Nested: []string{recordPrefix + "*.*"}},
		{Key: bucketPrefix + id + "_eu_my-bucket"},
	} {
		keys, err := ParseResource(r)
		if err != nil || len(keys) != 1 {
			t.Errorf("%v: %v", r, err)
			continue
		}
		compiled := &compile(t, Policy{Effect: Allow, Resources: []Resource{r}}).list[0]
		if got := compiled.keys(); !slices.Equal(got, keys) {
			t.Errorf("%v was compiled to %v", r, got)
		}
		served := compiled.served()
		for i := range catalog.Groups() {
			if g := &catalog.Groups()[i]; keys[0].Serves(g) != served.Has(g.Index) {
				t.Errorf("%v serves %s: %t, compiled %t", r, g.Ref(), keys[0].Serves(g), served.Has(g.Index))
			}
		}
		if back := keys[0].Resource(); back.Key != r.Key || !slices.Equal(back.Nested, r.Nested) {
			t.Errorf("%v came back as %v", r, back)
		}
	}
	if keys, err := ParseResource(Resource{Key: zone, Nested: []string{recordPrefix + "TXT.a", recordPrefix + "A.a"}}); err != nil || len(keys) != 2 {
		t.Errorf("got %v, %v", keys, err)
	}
	upper := strings.ToUpper(id)
	for _, r := range []Resource{
		{},
		{Key: "*"},
		{Key: userPrefix + "*"},
		{Key: userPrefix + upper},
		{Key: accountPrefix},
		{Key: accountPrefix + id[1:]},
		{Key: accountPrefix + strings.Repeat("0", 32)},
		{Key: zonePrefix + upper},
		{Key: zonePrefix + "**"},
		{Key: account, Nested: []string{}},
		{Key: account, Nested: []string{zone, zone}},
		{Key: account, Nested: []string{zone, zonePrefix + "*"}},
		{Key: account, Nested: []string{account}},
		{Key: account, Nested: []string{zonePrefix + "x"}},
		{Key: accountPrefix + "*", Nested: []string{zonePrefix + "*"}},
		{Key: zonePrefix + "*", Nested: []string{recordPrefix + "TXT.a"}},
		{Key: zone, Nested: []string{zone}},
		{Key: zone, Nested: []string{"dns_record.TXT.a"}},
		{Key: id, Nested: []string{recordPrefix + "TXT.a"}},
		{Key: id, Nested: []string{zone}},
		{Key: id, Nested: []string{zonePrefix + "*"}},
		{Key: account, Nested: []string{id}},
		{Key: account, Nested: []string{"*"}},
		{Key: zone, Nested: []string{recordPrefix + "TXT"}},
		{Key: zone, Nested: []string{recordPrefix + "TXT.A"}},
		{Key: userPrefix + id, Nested: []string{zonePrefix + "*"}},
		{Key: bucketPrefix + id},
		{Key: bucketPrefix + "*"},
		{Key: bucketPrefix + id + "_default"},
		{Key: bucketPrefix + id + "_Default_bbb"},
		{Key: bucketPrefix + id + "__bbb"},
		{Key: bucketPrefix + id + "_default_bb"},
		{Key: bucketPrefix + id + "_default_-bb"},
		{Key: bucketPrefix + id + "_default_b*b"},
		{Key: bucketPrefix + upper + "_default_bbb"},
	} {
		if keys, err := ParseResource(r); err == nil {
			t.Errorf("%v parsed as %v", r, keys)
		}
	}
	for _, nested := range []string{zone, recordPrefix, recordPrefix + "TXT", "dns_record.TXT.a"} {
		if _, err := ParseResource(Resource{Key: zone, Nested: []string{nested}}); !errors.Is(err, errKeyForm) {
			t.Errorf("%s is refused with %v", nested, err)
		}
	}
	if got := (Key{}).String(); got != "" {
		t.Errorf("the key of no form is %q", got)
	}
	if (Key{}).Serves(groupNamed(t, "DNS Write")) {
		t.Error("the key of no form serves nothing")
	}
	if _, err := Compile([]Policy{{Effect: Deny, Resources: []Resource{{Key: "x"}}}}); err == nil {
		t.Error("a deny on no key compiled")
	}
	checker := &checker{check: &Check{}}
	if got := checker.keyProblem(Key{}); got != "" {
		t.Errorf("got %q", got)
	}
}

func TestID(t *testing.T) {
	t.Parallel()
	text := "0123456789abcdef0123456789abcdef"
	id, ok := ParseID(text)
	if !ok || id.String() != text || id.IsZero() {
		t.Fatalf("got %v, %t", id, ok)
	}
	for _, bad := range []string{"", text[1:], text + "0", strings.ToUpper(text), strings.Repeat("0", 32), strings.Repeat("g", 32), "0g" + text[2:]} {
		if _, ok := ParseID(bad); ok {
			t.Errorf("%q parsed", bad)
		}
	}
	data, err := json.Marshal(map[string]ID{"id": id})
	if err != nil || string(data) != "{\"id\":\""+text+"\"}" {
		t.Errorf("got %s, %v", data, err)
	}
	var back struct{ ID ID }
	if err := json.Unmarshal(data, &back); err != nil || back.ID != id {
		t.Errorf("got %v, %v", back, err)
	}
	if err := json.Unmarshal([]byte("{\"id\":\"\"}"), &back); err != nil || !back.ID.IsZero() {
		t.Errorf("got %v, %v", back, err)
	}
	if err := json.Unmarshal([]byte("{\"id\":\"x\"}"), &back); err == nil {
		t.Error("a malformed id was read")
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for kind, want := range map[CredentialKind]string{
		UserToken: "user_token", AccountToken: "account_token", GlobalKey: "global_key", OriginCAKey: "origin_ca_key",
		VultrKey: "vultr_key", ConsoleSession: "console_session", 0: "unknown",
	} {
		if got := kind.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	a, z := named("a"), named("z")
	for want, target := range map[string]Target{
		"the calling user":                            UserTarget(),
		"account " + a.String():                       AccountTarget(a),
		"zone " + z.String():                          ZoneTarget(z),
		"all zones of account " + a.String():          AllZonesTarget(a),
		"the DNS records of zone " + z.String():       RecordsTarget(z),
		"DNS record A n in zone " + z.String():        RecordTarget(z, "A", "n"),
		"bucket default_bbb of account " + a.String(): BucketTarget(a, "default", "bbb"),
		"target of unknown kind 99":                   {Kind: 99},
	} {
		if got := target.String(); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
	for _, s := range []Switch{Unset, On, Off} {
		if got := SwitchOf(s.Bool()); got != s {
			t.Errorf("%d came back as %d", s, got)
		}
	}
	yes, no := true, false
	if SwitchOf(nil) != Unset || SwitchOf(&yes) != On || SwitchOf(&no) != Off || Unset.Bool() != nil || !*On.Bool() || *Off.Bool() {
		t.Error("true is not on, or false not off")
	}
}

// TestTables holds that the catalogue has every group that the model names.
func TestTables(t *testing.T) {
	t.Parallel()
	if got := RecordGroups().Len(); got != 2 {
		t.Errorf("%d record groups", got)
	}
	if got := TokenManagementGroups().Len(); got != 2 {
		t.Errorf("%d token management groups", got)
	}
	if got := SwitchChangeGroups().Len(); got != 1 {
		t.Errorf("%d groups for switches", got)
	}
	var none catalog.GroupSet
	if setOf("no id") != none {
		t.Error("an unknown id made a set")
	}
	if shareFamily(none, RecordGroups()) || shareFamily(RecordGroups(), none) {
		t.Error("nothing shares a family with nothing")
	}
}

func TestComparePolicies(t *testing.T) {
	t.Parallel()
	ordered := []Policy{
		pol(t, Allow, "DNS Write", "zone:z1"),
		pol(t, Allow, "DNS Write", "zone:z1/TXT.a"),
		pol(t, Allow, "DNS Write", "zone:z1/TXT.b"),
		pol(t, Allow, "DNS Write", "zone:z2"),
		pol(t, Deny, "DNS Write", "zone:z1"),
	}
	for i := range ordered {
		for j := range ordered {
			if got := ComparePolicies(ordered[i], ordered[j]); got < 0 != (i < j) || got == 0 != (i == j) {
				t.Errorf("%d and %d compare as %d", i, j, got)
			}
		}
	}
	p := Policy{Groups: []catalog.GroupIndex{3, 1, 3}, Resources: []Resource{{Key: "b"}, {Key: "a", Nested: []string{"y", "x"}}}}
	p.Canonicalize()
	if !slices.Equal(p.Groups, []catalog.GroupIndex{1, 3}) || p.Resources[0].Key != "a" || p.Resources[0].Nested[0] != "x" {
		t.Errorf("got %+v", p)
	}
}
