// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

func TestNormalizeRecordName(t *testing.T) {
	t.Parallel()
	const zone = "example.com"
	long := strings.Repeat("a", 63)
	cases := []struct{ name, want string }{
		{"www", "www.example.com"},
		{"WWW", "www.example.com"},
		{"www.example.com", "www.example.com"},
		{"www.example.com.", "www.example.com"},
		{"Www.Example.COM.", "www.example.com"},
		{"@", "example.com"},
		{"@.", "example.com"},
		{"example.com", "example.com"},
		{"example.com.", "example.com"},
		{"EXAMPLE.com", "example.com"},
		{"*", "*.example.com"},
		{"*.dev", "*.dev.example.com"},
		{"_acme-challenge", "_acme-challenge.example.com"},
		{"_acme-challenge.www.example.com", "_acme-challenge.www.example.com"},
		{"notexample.com", "notexample.com.example.com"},
		{"example.org", "example.org.example.com"},
		{"com", "com.example.com"},
		{"example.com.example.com", "example.com.example.com"},
		{"bücher", "xn--bcher-kva.example.com"},
		{"BÜCHER", "xn--bcher-kva.example.com"},
		{"xn--bcher-kva", "xn--bcher-kva.example.com"},
		{"XN--BCHER-KVA", "xn--bcher-kva.example.com"},
		{"bücher.example.com", "xn--bcher-kva.example.com"},
		{"_acme-challenge.bücher", "_acme-challenge.xn--bcher-kva.example.com"},
		{"www。example。com", "www.example.com"},
		{"www.example.com。", "www.example.com"},
		{"ｗｗｗ", "www.example.com"},
		{long, long + ".example.com"},
		{"", ""},
		{".", ""},
		{"..", ""},
		{"www..example.com", ""},
		{".www", ""},
		{"www.example.com..", ""},
		{"a b", ""},
		{"a\tb", ""},
		{"www@example.com", ""},
		{"@.www", ""},
		{`\119ww`, ""}, // "www" to whoever reads zone files
		{`a\.b`, ""},
		{"a;b", ""},
		{"a(b", ""},
		{"a)b", ""},
		{`a"b`, ""},
		{"$ORIGIN", ""},
		{"＼119ww", ""},
		{"1/25", "1/25.example.com"},
		{"xn--a", ""},
		{long + "a", ""},
		{strings.Repeat(long+".", 4) + "a", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := state.NormalizeRecordName(zone, tc.name)
			switch {
			case tc.want == "" && err == nil:
				t.Errorf("NormalizeRecordName(%q) = %q, want an error", tc.name, got)
			case tc.want != "" && (err != nil || got != tc.want):
				t.Errorf("NormalizeRecordName(%q) = %q, %v; want %q", tc.name, got, err, tc.want)
			}
		})
	}
}

// TestNormalizeAbsoluteName: like a record's name, but never completed.
func TestNormalizeAbsoluteName(t *testing.T) {
	t.Parallel()
	const zone = "example.com"
	for name, want := range map[string]string{
		"www.example.com.": "www.example.com", "WWW.Example.COM": "www.example.com", "example.com.": "example.com",
		"*.example.com.": "*.example.com", "bücher.example.com.": "xn--bcher-kva.example.com", "www。example。com。": "www.example.com",
		"www": "", "www.": "", "@": "", "@.": "", ".": "", "": "", "com.": "", "notexample.com.": "", "example.com.evil.example.": "",
		"www..example.com.": "", `\119ww.example.com.`: "", ".example.com.": "", "www.example.com..": "",
	} {
		got, err := state.NormalizeAbsoluteName(zone, name)
		if got != want && err == nil || (err != nil) != (want == "") {
			t.Errorf("NormalizeAbsoluteName(%q) = %q, %v; want %q", name, got, err, want)
		}
		if again, err := state.NormalizeRecordName(zone, want); want != "" && (err != nil || again != want) {
			t.Errorf("a record's name %q becomes %q, %v", want, again, err)
		}
	}
}

func TestNormalizeZoneName(t *testing.T) {
	t.Parallel()
	cases := []struct{ name, want string }{
		{"example.com", "example.com"},
		{"Example.COM.", "example.com"},
		{"bücher.example", "xn--bcher-kva.example"},
		{"a-b.c-d.example", "a-b.c-d.example"},
		{"com", ""},
		{"", ""},
		{"@", ""},
		{"-a.example", ""},
		{"a-.example", ""},
		{"a_b.example", ""},
		{"*.example.com", ""},
		{"a..example", ""},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			got, err := state.NormalizeZoneName(tc.name)
			switch {
			case tc.want == "" && err == nil:
				t.Errorf("NormalizeZoneName(%q) = %q, want an error", tc.name, got)
			case tc.want != "" && (err != nil || got != tc.want):
				t.Errorf("NormalizeZoneName(%q) = %q, %v; want %q", tc.name, got, err, tc.want)
			}
		})
	}
}

// FuzzNormalizeRecordName holds that a stored name is in its stored form, and
// that every spelling of it by letter case and trailing dot is the same name:
// what decisions compare must not have two forms.
func FuzzNormalizeRecordName(f *testing.F) {
	for _, name := range []string{"www", "@", "*.a", "BÜCHER.", "xn--bcher-kva", "a。b", "_x._y", "İ", "ß", "a\u0301", "\xff", "example.com."} {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, name string) {
		const zone = "example.com"
		stored, err := state.NormalizeRecordName(zone, name)
		if err != nil {
			return
		}
		if stored != zone && !strings.HasSuffix(stored, "."+zone) {
			t.Fatalf("%q became %q, outside the zone", name, stored)
		}
		for _, spelling := range []string{stored, stored + ".", strings.ToUpper(stored)} {
			again, err := state.NormalizeRecordName(zone, spelling)
			if err != nil || again != stored {
				t.Fatalf("%q became %q, but %q becomes %q, %v", name, stored, spelling, again, err)
			}
		}
	})
}
