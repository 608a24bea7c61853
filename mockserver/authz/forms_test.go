// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"net/netip"
	"strings"
	"testing"
)

const (
	hexDigits   = "0123456789abcdef"
	lowerCase   = "abcdefghijklmnopqrstuvwxyz"
	tokenDigits = "0123456789" + lowerCase + "ABCDEFGHIJKLMNOPQRSTUVWXYZ_-"
)

// TestForms_characters puts every byte into every form: its alphabet passes
// and nothing else (authorization model §2, §3, §5).
func TestForms_characters(t *testing.T) {
	t.Parallel()
	zeros := func(n int) string { return strings.Repeat("0", n) }
	body := strings.Repeat("a", 40)
	printable := func(without string) string {
		var b strings.Builder
		for c := byte('!'); c <= '~'; c++ {
			if strings.IndexByte(without, c) < 0 {
				b.WriteByte(c)
			}
		}
		return b.String()
	}
	isID := func(s string) bool {
		_, ok := ParseID(s)
		return ok
	}
	for _, form := range []struct {
		name, before, after, alphabet string
		passes                        func(string) bool
	}{
		{"token, first", "", body[1:], tokenDigits, IsTokenForm},
		{"token, last", body[1:], "", tokenDigits, IsTokenForm},
		{"user token, body", "cfut_", body[1:] + zeros(8), tokenDigits, IsTokenForm},
		{"user token, last of the body", "cfut_" + body[1:], zeros(8), tokenDigits, IsTokenForm},
		{"user token, checksum", "cfut_" + body, zeros(7), hexDigits, IsTokenForm},
		{"account token, last of the checksum", "cfat_" + body + zeros(7), "", hexDigits, IsTokenForm},
		{"key", zeros(36), "", hexDigits, IsGlobalKeyForm},
		{"key, body", "cfk_" + body[1:], zeros(8), tokenDigits, IsGlobalKeyForm},
		{"key, checksum", "cfk_" + body + zeros(7), "", hexDigits, IsGlobalKeyForm},
		{"service key, first", "v1.0-", "0", hexDigits, IsOriginCAKeyForm},
		{"service key, next", "v1.0-0", "", hexDigits + "-", IsOriginCAKeyForm},
		{"e-mail, first", "", "@b", printable("@"), IsEmailForm},
		{"e-mail, last", "a@", "", printable("@"), IsEmailForm},
		{"identifier, first", "", zeros(30) + "1", hexDigits, isID},
		{"identifier, last", zeros(30) + "1", "", hexDigits, isID},
		{"jurisdiction", "", "", lowerCase + "-", isJurisdiction},
		{"bucket, first", "", "bb", lowerCase + "0123456789", isBucketName},
		{"bucket, within", "b", "b", lowerCase + "0123456789-", isBucketName},
		{"bucket, last", "bb", "", lowerCase + "0123456789", isBucketName},
		{"record pattern", "a", "b", printable("@ABCDEFGHIJKLMNOPQRSTUVWXYZ"), func(s string) bool { return CheckRecordPattern("TXT", s) == nil }},
	} {
		t.Run(form.name, func(t *testing.T) {
			t.Parallel()
			for c := range 256 {
				s := form.before + string([]byte{byte(c)}) + form.after
				if got, want := form.passes(s), strings.IndexByte(form.alphabet, byte(c)) >= 0; got != want {
					t.Errorf("%q: %t, want %t", s, got, want)
				}
			}
		})
	}
}

