// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Engine tells the two CLIs apart. They read the same configurations, but ask different default
// registries, so that tests and mirrors must know which one runs.
type Engine string

const (
	// Terraform is HashiCorp's CLI.
	Terraform Engine = "Terraform"
	// OpenTofu is the Linux Foundation's fork of it.
	OpenTofu Engine = "OpenTofu"
)

// RegistryHost returns the host that an unqualified provider source such as
// "accesscontrol/accesscontrol" stands under with this engine.
func (e Engine) RegistryHost() string {
	if e == OpenTofu {
		return openTofuHost
	}
	return terraformHost
}

// The two default registries. A mirror serves both, because one configuration is used with both engines.
const (
	terraformHost = "registry.terraform.io"
	openTofuHost  = "registry.opentofu.org"
)

// Tool is a CLI on this machine that was asked for its version.
type Tool struct {
	// Path is the absolute path of the executable.
	Path string
	// Engine is read from the product's name in its own output, never from the name of the file.
	Engine Engine
	// Version is what it calls itself, without suffix.
	Version Version
}

// String returns, for example, "OpenTofu 1.12.6 (/usr/bin/tofu)".
func (t Tool) String() string {
	return fmt.Sprintf("%s %s (%s)", t.Engine, t.Version, t.Path)
}

// identifyTimeout bounds the one call of "version"; a cold disk is slow, a healthy CLI is not.
const identifyTimeout = time.Minute

// Identify runs the executable's version command and tells which engine and version it is. The process
// gets a clean environment, so that a broken CLI configuration of the user does not stand in the way.
func Identify(ctx context.Context, path string) (Tool, error) {
	absolute, err := filepath.Abs(path)
	if err != nil {
		return Tool{}, fmt.Errorf("locate %s: %w", path, err)
	}
	ctx, cancel := context.WithTimeout(ctx, identifyTimeout)
	defer cancel()
	command := exec.CommandContext(ctx, absolute, "version")
	command.Env = append(Clean(os.Environ()), "CHECKPOINT_DISABLE=1")
	output, err := command.Output()
	if err != nil {
		return Tool{}, fmt.Errorf("run %s version: %w", path, withStderr(err))
	}
	engine, version, err := parseVersionOutput(string(output))
	if err != nil {
		return Tool{}, fmt.Errorf("run %s version: %w", path, err)
	}
	return Tool{Path: absolute, Engine: engine, Version: version}, nil
}

// parseVersionOutput reads the line "Terraform v1.11.4" or "OpenTofu v1.12.6-dev". Warnings may stand
// before it and a list of providers after it.
func parseVersionOutput(output string) (Engine, Version, error) {
	for line := range strings.Lines(output) {
		product, version, found := strings.Cut(strings.TrimSpace(line), " ")
		engine := Engine(product)
		if !found || (engine != Terraform && engine != OpenTofu) {
			continue
		}
		parsed, err := ParseVersion(version)
		return engine, parsed, err
	}
	return "", Version{}, errors.New("the output names neither Terraform nor OpenTofu")
}

// withStderr adds what a failed process wrote on standard error, which [exec.ExitError] keeps to itself.
func withStderr(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		return fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
	}
	return err
}
