// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// TestAccGeneratedConfiguration imports objects made elsewhere, lets the CLI write their configuration, and
// applies that: it changes nothing, and the plan after it is empty.
func TestAccGeneratedConfiguration(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	configFile := installProvider(t, root)
	env := acctest.New(t, mocktest.WithShuffledReplies(13))
	env.SetAccountSwitch("acme", new(true))
	env.SetMemberSwitch("acme/ci", new(false))

	zone, acme := env.ID("example.com"), env.ID("acme")
	group := func(id string) []any { return []any{map[string]any{"id": id}} }
	definition := map[string]any{
		"name": "made by hand", "expires_on": "2035-01-01T00:00:00Z",
		"condition": map[string]any{"request_ip": map[string]any{"in": []any{"198.51.100.0/24"}, "not_in": []any{"198.51.100.7"}}},
		"policies": []any{
			map[string]any{
				"effect": "allow", "permission_groups": group("82e64a83756745bbbb1c9c2701bf816b"),
				"resources": map[string]any{"com.cloudflare.api.account." + acme: map[string]any{"com.cloudflare.api.account.zone." + zone: "*"}},
			},
			map[string]any{
				"effect": "deny", "permission_groups": group("4755a26eedb94da69e1066d98aa820be"),
				"resources": map[string]any{"com.cloudflare.api.account.zone." + zone: "*"},
			},
			map[string]any{
				"effect": "allow", "permission_groups": group("c1fde68c7bcc44588cbb6ddbc16d6480"),
				"resources": map[string]any{"com.cloudflare.api.account." + acme: "*"},
			},
		},
	}
	made := func(path string) string {
		var token struct{ ID string }
		if err := env.Must("super", http.MethodPost, path, definition).Decode(&token); err != nil {
			t.Fatal(err)
		}
		return token.ID
	}
	var imports strings.Builder
	for address, id := range map[string]string{
		"accesscontrol_api_token.user":                     made("/user/tokens"),
		"accesscontrol_api_token.account":                  acme + "/" + made("/accounts/"+acme+"/tokens"),
		"accesscontrol_account_api_access.acme":            acme,
		"accesscontrol_account_member_api_access.ci":       acme + "/" + env.ID("acme/ci"),
		"accesscontrol_account_member_api_access.by_email": acme + "/dns@example.com",
	} {
		fmt.Fprintf(&imports, "import {\n  to = %s\n  id = %q\n}\n", address, id)
	}
	file := filepath.Join(t.TempDir(), "imports.tf")
	if err := os.WriteFile(file, []byte(imports.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	work := prepare(t, tool, configFile, env.Server, []string{file})
	env.Server.ResetJournal()
	work.run("plan", "-generate-config-out=generated.tf")
	work.run("apply", "-auto-approve")
	work.run("plan", "-detailed-exitcode")
	if writes := env.Server.Journal(mocktest.Writes); len(writes) > 0 {
		t.Errorf("%d writes, want none; the first is %s %s", len(writes), writes[0].Method, writes[0].Path)
	}
}

// Tokens that no longer work are imported and their configuration is generated, with the status that the API
// gives them. It is valid and changes nothing; once it changes something else, the plan says what to remove.
func TestAccGeneratedConfiguration_deadTokens(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t, mocktest.WithClock(time.Date(2021, 1, 1, 0, 0, 0, 0, time.UTC)))
	definition := func(more map[string]any) map[string]any {
		all := map[string]any{"name": "dead", "policies": []any{map[string]any{
			"effect": "allow", "permission_groups": []any{map[string]any{"id": "82e64a83756745bbbb1c9c2701bf816b"}},
			"resources": map[string]any{"com.cloudflare.api.account.zone." + env.ID("example.com"): "*"},
		}}}
		maps.Copy(all, more)
		return all
	}
	made := func(more map[string]any) string {
		var token struct{ ID string }
		if err := env.Must("super", http.MethodPost, "/user/tokens", definition(more)).Decode(&token); err != nil {
			t.Fatal(err)
		}
		return token.ID
	}
	expired, revoked := made(map[string]any{"expires_on": "2021-06-01T00:00:00Z"}), made(nil)
	env.Server.SetTime(time.Date(2022, 1, 1, 0, 0, 0, 0, time.UTC))
	body, err := json.Marshal(map[string]any{"success": true, "errors": []any{}, "messages": []any{}, "result": definition(map[string]any{
		"id": revoked, "status": "revoked (exposed)", "issued_on": "2021-01-01T00:00:00Z", "modified_on": "2021-01-01T00:00:00Z",
	})})
	if err != nil {
		t.Fatal(err)
	}
	env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/" + revoked, Body: string(body)})

	file := filepath.Join(t.TempDir(), "imports.tf")
	imports := fmt.Sprintf("import {\n  to = accesscontrol_api_token.expired\n  id = %q\n}\nimport {\n  to = accesscontrol_api_token.revoked\n  id = %q\n}\n", expired, revoked)
	if err := os.WriteFile(file, []byte(imports), 0o600); err != nil {
		t.Fatal(err)
	}
	work := prepare(t, tool, installProvider(t, root), env.Server, []string{file})
	env.Server.ResetJournal()
	work.run("plan", "-generate-config-out=generated.tf")
	generated, err := os.ReadFile(filepath.Join(work.directory, "generated.tf"))
	if err != nil {
		t.Fatal(err)
	}
	for _, status := range []string{`"expired"`, `"revoked (exposed)"`} {
		if !strings.Contains(string(generated), status) {
			t.Errorf("the generated configuration does not say %s:\n%s", status, generated)
		}
	}
	work.run("validate")
	work.run("apply", "-auto-approve")
	work.run("plan", "-detailed-exitcode")
	if writes := env.Server.Journal(mocktest.Writes); len(writes) > 0 {
		t.Errorf("%d writes, want none; the first is %s %s", len(writes), writes[0].Method, writes[0].Path)
	}
	work.run("destroy", "-auto-approve")
}
