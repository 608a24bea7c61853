// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// The example of a tested configuration passes against the reference server and leaves nothing there, and it
// fails where the promise is broken: its tests can tell. Its mocks send nothing.
func TestAccTested(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	files := testedFiles(t, root)
	env := acctest.New(t)
	tokens := tokenCount(t, env)
	work := prepare(t, tool, installProvider(t, root), env.Server, files)
	if passed, output := work.try("test"); !passed || !strings.Contains(output, "7 passed, 0 failed") {
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

// testedFiles are the files of the example, its tests among them.
func testedFiles(t *testing.T, root string) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(root, "examples", "scenarios", "tested", "*.*"))
	if err != nil {
		t.Fatal(err)
	}
	return files
}

// ofThePublisher is a test of the example's configuration: what makes it differ, and what is asked of it.
const ofThePublisher = `
run "publisher" {
  variables {
    %s
  }
  %s
}
`

// mocked are the mocks of the example, which its own tests follow.
func mocked(t *testing.T, root string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "examples", "scenarios", "tested", "mocked.tftest.hcl"))
	if err != nil {
		t.Fatal(err)
	}
	mocks, _, found := strings.Cut(string(text), "\nrun ")
	if !found {
		t.Fatal("the example has mocks and no test")
	}
	return mocks
}

// The mocks of the example need neither a server nor a credential; without their ids they are of no use; and they
// say as much, and as little, as the guide's table.
func TestAccTested_mocks(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	server := mocktest.New(t)
	work := prepare(t, tool, installProvider(t, root), server, testedFiles(t, root))
	work.environment = slices.DeleteFunc(work.environment, func(pair string) bool { return strings.HasPrefix(pair, "ACCESSCONTROL_") })
	if passed, output := work.try("test", "-filter=mocked.tftest.hcl"); !passed || !strings.Contains(output, "2 passed, 0 failed") {
		t.Errorf("the example: passed: %t\n%s", passed, output)
	}
	mocks := mocked(t, root)
	for _, test := range []struct {
		name, mocks, variables, asks string
		says                         string // empty where the test is to pass
	}{
		{"no ids", "mock_provider \"accesscontrol\" {}\n", "", "", "is no zone id"},
		{"no id of the token", loosened(t, mocks, []string{"mock_resource \"accesscontrol_api_token\"", "mock_data \"accesscontrol_api_token\""}), "", "", "is no token id"},
		{"a permission that does not exist", mocks, `permissions = ["Cache Purg"]`, "", "Unknown permission group"},
		{"a permission for something else", mocks, `permissions = ["Account API Tokens Write"]`, "", "Account API Tokens Write"},
		{"a zone that does not exist", mocks, `zone = "nowhere.example"`, "", ""},
		{
			"nobody decides", mocks, "", `assert {
    condition     = !data.accesscontrol_access_simulation.purge.allowed && length(accesscontrol_api_token.publisher.grants) == 0
    error_message = "Somebody does."
  }`, "",
		},
	} {
		work.write("more.tftest.hcl", test.mocks+fmt.Sprintf(ofThePublisher, test.variables, test.asks))
		passed, output := work.try("test", "-filter=more.tftest.hcl")
		if passed != (test.says == "") || !strings.Contains(output, test.says) {
			t.Errorf("%s: passed: %t, or not said: %s\n%s", test.name, passed, test.says, output)
		}
	}
	if sent := server.Journal(); len(sent) > 0 {
		t.Errorf("%d requests were sent, the first of them %s %s", len(sent), sent[0].Method, sent[0].Path)
	}
}

// A test cannot expect an error of the provider, as it can a condition that does not hold.
func TestAccTested_expectedFailures(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	work := prepare(t, tool, installProvider(t, root), mocktest.New(t), configurations(t, filepath.Join(root, "examples", "scenarios", "tested")))
	for _, test := range []struct{ variables, fails, says string }{
		{`permissions = ["DNS Write"]`, "accesscontrol_api_token.publisher", ""},
		{`permissions = ["DNS Writ"]`, "accesscontrol_api_token.publisher", "Unknown permission group"},
		{`zone = "nowhere.example"`, "data.accesscontrol_zone.site", "nowhere.example"},
	} {
		work.write("more.tftest.hcl", fmt.Sprintf(ofThePublisher, test.variables, "command = plan\n  expect_failures = ["+test.fails+"]"))
		passed, output := work.try("test")
		if passed != (test.says == "") || !strings.Contains(output, test.says) {
			t.Errorf("%s: passed: %t, or not said: %s\n%s", test.variables, passed, test.says, output)
		}
	}
}
