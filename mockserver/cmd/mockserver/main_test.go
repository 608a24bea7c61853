// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/ratelimit"
)

func TestMain(m *testing.M) {
	mockserver.QuietGin()
	os.Exit(m.Run())
}

// command is a run of the command under way.
type command struct {
	stdout *bufio.Reader
	stderr bytes.Buffer // to be read after end
	cancel context.CancelFunc
	status chan int
}

// launch runs the command until the test ends or end is called.
func launch(t *testing.T, environ []string, args ...string) *command {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	read, write := io.Pipe()
	c := &command{stdout: bufio.NewReader(read), cancel: cancel, status: make(chan int, 1)}
	go func() {
		status := run(ctx, append([]string{"--listen", "127.0.0.1:0"}, args...), environ, write, &c.stderr)
		write.Close()
		c.status <- status
	}()
	t.Cleanup(func() {
		cancel()
		read.Close()
	})
	return c
}

// end tells the command to stop and returns its exit status.
func (c *command) end() int {
	c.cancel()
	return <-c.status
}

func get(t *testing.T, url, token string) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	r.Close = true
	resp, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	return resp.StatusCode
}

func TestJSONLine(t *testing.T) {
	t.Parallel()
	c := launch(t, nil, "--json")
	line, err := c.stdout.ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var got struct {
		BaseURL     string `json:"base_url"`
		ControlURL  string `json:"control_url"`
		World       string `json:"world"`
		Credentials []struct {
			Ref, Kind, ID, Email, Value string
		} `json:"credentials"`
	}
	decoder := json.NewDecoder(strings.NewReader(line))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&got); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(got.BaseURL, "http://127.0.0.1:") || !strings.HasSuffix(got.BaseURL, "/client/v4") || got.World != "built-in" {
		t.Errorf("base URL %q, world %q", got.BaseURL, got.World)
	}
	if !strings.HasPrefix(got.ControlURL, "http://127.0.0.1:") || !strings.HasSuffix(got.ControlURL, "/_control") {
		t.Errorf("control URL %q", got.ControlURL)
	}
	kinds := map[string]int{}
	for _, cred := range got.Credentials {
		kinds[cred.Kind]++
		if cred.Ref == "" || cred.ID == "" || cred.Value == "" {
			t.Errorf("a %s %q has no id or value", cred.Kind, cred.Ref)
		}
		if cred.Ref == "terraform" {
			if status := get(t, got.BaseURL+"/user", cred.Value); status != 200 {
				t.Errorf("GET /user: %d", status)
			}
		}
	}
	for _, kind := range []string{"user_token", "account_token", "global_key", "origin_ca_key", "vultr_key"} {
		if kinds[kind] == 0 {
			t.Errorf("no %s is announced", kind)
		}
	}
	if status := c.end(); status != exitOK {
		t.Errorf("exit status %d", status)
	}
	if rest, err := io.ReadAll(c.stdout); err != nil || len(rest) != 0 {
		t.Errorf("more on standard output: %q %v", rest, err)
	}
	if log := c.stderr.String(); !strings.Contains(log, "path=/user") || strings.Contains(log, "example-terraform-token") {
		t.Errorf("the log is %q", log)
	}
}

