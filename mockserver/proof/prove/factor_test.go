// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"cmp"
	"encoding/json"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/material"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/worlds"
)

// The tests of this file show, on random worlds and for every evaluator, that dimensions which the enumeration
// does not cross do not interact. Factors names them.

// factorWorlds is how many worlds each test looks at, and factorSeed where they begin.
const (
	factorWorlds = 16
	factorSeed   = 0xfac7
)

// seated are the evaluators.
func seated(t *testing.T) []panel.Evaluator {
	t.Helper()
	list, err := Evaluators()
	if err != nil {
		t.Fatal(err)
	}
	return list
}

// eachScene hands over random questions; compared must say how many of them the property was about.
func eachScene(t *testing.T, least int, property func(e panel.Evaluator, s *scene.Scene) (compared bool)) {
	t.Helper()
	for _, e := range seated(t) {
		count := 0
		for n := range uint64(factorWorlds) {
			for _, b := range worlds.New(factorSeed, n).Batches() {
				for i := 0; i < len(b.Requests); i += 3 {
					if property(e, b.Scene(i)) {
						count++
					}
				}
			}
		}
		if count < least {
			t.Errorf("%s: the property was about %d questions only, want %d", e.Name(), count, least)
		}
	}
}

// verdictOf judges a scene.
func verdictOf(t *testing.T, e panel.Evaluator, s *scene.Scene) scene.Verdict {
	t.Helper()
	v, err := panel.Judge(e, s)
	if err != nil {
		t.Fatalf("%v\n%s", err, asJSON(s))
	}
	return v
}