// TestForms_lengths holds the shortest and the longest of every form.
func TestForms_lengths(t *testing.T) {
	t.Parallel()
	isID := func(s string) bool {
		_, ok := ParseID(s)
		return ok
	}
	pattern := func(s string) bool { return CheckRecordPattern("*", s) == nil }
	newToken := func(s string) bool { return len(s) != tokenLength && IsTokenForm(s) }
	for _, form := range []struct {
		name, prefix, suffix string
		shortest, longest    int // of the letter b in between
		passes               func(string) bool
	}{
		{"token", "", "", 40, 40, IsTokenForm},
		{"user token", "cfut_", "", 48, 48, newToken},
		{"account token", "cfat_", "", 48, 48, newToken},
		{"key as token", "cfk_", "", 36, 36, IsTokenForm}, // 40 characters, whatever they begin with
		{"key", "", "", 37, 37, IsGlobalKeyForm},
		{"new key", "cfk_", "", 48, 48, IsGlobalKeyForm},
		{"service key", "v1.0-", "", 1, 1024, IsOriginCAKeyForm},
		{"e-mail", "a@", "", 1, 318, IsEmailForm},
		{"e-mail's name", "", "@a", 1, 318, IsEmailForm},
		{"identifier", "", "", 32, 32, isID},
		{"jurisdiction", "", "", 1, 2000, isJurisdiction},
		{"bucket", "", "", 3, 63, isBucketName},
		{"record pattern", "", "", 1, 255, pattern},
	} {
		t.Run(form.name, func(t *testing.T) {
			t.Parallel()
			for n := range 1100 {
				s := form.prefix + strings.Repeat("b", n) + form.suffix
				if got, want := form.passes(s), n >= form.shortest && n <= form.longest; got != want {
					t.Errorf("%d characters: %t, want %t", n, got, want)
				}
			}
		})
	}
	for _, s := range []string{"", "@", "a", "a@b@c", "@b", "a@"} {
		if IsEmailForm(s) {
			t.Errorf("%q passes as an e-mail address", s)
		}
	}
	for _, s := range []string{"v1.0", "v1.1-0", "0"} {
		if IsOriginCAKeyForm(s) {
			t.Errorf("%q passes as an Origin CA key", s)
		}
	}
}

// TestID_order holds that identifiers are ordered as their wire forms are.
func TestID_order(t *testing.T) {
	t.Parallel()
	ordered := []string{
		"00000000000000000000000000000001", "000000000000000000000000000000ff", "00000000000000008000000000000000",
		"00000000000000010000000000000000", "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a", "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0b",
		"0a0a0a0a0a0a0a0b0000000000000000", "a0000000000000000000000000000000", "ffffffffffffffffffffffffffffffff",
	}
	for i := range ordered {
		for j := range ordered {
			a, _ := ParseID(ordered[i])
			b, _ := ParseID(ordered[j])
			if got := a.Compare(b); got < 0 != (i < j) || got > 0 != (i > j) {
				t.Errorf("%s and %s compare as %d", a, b, got)
			}
		}
	}
}

// TestParsePrefix holds what a range stands for (authorization model §6
// "Address").
func TestParsePrefix(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"192.0.2.7": "192.0.2.7/32", "192.0.2.7/32": "192.0.2.7/32", "192.0.2.7/24": "192.0.2.0/24", "192.0.2.7/0": "0.0.0.0/0",
		"2001:db8::1": "2001:db8::1/128", "2001:db8::1/32": "2001:db8::/32", "::/0": "::/0", "::1/96": "::/96",
		"::ffff:192.0.2.7": "192.0.2.7/32", "::ffff:192.0.2.7/128": "192.0.2.7/32", "::ffff:192.0.2.7/120": "192.0.2.0/24",
		"::ffff:192.0.2.7/96": "0.0.0.0/0",
		"::ffff:192.0.2.7/95": "", "::ffff:0:0/0": "", "fe80::1%eth0": "", "fe80::%eth0/64": "", "": "", "x": "", "192.0.2": "", "192.0.2.0/33": "",
		"2001:db8::/129": "", "192.0.2.0/24/1": "", "/24": "", "192.0.2.0/": "", "192.0.2.0/024": "",
	} {
		got, err := ParsePrefix(text)
		if (err == nil) != (want != "") || err == nil && got != netip.MustParsePrefix(want) {
			t.Errorf("%q: %s, %v; want %q", text, got, err, want)
		}
	}
}
