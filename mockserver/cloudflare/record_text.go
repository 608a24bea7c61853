// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// maxTextString is the longest string within a text record, in bytes (RFC
// 1035, section 3.3.14).
const maxTextString = 255

// plainContent is a content without the quotes in which some clients send
// text: the same text quoted, bare or in several strings is one.
func plainContent(content string) string { return strings.Join(textStrings(content), "") }

// textStrings are the strings of a text record, decoded. A content that does
// not consist of quoted strings is one string as it stands.
func textStrings(content string) []string {
	bare := []string{content}
	if !strings.HasPrefix(content, `"`) {
		return bare
	}
	var list []string
	for rest := content; rest != ""; rest = strings.TrimLeft(rest, " ") {
		if rest[0] != '"' {
			return bare // Text stands outside of the quotes.
		}
		end := closingQuote(rest)
		if end < 0 {
			return bare // The quotes do not pair: it is a text that starts with one.
		}
		list = append(list, unescapeText(rest[1:end]))
		rest = rest[end+1:]
	}
	return list
}

// closingQuote finds the quote that ends the string which s starts with, -1
// when none does.
func closingQuote(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

// unescapeText decodes a string of a zone file: a backslash stands before a
// character that is meant as it is, or before the three digits of a byte.
func unescapeText(s string) string {
	if !strings.Contains(s, `\`) {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			continue
		}
		if code, ok := byteCode(s[i+1:]); ok {
			b.WriteByte(code)
			i += 3
			continue
		}
		i++
		b.WriteByte(s[i])
	}
	return b.String()
}

// byteCode reads three decimal digits as a byte.
func byteCode(s string) (byte, bool) {
	if len(s) < 3 {
		return 0, false
	}
	n := 0
	for i := range 3 {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = 10*n + int(s[i]-'0')
	}
	return byte(n), n <= 255
}

// quoteContent writes strings as the content of a text record: quoted, what is
// no text in byte codes. What it writes comes back from textStrings.
func quoteContent(list []string) string {
	parts := make([]string, len(list))
	for i, s := range list {
		var b strings.Builder
		for rest := s; rest != ""; {
			r, size := utf8.DecodeRuneInString(rest)
			switch {
			case r == '"' || r == '\\':
				b.WriteByte('\\')
				b.WriteRune(r)
			case r < ' ' || r == 0x7f || r == utf8.RuneError && size == 1:
				fmt.Fprintf(&b, `\%03d`, rest[0])
			default:
				b.WriteString(rest[:size])
			}
			rest = rest[size:]
		}
		parts[i] = `"` + b.String() + `"`
	}
	return strings.Join(parts, " ")
}

// zoneFileText writes the strings of a text record as zone files do: printable
// ASCII in quotes, none of them longer than a string may be.
func zoneFileText(list []string) string {
	var b strings.Builder
	quoted := func(s string) {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteByte('"')
		for i := range len(s) {
			switch c := s[i]; {
			case c == '"' || c == '\\':
				b.WriteByte('\\')
				b.WriteByte(c)
			case c < ' ' || c >= 0x7f:
				fmt.Fprintf(&b, `\%03d`, c)
			default:
				b.WriteByte(c)
			}
		}
		b.WriteByte('"')
	}
	for _, s := range list {
		for len(s) > maxTextString {
			quoted(s[:maxTextString])
			s = s[maxTextString:]
		}
		quoted(s)
	}
	return b.String()
}
