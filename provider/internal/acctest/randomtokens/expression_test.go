// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

// expression writes a value in the configuration language, in one of the ways to write it.
func (g *generator) expression(value any) string {
	switch value := value.(type) {
	case nil:
		return "null"
	case bool:
		return strconv.FormatBool(value)
	case string:
		return g.text(value)
	case []any:
		return g.list(value)
	case map[string]any:
		return g.object(value)
	default:
		panic(fmt.Sprintf("a value of type %T", value))
	}
}

// list writes the elements in another order: all lists of a token are sets.
func (g *generator) list(elements []any) string {
	texts := make([]string, 0, len(elements))
	for _, i := range g.Perm(len(elements)) {
		texts = append(texts, g.expression(elements[i]))
	}
	if len(texts) > 1 && g.chance(6) {
		g.hit("written by concat")
		return "concat([" + texts[0] + "], [" + strings.Join(texts[1:], ", ") + "])"
	}
	separator := pick(g, ", ", ",\n")
	return "[\n" + strings.Join(texts, separator) + "\n]"
}

var identifier = regexp.MustCompile(`^[a-z_][a-z0-9_-]*$`)

// object writes the attributes in any order.
func (g *generator) object(attributes map[string]any) string {
	keys := sortedKeys(attributes)
	texts := make([]string, 0, len(keys))
	for _, i := range g.Perm(len(keys)) {
		key := keys[i]
		name := key
		switch {
		case !identifier.MatchString(key), g.chance(5):
			name = g.quoted(key)
		case g.chance(8):
			name = "(" + g.quoted(key) + ")"
		}
		texts = append(texts, name+pick(g, " = ", ": ")+g.expression(attributes[key]))
	}
	if len(texts) > 1 && g.chance(10) {
		g.hit("written by merge")
		return "merge({\n" + texts[0] + "\n}, {\n" + strings.Join(texts[1:], "\n") + "\n})"
	}
	return "{\n" + strings.Join(texts, "\n") + "\n}"
}

// text writes a string.
func (g *generator) text(s string) string {
	printable := !strings.ContainsFunc(s, func(r rune) bool { return r != '\n' && (unicode.IsControl(r) || r == '\ufeff') })
	switch {
	case strings.HasSuffix(s, "\n") && printable:
		g.hit("written as a heredoc")
		return "<<EOT\n" + escapeTemplates.Replace(s) + "EOT\n"
	case printable && g.chance(10):
		g.hit("written as a heredoc, chomped")
		return "trimsuffix(<<EOT\n" + escapeTemplates.Replace(s) + "\nEOT\n, \"\\n\")"
	case len(s) > 1 && g.chance(12):
		g.hit("written by join")
		runes := []rune(s)
		at := 1 + g.IntN(max(len(runes)-1, 1))
		return `join("", [` + g.quoted(string(runes[:at])) + ", " + g.quoted(string(runes[at:])) + "])"
	default:
		return g.quoted(s)
	}
}

var escapeTemplates = strings.NewReplacer("${", "$${", "%{", "%%{")

// quoted writes a string between quotes, each character plainly or by its number where it has to be or by chance.
func (g *generator) quoted(s string) string {
	numbers := g.chance(3)
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '"', r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case unicode.IsControl(r), r == '\ufeff', r > unicode.MaxASCII && r <= 0xffff && numbers:
			fmt.Fprintf(&b, `\u%04x`, r)
		case r > 0xffff && numbers:
			fmt.Fprintf(&b, `\U%08x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	if numbers && strings.Contains(b.String(), `\u`) {
		g.hit("written by the numbers of characters")
	}
	return escapeTemplates.Replace(b.String())
}
