// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestEndpointsAreOperations: every endpoint is a row of the operations table,
// and none of the rows it should have is forgotten by a slip in its name.
func TestEndpointsAreOperations(t *testing.T) {
	t.Parallel()
	known := make(map[string]bool)
	for _, operation := range catalog.Operations() {
		known[operation.Name()] = true
	}
	for name := range endpoints() {
		if !known[name] {
			t.Errorf("%s is no operation", name)
		}
	}
	for _, operation := range catalog.Operations() {
		if endpointOf(operation).handle == nil && operation.Target != catalog.TargetCredential {
			t.Errorf("%s has no handler", operation.Name())
		}
	}
}

// TestSummariesHaveGroups: no reference of the summary is misspelt.
func TestSummariesHaveGroups(t *testing.T) {
	t.Parallel()
	for i, e := range summaries() {
		row := summaryRows[i]
		if (row.read != "") == e.read.IsEmpty() || (row.edit != "") == e.edit.IsEmpty() {
			t.Errorf("%s: a group of %q, %q is unknown", row.key, row.read, row.edit)
		}
	}
}

func TestPlainContent(t *testing.T) {
	t.Parallel()
	for content, want := range map[string]string{
		`bare`: `bare`, `"quoted"`: `quoted`, `"two" "strings"`: `twostrings`, `"with \" quote"`: `with " quote`,
		`"unpaired`: `"unpaired`, ``: ``, `""`: ``, `0 issue "ca.example"`: `0 issue "ca.example"`,
	} {
		if got := plainContent(content); got != want {
			t.Errorf("%q is %q, want %q", content, got, want)
		}
	}
}

func TestHostName(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		content, want string
		root, ok      bool
	}{
		{"@", "zone.example", false, true},
		{"WWW.Example.com.", "www.example.com", false, true},
		{"_dmarc.example.com", "_dmarc.example.com", false, true},
		{"bücher.example", "xn--bcher-kva.example", false, true},
		{".", ".", true, true},
		{".", ".", false, false},
		{"", "", false, false},
		{"a b.example", "", false, false},
		{"a..example", "", false, false},
	} {
		got, ok := hostName("zone.example", c.content, c.root)
		if ok != c.ok || ok && got != c.want {
			t.Errorf("%q: got %q, %v", c.content, got, ok)
		}
	}
}

func TestValueKeepsItsText(t *testing.T) {
	t.Parallel()
	for _, text := range []string{`null`, `true`, `1.50`, `"a\"<é"`, `[]`, `[1,{"b":[null]}]`, `{}`, `{"z":1,"a":{"y":false}}`} {
		v, wrong := parseJSON([]byte(text))
		if wrong != nil {
			t.Fatalf("%s: %s", text, wrong.message)
		}
		var a, b any
		if json.Unmarshal([]byte(text), &a) != nil || json.Unmarshal(v.json(), &b) != nil {
			t.Fatalf("%s came back as %s", text, v.json())
		}
		if x, y := string(must(t, a)), string(must(t, b)); x != y {
			t.Errorf("%s came back as %s", x, y)
		}
	}
}

func must(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func TestInstant(t *testing.T) {
	t.Parallel()
	at := time.Date(2030, 1, 2, 3, 4, 5, 999_999_999, time.FixedZone("", 3600))
	if got := string(must(t, instant(at))); got != `"2030-01-02T02:04:05Z"` {
		t.Errorf("got %s", got)
	}
}

func TestNilShufflerKeepsOrder(t *testing.T) {
	t.Parallel()
	list := []int{1, 2, 3, 4, 5, 6, 7, 8}
	shuffled(nil, list)
	for i, n := range list {
		if n != i+1 {
			t.Fatalf("got %v", list)
		}
	}
}

// TestPlacesAreNoText: values share the keys above them, however many there are.
func TestPlacesAreNoText(t *testing.T) {
	t.Parallel()
	key := strings.Repeat("k", 1<<10)
	v, wrong := parseJSON([]byte(`{"` + key + `":[0,{"a/b~":1}]}`))
	if wrong != nil {
		t.Fatal(wrong.message)
	}
	items := v.members[0].value.items
	if items[0].at.above != items[1].at.above {
		t.Error("the items of one array do not share their place")
	}
	want := "/" + strings.Repeat("k", maxShownKey) + "…/1/a~1b~0"
	if got := items[1].members[0].value.pointer(); got != want {
		t.Errorf("pointer %q, want %q", got, want)
	}
}
