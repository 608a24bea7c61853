// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package attacks

import (
	"errors"
	"math/rand/v2"
	"strings"
	"testing"
)

// Authorization model §5 "Record keys": a sample of the attacks that the full proof makes, with a fixed seed.
func TestSample(t *testing.T) {
	t.Parallel()
	result, err := Run(t.Context(), Config{Count: 40_000, Seed: 1, Workers: 2})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range result.Bypasses {
		t.Error(b)
	}
	for _, kind := range kinds {
		if result.ByKind[kind] < 1000 || result.AllowedByKind[kind] == 0 {
			t.Errorf("%s: %d attacks, %d of them carried out; a kind that never is, or hardly ever tried, shows nothing", kind, result.ByKind[kind], result.AllowedByKind[kind])
		}
	}
	if result.Attacks < 40_000 {
		t.Errorf("%d attacks", result.Attacks)
	}
	t.Logf("attacks: %d, carried out: %v", result.Attacks, result.AllowedByKind)
}

// The judge must find what is wrong: a token whose rules are narrower than what it really holds comes through
// at once, for writes and for reads.
func TestJudgeFindsBypasses(t *testing.T) {
	t.Parallel()
	for name, rules := range map[string][]rule{
		"writes": {{write: true, zone: ownZone, recordType: "TXT", pattern: "nothing"}},
		"reads":  {{zone: ownZone, recordType: "A", pattern: "nothing"}},
		"denials": {
			{write: true, zone: ownZone},
			{deny: true, write: true, zone: ownZone, recordType: "*", pattern: "*"},
			{deny: true, zone: ownZone, recordType: "*", pattern: "*"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(7, 7))
			s, err := newScenario(rng)
			if err != nil {
				t.Fatal(err)
			}
			found := 0
			for range 3000 {
				victim := *pick(rng, s.tokens)
				victim.rules = rules
				_, err := s.try(&victim, next(rng, s))
				if broken, ok := errors.AsType[*BypassError](err); ok {
					found++
					if !strings.Contains(broken.Error(), "request: ") {
						t.Errorf("the message lacks the request: %v", broken)
					}
					err = s.reset()
				}
				if err != nil {
					t.Fatal(err)
				}
			}
			if found < 10 {
				t.Errorf("%d bypasses found", found)
			}
		})
	}
}

func TestMatches(t *testing.T) {
	t.Parallel()
	for _, row := range []struct {
		pattern, name string
		want          bool
	}{
		{"a", "a", true},
		{"a", "b", false},
		{"*", "a", true},
		{"*", "", false},
		{"*.a", "b.a", true},
		{"*.a", ".a", false},
		{"a*", "a", false},
		{"a*", "ab.c", true},
		{"a*b*c", "a1b2c", true},
		{"a*b*c", "abc", false},
		{"a.b", "a.b.c", false},
	} {
		if got := matches(row.pattern, row.name); got != row.want {
			t.Errorf("matches(%q, %q) = %t", row.pattern, row.name, got)
		}
	}
}
