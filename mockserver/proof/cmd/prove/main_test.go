// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/prove"
)

func call(t *testing.T, args ...string) (status int, stdout, stderr string) {
	t.Helper()
	var out, errs bytes.Buffer
	status = run(t.Context(), args, &out, &errs)
	return status, out.String(), errs.String()
}

func TestRun(t *testing.T) {
	t.Parallel()
	status, out, errs := call(t, "-only", "operations,random", "-random", "2000", "-dir", t.TempDir(), "-workers", "1")
	if status != proved {
		t.Fatalf("status %d\n%s\n%s", status, out, errs)
	}
	for _, want := range []string{"\noperations compared: 1383\n", "\nrandom decisions: 2080\n", "\ndisagreements in random worlds: 0\n"} {
		if !strings.Contains(out, want) {
			t.Errorf("the result lacks %q:\n%s", want, out)
		}
	}
	status, out, errs = call(t, "-only", "operations", "-json", "-commit", "abc")
	var result prove.Result
	if err := json.Unmarshal([]byte(out), &result); err != nil || status != proved || result.Commit != "abc" {
		t.Errorf("status %d, %v\n%s\n%s", status, err, out, errs)
	}
	if status, out, _ = call(t, "-only", "operations", "-markdown"); status != proved || !strings.Contains(out, "| operations compared |") {
		t.Errorf("status %d\n%s", status, out)
	}
}

func TestRun_misused(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		args   []string
		status int
		says   string
	}{
		{[]string{"-help"}, proved, "Usage:"},
		{[]string{"-none"}, misused, "-none"},
		{[]string{"more"}, misused, "more"},
		{[]string{"-only", "none"}, failed, "none"},
		{[]string{"-replay", "none.json"}, failed, "none.json"},
	} {
		status, _, errs := call(t, c.args...)
		if status != c.status || !strings.Contains(errs, c.says) {
			t.Errorf("%v: status %d, want %d\n%s", c.args, status, c.status, errs)
		}
	}
}

func TestRun_replay(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "scene.json")
	const text = `{"world": {}, "request": {"mode": "targets", "presented": "nothing", "operation": "GET /user",
		"targets": [{"kind": "user"}], "address": "192.0.2.7", "now": "2030-01-02T03:04:05Z"}}`
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	status, out, errs := call(t, "-replay", file)
	if status != proved || strings.Count(out, "gate 1 credential_missing") != 3 {
		t.Errorf("status %d\n%s\n%s", status, out, errs)
	}
}
