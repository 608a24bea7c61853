// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"encoding/json"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// suites are the targets of make that the README names and the story does not run, and why. They are looked up
// in the makefile, and their commands are listed there; that is all.
var suites = map[string]string{
	"demo":       "a step of CI by itself",
	"test":       "a step of CI by itself; it takes minutes",
	"lint":       "a step of CI by itself; it takes minutes",
	"walls":      "a step of CI by itself",
	"docs-check": "a step of CI by itself",
	"stories":    "is what runs this",
	"prove":      "takes long; PROOF.md has what came of it",
	"fuzz":       "takes minutes for each of its targets",
	"mutants":    "takes minutes",
	"ci":         "runs this, among all the others",
}

// isSuite is whether all that a command does is to make suites.
func isSuite(c *command) bool {
	named, isMake := strings.CutPrefix(c.text, "make")
	asked := goals(c)
	return isMake && strings.HasPrefix(named, " ") && len(asked) > 0 &&
		!slices.ContainsFunc(asked, func(goal string) bool { return suites[goal] == "" })
}

func readReadme(t *testing.T, b *book) {
	t.Helper()
	p := b.read(t, readme)
	look := func(block []*command) {
		term := b.terminal(t, b.clone)
		for _, c := range block {
			if !isSuite(c) {
				says(t, term.follow(c), "List these targets.") // which is what make does by itself
				continue
			}
			for _, goal := range goals(c) {
				t.Logf("%s: make %s is not run: %s", c.where, goal, suites[goal])
			}
			// With the flag n, make says what it would do, and fails where it does not know how to.
			term.follow(own("export MAKEFLAGS=n"), c, own("unset MAKEFLAGS"))
		}
	}
	look(p.next())
	tryBuild(t, b, p)
	tryServers(t, b, p)
	look(p.next())
}

// tryBuild: a build of one's own is what Terraform uses.
func tryBuild(t *testing.T, b *book, p *page) {
	t.Helper()
	term := b.terminal(t, b.clone)
	for _, c := range p.next() {
		switch {
		case strings.HasPrefix(c.text, "bin/mockserver"):
			from := term.shown()
			term.follow(c)
			term.announced(c, from)
		case strings.HasPrefix(c.text, "terraform apply"):
			// "in the directory of the configuration", says the page.
			term.open(map[string]string{"main.tf": p.take("terraform", 0)})
			says(t, term.approve(c), "in effect", "allow DNS Write on", "Apply complete!")
		default:
			term.follow(c)
		}
	}
	term.close()
}

// tryServers: each of the servers starts, and the first one answers the question.
func tryServers(t *testing.T, b *book, p *page) {
	t.Helper()
	// The page has its readers start from the built-in world.
	b.terminal(t, b.clone).follow(own("cp '%s' world.yaml", filepath.Join("mockserver", "seed", "builtin.yaml")))
	var first *terminal
	for i, c := range p.next() {
		term := b.terminal(t, b.clone)
		term.leave(c)
		if i == 0 {
			first = term
		} else {
			term.close()
		}
	}
	ask := b.terminal(t, b.clone)
	ask.address = first.address
	c := p.only()
	var answer struct {
		Allowed   *bool  `json:"allowed"`
		Operation string `json:"operation"`
		Reason    string `json:"reason"`
	}
	text := ask.follow(c)
	if err := json.Unmarshal([]byte(text), &answer); err != nil || answer.Allowed == nil || *answer.Allowed || answer.Reason != "no_matching_grant" {
		t.Errorf("%s: the question is not answered: %v\n%s", c.where, err, text)
	}
}
