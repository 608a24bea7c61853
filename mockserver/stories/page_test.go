// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// fence finds the blocks of a page and their languages, "" where a block names none.
var fence = regexp.MustCompile("(?m)^```([a-z]*).*\n((?s:.*?\n))```$")

// prompt begins a command of a page. Lines without it go on with the command before: a here-document, or what
// follows a backslash. Pages show no output in these blocks.
const prompt = "$ "

// command is what a reader types at one prompt, which may be several lines.
type command struct {
	where string // page and line, as compilers say it
	text  string
	// accounted is whether the story typed it, or gave a reason not to.
	accounted bool
}

// page is a page of the documentation, as its readers get it.
type page struct {
	t      *testing.T
	name   string
	text   string
	code   map[string][]string // blocks that are no commands, by language
	blocks [][]*command
	read   int // blocks
}

// read reads a page, by its path in the repository. When the test ends, no command of it may be left over: a new
// one needs a place in the story, or a reason.
func (b *book) read(t *testing.T, name string) *page {
	t.Helper()
	p := parse(t, b.root, name)
	t.Cleanup(func() {
		for _, c := range slices.Concat(p.blocks...) {
			if !c.accounted && !t.Failed() {
				t.Errorf("%s: no story runs this command, and none says why not: %s", c.where, c.text)
			}
		}
	})
	return p
}

func parse(t *testing.T, root, name string) *page {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
	if err != nil {
		t.Fatal(err)
	}
	text := string(content)
	p := &page{t: t, name: name, text: text, code: map[string][]string{}}
	for _, at := range fence.FindAllStringSubmatchIndex(text, -1) {
		language, body := text[at[2]:at[3]], text[at[4]:at[5]]
		line := 1 + strings.Count(text[:at[4]], "\n")
		if language == "console" {
			p.blocks = append(p.blocks, commands(t, fmt.Sprintf("%s:%d", name, line), body))
		} else {
			p.code[language] = append(p.code[language], body)
		}
	}
	return p
}

// commands splits a block at its prompts.
func commands(t *testing.T, where, body string) []*command {
	t.Helper()
	page, first, _ := strings.Cut(where, ":")
	var number int
	if _, err := fmt.Sscan(first, &number); err != nil {
		t.Fatal(err)
	}
	var all []*command
	for line := range strings.Lines(body) {
		switch text, begins := strings.CutPrefix(line, prompt); {
		case begins:
			all = append(all, &command{where: fmt.Sprintf("%s:%d", page, number), text: text})
		case len(all) == 0:
			t.Fatalf("%s: the block begins without a prompt: %s", where, line)
		default:
			all[len(all)-1].text += text
		}
		number++
	}
	return all
}

// next is the next block of commands.
func (p *page) next() []*command {
	p.t.Helper()
	if p.read == len(p.blocks) {
		p.t.Fatalf("%s has %d blocks of commands, and the story goes on", p.name, len(p.blocks))
	}
	p.read++
	return p.blocks[p.read-1]
}

// only is the next block, which has one command.
func (p *page) only() *command {
	p.t.Helper()
	block := p.next()
	if len(block) != 1 {
		p.t.Fatalf("%s: the story knows one command here, there are %d", block[0].where, len(block))
	}
	return block[0]
}

// take is a block of another language, counted from 0.
func (p *page) take(language string, index int) string {
	p.t.Helper()
	if index >= len(p.code[language]) {
		p.t.Fatalf("%s has %d blocks of %s", p.name, len(p.code[language]), language)
	}
	return p.code[language][index]
}

// inline is the command in the page's prose, between backticks, that begins like this.
func (p *page) inline(beginning string) *command {
	p.t.Helper()
	found := regexp.MustCompile("`(" + regexp.QuoteMeta(beginning) + "[^`\n]*)`").FindStringSubmatch(p.text)
	if found == nil {
		p.t.Fatalf("%s: nothing in its text begins with %s", p.name, beginning)
	}
	return &command{where: p.name, text: found[1] + "\n"}
}

// anyPrompt finds what looks like a command, wherever it stands.
var anyPrompt = regexp.MustCompile(`(?m)^[ \t>]*\$ `)

// elsewhere are pages whose commands stand in blocks for a shell without prompts, and the tests that run them.
var elsewhere = map[string]string{
	"docs/guides/api-access-switch.md":            "provider/internal/acctest, TestAccPages_rescue",
	"docs/guides/control-plane.md":                "mockserver/control, TestGuide",
	"docs/resources/account_api_access.md":        "provider/internal/acctest, TestAccExamples_import",
	"docs/resources/account_member_api_access.md": "provider/internal/acctest, TestAccExamples_import",
	"docs/resources/api_token.md":                 "provider/internal/acctest, TestAccExamples_import",
}

// TestPages_everyCommandIsRun: a page with commands has a story or a test elsewhere, so that no new page is
// forgotten; that the story of a page runs all of its commands is for the story to check.
func TestPages_everyCommandIsRun(t *testing.T) {
	t.Parallel()
	root := repository(t)
	told := map[string]bool{}
	for _, s := range pageStories() {
		told[s.page] = true
	}
	blocks := 0
	for _, name := range documents(t, root) {
		p := parse(t, root, name)
		blocks += len(p.blocks)
		if len(p.blocks) > 0 && !told[name] {
			t.Errorf("%s: no story runs its commands", name)
		}
		if shown, found := len(anyPrompt.FindAllString(p.text, -1)), len(slices.Concat(p.blocks...)); shown != found {
			t.Errorf("%s: %d lines look like commands, and %d are in blocks of their own, which begin with three backticks and console", name, shown, found)
		}
		for _, language := range []string{"shell", "sh", "bash", "zsh"} {
			if len(p.code[language]) > 0 && elsewhere[name] == "" {
				t.Errorf("%s: no test runs its blocks of %s", name, language)
			}
		}
		delete(told, name)
	}
	for name := range told {
		t.Errorf("a story is about %s, which is not there", name)
	}
	if blocks < 10 {
		t.Errorf("%d blocks of commands: the search has lost its way", blocks)
	}
}

// documents are the pages that users read: those beside the README, and those that are generated.
func documents(t *testing.T, root string) []string {
	t.Helper()
	names, err := fs.Glob(os.DirFS(root), "*.md")
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(os.DirFS(root), "docs", func(path string, _ fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".md" {
			names = append(names, path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return names
}
