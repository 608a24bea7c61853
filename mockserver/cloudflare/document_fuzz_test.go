// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"encoding/json"
	"net/url"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// FuzzDocuments: no body, type or name makes the document handler fail or
// fault, what was kept reads as JSON, and the log gives the same world.
func FuzzDocuments(f *testing.F) {
	for _, seed := range [][3]string{
		{`{}`, "", "a"},
		{`[]`, "application/json", "a/b"},
		{`[{"id":"x"},{}]`, "text/plain", ".."},
		{`{"name":"n","id":7,"secret":{"a":null}}`, "application/merge-patch+json", "%"},
		{`["a","b"]`, "", "\x00"},
		{`{"filters":[{"id":null}]}`, "", "é"},
		{"\x89PNG", "image/png", "a b"},
		{`"` + "\u2028" + `<&>"`, "text/html", "@eu"},
	} {
		f.Add(seed[0], seed[1], seed[2])
	}
	f.Fuzz(func(t *testing.T, body, contentType, name string) {
		s := newServer(t)
		room := s.made(rooms, `{"name":"room","list":[1]}`)
		h := s.authorize(owner)
		h.Set("Content-Type", contentType)
		for _, c := range [][2]string{
			{"POST", rooms},
			{"PUT", rooms + "/" + room},
			{"PATCH", rooms + "/" + room},
			{"PUT", rooms + "/" + room + "/rules"},
			{"POST", filters},
			{"PUT", filters},
			{"DELETE", filters},
			{"PATCH", argo},
			{"POST", buckets},
			{"PUT", argo},
			{"PUT", scripts + "/" + url.PathEscape(name)},
			{"DELETE", scripts + "/" + url.PathEscape(name)},
		} {
			if r := s.send(h, c[0], c[1], body); r.status >= 500 || r.status == 0 {
				t.Errorf("%s %s with %q got %d", c[0], c[1], body, r.status)
			}
		}
		batch, err := s.world.Export()
		if err != nil {
			t.Fatal(err)
		}
		again, err := state.Replay(state.Options{HashKey: [32]byte{1}}, func(yield func(state.Batch) bool) { yield(batch) })
		if err != nil {
			t.Fatal(err)
		}
		if digest, err := again.Digest(); err != nil || digest != s.digest() {
			t.Errorf("a replay gives another world (%v)", err)
		}
		for _, path := range []string{rooms, filters, scripts, buckets} {
			if r := s.do(owner, "GET", path, nil).ok(); !json.Valid(r.Result) {
				t.Errorf("%s lists %s", path, r.Result)
			}
		}
	})
}
