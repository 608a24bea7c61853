// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"bytes"
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// loaded returns the world's digest after loading data.
func loadedDigest(t *testing.T, data []byte) (string, *Loaded) {
	t.Helper()
	w := state.New(state.Options{HashKey: [32]byte{7}})
	loaded, err := Load("seed", data, w)
	if err != nil {
		t.Fatalf("Load:\n%v", err)
	}
	d, err := w.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d, loaded
}

// TestJSONGivesTheSameWorld writes the built-in world as JSON, indented with
// tabs as JSON may be, and with every character escaped that can be.
func TestJSONGivesTheSameWorld(t *testing.T) {
	t.Parallel()
	root, problem := parse(builtin)
	if problem != nil {
		t.Fatal(problem)
	}
	compact := root.value()
	var indented bytes.Buffer
	if err := json.Indent(&indented, compact, "", "\t"); err != nil {
		t.Fatal(err)
	}
	want, credentials := loadedDigest(t, builtin)
	for name, data := range map[string][]byte{
		"compact":   compact,
		"indented":  indented.Bytes(),
		"escaped":   bytes.ReplaceAll(compact, []byte("/"), []byte(`\/`)),
		"in spaces": []byte("\n\t " + string(compact) + " \n"),
		"as YAML":   append([]byte("# JSON is YAML too\n"), compact...),
	} {
		got, same := loadedDigest(t, data)
		if got != want {
			t.Errorf("%s: JSON gives another world than YAML", name)
		}
		if len(same.Credentials) != len(credentials.Credentials) {
			t.Errorf("%s: %d credentials, want %d", name, len(same.Credentials), len(credentials.Credentials))
		}
	}
}

func TestJSONText(t *testing.T) {
	t.Parallel()
	w := state.New(state.Options{})
	const text = "{\"users\": {\"dev\": {\"email\": \"dev@example.com\", \"first_name\": \"\\ud83d\\ude00\\u00e9\", \"last_name\": \"true\", \"tenant_admin\": true, \"zipcode\": 1234}}}"
	if _, err := Load("seed.json", []byte(text), w); err != nil {
		t.Fatal(err)
	}
	_ = w.View(func(tx *state.Tx) error {
		if u := tx.UserByRef("dev"); u.FirstName != "😀é" || u.LastName != "true" || !u.TenantAdmin || u.Zipcode != "1234" {
			t.Errorf("user = %+v", u)
		}
		return nil
	})
}

func TestJSONLines(t *testing.T) {
	t.Parallel()
	w := state.New(state.Options{})
	_, err := Load("seed.json", []byte("{\n  \"users\": {\n    \"dev\": {\n      \"email\": 1,\n      \"tenant_admin\": \"yes\"\n    }\n  }\n}"), w)
	if err == nil || err.Error() != "seed.json:5: users.dev.tenant_admin: must be true or false" {
		t.Errorf("error = %v", err)
	}
}

// TestLargeSeed: a seed that is too large is refused before it is read.
func TestLargeSeed(t *testing.T) {
	t.Parallel()
	_, err := Load("seed.yaml", bytes.Repeat([]byte("#"), maxSize+1), state.New(state.Options{}))
	if err == nil || !strings.Contains(err.Error(), "seed.yaml: the seed is larger than 32 MiB") {
		t.Errorf("error = %v", err)
	}
}

// FuzzLoad holds that no seed panics, that a refusal is a list of problems
// with known lines and an untouched world, and that what is accepted is
// accepted again, with the same outcome, as JSON.
func FuzzLoad(f *testing.F) {
	f.Add(builtin)
	for _, text := range []string{
		"", "{}", "[]", "users: {a: {email: a@example.com}}", "users: &a {b: *a}", "a: b: c", "? {a: b}\n: c", "users:\n\t- a",
		"{\"users\": {\"a\": {\"email\": \"a@example.com\"}}}", "{\"a\": 1e999}", "--- {}\n--- {}", "\xff", "users: !!binary YQ==",
		"accounts: {a: {type: enterprise}}\nzones: {a.example: {account: a, records: [{type: MX, name: a, content: b, priority: 1}]}}\ntokens: {t: {account: a, policies: [{permission_groups: [Zone Read], resources: {zones: [a.example]}}]}}\nvultr: {account: a}",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		w := state.New(state.Options{HashKey: [32]byte{7}})
		_, err := Load("seed", data, w)
		if err != nil {
			var problems *Errors
			if !errors.As(err, &problems) || len(problems.Problems) == 0 {
				t.Fatalf("error = %v, want a list of problems", err)
			}
			lines := bytes.Count(data, []byte{'\n'}) + bytes.Count(data, []byte{'\r'}) + 2
			for _, p := range problems.Problems {
				if p.Line < 0 || p.Line > lines+strings.Count(string(data), "\u2028")+strings.Count(string(data), "\u2029")+strings.Count(string(data), "\u0085") {
					t.Fatalf("problem on line %d of %d: %v", p.Line, lines, &p)
				}
			}
			if w.Seq() != 0 {
				t.Fatal("a refused seed changed the world")
			}
			return
		}
		root, problem := parse(data)
		if problem != nil {
			t.Fatalf("loaded, but not parsed: %v", problem)
		}
		want, err := w.Digest()
		if err != nil {
			t.Fatal(err)
		}
		if got, _ := loadedDigest(t, root.value()); got != want {
			t.Fatal("written as JSON, the seed gives another world")
		}
	})
}
