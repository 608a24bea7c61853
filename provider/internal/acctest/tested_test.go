// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"net/http"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// The example of a tested configuration passes against the reference server and leaves nothing there, and it
// fails where the promise is broken: its tests can tell.
func TestAccTested(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(root, "examples", "scenarios", "tested", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t)
	tokens := tokenCount(t, env)
	work := prepare(t, tool, installProvider(t, root), env.Server, files)
	if passed, output := work.try("test"); !passed || !strings.Contains(output, "5 passed, 0 failed") {
		t.Errorf("passed: %t\n%s", passed, output)
	}
	updates := env.Server.Count(http.MethodPut, "/user/tokens/{token_id}")
	if created := env.Server.Count(http.MethodPost, "/user/tokens"); created != 1 || updates != 1 {
		t.Errorf("%d tokens were created and %d updated, want one of each", created, updates)
	}
	if got := tokenCount(t, env); got != tokens {
		t.Errorf("%d tokens after the tests, want %d", got, tokens)
	}

	passed, output := work.try("test", "-var", `permissions=["Zone Read"]`)
	if passed || !strings.Contains(output, "The publisher cannot purge the cache. Refused, no_matching_grant") {
		t.Errorf("a publisher that may not purge passed: %t\n%s", passed, output)
	}
	if got := tokenCount(t, env); got != tokens {
		t.Errorf("%d tokens after the tests that failed, want %d", got, tokens)
	}
}
