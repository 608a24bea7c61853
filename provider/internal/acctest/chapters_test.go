// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// The pages whose blocks are applied below.
const (
	readme       = "README.md"
	switchGuide  = "templates/guides/api-access-switch.md"
	secretsGuide = "templates/guides/secrets-without-state.md.tmpl"
	rotation     = "templates/guides/rotation.md.tmpl"
	openTofu     = "templates/guides/opentofu.md"
)

// chapter is what a reader of a page would have in one directory.
type chapter struct {
	page string
	// blocks are the blocks of configuration, counted from 1, of which it is made up.
	blocks []int
	// more is configuration that the page leaves to the reader.
	more string
	// variables are those without a default.
	variables map[string]string
}

// chapters need no more than the oldest CLI. The others are below, by what they need.
func chapters() []chapter {
	world := map[string]string{"account_id": "01a7362d577a6c3019a474fd6f485823", "zone_id": "023e105f4ecef8ad9ca31a8372d0c353"}
	return []chapter{
		{page: readme, blocks: []int{1}},
		{page: readme, blocks: []int{2}, more: apiTokenVariable + "data \"accesscontrol_zone\" \"main\" {\n  name = \"example.com\"\n}\n"},
		{page: switchGuide, blocks: []int{1}, variables: world, more: "variable \"account_id\" {}\n"},
		{page: switchGuide, blocks: []int{2}, variables: world, more: "variable \"account_id\" {}\n"},
		{page: secretsGuide, blocks: []int{1, 2, 6}, variables: world},
		{page: rotation, blocks: []int{1, 2}, variables: map[string]string{"rotation_period": "2030-01"}},
		{page: openTofu, blocks: []int{1}, more: "data \"accesscontrol_zone\" \"main\" {\n  name = \"example.com\"\n}\n"},
	}
}

// gatedChapters are those that only some CLIs can read.
var (
	actionChapter    = chapter{page: secretsGuide, blocks: []int{1, 2, 3, 4}, variables: map[string]string{"zone_id": "023e105f4ecef8ad9ca31a8372d0c353"}}
	ephemeralChapter = chapter{page: secretsGuide, blocks: []int{1, 5}, more: narrowed, variables: map[string]string{"zone_id": "023e105f4ecef8ad9ca31a8372d0c353"}}
	// rescueChapter is applied after a lock-out: see TestAccPages_rescue.
	rescueChapter     = chapter{page: switchGuide, blocks: []int{3}}
	encryptionChapter = chapter{page: openTofu, blocks: []int{2}, more: stored, variables: map[string]string{"state_passphrase": "correct horse battery staple"}}
)

const (
	apiTokenVariable = "variable \"api_token\" {\n  sensitive = true\n}\n"

	narrowed = `
data "accesscontrol_api_token" "read_with_the_run" {
  id = accesscontrol_api_token.backup.id
}
`

	stored = `
resource "accesscontrol_api_token" "stored" {
  name     = "stored"
  policies = { read = { permission_groups = ["DNS Read"], resources = { zones = ["023e105f4ecef8ad9ca31a8372d0c353"] } } }
}

output "secret" {
  value     = accesscontrol_api_token.stored.value
  sensitive = true
}
`
)

// elsewhere are pages whose blocks other tests run, and which.
var elsewhere = map[string]string{
	"templates/guides/migrating-from-the-official-provider.md": "apitoken.TestAccAPIToken_movedAsTheGuideSays",
	"templates/actions/api_token_revoke.md":                    "TestStaticPages: it is the example",
	"templates/actions/api_token_roll.md":                      "TestStaticPages: it is the example",
	"templates/list-resources/account_api_access.md":           "TestStaticPages: it is the example",
	"templates/list-resources/account_member_api_access.md":    "TestStaticPages: it is the example",
	"templates/list-resources/api_token.md":                    "TestStaticPages: it is the example",
}

// configurationBlocks are the blocks of a page that are configuration.
func configurationBlocks(text string) []string {
	var blocks []string
	for _, block := range fence.FindAllStringSubmatch(text, -1) {
		if block[1] == "terraform" || block[1] == "hcl" {
			blocks = append(blocks, block[2]+"\n")
		}
	}
	return blocks
}

