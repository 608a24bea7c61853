// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"bytes"
	"net/http"
	"slices"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

func TestClient_logsOneLineForEachAttempt(t *testing.T) {
	t.Parallel()
	var api *fakeAPI
	api = newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		switch len(api.all()) {
		case 1: // On a fresh connection: net/http repeats a read on a reused one by itself.
			dropReply(w)
		case 2:
			refuse(w, http.StatusBadGateway, 1000, "not now")
		default:
			w.Header().Set("Cf-Ray", "ray-3")
			success(w, []any{})
		}
	})
	c, _ := newTestClient(t, api.URL)
	var log bytes.Buffer
	ctx := tflogtest.RootLogger(t.Context(), &log)
	if _, err := c.ZonesByName(ctx, "example.com", hexID); err != nil {
		t.Fatal(err)
	}
	lines, err := tflogtest.MultilineJSONDecode(&log)
	if err != nil {
		t.Fatal(err)
	}
	if len(lines) != 3 {
		t.Fatalf("log lines = %d, want 3: %v", len(lines), lines)
	}
	allowed := []string{
		"@level", "@message", "@module", "method", "path", "attempt", "duration_ms", "status", "request_id",
	}
	for i, line := range lines {
		for name := range line {
			if !slices.Contains(allowed, name) {
				t.Errorf("line %d has the field %q, which is not one that may be logged", i, name)
			}
		}
		if line["method"] != http.MethodGet || line["path"] != "/zones" || line["attempt"] != float64(i+1) {
			t.Errorf("line %d = %v", i, line)
		}
		if line["@module"] != "provider.client" || line["@level"] != "debug" {
			t.Errorf("line %d: module %v, level %v", i, line["@module"], line["@level"])
		}
	}
	if lines[0]["status"] != nil || lines[1]["status"] != float64(502) || lines[2]["status"] != float64(200) || lines[2]["request_id"] != "ray-3" {
		t.Errorf("statuses = %v, %v, %v", lines[0]["status"], lines[1]["status"], lines[2]["status"])
	}
}
