// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
)

// Want says which CLI a caller of [Find] can work with.
type Want string

const (
	// WantAny takes what there is: $TF, $TOFU, terraform on PATH, tofu on PATH, else the pinned
	// OpenTofu, built here.
	WantAny Want = "any"
	// WantTerraform takes $TF or terraform on PATH, and refuses where neither is Terraform.
	WantTerraform Want = "terraform"
	// WantOpenTofu takes $TOFU, else the pinned OpenTofu.
	WantOpenTofu Want = "opentofu"
	// WantPinned takes the pinned OpenTofu whatever else there is, for output that must not depend on
	// the machine.
	WantPinned Want = "pinned"
)

// Wants returns every value of [Want], for the help texts of commands.
func Wants() []Want {
	return []Want{WantAny, WantTerraform, WantOpenTofu, WantPinned}
}

// Find returns a CLI that want accepts, [Minimum] or newer. root is the directory of this module; say,
// which may be nil, receives one line for each thing that a person waiting would like to know.
//
// A CLI that the environment names is taken or refused, never passed over. One on PATH that is too old
// or does not run is passed over with a line to say.
func Find(ctx context.Context, root string, want Want, say func(line string)) (Tool, error) {
	if say == nil {
		say = func(string) {}
	}
	return finder{
		getenv:   os.Getenv,
		lookPath: exec.LookPath,
		identify: Identify,
		build:    func(ctx context.Context) (string, error) { return BuildOpenTofu(ctx, root, say) },
		say:      say,
	}.find(ctx, want)
}

// finder holds what Find asks of the machine, so that tests can be a machine.
type finder struct {
	getenv   func(name string) string
	lookPath func(file string) (string, error)
	identify func(ctx context.Context, path string) (Tool, error)
	build    func(ctx context.Context) (string, error)
	say      func(line string)
}

func (f finder) find(ctx context.Context, want Want) (Tool, error) {
	switch want {
	case WantAny:
		return f.findAny(ctx)
	case WantTerraform:
		return f.findTerraform(ctx)
	case WantOpenTofu:
		if path := f.getenv("TOFU"); path != "" {
			return f.named(ctx, "TOFU", path, OpenTofu)
		}
		return f.pinned(ctx)
	case WantPinned:
		return f.pinned(ctx)
	default:
		return Tool{}, fmt.Errorf("unknown kind of CLI %q, want one of %v", want, Wants())
	}
}

func (f finder) findAny(ctx context.Context) (Tool, error) {
	for _, variable := range []string{"TF", "TOFU"} {
		if path := f.getenv(variable); path != "" {
			return f.named(ctx, variable, path, "")
		}
	}
	for _, name := range []string{"terraform", "tofu"} {
		if tool, ok := f.onPath(ctx, name); ok {
			return tool, nil
		}
	}
	return f.pinned(ctx)
}

func (f finder) findTerraform(ctx context.Context) (Tool, error) {
	if path := f.getenv("TF"); path != "" {
		return f.named(ctx, "TF", path, Terraform)
	}
	if tool, ok := f.onPath(ctx, "terraform"); ok && tool.Engine == Terraform {
		return tool, nil
	}
	return Tool{}, fmt.Errorf("no Terraform %s or newer on PATH: install one, name one with TF=/path/to/terraform, "+
		"or run the same tests under OpenTofu with make testacc-tofu", Minimum())
}

// named judges a CLI that an environment variable names. An empty engine accepts both.
func (f finder) named(ctx context.Context, variable, value string, engine Engine) (Tool, error) {
	path, err := f.lookPath(value)
	if err != nil {
		return Tool{}, fmt.Errorf("%s=%s: %w", variable, value, err)
	}
	tool, err := f.identify(ctx, path)
	if err != nil {
		return Tool{}, fmt.Errorf("%s=%s: %w", variable, value, err)
	}
	if engine != "" && tool.Engine != engine {
		return Tool{}, fmt.Errorf("%s=%s is %s, need %s", variable, value, tool.Engine, engine)
	}
	if tool.Version.Compare(Minimum()) < 0 {
		return Tool{}, fmt.Errorf("%s=%s is %s %s, need %s or newer", variable, value, tool.Engine, tool.Version, Minimum())
	}
	return tool, nil
}

// onPath looks a name up and says why what it found is of no use, if so.
func (f finder) onPath(ctx context.Context, name string) (Tool, bool) {
	path, err := f.lookPath(name)
	if err != nil {
		return Tool{}, false
	}
	tool, err := f.identify(ctx, path)
	if err != nil {
		f.say(fmt.Sprintf("passing over %s: %v", path, err))
		return Tool{}, false
	}
	if tool.Version.Compare(Minimum()) < 0 {
		f.say(fmt.Sprintf("passing over %s: older than %s", tool, Minimum()))
		return Tool{}, false
	}
	return tool, true
}

func (f finder) pinned(ctx context.Context) (Tool, error) {
	path, err := f.build(ctx)
	if err != nil {
		return Tool{}, err
	}
	tool, err := f.identify(ctx, path)
	if err != nil {
		return Tool{}, err
	}
	if tool.Engine != OpenTofu {
		return Tool{}, errors.New("tools/opentofu built something that does not call itself OpenTofu")
	}
	return tool, nil
}