// Every block of configuration on every page belongs to a chapter, or to a test elsewhere.
func TestPages_everyBlockIsApplied(t *testing.T) {
	t.Parallel()
	applied := map[string][]int{}
	for _, c := range append(chapters(), actionChapter, ephemeralChapter, encryptionChapter, rescueChapter) {
		applied[c.page] = append(applied[c.page], c.blocks...)
	}
	shown := 0
	for name, text := range pages(t) {
		for i := range configurationBlocks(text) {
			shown++
			if elsewhere[name] == "" && !slices.Contains(applied[name], i+1) {
				t.Errorf("%s: no test applies block %d", name, i+1)
			}
		}
	}
	if shown < 15 {
		t.Errorf("%d blocks: the search has lost its way", shown)
	}
}

// open writes a chapter into a directory of its own.
func (c chapter) open(t *testing.T, tool cli.Tool, configFile string, server *mocktest.Server) *workspace {
	t.Helper()
	blocks := configurationBlocks(page(t, c.page))
	parts := []string{c.more}
	for _, number := range c.blocks {
		if number > len(blocks) {
			t.Fatalf("%s has no block %d", c.page, number)
		}
		parts = append(parts, blocks[number-1])
	}
	// Variables come from a file, since OpenTofu needs some of them for its init.
	var variables strings.Builder
	for name, value := range c.variables {
		fmt.Fprintf(&variables, "%s = %q\n", name, value)
	}
	directory := t.TempDir()
	var files []string
	for name, content := range map[string]string{"main.tf": strings.Join(parts, ""), "page.auto.tfvars": variables.String()} {
		files = append(files, filepath.Join(directory, name))
		if err := os.WriteFile(filepath.Join(directory, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	w := prepare(t, tool, configFile, server, files,
		// The page's operator is the one whose token Terraform runs with.
		"operator@example.com", "super@example.com", "https://api.example.com/client/v4", server.BaseURL)
	w.environment = append(w.environment, "TF_VAR_token_of_another_super_administrator="+server.CredentialOf(mocktest.UserToken, acctest.Terraform).Value)
	return w
}

// What pages show is applied; the plan after it is empty, and the destroy leaves nothing behind.
func TestAccPages(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	configFile := installProvider(t, root)
	for _, c := range chapters() {
		t.Run(fmt.Sprint(filepath.Base(c.page), c.blocks), func(t *testing.T) {
			t.Parallel()
			env := acctest.New(t)
			tokens := tokenCount(t, env)
			w := c.open(t, tool, configFile, env.Server)
			w.run("apply", "-auto-approve")
			w.run("plan", "-detailed-exitcode")
			w.run("destroy", "-auto-approve")
			if got := tokenCount(t, env); got != tokens {
				t.Errorf("%d tokens after the destroy, want %d", got, tokens)
			}
		})
	}
}

// The actions of the guide hand out secrets that only the holder of the key can read: one when its token is made,
// and one when it is asked for.
func TestAccPages_actions(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Actions)
	w, env := openChapter(t, tool, actionChapter)
	for i, arguments := range [][]string{
		{"apply", "-auto-approve"},
		{"apply", "-auto-approve", "-invoke=action.accesscontrol_api_token_roll.hand_out"},
	} {
		passed, output := w.try(arguments...)
		if !passed || strings.Count(output, "has a new secret. For its recipients: -----BEGIN AGE ENCRYPTED FILE") != 1 {
			t.Errorf("%v: passed: %t\n%s", arguments, passed, output)
		}
		if rolled := env.Server.Count("PUT", "/user/tokens/*/value"); rolled != i+1 {
			t.Errorf("%v: %d secrets were replaced, want %d", arguments, rolled, i+1)
		}
	}
	w.run("plan", "-detailed-exitcode")
}

// Every ephemeral token of the guide is revoked; the token of the other block is what is left.
func TestAccPages_ephemeral(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Ephemeral)
	w, env := openChapter(t, tool, ephemeralChapter)
	tokens := tokenCount(t, env)
	w.run("apply", "-auto-approve")
	if made, left := env.Server.Count("POST", "/user/tokens"), tokenCount(t, env)-tokens; made < 2 || left != 1 {
		t.Errorf("%d tokens were made and %d are left; want the backup's, and those of the runs", made, left)
	}
	w.run("plan", "-detailed-exitcode")
}

// The encryption that the guide shows keeps the secret out of the files.
func TestAccPages_encryption(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Encryption)
	w, env := openChapter(t, tool, encryptionChapter)
	w.run("plan", "-out=saved.tfplan")
	w.run("apply", "saved.tfplan")
	secret := w.output("secret")
	if !accepted(t, env.Server, secret) {
		t.Error("the secret does not work")
	}
	for _, name := range []string{"saved.tfplan", "terraform.tfstate"} {
		text, err := os.ReadFile(filepath.Join(w.directory, name))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), "encrypted_data") || strings.Contains(string(text), secret) {
			t.Errorf("%s is not encrypted", name)
		}
	}
}

