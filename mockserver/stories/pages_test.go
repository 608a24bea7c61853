// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"encoding/json"
	"maps"
	"net/http"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// pageStory is how a reader goes through a page with a terminal.
type pageStory struct {
	page string
	read func(t *testing.T, b *book)
}

// pageStories are in the order in which they are read: what the first builds, all of them use.
func pageStories() []pageStory {
	return []pageStory{
		{gettingStarted, readGettingStarted},
		{testingGuide, readTestingGuide},
		{secretsGuide, readSecretsGuide},
		{rotationGuide, readRotationGuide},
		{controlPlane, readControlPlane},
		{readme, readReadme},
	}
}

// TestPages types the commands of the pages, as they stand there and in their order. One page is read after the
// other, since they share the clone, in which the README builds once more.
//
//nolint:paralleltest,tparallel // For that reason.
func TestPages(t *testing.T) {
	t.Parallel()
	b := newBook(t)
	start := parse(t, b.root, gettingStarted).next()
	b.build(t, start)
	for _, s := range pageStories() {
		t.Run(filepath.Base(s.page), func(t *testing.T) {
			s.read(t, b)
		})
	}
}

func readGettingStarted(t *testing.T, b *book) {
	t.Helper()
	p := b.read(t, gettingStarted)
	start := p.next()
	for _, c := range start[:len(start)-1] {
		c.accounted = true // by build
	}
	server := b.terminal(t, b.clone)
	server.leave(start[len(start)-1])

	term := b.terminal(t, b.clone)
	term.address = server.address
	term.follow(p.next()...)
	term.follow(p.next()...)
	term.open(map[string]string{"versions.tf": p.take("terraform", 0), "main.tf": p.take("terraform", 1)})
	for _, c := range p.next() {
		if strings.HasPrefix(c.text, "terraform apply") {
			says(t, term.approve(c), "allow Cache Purge on zone 023e105f4ecef8ad9ca31a8372d0c353")
		} else {
			term.follow(c)
		}
	}
	requests := p.next()
	term.follow(requests[:len(requests)-2]...)
	purge, records := requests[len(requests)-2], requests[len(requests)-1]
	if got := reply(t, term.follow(purge)); !got.Success {
		t.Errorf("%s: the purge was refused: %v", purge.where, got.Errors)
	}
	got := term.follow(records)
	if reply(t, got).Success {
		t.Errorf("%s: was allowed", records.where)
	}
	says(t, got, "error_chain", `\"DNS Read\" on com.cloudflare.api.account.zone.`)

	term.approve(p.inline("terraform destroy"))
	if reply(t, term.follow(purge)).Success {
		t.Error("the token works after the destroy")
	}
}

func readTestingGuide(t *testing.T, b *book) {
	t.Helper()
	p := b.read(t, testingGuide)
	term := b.terminal(t, b.clone)
	term.follow(parse(t, b.root, gettingStarted).blocks[1]...)
	directory := term.open(map[string]string{
		"versions.tf": p.take("terraform", 0), "main.tf": p.take("terraform", 1), "publisher.tftest.hcl": p.take("terraform", 2),
		"world.yaml": p.take("yaml", 0),
	})
	term.follow(own("ln -s '%s' bin", filepath.Join(b.clone, "bin")))
	run := p.next()
	said := term.follow(run...)
	term.listens(strings.TrimSpace(term.follow(own("echo \"$ACCESSCONTROL_BASE_URL\""))))
	says(t, said, "5 passed, 0 failed")

	// The world of the page takes the place of the built-in one, and its first line that of the other server.
	seeded := b.terminal(t, directory)
	seeded.leave(p.only())
	line, _, _ := strings.Cut(seeded.printed(0), "\n")
	write(t, filepath.Join(directory, "server.json"), []byte(line))
	for _, c := range run {
		if strings.HasPrefix(c.text, "export ") {
			term.follow(c)
		}
	}
	says(t, term.follow(p.inline("terraform test -var")), "5 passed, 0 failed")

	// The mocks are tried without what was exported above.
	alone := b.terminal(t, b.clone)
	alone.follow(parse(t, b.root, gettingStarted).blocks[1]...)
	alone.open(map[string]string{
		"versions.tf": p.take("terraform", 0), "main.tf": p.take("terraform", 1), "mocked.tftest.hcl": p.take("terraform", 3),
	})
	says(t, alone.follow(p.only()), "2 passed, 0 failed")
	runWorkflow(t, b, p)
}

// step finds what a step of a workflow runs: the rest of its line, or the lines below it.
var step = regexp.MustCompile(`(?m)^ {6}- run: (?:\|\n((?: {10}.*\n)+)|(.*)\n)`)

