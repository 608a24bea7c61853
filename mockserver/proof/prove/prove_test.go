// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// sample is a fixed slice of all proofs.
func sample(t *testing.T) *Config {
	t.Helper()
	return &Config{Cells: -1, Random: 20_000, Monotony: 60_000, Attacks: 2_000, Seed: 7, Workers: 2, Disagreements: t.TempDir()}
}

// runSection runs the section with that name and fails the test on any failure.
func runSection(t *testing.T, c *Config, name string) Counts {
	t.Helper()
	list, err := Select(name)
	if err != nil {
		t.Fatal(err)
	}
	counts, err := list[0].Run(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if counts.Failures > 0 {
		for _, file := range counts.Replays {
			text, err := os.ReadFile(file)
			t.Errorf("%s: %s (%v)", file, text, err)
		}
		t.Fatalf("%d failures", counts.Failures)
	}
	return counts
}

func TestOperations(t *testing.T) {
	t.Parallel()
	c := sample(t)
	var log bytes.Buffer
	c.Log = &log
	counts, err := runOperations(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if counts.Failures > 0 {
		t.Errorf("%d operations accept other groups:\n%s", counts.Failures, log.String())
	}
	if got := counts.Figures[0].Value; got < 1383 {
		t.Errorf("%d operations were compared, want all 1383", got)
	}
}

func TestRandom(t *testing.T) {
	t.Parallel()
	counts := runSection(t, sample(t), "random")
	if got := counts.Figures[0].Value; got < 20_000 {
		t.Errorf("%d decisions, want 20000", got)
	}
	if got, want := len(counts.Details), len(everyOutcome); got != want {
		t.Errorf("%d outcomes, want %d: %v", got, want, counts.Details)
	}
}

func TestMonotony(t *testing.T) {
	t.Parallel()
	counts := runSection(t, sample(t), "monotony")
	if got := counts.Figures[0].Value; got < 60_000 {
		t.Errorf("%d cases, want 60000", got)
	}
}

func TestAttacks(t *testing.T) {
	t.Parallel()
	counts := runSection(t, sample(t), "attacks")
	if got := counts.Figures[0].Value; got < 2_000 || len(counts.Details) == 0 {
		t.Errorf("%d attacks of %d kinds, want 2000", got, len(counts.Details))
	}
}

func TestCells(t *testing.T) {
	t.Parallel()
	c := sample(t)
	c.Sample = 797
	counts := runSection(t, c, "cells")
	if got := counts.Figures[0].Value; got < 10_000 {
		t.Errorf("%d cells, want 10000 at least", got)
	}
}

func TestCells_limit(t *testing.T) {
	t.Parallel()
	c := sample(t)
	c.Cells, c.Sample = 100, 500
	if got := runSection(t, c, "cells").Figures[0].Value; got < 100 || got > 30_000 {
		t.Errorf("%d cells, want about 100", got)
	}
	c.Cells = 0
	if got := runSection(t, c, "cells").Figures[0].Value; got != 0 {
		t.Errorf("%d cells, want none", got)
	}
}

// faulty is an evaluator with a planted fault.
type faulty struct {
	panel.Evaluator
	fault func(c *scene.Credential, r *scene.Request, v *scene.Verdict) error
}

type faultyWorld struct {
	panel.World
	*faulty
}

type faultyCredential struct {
	panel.Credential
	*faulty
	credential *scene.Credential
}

func (f *faulty) World(w *scene.World) (panel.World, error) {
	world, err := f.Evaluator.World(w)
	return faultyWorld{world, f}, err
}

func (w faultyWorld) Credential(c *scene.Credential) (panel.Credential, error) {
	bound, err := w.World.Credential(c)
	return faultyCredential{bound, w.faulty, c}, err
}

func (c faultyCredential) Judge(r *scene.Request) (scene.Verdict, error) {
	v, err := c.Credential.Judge(r)
	if err == nil {
		err = c.fault(c.credential, r, &v)
	}
	return v, err
}

// plant seats the three evaluators with a fault in one of them.
func plant(c *Config, at int, fault func(*scene.Credential, *scene.Request, *scene.Verdict) error) {
	c.Evaluators = func() ([]panel.Evaluator, error) {
		list, err := Evaluators()
		if err != nil {
			return nil, err
		}
		list[at] = &faulty{list[at], fault}
		return list, nil
	}
}

// deniesTwice is a rare case: a token with two policies that deny, in which the fault forgets the refusal.
func deniesTwice(c *scene.Credential, _ *scene.Request, v *scene.Verdict) error {
	denies := 0
	if c != nil {
		for _, p := range c.Policies {
			if p.Effect == "deny" {
				denies++
			}
		}
	}
	if denies >= 2 && v.Reason == "denied_by_policy" && v.Gate == 8 {
		*v = scene.Verdict{Allowed: true}
	}
	return nil
}

// TestHarness_plantedFault holds that a rare wrong allowance in any evaluator is found, shrunk to what it takes,
// and replayed from its file.
func TestHarness_plantedFault(t *testing.T) {
	t.Parallel()
	for at, name := range []string{"engine", "oracle", "cedar"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := sample(t)
			c.Random = 6_000
			plant(c, at, deniesTwice)
			counts, err := runRandom(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			if counts.Failures == 0 || len(counts.Replays) == 0 {
				t.Fatal("the fault was not found")
			}
			s, err := ReadScene(counts.Replays[0])
			if err != nil {
				t.Fatal(err)
			}
			if got := len(s.Credential.Policies); got != 3 {
				t.Errorf("the minimal scene has %d policies, want an allow and two denies:\n%s", got, asJSON(s))
			}
			if len(s.World.Accounts) > 1 || len(s.World.Members) > 1 || len(s.World.Zones) > 1 || len(s.Credential.In) > 0 {
				t.Errorf("the scene is not minimal:\n%s", asJSON(s))
			}
			var out bytes.Buffer
			if err := Replay(c, s, &out); !errors.Is(err, ErrDisagree) {
				t.Errorf("replaying says %v, want a disagreement", err)
			}
			for _, want := range []string{"engine:", "oracle:", "cedar:", "gate 8 denied_by_policy", "allowed", "the engine's trace", "forbid"} {
				if !strings.Contains(out.String(), want) {
					t.Errorf("the replay does not show %q:\n%s", want, out.String())
				}
			}
		})
	}
}

// TestHarness_plantedReason holds that a wrong reason is found too.
func TestHarness_plantedReason(t *testing.T) {
	t.Parallel()
	c := sample(t)
	c.Random = 3_000
	plant(c, 0, func(_ *scene.Credential, r *scene.Request, v *scene.Verdict) error {
		if r.Mode == scene.ModeTargets && v.Reason == "api_access_disabled" {
			v.Reason = "target_not_found"
		}
		return nil
	})
	counts, err := runRandom(t.Context(), c)
	if err != nil || counts.Failures == 0 {
		t.Errorf("found %d failures, %v; want some", counts.Failures, err)
	}
}

var errPlanted = errors.New("cannot judge")

// TestHarness_plantedError holds that an evaluator which cannot judge is a failure, with a scene to replay.
func TestHarness_plantedError(t *testing.T) {
	t.Parallel()
	c := sample(t)
	c.Random = 3_000
	plant(c, 2, func(credential *scene.Credential, _ *scene.Request, _ *scene.Verdict) error {
		if credential != nil && credential.Kind == scene.OriginCAKey {
			return errPlanted
		}
		return nil
	})
	counts, err := runRandom(t.Context(), c)
	if err != nil || counts.Failures == 0 {
		t.Fatalf("found %d failures, %v; want some", counts.Failures, err)
	}
	s, err := ReadScene(counts.Replays[0])
	if err != nil {
		t.Fatal(err)
	}
	if err := Replay(c, s, &bytes.Buffer{}); !errors.Is(err, errPlanted) {
		t.Errorf("replaying says %v, want the evaluator's error", err)
	}
}

// TestHarness_monotony holds that an engine in which a deny opens something is found.
func TestHarness_monotony(t *testing.T) {
	t.Parallel()
	c := sample(t)
	plant(c, 0, deniesTwice)
	counts, err := runMonotony(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	if counts.Failures == 0 || len(counts.Replays) < 2 {
		t.Fatalf("%d failures and %d files; want some of both", counts.Failures, len(counts.Replays))
	}
	for _, file := range counts.Replays[:2] {
		if _, err := ReadScene(file); err != nil {
			t.Error(err)
		}
	}
}

// TestHarness_missingOutcome holds that worlds which never bring a reason about prove nothing.
func TestHarness_missingOutcome(t *testing.T) {
	t.Parallel()
	c := sample(t)
	c.Evaluators = func() ([]panel.Evaluator, error) {
		return []panel.Evaluator{panel.Whole("yes", func(*scene.Scene) (scene.Verdict, error) {
			return scene.Verdict{Allowed: true}, nil
		})}, nil
	}
	if _, err := runRandom(t.Context(), c); err == nil || !strings.Contains(err.Error(), "never ended in") {
		t.Errorf("got %v, want an error about outcomes", err)
	}
}

func TestRun_ends(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := runCells(ctx, sample(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's end", err)
	}
	if _, err := runMonotony(ctx, sample(t)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want the context's end", err)
	}
}

func TestSelect(t *testing.T) {
	t.Parallel()
	list, err := Select("cells, random")
	if err != nil {
		t.Fatal(err)
	}
	if len(list) != 2 || list[0].Name != "cells" || list[1].Name != "random" {
		t.Errorf("got %v", list)
	}
	if _, err := Select("cells,none"); err == nil {
		t.Error("an unknown section was found")
	}
}

func TestResult(t *testing.T) {
	t.Parallel()
	r := &Result{Commit: "abc", Seed: 3, Sample: 1}
	r.Add(Section{Name: "cells", Title: "all agree", Failure: "disagreements"}, Counts{
		Figures: []Count{{Name: "enumerated cells", Value: 12345678}}, Details: []Count{{Name: "allowed", Value: 5}},
		Failures: 1, Replays: []string{"x.json"},
	}, 2*time.Second)
	var text, markdown, encoded bytes.Buffer
	for _, err := range []error{r.WriteText(&text), r.WriteMarkdown(&markdown), r.WriteJSON(&encoded)} {
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"\nenumerated cells: 12345678\n", "\ndisagreements: 1\n", "  allowed: 5\n", "-replay x.json\n"} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("the text lacks %q:\n%s", want, text.String())
		}
	}
	for _, want := range []string{"`abc`", "| all agree | enumerated cells | 12345678 | 1 disagreements |", "TestFactor_targets"} {
		if !strings.Contains(markdown.String(), want) {
			t.Errorf("the tables lack %q:\n%s", want, markdown.String())
		}
	}
	decoded := &Result{}
	if err := json.Unmarshal(encoded.Bytes(), decoded); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(r, decoded); diff != "" {
		t.Errorf("the JSON says something else (-want +got):\n%s", diff)
	}
}