func openChapter(t *testing.T, tool cli.Tool, c chapter) (*workspace, *acctest.Env) {
	t.Helper()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t)
	return c.open(t, tool, installProvider(t, root), env.Server), env
}

// An id that is in no catalogue is refused where the guide to migrating says it is.
func TestAccPages_groupOfNoCatalogue(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	const promise = "| an id that is in no catalogue is refused at the plan of a new token; for a token that exists the plan warns, and the API refuses the apply |"
	if !strings.Contains(page(t, "templates/guides/migrating-from-the-official-provider.md"), promise) {
		t.Error("the guide says something else")
	}
	w, env := openChapter(t, tool, chapter{page: readme, more: stored})
	good, err := os.ReadFile(filepath.Join(w.directory, "main.tf"))
	if err != nil {
		t.Fatal(err)
	}
	const unknown = "Unknown permission group"
	wrong := loosened(t, string(good), []string{`"DNS Read"`, `"fffffffffffffffffffffffffffffff1"`})
	w.write("main.tf", wrong)
	if passed, output := w.try("plan"); passed || !strings.Contains(output, "Error: "+unknown) {
		t.Errorf("the plan of a new token: passed: %t\n%s", passed, output)
	}
	w.write("main.tf", string(good))
	w.run("apply", "-auto-approve")
	w.write("main.tf", wrong)
	if passed, output := w.try("plan"); !passed || !strings.Contains(output, "Warning: "+unknown) {
		t.Errorf("the plan of a token that exists: passed: %t\n%s", passed, output)
	}
	passed, output := w.try("apply", "-auto-approve")
	if sent := env.Server.Count("PUT", "/user/tokens/{token_id}"); passed || sent != 1 || !strings.Contains(output, "HTTP status 400") {
		t.Errorf("the apply: passed: %t, %d updates were sent\n%s", passed, sent, output)
	}
	w.write("main.tf", string(good))
	w.run("plan", "-detailed-exitcode")
}

// What the guide to OpenTofu says of functions in the console is so.
func TestAccPages_console(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	w, _ := openChapter(t, tool, chapter{page: openTofu, more: "locals {\n  mine = upper(\"mine\")\n}\n"})
	const call, id = `provider::accesscontrol::permission_group("zone", "DNS Write")`, `"4755a26eedb94da69e1066d98aa820be"`
	for _, test := range []struct{ locals, typed, tofuSays string }{
		{"", call, "BUG: Uninitialized function provider"},
		{"locals {\n  group = " + call + "\n}\n", call, "the client connection is closing"},
		{"locals {\n  group = " + call + "\n}\n", "local.group", ""},
	} {
		w.write("group.tf", test.locals)
		passed, output := w.console(test.typed)
		if works := tool.Engine == cli.Terraform || test.tofuSays == ""; passed != works || works && output != id {
			t.Errorf("%q, typed %s: passed: %t: %s", test.locals, test.typed, passed, output)
			continue
		}
		if !passed && !strings.Contains(page(t, openTofu), test.tofuSays) {
			t.Errorf("the guide does not say: %s", test.tofuSays)
		}
		// OpenTofu 1.8 says the first in both cases.
		if !passed && !strings.Contains(output, test.tofuSays) && !strings.Contains(output, "BUG: Uninitialized function provider") {
			t.Errorf("%q, typed %s: not said: %s: %s", test.locals, test.typed, test.tofuSays, output)
		}
	}
}

// console types a line into the CLI's console.
func (w *workspace) console(line string) (passed bool, output string) {
	w.t.Helper()
	process := exec.CommandContext(w.t.Context(), w.tool.Path, "console")
	process.Dir, process.Env, process.Stdin = w.directory, w.environment, strings.NewReader(line+"\n")
	text, err := process.CombinedOutput()
	if _, exited := errors.AsType[*exec.ExitError](err); err != nil && !exited {
		w.t.Fatalf("%s console: %v", w.tool.Engine, err)
	}
	return err == nil, strings.TrimSpace(string(text))
}
