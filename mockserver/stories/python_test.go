// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"encoding/json"
	"path/filepath"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/google/go-cmp/cmp"
)

// lookAround runs testdata/zones.py, which uses the Python library.
func lookAround(t *testing.T, s *mocktest.Server) (output string, ok bool) {
	t.Helper()
	needs(t, "python3", "/usr/lib/python3/dist-packages/CloudFlare")
	script, err := filepath.Abs("testdata/zones.py")
	if err != nil {
		t.Fatal(err)
	}
	token := s.Credential(program).Value
	m := newMachine(t, newNetwork(t, s), token)
	m.env = append(m.env, "CLOUDFLARE_API_URL="+s.BaseURL, "CLOUDFLARE_API_TOKEN="+token)
	return m.run("python3", "-I", script)
}

// TestStoryPythonLibrary: a token for one zone lists that zone alone.
func TestStoryPythonLibrary(t *testing.T) {
	t.Parallel()
	s := start(t, readsZone, readsRecords)
	output, ok := lookAround(t, s)
	if !ok {
		t.Fatalf("the library was refused:\n%s", output)
	}
	nothingRefused(t, s)
	type world struct {
		Zones   []string `json:"zones"`
		Other   []string `json:"other"`
		Records []string `json:"records"`
	}
	var got world
	if err := json.Unmarshal([]byte(output), &got); err != nil {
		t.Fatalf("%v:\n%s", err, output)
	}
	want := world{Zones: []string{"example.com"}, Other: []string{}, Records: []string{"example.com", "home.example.com", "www.example.com"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what the library finds (-want +got):\n%s", diff)
	}
}

// TestStoryPythonLibraryLacksOneGrant: the library shows the server's explanation to whoever looks at the error.
func TestStoryPythonLibraryLacksOneGrant(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		missing string
		policy  string // what is left
		says    string
	}{
		{"Zone Read", readsRecords, "requires permission 'com.cloudflare.api.account.zone.list'"},
		{"DNS Read", readsZone, "10000 Authentication error"},
	} {
		t.Run(tt.missing, func(t *testing.T) {
			t.Parallel()
			s := start(t, tt.policy)
			output, ok := lookAround(t, s)
			if ok {
				t.Fatalf("the library was refused nothing:\n%s", output)
			}
			says(t, output, tt.says, `no_matching_grant: `, `"`+tt.missing+`"`)
			refusalNames(t, s, `"`+tt.missing+`"`)
		})
	}
}
