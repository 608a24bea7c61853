// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package panel

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

func TestEqual(t *testing.T) {
	t.Parallel()
	refused := scene.Verdict{Gate: 7, Reason: "no_matching_grant"}
	for name, c := range map[string]struct {
		a, b scene.Verdict
		want bool
	}{
		"allowed":            {scene.Verdict{Allowed: true}, scene.Verdict{Allowed: true}, true},
		"allowed or not":     {scene.Verdict{Allowed: true}, refused, false},
		"other gate":         {refused, scene.Verdict{Gate: 8, Reason: refused.Reason}, false},
		"other reason":       {refused, scene.Verdict{Gate: 7, Reason: "denied_by_policy"}, false},
		"hidden or not":      {refused, scene.Verdict{Gate: 7, Reason: refused.Reason, Hidden: true}, false},
		"hidden for another": {scene.Verdict{Hidden: true}, scene.Verdict{Gate: 7, Reason: refused.Reason, Hidden: true}, true},
		"other items":        {scene.Verdict{Allowed: true, Items: []bool{true}}, scene.Verdict{Allowed: true, Items: []bool{false}}, false},
	} {
		if got := Equal(c.a, c.b); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if got := Agree([]scene.Verdict{c.a, c.a, c.b}); got != c.want {
			t.Errorf("%s, among three: %v", name, got)
		}
	}
}

// asked is an evaluator that notes what it is asked and refuses what acts on a container of records.
func asked(notes *[]string, err error) Evaluator {
	return Whole("asked", func(s *scene.Scene) (scene.Verdict, error) {
		*notes = append(*notes, s.Request.Mode)
		if s.Request.Mode == scene.ModeTargets {
			return scene.Verdict{Gate: 5, Reason: "target_not_found"}, err
		}
		return scene.Verdict{Allowed: true}, err
	})
}

// TestJudge_container holds that an operation on a record is judged on the zone first, and ends there when
// that is refused.
func TestJudge_container(t *testing.T) {
	t.Parallel()
	var notes []string
	s := &scene.Scene{Request: scene.Request{Mode: scene.ModeRecord, Before: &scene.Target{Kind: scene.OnRecord, Zone: "z"}}}
	v, err := Judge(asked(&notes, nil), s)
	if err != nil {
		t.Fatal(err)
	}
	if v.Gate != 5 || !cmp.Equal(notes, []string{scene.ModeTargets}) {
		t.Errorf("got %+v after %v", v, notes)
	}
	s.Request.Before = nil
	if v, err = Judge(asked(&notes, nil), s); err != nil || !v.Allowed {
		t.Errorf("without a record: %+v, %v", v, err)
	}
}

func TestPanel(t *testing.T) {
	t.Parallel()
	var first, second []string
	p := New(asked(&first, nil), asked(&second, nil))
	b := &Batch{World: &scene.World{}, Requests: []scene.Request{{Mode: scene.ModeTargets}, {Mode: scene.ModeList}}}
	count := 0
	if err := p.Judge(b, func(i int, verdicts []scene.Verdict) {
		if i != count || len(verdicts) != 2 || verdicts[0].Allowed != (i == 1) {
			t.Errorf("request %d: %+v", i, verdicts)
		}
		count++
	}); err != nil {
		t.Fatal(err)
	}
	if count != 2 || len(first) != 2 || !cmp.Equal(first, second) {
		t.Errorf("%d verdicts; asked %v and %v", count, first, second)
	}
	failing := errors.New("no answer")
	p = New(asked(&first, nil), asked(&second, failing))
	err := p.Judge(b, func(int, []scene.Verdict) { t.Error("a verdict without all answers") })
	if !errors.Is(err, failing) || !strings.Contains(err.Error(), "asked") {
		t.Errorf("got %v, want the evaluator's error and name", err)
	}
	if _, err := p.Ask(b.Scene(0)); !errors.Is(err, failing) {
		t.Errorf("got %v, want the evaluator's error", err)
	}
}