func TestBanner(t *testing.T) {
	t.Parallel()
	seed := filepath.Join(t.TempDir(), "world.yaml")
	if err := os.WriteFile(seed, []byte("users: {}\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		name string
		args []string
		want []string
	}{
		{"default", nil, []string{
			"http://127.0.0.1:", "/client/v4", "/_control, answers this machine alone", "loopback only", "built-in", "enforcement   on", "strictness    on", "explanations  on",
			"rate limit    1200 requests in 5m0s for each user and account-owned token, 200 requests in 1s for each address\n",
			"example-terraform-token-not-a-secret-000", "super@example.com", "curl -H 'Authorization: Bearer ", "--help",
		}},
		{"flags", []string{"--lenient", "--terse-errors", "--rate-limit", "30/10s", "--allow-remote", "--seed", seed, "--control-token", "a-token-of-this-test"}, []string{
			"answers whoever holds the control token",
			"strictness    off", "explanations  off", "rate limit    30 requests in 10s for each user and account-owned token (--rate-limit)\n", "may be reached from other machines", "from " + seed, "no credentials",
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			c := launch(t, nil, tt.args...)
			var banner strings.Builder
			for !strings.Contains(banner.String(), "Stop it with") {
				line, err := c.stdout.ReadString('\n')
				if err != nil {
					t.Fatalf("%v after %q; log %q", err, banner.String(), c.stderr.String())
				}
				banner.WriteString(line)
			}
			for _, want := range tt.want {
				if !strings.Contains(banner.String(), want) {
					t.Errorf("the banner lacks %q:\n%s", want, banner.String())
				}
			}
			if strings.Contains(banner.String(), "a-token-of-this-test") {
				t.Error("the banner shows the control token")
			}
			go func() { _, _ = io.Copy(io.Discard, c.stdout) }()
			if status := c.end(); status != exitOK {
				t.Errorf("exit status %d: %s", status, c.stderr.String())
			}
		})
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		t.Helper()
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	seed := write("world.yaml", `users:
  dev: {email: dev@example.com}
zones:
  example.com: {account: acme}
  example.org: {acount: acme}
`)
	var config net.ListenConfig
	other, err := config.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { other.Close() })
	_, port, _ := net.SplitHostPort(other.Addr().String())
	for _, tt := range []struct {
		name    string
		environ []string
		args    []string
		status  int
		want    []string
	}{
		{"typo in a flag", nil, []string{"--lisen", "x"}, exitUsage, []string{"--lisen", `"--listen"`}},
		{"typo far off", nil, []string{"--trustd-proxies=x"}, exitUsage, []string{"--trustd-proxies", "did you mean --trusted-proxy?"}},
		{"flag like nothing", nil, []string{"--port", "1"}, exitUsage, []string{"--port", "--listen", "--seed"}},
		{"flag of a later release", nil, []string{"--store=memory"}, exitUsage, []string{"--store"}},
		{"argument", nil, []string{"serve"}, exitUsage, []string{"serve"}},
		{"bad value", nil, []string{"--trusted-proxy", "10.0.0.0/33"}, exitUsage, []string{"--trusted-proxy", "10.0.0.0/33"}},
		{"short control token", nil, []string{"--control-token", "secret"}, exitUsage, []string{"--control-token", "at least 16"}},
		{
			"control token of a variable",
			[]string{"ACCESSCONTROL_SERVER_CONTROL_TOKEN=with a blank in it"},
			nil, exitUsage,
			[]string{"without blanks", "ACCESSCONTROL_SERVER_CONTROL_TOKEN"},
		},
		{"public URL with a path", nil, []string{"--public-url", "https://example.com/x"}, exitUsage, []string{"--public-url", "scheme and host alone"}},
		{"bad rate limit", nil, []string{"--rate-limit", "1200"}, exitUsage, []string{"--rate-limit", `"1200"`, "published, off or N/WINDOW"}},
		{"bad level", nil, []string{"--log-level", "loud"}, exitUsage, []string{"--log-level", "debug"}},
		{
			"typos in variables",
			[]string{"ACCESSCONTROL_SERVER_LISTN=x", "ACCESSCONTROL_SERVER_HELP=1", "ACCESSCONTROL_SERVER_ZZZ=1"},
			nil, exitUsage,
			[]string{
				"ACCESSCONTROL_SERVER_LISTN; did you mean ACCESSCONTROL_SERVER_LISTEN?", "ACCESSCONTROL_SERVER_HELP",
				"ACCESSCONTROL_SERVER_ZZZ; there are ACCESSCONTROL_SERVER_LISTEN, ",
			},
		},
		{"bad variable", []string{"ACCESSCONTROL_SERVER_LENIENT=perhaps"}, nil, exitUsage, []string{"--lenient", "perhaps", "ACCESSCONTROL_SERVER_LENIENT"}},
		{"port in use", nil, []string{"--listen", other.Addr().String()}, exitFailure, []string{"port " + port + " is in use", "choose another port"}},
		{"beyond loopback", nil, []string{"--listen", ":8787"}, exitFailure, []string{"loopback", "--allow-remote"}},
		{"no such seed", nil, []string{"--seed", filepath.Join(dir, "none.yaml")}, exitFailure, []string{"--seed", "none.yaml"}},
		{"empty seed", nil, []string{"--seed", write("empty.yaml", "")}, exitFailure, []string{"empty.yaml"}},
		{"wrong seed", nil, []string{"--seed", seed}, exitFailure, []string{seed + ":4: ", "acme", seed + ":5: ", "acount", "account"}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			// A start that should fail must not serve until the tests are given up.
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			if status := run(ctx, tt.args, tt.environ, &stdout, &stderr); status != tt.status {
				t.Errorf("exit status %d, want %d", status, tt.status)
			}
			for _, want := range tt.want {
				if !strings.Contains(stderr.String(), want) {
					t.Errorf("%q lacks %q", stderr.String(), want)
				}
			}
			if stdout.Len() > 0 {
				t.Errorf("on standard output: %q", stdout.String())
			}
		})
	}
}

