// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

const (
	// pace is how often a client of the traffic sends a request.
	pace = 10 * time.Millisecond
	// fewestRequests is how many requests there must be while one rotation is applied, for its outcome to
	// mean something.
	fewestRequests = 10
)

// client sends requests with the secret that it was given last, one after the other, until the test ends.
type client struct {
	sent, refused atomic.Int64

	mu     sync.Mutex // held while a request is under way
	secret string
}

// use gives the client another secret. When it returns, no request with the old one is under way: that one may be
// dead before such a request arrives.
func (c *client) use(secret string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.secret = secret
}

// traffic starts clients that read the zone without a pause, all with the same secret at first.
func traffic(t *testing.T, server *mocktest.Server, secret string, clients int) []*client {
	t.Helper()
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	var running sync.WaitGroup
	t.Cleanup(func() { cancel(); running.Wait() })
	path := "/zones/" + server.ID("example.com") + "/dns_records"
	all := make([]*client, clients)
	for i := range all {
		c := &client{}
		c.use(secret)
		all[i] = c
		request := server.Request("", http.MethodGet, path, nil).WithContext(ctx)
		running.Go(func() { c.run(ctx, request) })
	}
	return all
}

func (c *client) run(ctx context.Context, request *http.Request) {
	ticks := time.NewTicker(pace)
	defer ticks.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticks.C:
			c.send(ctx, request.Clone(ctx))
		}
	}
}

