// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

func TestCertificateRules(t *testing.T) {
	t.Parallel()
	two := []authz.ID{exampleCom, globexZ}
	for _, c := range []struct {
		name, rule string
		put        *state.Certificate
	}{
		{"one that exists", state.RuleTaken, certificate(wwwCertificate, two, "example.com")},
		{"without zones", state.RuleInvalidValue, certificate(id(10, 9), nil, "example.com")},
		{"without names", state.RuleInvalidValue, certificate(id(10, 9), two)},
		{"in no zone", state.RuleUnknownReference, certificate(id(10, 9), []authz.ID{id(4, 99)}, "example.com")},
		{"zones out of order", state.RuleInvalidValue, certificate(id(10, 9), []authz.ID{globexZ, exampleCom}, "example.com")},
		{"a zone twice", state.RuleInvalidValue, certificate(id(10, 9), []authz.ID{exampleCom, exampleCom}, "example.com")},
		{"a name in another form", state.RuleInvalidValue, certificate(id(10, 9), two, "Example.com.")},
		{"a name that is none", state.RuleInvalidValue, certificate(id(10, 9), two, "a.*.example.com")},
		{"without serial number", state.RuleInvalidValue, certificate(authz.ID{}, two, "example.com")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, nil)
			before := digest(t, w)
			wantRule(t, w.Update(func(tx *state.Tx) error { return tx.PutCertificate(c.put) }), c.rule)
			if digest(t, w) != before {
				t.Error("something was changed")
			}
		})
	}
}

// TestCertificatesLeaveWithTheirZones: a certificate stays with the zones it
// has left and goes with the last of them; an undone deletion leaves all.
func TestCertificatesLeaveWithTheirZones(t *testing.T) {
	t.Parallel()
	log := &memoryLog{}
	w := newWorld(t, log)
	both := id(10, 2)
	update(t, w, func(tx *state.Tx) error {
		return tx.PutCertificate(certificate(both, []authz.ID{exampleCom, globexZ}, "example.com", "*.globex.example"))
	})
	update(t, w, func(tx *state.Tx) error { return tx.DeleteZone(exampleCom) })
	view(t, w, func(tx *state.Tx) {
		if tx.Certificate(wwwCertificate) != nil || len(tx.CertificatesOf(exampleCom)) != 0 {
			t.Error("a certificate outlived its zone")
		}
		c := tx.Certificate(both)
		if c == nil || !slices.Equal(c.Zones, []authz.ID{globexZ}) || len(c.Hostnames) != 2 || len(tx.CertificatesOf(globexZ)) != 1 {
			t.Errorf("the other one is %+v", c)
		}
	})
	again, err := state.Replay(state.Options{HashKey: testKey}, slices.Values(log.batches))
	if err != nil || digest(t, again) != digest(t, w) {
		t.Errorf("the log gives another world (%v)", err)
	}
	update(t, w, func(tx *state.Tx) error { return tx.DeleteAccount(globex) })
	view(t, w, func(tx *state.Tx) {
		if tx.Certificate(both) != nil {
			t.Error("a certificate outlived its last zone")
		}
	})
}

func TestNormalizeHostname(t *testing.T) {
	t.Parallel()
	long := strings.Repeat(strings.Repeat("a", 62)+".", 4) + "aa" // 254 with nothing in front
	for name, want := range map[string]string{
		"example.com": "example.com", "WWW.Example.COM.": "www.example.com", "*.example.com": "*.example.com",
		"*.BÜCHER.example": "*.xn--bcher-kva.example", "bücher.example": "xn--bcher-kva.example",
		"www。example。com": "www.example.com",
		"":                "", "*": "", "*.": "", "*.com": "", "com": "", "*.*.example.com": "", "a.*.example.com": "", "a*.example.com": "",
		"＊.example.com": "", "a_b.example.com": "", "a b.example.com": "", "192.0.2.1:443": "", "@": "",
		"*." + long[2:]: "",
	} {
		got, err := state.NormalizeHostname(name)
		if got != want || (err != nil) != (want == "") {
			t.Errorf("%q became %q, %v; want %q", name, got, err, want)
		}
	}
}

// TestZoneOfHostname: the zone with the longest name, by whole labels.
func TestZoneOfHostname(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	deep := id(4, 3)
	update(t, w, func(tx *state.Tx) error {
		return tx.PutZone(&state.Zone{ID: deep, Account: globex, Name: "deep.example.com", Type: "full", Status: "active", CreatedOn: noon})
	})
	view(t, w, func(tx *state.Tx) {
		for name, want := range map[string]authz.ID{
			"example.com": exampleCom, "*.example.com": exampleCom, "a.b.example.com": exampleCom, "deep.example.com": deep,
			"*.deep.example.com": deep, "x.deep.example.com": deep, "notdeep.example.com": exampleCom,
			"notexample.com": {}, "com": {}, "": {}, "example.com.evil.example": {},
		} {
			var got authz.ID
			if z := tx.ZoneOfHostname(name); z != nil {
				got = z.ID
			}
			if got != want {
				t.Errorf("%q lies in %s, want %s", name, got, want)
			}
		}
	})
}

// TestDeriveKey: the same for the same purpose and hash key, and for nothing
// else; no secret's hash is one.
func TestDeriveKey(t *testing.T) {
	t.Parallel()
	derive := func(key [32]byte, purpose string) (derived [32]byte) {
		view(t, state.New(state.Options{HashKey: key}), func(tx *state.Tx) {
			derived = tx.DeriveKey(purpose)
			if derived == tx.HashSecret(purpose) {
				t.Error("a secret has a derived key as its hash")
			}
		})
		return derived
	}
	one := derive(testKey, "a")
	if one != derive(testKey, "a") {
		t.Error("the key changes from time to time")
	}
	if one == derive(testKey, "b") || one == derive([32]byte{9}, "a") || one == ([32]byte{}) {
		t.Error("other purposes and worlds have the same key")
	}
}
