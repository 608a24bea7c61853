// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/cedar"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/engine"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/shrink"
)

// mostWritten bounds how many disagreements of a section are shrunk and written.
const mostWritten = 5

// finish turns a tally into counts. Disagreements are shrunk and written to files that [Replay] reads.
func finish(c *Config, counts Counts, section string, t *tally) (Counts, error) {
	counts.Failures += t.disagreed
	if len(t.disagreements) == 0 {
		return counts, nil
	}
	p, err := c.newPanel()
	if err != nil {
		return counts, err
	}
	for i := range t.disagreements[:min(len(t.disagreements), mostWritten)] {
		file, err := c.write(minimal(p, &t.disagreements[i]), fmt.Sprintf("disagreement-%s-%d.json", section, i+1))
		if err != nil {
			return counts, err
		}
		counts.Replays = append(counts.Replays, file)
	}
	return counts, nil
}

func (c *Config) write(s *scene.Scene, name string) (string, error) {
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing a scene: %w", err)
	}
	file := filepath.Join(c.Disagreements, name)
	const readable = 0o644
	if err := os.WriteFile(file, append(text, '\n'), readable); err != nil {
		return "", fmt.Errorf("writing a scene: %w", err)
	}
	return file, nil
}

// minimal is the smallest scene on which the evaluators still differ, or on which one still cannot judge.
func minimal(p *panel.Panel, d *Disagreement) *scene.Scene {
	return shrink.Minimal(d.Scene, func(s *scene.Scene) bool {
		verdicts, err := p.Ask(s)
		if d.Err != nil {
			return err != nil
		}
		return err == nil && !panel.Agree(verdicts)
	})
}

// ReadScene reads a scene from a file. A field that scenes do not have is an error.
func ReadScene(file string) (*scene.Scene, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, fmt.Errorf("reading a scene: %w", err)
	}
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	s := &scene.Scene{}
	if err := decoder.Decode(s); err != nil {
		return nil, fmt.Errorf("reading a scene from %s: %w", file, err)
	}
	return s, nil
}

// ErrDisagree is what [Replay] ends with when the evaluators differ on the scene.
var ErrDisagree = errors.New("the evaluators disagree")

// Replay asks every evaluator a scene and writes the verdicts, the engine's trace, and the policies that the
// scene becomes in Cedar. It returns [ErrDisagree] when the verdicts differ.
func Replay(c *Config, s *scene.Scene, to io.Writer) error {
	p, err := c.newPanel()
	if err != nil {
		return err
	}
	out := &report{to: to}
	verdicts, judgeErr := p.Ask(s)
	for i, v := range verdicts {
		out.printf("%-8s %s\n", p.Names()[i]+":", phrase(&v))
	}
	e, err := engine.New()
	if err != nil {
		return err
	}
	explanations, err := e.Explain(s)
	if err != nil {
		return errors.Join(judgeErr, fmt.Errorf("engine: %w", err))
	}
	for _, x := range explanations {
		out.printf("\nthe engine's trace:\n")
		for _, step := range x.Steps {
			out.printf("  gate %-2d %-11s %s\n", step.Gate, step.Outcome, step.Detail)
		}
		if x.Sentence != "" {
			out.printf("  %s: %s\n", x.Decision.Reason, x.Sentence)
		}
	}
	translated, err := cedar.New()
	if err != nil {
		return err
	}
	text, err := translated.Text(s)
	if err != nil {
		return errors.Join(judgeErr, fmt.Errorf("cedar: %w", err))
	}
	out.printf("\nthe policies in Cedar:\n\n%s", text)
	switch {
	case judgeErr != nil:
		return judgeErr
	case out.err != nil:
		return out.err
	case !panel.Agree(verdicts):
		return ErrDisagree
	default:
		return nil
	}
}

// phrase puts a verdict on one line.
func phrase(v *scene.Verdict) string {
	text := outcomeOf(v).String()
	if v.Hidden && v.Reason != "" {
		text += fmt.Sprintf(" (gate %d %s)", v.Gate, v.Reason)
	}
	if len(v.Items) > 0 {
		text += fmt.Sprintf(", items %v", v.Items)
	}
	return text
}

// report writes lines and keeps the first error.
type report struct {
	to  io.Writer
	err error
}

func (r *report) printf(format string, args ...any) {
	if r.err == nil {
		_, r.err = fmt.Fprintf(r.to, format, args...)
	}
}
