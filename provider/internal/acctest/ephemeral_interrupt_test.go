// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

//go:build unix

package acctest_test

import (
	"net/http"
	"os/exec"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// TestAccEphemeral_interrupted ends a run while what uses the token waits for the API. The CLI and the provider both
// get the signal, as from a terminal on Ctrl-C, or from a supervisor. No token is left.
func TestAccEphemeral_interrupted(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Ephemeral)
	for _, signal := range []syscall.Signal{syscall.SIGINT, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			t.Parallel()
			interrupt(t, tool, signal)
		})
	}
}

func interrupt(t *testing.T, tool cli.Tool, signal syscall.Signal) {
	t.Helper()
	run := newLeakRun(t, tool, leftOpen+`
data "accesscontrol_account" "slow" {
  provider = accesscontrol.run
  name     = "Acme"
}
`)
	run.env.Fresh()
	run.env.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/accounts", Delay: 5 * time.Minute})
	process := exec.CommandContext(t.Context(), run.tool.Path, "plan", "-no-color", "-input=false")
	process.Dir, process.Env = run.directory, run.environment
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	var output strings.Builder
	process.Stdout, process.Stderr = &output, &output
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- process.Wait() }()
	tick := time.NewTicker(20 * time.Millisecond)
	defer tick.Stop()
	for made := 0; made == 0; {
		select {
		case <-tick.C:
			made = run.env.Server.Count(http.MethodPost, "/user/tokens")
		case err := <-ended:
			t.Fatalf("the plan ended before it made a token: %v\n%s", err, output.String())
		}
	}
	if err := syscall.Kill(-process.Process.Pid, signal); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; err == nil {
		t.Errorf("the plan was not interrupted:\n%s", output.String())
	}
	for _, secret := range run.issuer.secrets(run.credential)[1:] {
		if accepted(t, run.issuer.server, secret.Value) {
			t.Error("a token is left")
		}
	}
}
