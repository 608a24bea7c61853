// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package leak

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
)

// form is one way to write a secret, which may have several spellings.
type form struct {
	name  string
	texts [][]byte
}

// wanted is a secret with all its forms.
type wanted struct {
	name  string
	forms []form
}

func prepare(secrets []Secret) []wanted {
	all := make([]wanted, 0, len(secrets))
	for _, secret := range secrets {
		all = append(all, wanted{name: secret.Name, forms: formsOf(secret.Value)})
	}
	return all
}

// Forms lists the names of the forms that are looked for. The slice is fresh.
func Forms() []string {
	forms := formsOf(strings.Repeat("x", 16))
	names := make([]string, 0, len(forms))
	for _, f := range forms {
		names = append(names, f.name)
	}
	return names
}

// Write returns a text with the secret in it, written in the form of that name, so that a test can see that
// it is found. It panics for a name that [Forms] does not list.
func Write(formName, secret string) string {
	for _, f := range formsOf(secret) {
		if f.name == formName {
			return string(f.texts[len(f.texts)-1])
		}
	}
	panic(fmt.Sprintf("leak: there is no form %q", formName))
}

func formsOf(secret string) []form {
	half := len(secret) / 2
	lower := hex.EncodeToString([]byte(secret))
	return []form{
		spelt("plain text", secret),
		spelt("a half of it", secret[:half], secret[half:]),
		spelt("base64", base64Of(secret)...),
		spelt("hexadecimal", lower, strings.ToUpper(lower)),
		spelt("URL encoding", url.QueryEscape(secret), url.PathEscape(secret), each(secret, "%%%02X"), each(secret, "%%%02x")),
		spelt("JSON escapes", jsonOf(secret), each(secret, `\u%04X`), each(secret, `\u%04x`)),
		spelt("a list of bytes", strings.TrimSpace(each(secret, "%d ")), strings.TrimSuffix(each(secret, "%d, "), ", "), strings.TrimSuffix(each(secret, "%d,"), ",")),
	}
}

func spelt(name string, texts ...string) form {
	f := form{name: name}
	for _, text := range texts {
		f.texts = append(f.texts, []byte(text))
	}
	return f
}

// base64Of writes the secret in both alphabets and at each of the three places where it can begin within what
// is encoded. The characters at the ends depend on the neighbours and are left out.
func base64Of(secret string) []string {
	var texts []string
	for _, encoding := range []*base64.Encoding{base64.RawStdEncoding, base64.RawURLEncoding} {
		for offset := range 3 {
			encoded := encoding.EncodeToString([]byte(strings.Repeat("\x00", offset) + secret))
			first := (offset*8 + 5) / 6            // the first character of the secret's bits alone
			last := (offset + len(secret)) * 8 / 6 // the first that may hold bits of what follows
			texts = append(texts, encoded[first:last])
		}
	}
	return texts
}

// jsonOf is the secret as the inside of a JSON string.
func jsonOf(secret string) string {
	text, err := json.Marshal(secret)
	if err != nil {
		return secret
	}
	return string(text[1 : len(text)-1])
}

// each writes every byte of the secret in one format.
func each(secret, format string) string {
	var b strings.Builder
	for i := range len(secret) {
		fmt.Fprintf(&b, format, secret[i])
	}
	return b.String()
}