// runWorkflow runs the steps of the page's workflow as a runner would after the checkouts: in one directory with
// the configuration, and each until its first failure.
func runWorkflow(t *testing.T, b *book, p *page) {
	t.Helper()
	term := b.terminal(t, b.clone)
	directory := term.open(map[string]string{
		"versions.tf": p.take("terraform", 0), "main.tf": p.take("terraform", 1), "publisher.tftest.hcl": p.take("terraform", 2),
	})
	term.follow(own("ln -s '%s' accesscontrol && export RUNNER_TEMP='%s' && set -e", b.clone, directory))
	steps := step.FindAllStringSubmatch(p.take("yaml", 1), -1)
	if len(steps) != 2 {
		t.Fatalf("%s: the workflow runs %d commands", p.name, len(steps))
	}
	var said string
	for _, s := range steps {
		script := strings.ReplaceAll(s[1], "\n          ", "\n")
		said = term.follow(&command{where: p.name + ", the workflow", text: strings.TrimSpace(script+s[2]) + "\n"})
	}
	term.listens(strings.TrimSpace(term.follow(own("echo \"$ACCESSCONTROL_BASE_URL\""))))
	says(t, said, "5 passed, 0 failed")
}

func readSecretsGuide(t *testing.T, b *book) {
	t.Helper()
	p := b.read(t, secretsGuide)
	term := b.prepared(t)
	// The recipient is the reader, and the zone one of the built-in world.
	directory := term.open(nil)
	public := strings.TrimSpace(term.follow(own("age-keygen -o key.txt 2>/dev/null && age-keygen -y key.txt")))
	files := map[string]string{"versions.tf": parse(t, b.root, gettingStarted).take("terraform", 0), "backup.tf": p.take("terraform", 0)}
	if b.hasActions() {
		files["adopted.tf"], files["hand_out.tf"] = p.take("terraform", 1), p.take("terraform", 2)
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		write(t, filepath.Join(directory, name), []byte(recipient.ReplaceAllLiteralString(files[name], public)))
	}
	term.follow(own("export TF_VAR_zone_id=023e105f4ecef8ad9ca31a8372d0c353"))
	term.approve(own("terraform apply"))

	decrypt := p.only()
	secret := strings.TrimSpace(term.follow(decrypt))
	if !works(t, term, secret) {
		t.Errorf("%s: what it prints is no secret that the server takes", decrypt.where)
	}
	b.invoke(term, p.only(), "-----BEGIN AGE ENCRYPTED FILE")
}

// recipient is a public key of age, as the pages have one.
var recipient = regexp.MustCompile(`age1[a-z0-9]{58}`)

func readRotationGuide(t *testing.T, b *book) {
	t.Helper()
	p := b.read(t, rotationGuide)
	term := b.prepared(t)
	configuration := parse(t, b.root, gettingStarted)
	directory := term.open(map[string]string{"versions.tf": configuration.take("terraform", 0), "main.tf": configuration.take("terraform", 1)})
	term.approve(own("terraform apply"))
	secret := strings.TrimSpace(term.follow(own("terraform output -raw publisher_token")))
	if !works(t, term, secret) {
		t.Fatal("the token does not work before it is revoked")
	}
	if b.hasActions() {
		write(t, filepath.Join(directory, "revoke.tf"), []byte(parse(t, b.root, revokeAction).take("terraform", 0)))
		id := term.follow(own("terraform state show -no-color accesscontrol_api_token.publisher | sed -n 's/^ *id *= \"\\(.*\\)\"$/\\1/p'"))
		term.follow(own("export TF_VAR_leaked_token_id='%s'", strings.TrimSpace(id)))
	}
	b.invoke(term, p.only())
	if works(t, term, secret) == b.hasActions() {
		t.Errorf("invoked: %t, and the secret works: %t", b.hasActions(), !b.hasActions())
	}
}

// readControlPlane sends the questions of the page with curl. That each reply is the one shown, even to the one with
// a mistake, is for the test of the control plane to hold.
func readControlPlane(t *testing.T, b *book) {
	t.Helper()
	term := b.prepared(t)
	for _, question := range b.read(t, controlPlane).code["shell"] {
		text := term.follow(&command{where: controlPlane, text: question})
		var answer map[string]any
		if err := json.Unmarshal([]byte(text), &answer); err != nil || len(answer) == 0 {
			t.Errorf("%s: is not answered: %v\n%s\n%s", controlPlane, err, question, text)
		}
	}
}

// envelope is what the stories look at in a reply.
type envelope struct {
	Success bool  `json:"success"`
	Errors  []any `json:"errors"`
}

func reply(t *testing.T, text string) (e envelope) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		t.Fatalf("no reply of the server: %v\n%s", err, text)
	}
	return e
}

// works is whether a secret is one of an active token of the terminal's server.
func works(t *testing.T, term *terminal, secret string) bool {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+term.address+"/client/v4/user/tokens/verify", http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Authorization", "Bearer "+secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		// The error may hold the request's header.
		t.Fatal("the server does not answer")
	}
	defer response.Body.Close()
	return response.StatusCode == http.StatusOK
}
