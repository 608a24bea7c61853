// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"bytes"
	"context"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

const (
	// systemPath is where Debian's programs are. The PATH of the test is not asked: a certbot or python3 of
	// another origin is another program.
	systemPath = "/usr/sbin:/usr/bin:/sbin:/bin"
	// patience bounds one run of a program. The slowest takes some seconds on an idle machine.
	patience = 2 * time.Minute
	// grace is what a program gets to end after it was told to.
	grace = 10 * time.Second
)

// debian says which package each program, or file of one, comes from.
var debian = map[string]string{
	"certbot":         "certbot",
	"ddclient":        "ddclient",
	"fail2ban-client": "fail2ban",
	"fail2ban-server": "fail2ban",
	"curl":            "curl",
	"jq":              "jq",
	"age":             "age",
	"age-keygen":      "age",
	"python3":         "python3",
	"/usr/lib/python3/dist-packages/certbot_dns_cloudflare": "python3-certbot-dns-cloudflare",
	"/usr/lib/python3/dist-packages/CloudFlare":             "python3-cloudflare",
	"/usr/share/perl5/IO/Socket/SSL.pm":                     "libio-socket-ssl-perl",
	"/etc/fail2ban/action.d/cloudflare.conf":                "fail2ban",
	"/etc/fail2ban/action.d/cloudflare-token.conf":          "fail2ban",
}

// locate returns the path of a program, or "" and false when it is not installed.
func locate(name string) (string, bool) {
	candidates := []string{name}
	if !filepath.IsAbs(name) {
		candidates = nil
		for dir := range strings.SplitSeq(systemPath, ":") {
			candidates = append(candidates, filepath.Join(dir, name))
		}
	}
	for _, path := range candidates {
		if _, err := os.Stat(path); err == nil {
			return path, true
		}
	}
	return "", false
}

// needs fails the test, with what to do, when any of these programs and files is not installed.
func needs(t *testing.T, names ...string) {
	t.Helper()
	for _, name := range names {
		if _, ok := locate(name); !ok {
			t.Fatalf("%s is not installed (Debian package %s); run mockserver/stories/install.sh as root, then try again", name, debian[name])
		}
	}
}

// TestInstallScript: what a story may find missing is what the script installs; python3 comes with certbot.
func TestInstallScript(t *testing.T) {
	t.Parallel()
	script, err := os.ReadFile("install.sh")
	if err != nil {
		t.Fatal(err)
	}
	_, list, _ := strings.Cut(string(script), "packages=(")
	list, _, _ = strings.Cut(list, "\n)")
	var installed []string
	for line := range strings.Lines(list) {
		names, _, _ := strings.Cut(line, "#")
		installed = append(installed, strings.Fields(names)...)
	}
	wanted := slices.Compact(slices.Sorted(maps.Values(debian)))
	wanted = slices.DeleteFunc(wanted, func(name string) bool { return name == "python3" })
	slices.Sort(installed)
	if !slices.Equal(installed, wanted) {
		t.Errorf("install.sh installs %q, the stories need %q", installed, wanted)
	}
}

// machine is what the programs of one story run in: a directory that is their home, the variables that they
// see, which are nobody else's, and the secrets that they may print and the test's output must not hold.
type machine struct {
	t       *testing.T
	dir     string
	env     []string
	secrets *strings.Replacer
}

// newMachine returns a machine without any credentials and without a way out: every proxy variable points to
// a proxy of the story, which lets through the server alone. The secrets are those that the programs are given.
func newMachine(t *testing.T, n *network, secrets ...string) *machine {
	t.Helper()
	dir := t.TempDir()
	authority := filepath.Join(dir, "authority.pem")
	write(t, authority, n.authority.pem)
	m := &machine{t: t, dir: dir, secrets: masking(secrets), env: []string{
		"PATH=" + systemPath, "HOME=" + dir, "TMPDIR=" + dir, "LANG=C.UTF-8", "TZ=UTC",
		"SSL_CERT_FILE=" + authority, "CURL_CA_BUNDLE=" + authority, "REQUESTS_CA_BUNDLE=" + authority,
		"NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1",
	}}
	for _, name := range []string{"HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"} {
		m.env = append(m.env, name+"="+n.proxyURL)
	}
	return m
}

// path is a path in the machine's directory.
func (m *machine) path(elements ...string) string {
	return filepath.Join(append([]string{m.dir}, elements...)...)
}

// write makes a file that its owner alone reads, as programs ask of files with secrets.
func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// command prepares a program in a process group of its own, so that what it starts ends with it.
func (m *machine) command(ctx context.Context, output *printed, name string, args ...string) *exec.Cmd {
	m.t.Helper()
	path, ok := locate(name)
	if !ok {
		needs(m.t, name)
	}
	cmd := exec.CommandContext(ctx, path, args...)
	cmd.Dir, cmd.Env = m.dir, m.env
	cmd.Stdout, cmd.Stderr = output, output
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = grace
	return cmd
}

// run runs a program to its end and returns all that it printed, and whether it ended well.
func (m *machine) run(name string, args ...string) (output string, ok bool) {
	m.t.Helper()
	ctx, cancel := context.WithTimeout(m.t.Context(), patience)
	defer cancel()
	out := printed{mask: m.secrets}
	err := m.command(ctx, &out, name, args...).Run()
	var exit *exec.ExitError
	if err != nil && (!errors.As(err, &exit) || ctx.Err() != nil) {
		m.t.Fatalf("%s: %v; it printed:\n%s", name, errors.Join(err, ctx.Err()), &out)
	}
	return out.String(), err == nil
}

// background starts a program that ends with the test at the latest: it is asked to, then made to.
func (m *machine) background(name string, args ...string) *printed {
	m.t.Helper()
	out := &printed{mask: m.secrets}
	ctx, cancel := context.WithCancel(context.WithoutCancel(m.t.Context()))
	cmd := m.command(ctx, out, name, args...)
	if err := cmd.Start(); err != nil {
		cancel()
		m.t.Fatalf("%s: %v", name, err)
	}
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		_ = cmd.Wait() // how it ended says nothing: it is told to
	}()
	m.t.Cleanup(func() {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM)
		select {
		case <-ended:
		case <-time.After(grace):
			m.t.Errorf("%s did not end when it was told to", name)
		}
		cancel()
		<-ended
	})
	return out
}

// eventually waits until the condition holds: for what programs do in their own time.
func eventually(t *testing.T, what string, condition func() bool, then func() string) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for !condition() {
		if time.Now().After(deadline) || t.Context().Err() != nil {
			t.Fatalf("waited in vain until %s; the program printed:\n%s", what, then())
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// masking returns what puts a note in the place of each secret.
func masking(secrets []string) *strings.Replacer {
	var pairs []string
	for _, secret := range secrets {
		pairs = append(pairs, secret, "(a secret)")
	}
	return strings.NewReplacer(pairs...)
}

// printed is what a program printed so far. It is safe for concurrent use.
type printed struct {
	mask *strings.Replacer
	mu   sync.Mutex
	text bytes.Buffer
}

func (p *printed) Write(b []byte) (int, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text.Write(b)
}

func (p *printed) String() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.mask.Replace(p.text.String())
}
