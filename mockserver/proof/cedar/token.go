// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/cedar-policy/cedar-go/ast"
	"github.com/cedar-policy/cedar-go/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// token is the policies of a token. They speak of the owner through the principal, so that tokens of several
// owners can share them.
type token struct {
	policies policies
	// lists permits what can serve a list that spans accounts, wherever its key points.
	lists policyList
}

// shared remembers the policies translated last.
type shared struct {
	first *scene.Policy
	count int
	token *token
}

func (w *world) token(in []scene.Policy) (*token, error) {
	if len(in) > 0 && w.shared.first == &in[0] && w.shared.count == len(in) {
		return w.shared.token, nil
	}
	t, err := translate(w.evaluator.facts, in)
	if err != nil {
		return nil, err
	}
	if len(in) > 0 {
		w.shared = shared{&in[0], len(in), t}
	}
	return t, nil
}

func translate(f *facts, in []scene.Policy) (*token, error) {
	t := &token{}
	for i := range in {
		keys, err := parseResources(in[i].Resources)
		if err != nil {
			return nil, fmt.Errorf("policy %d: %w", i, err)
		}
		for _, id := range in[i].Groups {
			g := f.groups[id]
			if g == nil {
				return nil, fmt.Errorf("policy %d: unknown permission group %q", i, id)
			}
			for _, k := range keys {
				t.add(f, in[i].Effect, g, k)
			}
		}
	}
	return t, nil
}

// add translates one group on one key.
func (t *token) add(f *facts, effect string, g *group, k key) {
	reach := k.reaches(f, g)
	if reach == nil {
		return // The key serves no group of this scope.
	}
	if effect != "allow" {
		for _, place := range reach {
			t.policies.forbid(place(ast.Forbid().ActionIn(uid(typeStrike, g.ID))))
		}
		return
	}
	for _, place := range reach {
		t.policies.permit(place(ast.Permit().ActionIn(uid(typeGroup, g.ID))))
	}
	if k.form == formRecord {
		// On the container of the records a record grant counts, so that the records are looked at next; the
		// zone itself it does not reach (authorization model §5 "First the zone").
		t.policies.permit(ast.Permit().ActionIn(uid(typeGroup, g.ID)).ResourceEq(uid(typeRecords, k.zone)))
	}
	var lists policies
	lists.permit(ast.Permit().ActionIn(uid(typeGroup, g.ID)).ResourceIs(typeAnywhere))
	t.lists = append(t.lists, lists.all...)
}

// form is a form of resource key (authorization model §3).
type form int

const (
	formUser form = iota
	formAccount
	formAllAccounts
	formZone
	formAllZones
	formAccountZones
	formAccountZone
	formRecord
	formBucket
)

// key is a resource key, taken apart.
type key struct {
	form                form
	id                  string // of the user or account
	zone                string
	recordType, pattern string
	bucket              string
}

// place adds to a policy where it holds.
type place func(*ast.Policy) *ast.Policy

// reaches is where the key reaches for the group: the rows of the table of authorization model §4. It is nil
// where the key serves no group of that scope.
func (k key) reaches(f *facts, g *group) []place {
	in := func(t types.EntityType, id string) []place {
		return []place{func(p *ast.Policy) *ast.Policy { return p.ResourceIn(uid(t, id)) }}
	}
	inOwned := func(attribute types.String) []place {
		return []place{func(p *ast.Policy) *ast.Policy {
			return p.When(ast.Principal().Has(attribute)).When(ast.Resource().In(ast.Principal().Access(attribute)))
		}}
	}
	switch {
	case k.form == formUser && g.Scope == "user":
		return []place{func(p *ast.Policy) *ast.Policy { return p.ResourceEq(uid(typeUser, k.id)) }}
	case k.form == formAccount && g.Scope == "account":
		return in(typeAccount, k.id)
	case k.form == formAccount && g.Scope == "zone", k.form == formAccountZones && g.Scope == "zone":
		return in(typeZones, k.id)
	case k.form == formAllAccounts && g.Scope == "account":
		return inOwned("owner")
	case k.form == formAllZones && g.Scope == "zone":
		return inOwned("owner_zones")
	case k.form == formZone && g.Scope == "zone":
		return in(typeZone, k.zone)
	case k.form == formAccountZone && g.Scope == "zone":
		return []place{func(p *ast.Policy) *ast.Policy {
			return p.ResourceIn(uid(typeZone, k.zone)).When(ast.Resource().In(ast.Value(uid(typeZones, k.id))))
		}}
	case k.form == formRecord && (g.ID == f.dnsRead || g.ID == f.dnsWrite):
		return []place{k.record}
	case k.form == formBucket && g.Scope == "r2":
		return []place{func(p *ast.Policy) *ast.Policy { return p.ResourceEq(uid(typeBucket, bucketID(k.id, k.bucket))) }}
	default:
		return nil
	}
}