func TestHelpAndVersion(t *testing.T) {
	t.Parallel()
	for arg, want := range map[string]string{
		"--help": "--trusted-proxy", "-h": "ACCESSCONTROL_SERVER_LISTEN", "--version": version,
	} {
		var stdout, stderr bytes.Buffer
		if status := run(t.Context(), []string{arg}, nil, &stdout, &stderr); status != exitOK {
			t.Errorf("%s: exit status %d", arg, status)
		}
		if !strings.Contains(stdout.String(), want) || stderr.Len() > 0 {
			t.Errorf("%s: %q lacks %q; standard error %q", arg, stdout.String(), want, stderr.String())
		}
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	environ := []string{
		"ACCESSCONTROL_SERVER_LISTEN=127.0.0.1:1", "ACCESSCONTROL_SERVER_TRUSTED_PROXY=10.0.0.0/8,192.0.2.1",
		"ACCESSCONTROL_SERVER_LENIENT=true", "ACCESSCONTROL_SERVER_SEED=", "ACCESSCONTROL_SERVER_LOG_LEVEL=warn",
		"ACCESSCONTROL_SERVER_CONTROL_TOKEN=a-token-of-this-test", "ACCESSCONTROL_SERVER_PUBLIC_URL=https://access.example.com",
		"ACCESSCONTROL_SERVER_RATE_LIMIT=off", "ACCESSCONTROL_API_TOKEN=the provider's own", "HOME=/",
	}
	f, err := parse([]string{"--log-level", "debug"}, environ, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	options, err := f.options(io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	if options.Listen != "127.0.0.1:1" || !options.Lenient || options.Seed != nil || f.LogLevel != "debug" || *options.RateLimit != (ratelimit.Policy{}) {
		t.Errorf("flags %+v", f)
	}
	if options.ControlToken != "a-token-of-this-test" || options.PublicURL != "https://access.example.com" {
		t.Errorf("control token and public URL of %+v", f)
	}
	if got := options.TrustedProxies; len(got) != 2 || got[0].String() != "10.0.0.0/8" || got[1].String() != "192.0.2.1/32" {
		t.Errorf("trusted proxies %v", got)
	}
}

func TestLogForms(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	f := &flags{LogLevel: "warn", LogFormat: "json"}
	logger := f.logger(&log)
	logger.Info("quiet")
	logger.Warn("loud")
	var line struct{ Msg, Level string }
	if err := json.Unmarshal(log.Bytes(), &line); err != nil || line.Msg != "loud" || line.Level != "WARN" {
		t.Errorf("the log is %q", log.String())
	}
}

// brokenPipe is a standard output that nobody reads.
type brokenPipe struct{}

func (brokenPipe) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestClosedStandardOutput(t *testing.T) {
	t.Parallel()
	for _, args := range [][]string{{"--json"}, nil, {"--version"}} {
		var stderr bytes.Buffer
		status := run(t.Context(), append(args, "--listen", "127.0.0.1:0"), nil, brokenPipe{}, &stderr)
		if status == exitOK || !strings.Contains(stderr.String(), io.ErrClosedPipe.Error()) {
			t.Errorf("%v: exit status %d, %q", args, status, stderr.String())
		}
	}
}
