// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package acctest_test

import (
	"bufio"
	"errors"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/leak"
)

const leakCrash = leakVariables + `
resource "accesscontrol_api_token" "first" {
  name           = "first"
  secret_storage = "none"
  policies       = local.policies
}

resource "accesscontrol_api_token" "second" {
  name           = "second"
  secret_storage = "none"
  policies       = local.policies
  depends_on     = [accesscontrol_api_token.first]
}
`

// reattach is what a provider prints that waits for a debugger.
var reattach = regexp.MustCompile(`TF_REATTACH_PROVIDERS='([^']+)'`)

// A plugin that dies in the middle of an apply prints what all its goroutines are doing, and Terraform says
// what became of it. Neither shows the secret that the plugin held, nor the credential that it ran with.
func TestAccLeak_crash(t *testing.T) {
	t.Parallel()
	run := newLeakRun(t, acctest.NeedsCLI(t), leakCrash)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	binary := filepath.Join(t.TempDir(), "terraform-provider-accesscontrol")
	if err := cli.BuildProvider(t.Context(), root, binary); err != nil {
		t.Fatal(err)
	}
	plugin := exec.CommandContext(t.Context(), binary, "-debug")
	plugin.Env = slices.Concat(run.environment, []string{"GOTRACEBACK=system"})
	var dump strings.Builder
	plugin.Stderr = &dump
	printed, err := plugin.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := plugin.Start(); err != nil {
		t.Fatal(err)
	}
	lines := bufio.NewScanner(printed)
	for lines.Scan() {
		if match := reattach.FindStringSubmatch(lines.Text()); match != nil {
			// The provider calls itself by its address in Terraform's registry.
			address := strings.ReplaceAll(match[1], cli.Terraform.RegistryHost(), run.tool.Engine.RegistryHost())
			run.environment = append(run.environment, "TF_REATTACH_PROVIDERS="+address)
			break
		}
	}

	run.issuer.mu.Lock()
	run.issuer.hold = "second"
	run.issuer.mu.Unlock()
	died := make(chan error, 1)
	go func() {
		select {
		case <-run.issuer.held:
		case <-t.Context().Done():
		}
		// The runtime's own answer to this signal is what a panic prints.
		if err := plugin.Process.Signal(syscall.SIGQUIT); err != nil {
			died <- err
			return
		}
		died <- plugin.Wait()
	}()
	run.command(false, "", "apply", "-auto-approve")
	if _, exited := errors.AsType[*exec.ExitError](<-died); !exited {
		t.Error("the plugin did not die")
	}
	run.write("crash.txt", dump.String())
	for _, says := range []string{"SIGQUIT", "goroutine 1 ", "provider/client."} {
		if !strings.Contains(dump.String(), says) {
			t.Errorf("the plugin died without saying %q:\n%.400s", says, dump.String())
		}
	}
	none := func(leak.Finding) bool { return false }
	for _, found := range run.leaks(none) {
		t.Error("leaked:", found)
	}
	run.plantAll(run.issuer.secret("first, secret 1"), none)
}