// record is where a record key reaches.
func (k key) record(p *ast.Policy) *ast.Policy {
	p = p.ResourceIsIn(typeRecord, uid(typeZone, k.zone))
	if k.recordType != scene.Any {
		p = p.When(ast.Resource().Access("type").Equal(ast.String(k.recordType)))
	}
	return p.When(ast.Resource().Access("name").Like(spelledPattern(k.pattern)))
}

func bucketID(account, bucket string) string { return account + "/" + bucket }

func parseResources(in map[string]any) ([]key, error) {
	var keys []key
	for _, outer := range slices.Sorted(maps.Keys(in)) {
		switch value := in[outer].(type) {
		case string:
			k, ok := parseFlat(outer)
			if !ok || value != scene.Any {
				return nil, fmt.Errorf("resource %q: %q is not of a known form", outer, value)
			}
			keys = append(keys, k)
		case map[string]any:
			for _, inner := range slices.Sorted(maps.Keys(value)) {
				k, ok := parseNested(outer, inner)
				if !ok || value[inner] != scene.Any {
					return nil, fmt.Errorf("resource %q, %q: not of a known form", outer, inner)
				}
				keys = append(keys, k)
			}
		default:
			return nil, fmt.Errorf("resource %q has a value of type %T", outer, value)
		}
	}
	return keys, nil
}

// parseFlat takes a key with the value "*" apart. The longer prefix of two comes first.
func parseFlat(s string) (key, bool) {
	if rest, ok := strings.CutPrefix(s, scene.BucketPrefix); ok {
		account, bucket, ok := strings.Cut(rest, "_")
		return key{form: formBucket, id: account, bucket: bucket}, ok
	}
	if rest, ok := strings.CutPrefix(s, scene.UserPrefix); ok {
		return key{form: formUser, id: rest}, true
	}
	if rest, ok := strings.CutPrefix(s, scene.ZonePrefix); ok {
		if rest == scene.Any {
			return key{form: formAllZones}, true
		}
		return key{form: formZone, zone: rest}, true
	}
	if rest, ok := strings.CutPrefix(s, scene.AccountPrefix); ok {
		if rest == scene.Any {
			return key{form: formAllAccounts}, true
		}
		return key{form: formAccount, id: rest}, true
	}
	return key{}, false
}

// parseNested takes a nested key apart.
func parseNested(outer, inner string) (key, bool) {
	if zone, ok := strings.CutPrefix(outer, scene.ZonePrefix); ok {
		rest, isRecord := strings.CutPrefix(inner, scene.RecordPrefix)
		recordType, pattern, hasPattern := strings.Cut(rest, ".")
		return key{form: formRecord, zone: zone, recordType: recordType, pattern: pattern}, isRecord && hasPattern
	}
	account, isAccount := strings.CutPrefix(outer, scene.AccountPrefix)
	zone, isZone := strings.CutPrefix(inner, scene.ZonePrefix)
	if zone == scene.Any {
		return key{form: formAccountZones, id: account}, isAccount && isZone
	}
	return key{form: formAccountZone, id: account, zone: zone}, isAccount && isZone
}
