// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// The pages with stories.
const (
	gettingStarted = "docs/guides/getting-started.md"
	testingGuide   = "docs/guides/testing-your-configuration.md"
	secretsGuide   = "docs/guides/secrets-without-state.md"
	rotationGuide  = "docs/guides/rotation.md"
	controlPlane   = "docs/guides/control-plane.md"
	revokeAction   = "docs/actions/api_token_revoke.md"
	readme         = "README.md"
)

// book is what the stories of pages have in common: the pages, a CLI, and a clone of this tree in which programs
// were built as the pages say.
type book struct {
	root  string // of the tree under test
	tool  cli.Tool
	env   []string
	clone string
}

// repository is the tree under test.
func repository(t *testing.T) string {
	t.Helper()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	return root
}

// newBook finds a CLI as the acceptance tests do, and composes the environment of a reader's terminals: a home
// without settings, Debian's programs, Go, and the CLI under the name that the pages call it by.
func newBook(t *testing.T) *book {
	t.Helper()
	needs(t, "curl", "jq", "age", "age-keygen")
	b := &book{root: repository(t)}
	tool, err := cli.Find(t.Context(), b.root, cli.WantAny, func(line string) { t.Log(line) })
	if err != nil {
		t.Fatal(err)
	}
	t.Log("using " + tool.String())
	b.tool = tool
	home := t.TempDir()
	// The pages say that tofu does all that terraform does.
	programs := filepath.Join(home, "programs")
	for _, name := range []string{"terraform", "tofu"} {
		if err := os.MkdirAll(programs, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(tool.Path, filepath.Join(programs, name)); err != nil {
			t.Fatal(err)
		}
	}
	settings := goSettings(t)
	b.env = []string{
		"PATH=" + programs + ":" + filepath.Join(settings["GOROOT"], "bin") + ":" + systemPath,
		"HOME=" + home, "TMPDIR=" + home, "LANG=C.UTF-8", "TZ=UTC", "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
		"CHECKPOINT_DISABLE=1",
		"ACCESSCONTROL_SERVER_LISTEN=127.0.0.1:0", // see defaultAddress
		// Git goes to the network for no address that is not replaced below.
		"GIT_ALLOW_PROTOCOL=file", "GIT_CONFIG_NOSYSTEM=1", "GIT_AUTHOR_NAME=story", "GIT_COMMITTER_NAME=story",
		"GIT_AUTHOR_EMAIL=story@example.com", "GIT_COMMITTER_EMAIL=story@example.com",
	}
	// What was compiled before is not compiled again, and modules come from where they always come from.
	delete(settings, "GOROOT")
	for name, value := range settings {
		b.env = append(b.env, name+"="+value)
	}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"} {
		if value, set := os.LookupEnv(name); set {
			b.env = append(b.env, name+"="+value)
		}
	}
	// What the Go command would count for its makers, it would still be writing when the directory is removed.
	write(t, filepath.Join(home, ".config", "go", "telemetry", "mode"), []byte("off"))
	b.publish(t, home)
	return b
}

// goSettings are those by which the Go command finds its caches and modules.
func goSettings(t *testing.T) map[string]string {
	t.Helper()
	names := []string{"GOROOT", "GOCACHE", "GOMODCACHE", "GOENV", "GOFLAGS", "GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOPROXY", "GONOSUMDB"}
	output, err := exec.CommandContext(t.Context(), "go", append([]string{"env", "-json"}, names...)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	var settings map[string]string
	if err := json.Unmarshal(output, &settings); err != nil {
		t.Fatal(err)
	}
	return settings
}

// publish makes a repository of the tree as it is now, committed or not, and has git take it for the one whose
// address the pages give, so that their git clone gets what is under test.
func (b *book) publish(t *testing.T, home string) {
	t.Helper()
	origin := filepath.Join(home, "origin.git")
	for _, arguments := range [][]string{{"init", "-q"}, {"add", "-A"}, {"commit", "-q", "-m", "The tree under test"}} {
		git := exec.CommandContext(t.Context(), "git", append([]string{"--git-dir=" + origin, "--work-tree=" + b.root}, arguments...)...)
		git.Dir, git.Env = b.root, b.env
		if output, err := git.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", arguments, err, output)
		}
	}
	write(t, filepath.Join(home, ".gitconfig"), []byte("[url \"file://"+origin+"\"]\n\tinsteadOf = https://github.com/accesscontrol/terraform-provider-accesscontrol\n"))
}

// build clones the tree and builds the programs, as the first block of a page says but for its last line, which
// starts the server.
func (b *book) build(t *testing.T, block []*command) {
	t.Helper()
	term := b.terminal(t, t.TempDir())
	term.follow(block[:len(block)-1]...)
	b.clone = strings.TrimSpace(term.follow(own("pwd")))
}

// prepared opens a terminal as a reader of getting-started has it after the third section: the provider is built,
// a server runs in another terminal, and the environment names both.
func (b *book) prepared(t *testing.T) *terminal {
	t.Helper()
	p := parse(t, b.root, gettingStarted)
	start := p.next()
	server := b.terminal(t, b.clone)
	server.leave(start[len(start)-1])
	term := b.terminal(t, b.clone)
	term.address = server.address
	term.follow(p.next()...)
	term.follow(p.next()...)
	return term
}

// open goes to a new directory that holds these files.
func (term *terminal) open(files map[string]string) (directory string) {
	term.t.Helper()
	directory = term.t.TempDir()
	for name, content := range files {
		write(term.t, filepath.Join(directory, name), []byte(content))
	}
	term.follow(own("cd '%s'", directory))
	return directory
}

// hasActions is whether the CLI has actions and -invoke, by what the pages say of it.
func (b *book) hasActions() bool {
	return b.tool.Engine == cli.Terraform && b.tool.Version.Compare(cli.Version{Major: 1, Minor: 14}) >= 0
}

// invoke runs a command that invokes an action. A CLI that the pages say cannot must say so itself.
func (b *book) invoke(term *terminal, c *command, texts ...string) {
	term.t.Helper()
	if b.hasActions() {
		says(term.t, term.approve(c), texts...)
		return
	}
	term.t.Logf("%s: %s has no actions: tried only that it refuses", c.where, b.tool)
	if output, ok := term.try(c, ""); ok || !strings.Contains(output, "invoke") {
		term.t.Errorf("%s: %s takes -invoke, which the page says is new in Terraform 1.14: %s\n%s", c.where, b.tool, c.text, output)
	}
}

// goals are the targets that a make command asks for; none is the default one.
func goals(c *command) []string {
	line, _, _ := strings.Cut(c.text, "#")
	fields := strings.Fields(line)
	return slices.DeleteFunc(fields[min(1, len(fields)):], func(field string) bool { return strings.Contains(field, "=") })
}
