// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

func TestParseAnnouncement(t *testing.T) {
	t.Parallel()
	got, err := parseAnnouncement([]byte(`{"base_url": "http://127.0.0.1:1/client/v4", "world": "built-in", "credentials": [
		{"ref": "terraform", "kind": "user_token", "id": "1", "value": "t"},
		{"ref": "super", "kind": "global_key", "email": "super@example.com", "value": "k"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if key, err := got.find(kindGlobalKey, "super"); err != nil || key.Email != "super@example.com" || key.Value != "k" {
		t.Errorf("got %v, %v", key, err)
	}
	if c, err := got.find(kindGlobalKey, "terraform"); err == nil {
		t.Errorf("found %v of another kind", c)
	}
	for _, line := range []string{`{}`, `listening`, ``} {
		if a, err := parseAnnouncement([]byte(line)); err == nil {
			t.Errorf("%q: got %v, want an error", line, a)
		}
	}
}

func TestParseOutputs(t *testing.T) {
	t.Parallel()
	const ids = `"ids": {"value": {"enterprise_account": "e", "standard_account": "s", "zone": "z"}}`
	got, err := parseOutputs([]byte(`{` + ids + `, "tokens": {"sensitive": true, "value": {"acme_client": "1", "purge": "2", "reader": "3", "inventory": "4"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	want := outputs{
		IDs:    map[string]string{"enterprise_account": "e", "standard_account": "s", "zone": "z"},
		Tokens: map[string]string{"acme_client": "1", "purge": "2", "reader": "3", "inventory": "4"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("outputs (-want +got):\n%s", diff)
	}
	for _, text := range []string{`{}`, `{` + ids + `}`, `no json`} {
		if o, err := parseOutputs([]byte(text)); err == nil {
			t.Errorf("%s: got %v, want an error", text, o)
		}
	}
}

func TestProgress_step(t *testing.T) {
	t.Parallel()
	clock := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	var out strings.Builder
	p := progress{out: &out, now: func() time.Time { clock = clock.Add(1500 * time.Millisecond); return clock }}
	if err := p.step("build", func() error { return nil }); err != nil {
		t.Fatal(err)
	}
	p.say("at %s", "/x")
	failure := errors.New("no disk")
	if err := p.step("apply", func() error { return failure }); !errors.Is(err, failure) {
		t.Errorf("got %v", err)
	}
	want := "• build … 1.5 s\n  at /x\n• apply … failed\n"
	if diff := cmp.Diff(want, out.String()); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
}

func TestShellExports(t *testing.T) {
	t.Parallel()
	got := shellExports([]string{"PATH=/bin", "TF_INPUT=0", "ACCESSCONTROL_API_TOKEN=it's", "CHECKPOINT_DISABLE=1", "HOME=/root"})
	want := "export TF_INPUT='0'\nexport ACCESSCONTROL_API_TOKEN='it'\\''s'\nexport CHECKPOINT_DISABLE='1'\n"
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("exports (-want +got):\n%s", diff)
	}
}
