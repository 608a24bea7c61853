// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"strings"
	"testing"
)

// TestParseHeaders holds §2: which header decides and what is malformed.
func TestParseHeaders(t *testing.T) {
	t.Parallel()
	token := strings.Repeat("aZ9_-", 8)
	newToken := "cfut_" + token + "0123abcd"
	key := strings.Repeat("0a", 18) + "f"
	one := func(s string) []string { return []string{s} }
	for _, row := range []struct {
		name   string
		h      Headers
		want   Presence
		kind   PresentedKind
		defect Defect
		secret string
	}{
		{"nothing", Headers{}, Missing, PresentedNothing, DefectNone, ""},
		{"empty headers are absent", Headers{Authorization: one(""), Email: one(" "), Key: one(""), ServiceKey: one("")}, Missing, PresentedNothing, DefectNone, ""},
		{"token", Headers{Authorization: one("Bearer " + token)}, WellFormed, PresentedBearer, DefectNone, token},
		{"scheme in any case", Headers{Authorization: one("bEARER " + token)}, WellFormed, PresentedBearer, DefectNone, token},
		{"user token, new form", Headers{Authorization: one("Bearer " + newToken)}, WellFormed, PresentedBearer, DefectNone, newToken},
		{"account token, new form", Headers{Authorization: one("Bearer cfat_" + token + "0123abcd")}, WellFormed, PresentedBearer, DefectNone, "cfat_" + token + "0123abcd"},
		{"token beats the rest", Headers{Authorization: one("Bearer " + token), Email: one("a@b"), ServiceKey: one("nonsense")}, WellFormed, PresentedBearer, DefectNone, token},
		{"empty key headers beside a token", Headers{Authorization: one("Bearer " + token), Email: one(""), Key: one("")}, WellFormed, PresentedBearer, DefectNone, token},
		{"checksum in capitals", Headers{Authorization: one("Bearer cfut_" + token + "0123ABCD")}, Malformed, PresentedBearer, DefectAuthorization, ""},
		{"key with a bad checksum", Headers{Email: one("a@b"), Key: one("cfk_" + token + "0123abcg")}, Malformed, PresentedKey, DefectKey, ""},
		{"service key that begins with a hyphen", Headers{ServiceKey: one("v1.0--00")}, Malformed, PresentedServiceKey, DefectServiceKey, ""},
		{"several spaces", Headers{Authorization: one("Bearer   " + token)}, WellFormed, PresentedBearer, DefectNone, token},
		{"white space around", Headers{Authorization: one(" \tBearer " + token + "\t ")}, WellFormed, PresentedBearer, DefectNone, token},
		{"a tab in between", Headers{Authorization: one("Bearer\t" + token)}, Malformed, PresentedBearer, DefectAuthorization, ""},
		{"basic", Headers{Authorization: one("Basic " + token)}, Malformed, PresentedBearer, DefectAuthorization, ""},
		{"no scheme", Headers{Authorization: one(token)}, Malformed, PresentedBearer, DefectAuthorization, ""},
		{"scheme alone", Headers{Authorization: one("Bearer")}, Malformed, PresentedBearer, DefectAuthorization, ""},
		{"key as bearer", Headers{Authorization: one("Bearer " + key)}, Malformed, PresentedBearer, DefectAuthorization, ""},
		{"wrong alphabet", Headers{Authorization: one("Bearer " + strings.Repeat("a", 39) + "!")}, Malformed, PresentedBearer, DefectAuthorization, ""},
		{"two tokens", Headers{Authorization: one("Bearer " + token + " " + token)}, Malformed, PresentedBearer, DefectAuthorization, ""},
		{"repeated header", Headers{Authorization: []string{"Bearer " + token, "Bearer " + token}}, Malformed, PresentedBearer, DefectRepeated, ""},
		{"repeated header that does not decide", Headers{Authorization: one("Bearer " + token), Key: []string{"", ""}}, Malformed, PresentedBearer, DefectRepeated, ""},
		{"repeated service key", Headers{ServiceKey: []string{"v1.0-00", "v1.0-00"}}, Malformed, PresentedServiceKey, DefectRepeated, ""},
		{"repeated e-mail", Headers{Email: []string{"a@b", "a@b"}, Key: one(key)}, Malformed, PresentedKey, DefectRepeated, ""},
		{"key", Headers{Email: one("a@b.example"), Key: one(key)}, WellFormed, PresentedKey, DefectNone, key},
		{"key, new form", Headers{Email: one("a@b"), Key: one("cfk_" + token + "0123abcd")}, WellFormed, PresentedKey, DefectNone, "cfk_" + token + "0123abcd"},
		{"key beats the service key", Headers{Email: one("a@b"), Key: one(key), ServiceKey: one("v1.0-00")}, WellFormed, PresentedKey, DefectNone, key},
		{"e-mail without key", Headers{Email: one("a@b")}, Malformed, PresentedKey, DefectKeyMissing, ""},
		{"key without e-mail", Headers{Key: one(key)}, Malformed, PresentedKey, DefectEmail, ""},
		{"no e-mail address", Headers{Email: one("ab@"), Key: one(key)}, Malformed, PresentedKey, DefectEmail, ""},
		{"two at signs", Headers{Email: one("a@b@c"), Key: one(key)}, Malformed, PresentedKey, DefectEmail, ""},
		{"control character", Headers{Email: one("a\x01@b"), Key: one(key)}, Malformed, PresentedKey, DefectEmail, ""},
		{"short key", Headers{Email: one("a@b"), Key: one(key[1:])}, Malformed, PresentedKey, DefectKey, ""},
		{"key in capitals", Headers{Email: one("a@b"), Key: one(strings.ToUpper(key))}, Malformed, PresentedKey, DefectKey, ""},
		{"service key", Headers{ServiceKey: one("v1.0-0123-abcdef")}, WellFormed, PresentedServiceKey, DefectNone, "v1.0-0123-abcdef"},
		{"service key of another version", Headers{ServiceKey: one("v2.0-0123")}, Malformed, PresentedServiceKey, DefectServiceKey, ""},
		{"service key without digits", Headers{ServiceKey: one("v1.0-")}, Malformed, PresentedServiceKey, DefectServiceKey, ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			got := ParseHeaders(row.h)
			if got.Presence != row.want || got.Kind != row.kind || got.Defect != row.defect || got.Secret != row.secret {
				t.Errorf("got %+v", got)
			}
		})
	}
}
