// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import "strings"

// Headers are the values of a request's credential headers, every line of
// each, as the server received them (authorization model §2).
type Headers struct {
	// Authorization, Email, Key and ServiceKey are the lines of
	// Authorization, X-Auth-Email, X-Auth-Key and X-Auth-User-Service-Key.
	Authorization, Email, Key, ServiceKey []string
}

// PresentedKind says which header decides.
type PresentedKind uint8

// The kinds of presented credential.
const (
	PresentedNothing PresentedKind = iota
	PresentedBearer
	PresentedKey
	PresentedServiceKey
)

// Defect says in what way a presented credential is malformed.
type Defect uint8

// The defects of presented credentials.
const (
	DefectNone          Defect = iota
	DefectRepeated             // a credential header stands more than once
	DefectAuthorization        // not "Bearer" and a token of its form
	DefectEmail                // a key without an e-mail address, or one of no such form
	DefectKeyMissing           // an e-mail address without a key
	DefectKey                  // a key not of its form
	DefectServiceKey           // an Origin CA key not of its form
)

// Presented is what [ParseHeaders] found. Secret is sensitive: it must not be
// logged, stored or put into an error.
type Presented struct {
	Presence Presence
	Kind     PresentedKind
	Defect   Defect
	Email    string
	Secret   string
}

// ParseHeaders is gate 1 (authorization model §2, §6): it finds the one
// credential that decides and checks its form. Empty headers are absent; with
// several kinds at once the first of Bearer, key and service key decides
// alone; a repeated credential header is malformed whichever decides.
func ParseHeaders(h Headers) Presented {
	kind := PresentedNothing
	switch {
	case first(h.Authorization) != "":
		kind = PresentedBearer
	case first(h.Email) != "" || first(h.Key) != "":
		kind = PresentedKey
	case first(h.ServiceKey) != "":
		kind = PresentedServiceKey
	}
	if len(h.Authorization) > 1 || len(h.Email) > 1 || len(h.Key) > 1 || len(h.ServiceKey) > 1 {
		return Presented{Presence: Malformed, Kind: kind, Defect: DefectRepeated}
	}
	p := Presented{Presence: Malformed, Kind: kind}
	switch kind {
	case PresentedNothing:
		return Presented{}
	case PresentedBearer:
		if p.Secret = bearerToken(first(h.Authorization)); p.Secret == "" {
			p.Defect = DefectAuthorization
			return p
		}
	case PresentedKey:
		p.Email, p.Secret = first(h.Email), first(h.Key)
		if p.Defect = keyDefect(p.Email, p.Secret); p.Defect != DefectNone {
			return Presented{Presence: Malformed, Kind: kind, Defect: p.Defect}
		}
	case PresentedServiceKey:
		if p.Secret = first(h.ServiceKey); !IsOriginCAKeyForm(p.Secret) {
			return Presented{Presence: Malformed, Kind: kind, Defect: DefectServiceKey}
		}
	}
	p.Presence = WellFormed
	return p
}

// first returns the first line of a header without surrounding white space.
func first(lines []string) string {
	if len(lines) == 0 {
		return ""
	}
	return strings.Trim(lines[0], " \t")
}

// bearerToken returns the token of an Authorization header, "" unless the
// scheme is Bearer (in any case) and the token has a token's form.
func bearerToken(value string) string {
	scheme, token, _ := strings.Cut(value, " ")
	token = strings.TrimLeft(token, " ")
	if !strings.EqualFold(scheme, "Bearer") || !IsTokenForm(token) {
		return ""
	}
	return token
}

func keyDefect(email, key string) Defect {
	switch {
	case key == "":
		return DefectKeyMissing
	case !IsEmailForm(email):
		return DefectEmail
	case !IsGlobalKeyForm(key):
		return DefectKey
	default:
		return DefectNone
	}
}

// The lengths of secrets: the old forms, and the body and checksum of the
// prefixed ones (authorization model §2).
const (
	tokenLength    = 40
	globalLength   = 37
	bodyLength     = 40
	checksumLength = 8
)

// IsTokenForm reports whether s has the form of an API token: 40 characters of
// [A-Za-z0-9_-], or cfut_ or cfat_ with 40 such characters and 8 lower-case
// hexadecimal digits.
func IsTokenForm(s string) bool {
	if len(s) == tokenLength {
		return allIn(s, isTokenChar)
	}
	return isPrefixed(s, "cfut_") || isPrefixed(s, "cfat_")
}

// IsGlobalKeyForm reports whether s has the form of a Global API key: 37
// lower-case hexadecimal digits, or cfk_ with 40 characters and 8 such digits.
func IsGlobalKeyForm(s string) bool {
	if len(s) == globalLength {
		return allIn(s, isHexDigit)
	}
	return isPrefixed(s, "cfk_")
}

// IsOriginCAKeyForm reports whether s has the form of an Origin CA key: v1.0-
// and lower-case hexadecimal digits; hyphens may stand after the first digit.
func IsOriginCAKeyForm(s string) bool {
	rest, ok := strings.CutPrefix(s, "v1.0-")
	const longest = 1024
	return ok && rest != "" && len(rest) <= longest && rest[0] != '-' &&
		allIn(rest, func(c byte) bool { return isHexDigit(c) || c == '-' })
}

func isPrefixed(s, prefix string) bool {
	rest, ok := strings.CutPrefix(s, prefix)
	return ok && len(rest) == bodyLength+checksumLength &&
		allIn(rest[:bodyLength], isTokenChar) && allIn(rest[bodyLength:], isHexDigit)
}

// IsEmailForm reports whether s could be an e-mail address: printable ASCII
// with one @ that is neither first nor last.
func IsEmailForm(s string) bool {
	const longest = 320
	at := strings.IndexByte(s, '@')
	if at <= 0 || at == len(s)-1 || len(s) > longest || strings.Count(s, "@") != 1 {
		return false
	}
	return allIn(s, func(c byte) bool { return c > ' ' && c < 0x7f })
}

func allIn(s string, in func(byte) bool) bool {
	for i := range len(s) {
		if !in(s[i]) {
			return false
		}
	}
	return true
}

func isHexDigit(c byte) bool { return c >= '0' && c <= '9' || c >= 'a' && c <= 'f' }

func isTokenChar(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_' || c == '-'
}
