// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// workspace is a copy of the quick start, and a CLI to run on it.
type workspace struct {
	tool        cli.Tool
	directory   string
	environment []string
}

// outputs is what the quick start gives back.
type outputs struct {
	IDs    map[string]string
	Tokens map[string]string
}

// newWorkspace copies the configuration at source below directory. A copy, because an old lock file or
// state beside the original would decide what happens.
func newWorkspace(tool cli.Tool, source, directory, configFile string, a announcement) (*workspace, error) {
	token, err := a.find(kindUserToken, "terraform")
	if err != nil {
		return nil, err
	}
	w := &workspace{
		tool:      tool,
		directory: filepath.Join(directory, "quickstart"),
		environment: append(cli.Environment(os.Environ(), configFile),
			"ACCESSCONTROL_BASE_URL="+a.BaseURL,
			"ACCESSCONTROL_API_TOKEN="+token.Value),
	}
	if err := os.MkdirAll(w.directory, 0o700); err != nil {
		return nil, err
	}
	files, err := filepath.Glob(filepath.Join(source, "*.tf"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no configuration in %s", source)
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(w.directory, filepath.Base(file)), content, 0o600); err != nil {
			return nil, err
		}
	}
	return w, nil
}

// init installs the provider from the mirror.
func (w *workspace) init(ctx context.Context) error {
	_, err := w.run(ctx, "init", "-no-color", "-input=false")
	return err
}

// apply makes the world what the configuration with these variables says.
func (w *workspace) apply(ctx context.Context, variables []string) error {
	_, err := w.run(ctx, append([]string{"apply", "-no-color", "-input=false", "-auto-approve"}, variables...)...)
	return err
}

// destroy removes all that apply made.
func (w *workspace) destroy(ctx context.Context, variables []string) error {
	_, err := w.run(ctx, append([]string{"destroy", "-no-color", "-input=false", "-auto-approve"}, variables...)...)
	return err
}

// expectNoChanges plans again and fails if there is anything to do.
func (w *workspace) expectNoChanges(ctx context.Context, variables []string) error {
	text, err := w.run(ctx, append([]string{"plan", "-no-color", "-input=false", "-detailed-exitcode"}, variables...)...)
	// Status 2 is not a failure: it says that there is something to do.
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == 2 {
		return fmt.Errorf("a second plan is not empty:\n%s", text)
	}
	return err
}

// outputs reads ids and secrets. They stay in memory and are never printed.
func (w *workspace) outputs(ctx context.Context) (outputs, error) {
	text, err := w.run(ctx, "output", "-no-color", "-json")
	if err != nil {
		return outputs{}, err
	}
	return parseOutputs(text)
}

func parseOutputs(text []byte) (outputs, error) {
	var reply struct {
		IDs    struct{ Value map[string]string } `json:"ids"`
		Tokens struct{ Value map[string]string } `json:"tokens"`
	}
	if err := json.Unmarshal(text, &reply); err != nil {
		return outputs{}, fmt.Errorf("read the outputs: %w", err)
	}
	result := outputs{IDs: reply.IDs.Value, Tokens: reply.Tokens.Value}
	for _, name := range []string{"enterprise_account", "standard_account", "zone"} {
		if result.IDs[name] == "" {
			return outputs{}, fmt.Errorf("the outputs name no id of %s", name)
		}
	}
	for _, name := range []string{"acme_client", "purge", "reader", "inventory"} {
		if result.Tokens[name] == "" {
			return outputs{}, fmt.Errorf("the outputs hold no token %s", name)
		}
	}
	return result, nil
}

// run runs one command of the CLI and returns what it wrote on standard output. What it wrote on
// standard error is in the error.
func (w *workspace) run(ctx context.Context, arguments ...string) ([]byte, error) {
	command := exec.CommandContext(ctx, w.tool.Path, arguments...)
	command.Dir = w.directory
	command.Env = w.environment
	// Asked nicely, it finishes the request at hand and writes its state.
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = 30 * time.Second
	var stdout, stderr bytes.Buffer
	command.Stdout, command.Stderr = &stdout, &stderr
	err := command.Run()
	if err != nil {
		err = fmt.Errorf("%s %s: %w\n%s", w.tool.Engine, arguments[0], err, bytes.TrimSpace(stderr.Bytes()))
	}
	return stdout.Bytes(), err
}