func asJSON(s *scene.Scene) string {
	text, err := json.Marshal(s)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

// same fails the test unless two scenes are judged alike.
func same(t *testing.T, e panel.Evaluator, a, b *scene.Scene) {
	t.Helper()
	if v, w := verdictOf(t, e, a), verdictOf(t, e, b); !panel.Equal(v, w) {
		t.Fatalf("%s: %s became %s\nbefore: %s\nafter:  %s", e.Name(), phrase(&v), phrase(&w), asJSON(a), asJSON(b))
	}
}

func isToken(c *scene.Credential) bool {
	return c != nil && (c.Kind == scene.UserToken || c.Kind == scene.AccountToken)
}

// lastEarlyGate is the last gate that looks at neither policies nor roles.
const lastEarlyGate = 6

func TestFactor_earlyGates(t *testing.T) {
	t.Parallel()
	nothing := []scene.Policy{{
		Effect: "allow", Groups: []string{material.GroupNamed(material.ScopeAccount, "Account Rulesets Read").ID},
		Resources: scene.Flat(scene.AccountPrefix + material.ID("no account")),
	}}
	eachScene(t, 500, func(e panel.Evaluator, s *scene.Scene) bool {
		if s.Request.Mode != scene.ModeTargets || !isToken(s.Credential) {
			return false
		}
		// Without policies, roles and their rights the same early gate refuses.
		v := verdictOf(t, e, s)
		bare := s.Clone()
		bare.Credential.Policies = nothing
		for i := range bare.World.Members {
			bare.World.Members[i].Roles, bare.World.Members[i].Policies = nil, nil
		}
		w := verdictOf(t, e, bare)
		isEarly := func(v scene.Verdict) bool { return !v.Allowed && v.Gate <= lastEarlyGate }
		if isEarly(v) != isEarly(w) || isEarly(v) && !panel.Equal(v, w) {
			t.Fatalf("%s: %s became %s without grants\n%s", e.Name(), phrase(&v), phrase(&w), asJSON(s))
		}
		if isEarly(v) {
			return true
		}
		// Where they pass, life, address and switch decide nothing more.
		plain := s.Clone()
		c := plain.Credential
		c.NotBefore, c.ExpiresOn, c.In, c.NotIn = nil, nil, nil, nil
		for i := range plain.World.Accounts {
			plain.World.Accounts[i].APIAccess = nil
		}
		for i := range plain.World.Members {
			plain.World.Members[i].APIAccess = nil
		}
		same(t, e, s, plain)
		return true
	})
}

// acceptedBy are the ids of A for the request.
func acceptedBy(r *scene.Request) map[string]bool {
	set := make(map[string]bool)
	if r.Switch != nil {
		set[material.GroupNamed(material.ScopeAccount, "Account Settings Write").ID] = true
		return set
	}
	for _, g := range material.OperationNamed(r.Operation).Accepts {
		set[g.ID] = true
	}
	if r.Mode == scene.ModeRecord {
		set[material.GroupNamed(material.ScopeZone, "DNS Read").ID] = true
	}
	return set
}

func TestFactor_otherGroups(t *testing.T) {
	t.Parallel()
	eachScene(t, 500, func(e panel.Evaluator, s *scene.Scene) bool {
		if !isToken(s.Credential) {
			return false
		}
		accepted := acceptedBy(&s.Request)
		less := s.Clone()
		changed := false
		var kept []scene.Policy
		for _, p := range less.Credential.Policies {
			before := len(p.Groups)
			p.Groups = slices.DeleteFunc(p.Groups, func(id string) bool { return !accepted[id] })
			changed = changed || len(p.Groups) < before
			if len(p.Groups) > 0 {
				kept = append(kept, p)
			}
		}
		less.Credential.Policies = kept
		if changed {
			same(t, e, s, less)
		}
		return changed
	})
}

func TestFactor_policiesAreUnions(t *testing.T) {
	t.Parallel()
	eachScene(t, 500, func(e panel.Evaluator, s *scene.Scene) bool {
		if !isToken(s.Credential) {
			return false
		}
		split := s.Clone()
		split.Credential.Policies = nil
		for _, p := range s.Credential.Policies {
			for _, group := range p.Groups {
				for _, resources := range singles(p.Resources) {
					split.Credential.Policies = append(split.Credential.Policies, scene.Policy{
						Effect: p.Effect, Groups: []string{group}, Resources: resources,
					})
				}
			}
		}
		slices.Reverse(split.Credential.Policies)
		same(t, e, s, split)
		return true
	})
}

// singles are the resources one by one.
func singles(resources map[string]any) []map[string]any {
	var list []map[string]any
	for _, key := range slices.Sorted(maps.Keys(resources)) {
		nested, ok := resources[key].(map[string]any)
		if !ok {
			list = append(list, scene.Flat(key))
			continue
		}
		for _, inner := range slices.Sorted(maps.Keys(nested)) {
			list = append(list, scene.Nested(key, inner))
		}
	}
	return list
}

// touched are the accounts and zones of the request's targets.
func touched(s *scene.Scene) (accounts, zones map[string]bool) {
	accounts, zones = make(map[string]bool), make(map[string]bool)
	targets := slices.Clone(s.Request.Targets)
	for _, t := range []*scene.Target{s.Request.Before, s.Request.After} {
		if t != nil {
			targets = append(targets, *t)
		}
	}
	for _, t := range targets {
		accounts[t.Account], zones[t.Zone] = true, true
	}
	for _, z := range s.World.Zones {
		if zones[z.ID] {
			accounts[z.Account] = true
		}
	}
	return accounts, zones
}

func TestFactor_otherKeys(t *testing.T) {
	t.Parallel()
	eachScene(t, 300, func(e panel.Evaluator, s *scene.Scene) bool {
		// Whether a list is answered at all depends on keys wherever they point.
		if !isToken(s.Credential) || s.Request.Mode == scene.ModeList {
			return false
		}
		accounts, zones := touched(s)
		less := s.Clone()
		changed := false
		for _, p := range less.Credential.Policies {
			for key := range p.Resources {
				zone, isZone := strings.CutPrefix(key, scene.ZonePrefix)
				account, isAccount := strings.CutPrefix(key, scene.AccountPrefix)
				switch {
				case isZone && zone != scene.Any && !zones[zone], !isZone && isAccount && account != scene.Any && !accounts[account]:
					delete(p.Resources, key)
					changed = true
				}
			}
		}
		if changed {
			same(t, e, s, less)
		}
		return changed
	})
}

func TestFactor_otherThings(t *testing.T) {
	t.Parallel()
	eachScene(t, 500, func(e panel.Evaluator, s *scene.Scene) bool {
		if s.Credential == nil {
			return false
		}
		accounts, zones := touched(s)
		less := s.Clone()
		w := &less.World
		w.Accounts = slices.DeleteFunc(w.Accounts, func(a scene.Account) bool { return !accounts[a.ID] })
		w.Zones = slices.DeleteFunc(w.Zones, func(z scene.Zone) bool { return !zones[z.ID] })
		w.Members = slices.DeleteFunc(w.Members, func(m scene.Member) bool {
			return m.User != s.Credential.User || !accounts[m.Account]
		})
		same(t, e, s, less)
		return true
	})
}

func TestFactor_names(t *testing.T) {
	t.Parallel()
	eachScene(t, 500, func(e panel.Evaluator, s *scene.Scene) bool {
		text := asJSON(s)
		var renames []string
		for _, a := range s.World.Accounts {
			renames = append(renames, a.ID)
		}
		for _, z := range s.World.Zones {
			renames = append(renames, z.ID)
		}
		for _, m := range s.World.Members {
			renames = append(renames, m.User)
		}
		slices.Sort(renames)
		for _, id := range slices.Compact(renames) {
			// Made identifiers begin with their kind's letters and never with f, so that no two meet.
			text = strings.ReplaceAll(text, id, "f"+reversed(id)[:len(id)-1])
		}
		renamed := &scene.Scene{}
		if err := json.Unmarshal([]byte(text), renamed); err != nil {
			t.Fatal(err)
		}
		same(t, e, s, renamed)
		return true
	})
}

func reversed(s string) string {
	b := []byte(s)
	slices.Reverse(b)
	return string(b)
}

// reasonsInOrder are the reasons of a gate that has several, in their order.
var reasonsInOrder = []string{
	"user_credential_required", "super_administrator_required", "administrator_required", "enterprise_required", "tenant_required",
}

func TestFactor_targets(t *testing.T) {
	t.Parallel()
	eachScene(t, 30, func(e panel.Evaluator, s *scene.Scene) bool {
		if s.Request.Mode != scene.ModeTargets || len(s.Request.Targets) < 2 {
			return false
		}
		first := scene.Verdict{Allowed: true}
		for _, target := range s.Request.Targets {
			single := s.Clone()
			single.Request.Targets = []scene.Target{target}
			v := verdictOf(t, e, single)
			earlier := cmp.Or(cmp.Compare(v.Gate, first.Gate), cmp.Compare(slices.Index(reasonsInOrder, v.Reason), slices.Index(reasonsInOrder, first.Reason))) < 0
			if !v.Allowed && (first.Allowed || earlier) {
				first = v
			}
		}
		if v := verdictOf(t, e, s); !panel.Equal(v, first) {
			t.Fatalf("%s: %s, and the earliest of its targets %s\n%s", e.Name(), phrase(&v), phrase(&first), asJSON(s))
		}
		return true
	})
}

func TestFactor_lists(t *testing.T) {
	t.Parallel()
	eachScene(t, 5, func(e panel.Evaluator, s *scene.Scene) bool {
		if s.Request.Mode != scene.ModeList {
			return false
		}
		v := verdictOf(t, e, s)
		for i, listed := range v.Items {
			single := s.Clone()
			single.Request.Mode, single.Request.Targets = scene.ModeTargets, []scene.Target{s.Request.Targets[i]}
			if w := verdictOf(t, e, single); w.Allowed != listed {
				t.Fatalf("%s: item %d listed: %v, and by itself %s\n%s", e.Name(), i, listed, phrase(&w), asJSON(s))
			}
		}
		return v.Allowed
	})
}

// TestFactors holds that the report names tests that are there.
func TestFactors(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("factor_test.go")
	if err != nil {
		t.Fatal(err)
	}
	named := 0
	for _, f := range Factors() {
		if !strings.Contains(string(text), "func "+f.Test+"(t *testing.T) {") {
			t.Errorf("there is no test %s", f.Test)
		}
		named++
	}
	if tests := strings.Count(string(text), "\nfunc TestFactor_"); tests != named {
		t.Errorf("%d factors are named, and %d tests show one", named, tests)
	}
}
