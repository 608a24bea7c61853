// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// CLI is a CLI with the provider of this tree installed where it looks for it.
type CLI struct {
	Tool cli.Tool
	// ConfigFile is the CLI's own configuration, which names the mirror with the provider.
	ConfigFile string
}

// configured is a subject that configurations say all of.
type configured interface {
	subject
	configurations(w *world) (o *object, before, after acctest.Attributes)
}

// workspace is a directory with a configuration of one resource, and its state.
type workspace struct {
	w         *world
	tool      CLI
	directory string
	object    *object
}

// RunCLI is [Run] with the CLI in the place of the harness's own core: the state is the one that it keeps.
func RunCLI(t *testing.T, tool CLI, scenario Scenario) *Result {
	t.Helper()
	w := newWorld(t, &scenario)
	op := scenario.operation
	s, ok := op.subject(w).(configured)
	if !ok {
		t.Fatalf("faultrun: %s is not for a CLI", op.name)
	}
	object, before, after := s.configurations(w)
	place := &workspace{w: w, tool: tool, directory: t.TempDir(), object: object}
	place.configure(w.bystanderBlock(), before)
	if err := place.try("init"); err != nil {
		t.Fatalf("faultrun: %v", err)
	}
	w.addEarly(&scenario, true)
	if err := place.apply(); err != nil {
		t.Fatalf("faultrun: %s: before the operation: %v", scenario.String(), err)
	}
	if of, ok := s.(*token); ok {
		of.remember(w)
	}
	w.addEarly(&scenario, false)
	w.Server.ResetJournal()

	place.configure(scenario.block(), after)
	w.err = place.apply()
	w.finishAct()
	w.judge(&op, s, w.err == nil)
	w.Server.ClearFaults()

	w.note("one more apply, without faults")
	place.configure(nil, after)
	if w.err = place.apply(); w.err != nil {
		w.fault("one more apply does not converge: %v", w.err)
	} else if w.err = place.try("plan", "-detailed-exitcode"); w.err != nil {
		w.fault("a third run: %v", w.err)
	}
	w.judge(&op, s, true)
	w.journal()
	return w.result
}

// configure writes the configuration: the provider block with further attributes, and the resource unless its
// attributes are nil.
func (p *workspace) configure(block acctest.Object, attributes acctest.Attributes) {
	w := p.w
	w.t.Helper()
	provider := map[string]any{
		"base_url": w.Server.BaseURL, "api_token": w.Server.CredentialOf(mocktest.UserToken, acctest.Terraform).Value,
	}
	maps.Copy(provider, block)
	maps.DeleteFunc(provider, func(_ string, value any) bool { return value == nil })
	config := map[string]any{
		"terraform": map[string]any{"required_providers": map[string]any{"accesscontrol": map[string]any{"source": "accesscontrol/accesscontrol"}}},
		"provider":  map[string]any{"accesscontrol": provider},
	}
	if attributes != nil {
		body := maps.Clone(map[string]any(attributes))
		if p.object.createFirst {
			body["lifecycle"] = map[string]any{"create_before_destroy": true}
		}
		config["resource"] = map[string]any{p.object.typeName: map[string]any{"it": body}}
	}
	text, err := json.Marshal(config)
	if err == nil {
		err = os.WriteFile(filepath.Join(p.directory, "main.tf.json"), text, 0o600)
	}
	if err != nil {
		w.t.Fatalf("faultrun: configuration: %v", err)
	}
}

// apply applies, and takes over the state, whatever came of it.
func (p *workspace) apply() error {
	p.w.t.Helper()
	err := p.try("apply", "-auto-approve")
	p.load()
	return err
}

// try runs a command of the CLI. What it prints is its error.
func (p *workspace) try(command string, arguments ...string) error {
	p.w.t.Helper()
	output, err := p.command(append([]string{command, "-no-color", "-input=false"}, arguments...)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("%s: %w\n%s", command, err, output)
	}
	return nil
}

func (p *workspace) command(arguments ...string) *exec.Cmd {
	process := exec.CommandContext(p.w.t.Context(), p.tool.Tool.Path, arguments...) //nolint:gosec // the CLI under test
	process.Dir, process.Env = p.directory, cli.Environment(os.Environ(), p.tool.ConfigFile)
	return process
}

// load reads the state into the object: what the instances hold, which are tainted and which deposed.
func (p *workspace) load() {
	w := p.w
	w.t.Helper()
	text, err := p.command("state", "pull").Output()
	if err != nil {
		w.t.Fatalf("faultrun: state pull: %v", err)
	}
	var kept struct {
		Resources []struct {
			Instances []struct {
				Status, Deposed string
				Attributes      acctest.Attributes
				Private         []byte
			}
		}
	}
	if strings.TrimSpace(string(text)) != "" {
		err = json.Unmarshal(text, &kept)
	}
	if err != nil {
		w.t.Fatalf("faultrun: state: %v", err)
	}
	p.object.current, p.object.tainted, p.object.deposed = nil, false, nil
	run := w.Start(nil)
	for _, resource := range kept.Resources {
		for _, kept := range resource.Instances {
			instance, err := run.Instance(p.object.typeName, kept.Attributes)
			if err != nil {
				w.t.Fatalf("faultrun: state: %v", err)
			}
			if instance = instance.WithPrivate(kept.Private); kept.Deposed != "" {
				p.object.deposed = append(p.object.deposed, instance)
				continue
			}
			p.object.current, p.object.tainted = instance, kept.Status == "tainted"
		}
	}
	p.compareShown()
}

// compareShown expects that people are shown what the state says: the resource, and that it is tainted.
func (p *workspace) compareShown() {
	w := p.w
	w.t.Helper()
	text, err := p.command("show", "-json").Output()
	var shown struct {
		Values struct {
			Root struct {
				Resources []struct {
					Tainted bool   `json:"tainted"`
					Deposed string `json:"deposed_key"`
				} `json:"resources"`
			} `json:"root_module"`
		} `json:"values"`
	}
	if err = errors.Join(err, json.Unmarshal(text, &shown)); err != nil {
		w.t.Fatalf("faultrun: show: %v", err)
	}
	current := 0
	for _, resource := range shown.Values.Root.Resources {
		if resource.Deposed != "" {
			continue
		}
		current++
		if resource.Tainted != p.object.tainted {
			w.fault("show says tainted: %t, and the state %t", resource.Tainted, p.object.tainted)
		}
	}
	if (current == 1) != (p.object.current != nil) {
		w.fault("show has %d resources, and the state %t", current, p.object.current != nil)
	}
}