// send sends the request and counts it.
func (c *client) send(ctx context.Context, request *http.Request) {
	c.mu.Lock()
	defer c.mu.Unlock()
	request.Header.Set("Authorization", "Bearer "+c.secret)
	response, err := http.DefaultClient.Do(request)
	if ctx.Err() != nil {
		return
	}
	c.sent.Add(1)
	if err != nil {
		c.refused.Add(1)
		return
	}
	if response.StatusCode != http.StatusOK {
		c.refused.Add(1)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	_ = response.Body.Close()
}

// totals are the requests of all clients, and how many of them were refused.
func totals(clients []*client) (sent, refused int64) {
	for _, c := range clients {
		sent += c.sent.Load()
		refused += c.refused.Load()
	}
	return sent, refused
}

// output reads an output of the configuration.
func (w *workspace) output(name string) string {
	w.t.Helper()
	process := exec.CommandContext(w.t.Context(), w.tool.Path, "output", "-no-color", "-raw", name)
	process.Dir, process.Env = w.directory, w.environment
	var complaints bytes.Buffer
	process.Stderr = &complaints
	value, err := process.Output()
	if err != nil {
		w.t.Fatalf("%s output: %v\n%s", w.tool.Engine, err, complaints.String())
	}
	return string(value)
}

// generation is where a configuration says which generation it hands out.
var generation = regexp.MustCompile(`(?m)^ {2}generation = \S+$`)

// edit has the configuration say another generation, as one does to rotate.
func (w *workspace) edit(number string) {
	w.t.Helper()
	text, err := os.ReadFile(filepath.Join(w.directory, "main.tf"))
	if err != nil {
		w.t.Fatal(err)
	}
	if n := len(generation.FindAll(text, -1)); n != 1 {
		w.t.Fatalf("the configuration says %d times which generation it hands out", n)
	}
	w.write("main.tf", generation.ReplaceAllLiteralString(string(text), "  generation = "+number))
}

// rotating is the example of a rotation, applied once, with clients at work.
func rotating(t *testing.T, files []string) (*workspace, *acctest.Env, []*client) {
	t.Helper()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	if files == nil {
		files = configurations(t, filepath.Join(root, "examples", "scenarios", "rotation"))
	}
	env := acctest.New(t)
	work := prepare(t, tool, installProvider(t, root), env.Server, files)
	work.run("apply", "-auto-approve")
	return work, env, traffic(t, env.Server, work.output("secret"), 2)
}

// Rotating again and again with overlap refuses no request, neither of a client that takes up the new
// secret at once nor of one that does so only when the next rotation begins. Whatever run comes next stays with
// the generation that was handed out.
func TestAccRotation_underTraffic(t *testing.T) {
	t.Parallel()
	work, env, clients := rotating(t, nil)
	prompt, late := clients[0], clients[1]
	secrets := []string{work.output("secret")}
	for _, number := range []string{"2", "3", "4"} {
		late.use(secrets[len(secrets)-1])
		env.Server.ResetJournal()
		before, _ := totals(clients)
		work.edit(number)
		work.run("apply", "-auto-approve")
		during, refused := totals(clients)
		if during-before < fewestRequests || refused != 0 {
			t.Fatalf("generation %s: %d requests while it was applied, %d refused so far", number, during-before, refused)
		}
		var writes []string
		for _, entry := range env.Server.Journal(mocktest.Writes) {
			writes = append(writes, entry.Method)
		}
		if got := strings.Join(writes, " "); got != "POST DELETE" {
			t.Errorf("generation %s: wrote %s, want the new token made before the oldest is removed", number, got)
		}
		work.run("plan", "-detailed-exitcode")
		secrets = append(secrets, work.output("secret"))
		prompt.use(secrets[len(secrets)-1])
	}
	for i, secret := range secrets {
		if works := accepted(t, env.Server, secret); works != (i >= len(secrets)-2) {
			t.Errorf("secret of generation %d works: %t", i+1, works)
		}
	}
	if _, refused := totals(clients); refused != 0 {
		t.Errorf("%d requests were refused", refused)
	}
}

// A generation that is not the newest or the one after it is refused before anything is written, and the secrets
// go on working: that of a branch that is behind, and that of one which rotates twice. A destroy is not held
// up. No rotation prints a secret.
func TestAccRotation_oneByOne(t *testing.T) {
	t.Parallel()
	work, env, _ := rotating(t, nil)
	tokens := tokenCount(t, env)
	secrets := []string{work.output("secret")}
	for _, number := range []string{"2", "3"} {
		work.edit(number)
		passed, output := work.try("apply", "-auto-approve")
		secrets = append(secrets, work.output("secret"))
		printed := slices.ContainsFunc(secrets, func(secret string) bool { return strings.Contains(output, secret) })
		if !passed || printed {
			t.Fatalf("generation %s: passed: %t, prints a secret: %t\n%s", number, passed, printed, output)
		}
	}
	env.Server.ResetJournal()
	for _, number := range []string{"2", "1", "5", "2.5"} {
		work.edit(number)
		passed, output := work.try("apply", "-auto-approve")
		if says := "Generation " + number + " is neither the newest that exists nor the one after it"; passed || !strings.Contains(output, says) {
			t.Errorf("generation %s after 3: passed %t, or not said: %s\n%s", number, passed, says, output)
		}
	}
	if writes := env.Server.Journal(mocktest.Writes); len(writes) > 0 {
		t.Errorf("%d requests could have changed something, the first of them %s %s", len(writes), writes[0].Method, writes[0].Path)
	}
	for i, secret := range secrets {
		if works := accepted(t, env.Server, secret); works != (i > 0) {
			t.Errorf("secret of generation %d works: %t", i+1, works)
		}
	}
	work.edit("3")
	work.run("plan", "-detailed-exitcode")
	work.edit("1")
	work.run("destroy", "-auto-approve")
	if got := tokenCount(t, env); got != tokens-2 {
		t.Errorf("%d tokens after the destroy, want %d", got, tokens-2)
	}
}

// The same clients notice a rotation without overlap, which is what rotate_triggers does to one token: the
// test above would not pass for want of looking.
func TestAccRotation_withoutOverlap(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "main.tf")
	if err := os.WriteFile(file, []byte(`
locals {
  generation = 1
}

data "accesscontrol_zone" "main" {
  name = "example.com"
}

resource "accesscontrol_api_token" "exporter" {
  name            = "Metrics exporter"
  rotate_triggers = { generation = local.generation }
  policies        = { read = { permission_groups = ["DNS Read"], resources = { zones = [data.accesscontrol_zone.main.zone_id] } } }
}

output "secret" {
  value     = accesscontrol_api_token.exporter.value
  sensitive = true
}
`), 0o600); err != nil {
		t.Fatal(err)
	}
	work, env, clients := rotating(t, []string{file})
	old := work.output("secret")
	work.edit("2")
	work.run("apply", "-auto-approve")
	if accepted(t, env.Server, old) || !accepted(t, env.Server, work.output("secret")) {
		t.Error("the old secret works, or the new one does not")
	}
	ticks := time.NewTicker(pace)
	defer ticks.Stop()
	for range 1000 {
		if _, refused := totals(clients); refused > 0 {
			return
		}
		<-ticks.C
	}
	t.Error("no client noticed that its secret is dead")
}

// accepted reports whether the server takes the secret.
func accepted(t *testing.T, server *mocktest.Server, secret string) bool {
	t.Helper()
	request := server.Request("", http.MethodGet, "/user/tokens/verify", nil)
	request.Header.Set("Authorization", "Bearer "+secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode == http.StatusOK
}
