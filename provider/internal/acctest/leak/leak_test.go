// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package leak_test

import (
	"archive/zip"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/leak"
)

const (
	token   = "cfut_0123456789abcdefghijklmnopqrstuvwxyzABCD89abcdef"
	awkward = "a+b/c=d&e\"f\\g<h>i j%k?l#m"
)

// forms lists which forms of a secret are found in a text.
func forms(t *testing.T, data, secret string) []string {
	t.Helper()
	findings, err := leak.Data("file", []byte(data), []leak.Secret{{Name: "it", Value: secret}})
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range findings {
		names = append(names, f.Form)
	}
	return names
}

// What encoders of others make of a secret is found, wherever it begins and however its lines are broken.
func TestData_encoded(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{token, awkward} {
		for name, text := range map[string]string{
			"plain text":      "Bearer " + secret + ".",
			"a half of it":    "… " + secret[len(secret)/2:],
			"hexadecimal":     fmt.Sprintf("key=%X;", secret),
			"URL encoding":    "https://x.example/?" + url.Values{"a": {"b"}, "token": {secret}}.Encode(),
			"JSON escapes":    marshal(t, map[string]string{"x": secret}),
			"a list of bytes": fmt.Sprintf("%v", []byte("<"+secret+">")),
		} {
			if got := forms(t, text, secret); !strings.Contains(strings.Join(got, "|"), name) {
				t.Errorf("%s of %d characters: found as %q", name, len(secret), got)
			}
		}
		for offset := range 7 {
			for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding, base64.RawURLEncoding} {
				text := encoding.EncodeToString([]byte(strings.Repeat("é", offset) + strings.Repeat("x", offset) + secret + strings.Repeat("y", offset)))
				for _, form := range []string{text, wrapped(text, "\n"), wrapped(text, "\r\n"), wrapped(text, `\n`)} {
					if got := forms(t, form, secret); !strings.Contains(strings.Join(got, "|"), "base64") {
						t.Errorf("base64 at offset %d: found as %q", offset, got)
					}
				}
			}
		}
	}
}

// Every form that is looked for is one that is found.
func TestWrite(t *testing.T) {
	t.Parallel()
	for _, name := range leak.Forms() {
		if got := forms(t, "before "+leak.Write(name, token)+" after", token); !strings.Contains(strings.Join(got, "|"), name) {
			t.Errorf("%s: found as %q", name, got)
		}
	}
}

func TestData_nothing(t *testing.T) {
	t.Parallel()
	other := strings.Replace(token, "0123456789", "9876543210", 1)
	text := strings.Join([]string{
		"age-encryption.org/v1", token[:8], token[len(token)-8:], marshal(t, token[:12]),
		base64.StdEncoding.EncodeToString([]byte("cfut_" + strings.Repeat("z", 48))),
		"PK but no archive", other[:len(token)/2],
	}, "\n")
	if got := forms(t, text, token); got != nil {
		t.Errorf("found as %q", got)
	}
}

func TestTree(t *testing.T) {
	t.Parallel()
	root := t.TempDir()
	for name, content := range map[string]string{
		"clean.log":                "nothing",
		"terraform.tfstate":        marshal(t, map[string]string{"value": token}),
		"deep/er/trace.log":        fmt.Sprintf("%x", awkward),
		"create.tfplan":            zipped(t, map[string]string{"tfplan": "\x0a\x35" + token, "tfstate": "{}"}),
		"saved/archive-in-one.zip": zipped(t, map[string]string{"inner.zip": zipped(t, map[string]string{"x": token})}),
	} {
		path := filepath.Join(root, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	findings, err := leak.Tree(root, []leak.Secret{{Name: "the token", Value: token}, {Name: "the key", Value: awkward}})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, f := range findings {
		if f.Form == "plain text" || f.Form == "hexadecimal" {
			got = append(got, f.String())
		}
		if strings.Contains(f.String(), token) || strings.Contains(f.String(), awkward) {
			t.Error("a finding shows the secret")
		}
	}
	want := []string{
		"create.tfplan!tfplan: the token, as plain text",
		"deep/er/trace.log: the key, as hexadecimal",
		"saved/archive-in-one.zip!inner.zip!x: the token, as plain text",
		"terraform.tfstate: the token, as plain text",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
}

// What cannot be read to its end is not taken for clean.
func TestData_brokenArchive(t *testing.T) {
	t.Parallel()
	whole := zipped(t, map[string]string{"tfplan": strings.Repeat("x", 1000)})
	for name, text := range map[string]string{
		"cut off": whole[:len(whole)/2],
		"nested":  zipped(t, map[string]string{"a": zipped(t, map[string]string{"b": zipped(t, map[string]string{"c": zipped(t, map[string]string{"d": zipped(t, map[string]string{"e": ""})})})})}),
	} {
		if findings, err := leak.Data(name, []byte(text), nil); err == nil {
			t.Errorf("%s: no error, findings %v", name, findings)
		}
	}
	if _, err := leak.Tree(filepath.Join(t.TempDir(), "missing"), nil); err == nil {
		t.Error("a directory that does not exist is clean")
	}
}

func marshal(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// wrapped breaks a text into lines of 20 characters.
func wrapped(text, ending string) string {
	var b strings.Builder
	for len(text) > 20 {
		b.WriteString(text[:20] + ending)
		text = text[20:]
	}
	return b.String() + text
}

func zipped(t *testing.T, files map[string]string) string {
	t.Helper()
	var b bytes.Buffer
	archive := zip.NewWriter(&b)
	for name, content := range files {
		file, err := archive.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.WriteString(file, content); err != nil {
			t.Fatal(err)
		}
	}
	if err := archive.Close(); err != nil {
		t.Fatal(err)
	}
	return b.String()
}
