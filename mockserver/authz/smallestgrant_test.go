// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// wider lists the keys that reach a little more than the key does: the steps of
// the partial order that [Explain] describes, written down without the engine.
func wider(w *fakeWorld, k Key) []Key {
	switch k.Form {
	case KeyRecord:
		zone := Key{Form: KeyZone, Zone: k.Zone}
		if k.RecordType == wildcard {
			return []Key{zone}
		}
		return []Key{{Form: KeyRecord, Zone: k.Zone, RecordType: wildcard, Pattern: k.Pattern}, zone}
	case KeyZone, KeyAccountZone:
		return []Key{{Form: KeyAccountAllZones, Account: w.zones[k.Zone].Account}}
	case KeyAccountAllZones:
		return []Key{{Form: KeyAccount, Account: k.Account}, {Form: KeyAllZones}}
	case KeyBucket:
		return []Key{{Form: KeyAccount, Account: k.Account}}
	case KeyAccount:
		return []Key{{Form: KeyAllAccounts}}
	default:
		return nil
	}
}

// isNarrower reports whether the key is strictly narrower than the other.
func isNarrower(w *fakeWorld, k, than Key) bool {
	if than.Form == KeyAccountZone {
		than = Key{Form: KeyZone, Zone: than.Zone}
	}
	for _, next := range wider(w, k) {
		if next == than || isNarrower(w, next, than) {
			return true
		}
	}
	return false
}

// keysAround lists every key of every form that names nothing but what the
// targets name: in a record key, the name and the type of one of them or any type.
func keysAround(w *fakeWorld, c *Credential, targets []Target) []Key {
	keys := []Key{{Form: KeyUser, User: c.User}, {Form: KeyAllAccounts}, {Form: KeyAllZones}}
	for _, t := range targets {
		account := t.Account
		if zone := w.zones[t.Zone]; zone != nil {
			account = zone.Account
			keys = append(keys, Key{Form: KeyZone, Zone: t.Zone}, Key{Form: KeyAccountZone, Account: account, Zone: t.Zone})
		}
		if t.Kind == OnRecord {
			for _, recordType := range []string{t.RecordType, wildcard} {
				if CheckRecordPattern(recordType, t.RecordName) == nil {
					keys = append(keys, Key{Form: KeyRecord, Zone: t.Zone, RecordType: recordType, Pattern: t.RecordName})
				}
			}
		}
		if !account.IsZero() {
			keys = append(keys, Key{Form: KeyAccount, Account: account}, Key{Form: KeyAccountAllZones, Account: account})
		}
		if t.Kind == OnBucket {
			keys = append(keys, Key{Form: KeyBucket, Account: t.Account, Bucket: t.Bucket})
		}
	}
	return keys
}

// claim is a refusal that names a smallest grant, with what it takes to try
// other grants in its place.
type claim struct {
	what    string
	world   *fakeWorld
	token   draft
	request *Request
	missing Grant
	// named are all targets that the request names, and allowed decides it
	// as a whole.
	named   []Target
	allowed func(*Request) bool
}

// with decides the request for the token with one more policy.
func (c *claim) with(tb testing.TB, g *catalog.Group, key Key) bool {
	tb.Helper()
	d := c.token.clone()
	d.policies = append(d.policies, Policy{Effect: Allow, Groups: []catalog.GroupIndex{g.Index}, Resources: []Resource{key.Resource()}})
	r := *c.request
	r.Credential = d.credential(tb)
	return c.allowed(&r)
}

// places counts the accounts and zones that the request names.
func (c *claim) places() int {
	seen := map[ID]bool{}
	for _, t := range c.named {
		seen[cmp.Or(t.Zone, t.Account)] = true
	}
	return len(seen)
}

// refused are those of the targets that are refused by themselves.
func (c *claim) refused() []Target {
	return slices.DeleteFunc(slices.Clone(c.named), func(t Target) bool {
		r := *c.request
		r.Targets = []Target{t}
		return Decide(c.world, &r).Allowed
	})
}

// hold checks the claim and returns how many narrower keys were tried.
func (c *claim) hold(tb testing.TB) int {
	tb.Helper()
	if c.allowed(c.request) {
		tb.Fatalf("%s: allowed, and yet %s is missing", c.what, c.missing)
	}
	if !c.with(tb, c.missing.Group, c.missing.Key) {
		tb.Fatalf("%s: still refused with %s", c.what, c.missing)
	}
	tried := 0
	groups := catalog.Groups()
	for _, key := range keysAround(c.world, c.request.Credential, c.refused()) {
		if !isNarrower(c.world, key, c.missing.Key) {
			continue
		}
		for g := range c.request.Accepts.All() {
			// The group is chosen before the key, and of several places the
			// group must reach all; so another group counts for one place
			// alone, and only when its rank is no higher.
			other := g != c.missing.Group.Index
			if !key.Serves(&groups[g]) || other && (c.places() > 1 || groups[g].Rank > c.missing.Group.Rank) {
				continue
			}
			tried++
			if c.with(tb, &groups[g], key) {
				tb.Fatalf("%s: %s is named, and %s would do", c.what, c.missing, Grant{&groups[g], key})
			}
		}
	}
	return tried
}

// recordOperations are the operations that go on to single records.
var recordOperations = []string{recordRead, recordEdit, recordDelete, recordPost, recordPost, recordPost + "/batch", recordPost + "/import"}

// targetFor picks something that the operation could act on.
func (s *scenario) targetFor(op *catalog.Operation) Target {
	account, zone := named(pick(s.rng, []string{"ent", "std"})), named(pick(s.rng, []string{"z1", "z2", "z3"}))
	switch op.Target {
	case catalog.TargetUser:
		return UserTarget()
	case catalog.TargetAccount:
		return AccountTarget(account)
	case catalog.TargetBucket:
		return BucketTarget(account, "default", pick(s.rng, []string{"bbb", "ccc"}))
	case catalog.TargetAllZones:
		return AllZonesTarget(account)
	case catalog.TargetRecords:
		return RecordsTarget(zone)
	default:
		return ZoneTarget(zone)
	}
}

// record picks a record's place: wildcard records, names that no key can
// hold and types that the model does not know are among them.
func (s *scenario) record() *Target {
	names := []string{"a.z1.example", "b.z1.example", "x.a.z1.example", "z1.example", "*.z1.example", "a@z1.example"}
	t := RecordTarget(named("z1"), pick(s.rng, []string{"TXT", "TXT", "A", "CNAME", "NOTYPE"}), pick(s.rng, names))
	return &t
}

// work picks what a batch or an import might do.
func (s *scenario) work(reads catalog.GroupSet) RecordWork {
	work := RecordWork{Zone: named("z1"), ReadAccepts: reads, Hidden: s.rng.IntN(6) == 0}
	for range 1 + s.rng.IntN(3) {
		var change RecordChange
		switch s.rng.IntN(4) {
		case 0:
			change.After = s.record()
		case 1:
			change.Before = s.record()
		case 2:
			change.Before = s.record()
			change.After = change.Before
		default:
			change.Before, change.After = s.record(), s.record()
		}
		work.Changes = append(work.Changes, change)
	}
	return work
}

// claims asks at random until the scenario has named a few smallest grants.
func (s *scenario) claims(tb testing.TB, seed uint64) []claim {
	tb.Helper()
	var list []claim
	c := s.token.credential(tb)
	reads := ask(tb, c, recordRead).Accepts
	for i := range 60 {
		op := pick(s.rng, catalog.Operations())
		if list := [][]string{nil, propertyOperations, recordOperations}[i%3]; list != nil {
			method, route, _ := strings.Cut(pick(s.rng, list), " ")
			op, _ = catalog.OperationByName(method, route)
		}
		r := &Request{Presence: WellFormed, Credential: c, Address: address, Now: instant}
		r.For(op)
		next := claim{world: s.world, token: s.token, request: r}
		var e Explanation
		switch {
		case op.Target != catalog.TargetRecords || s.rng.IntN(4) == 0:
			r.Targets = []Target{s.targetFor(op)}
			if s.rng.IntN(3) == 0 {
				r.Targets = append(r.Targets, s.targetFor(op))
			}
			if e = Explain(s.world, r); e.Decision != Decide(s.world, r) {
				tb.Fatalf("seed %d: %s on %v explained differently", seed, op.Name(), r.Targets)
			}
			next.named = r.Targets
			next.allowed = func(r *Request) bool { return Decide(s.world, r).Allowed }
		case op.Method == http.MethodPost && s.rng.IntN(2) == 0:
			r.Targets = []Target{*s.record()}
			e = Explain(s.world, r)
			next.named = r.Targets
			next.allowed = func(r *Request) bool { return Decide(s.world, r).Allowed }
		default:
			e = s.askWork(&next, s.work(reads))
		}
		if e.Missing == nil {
			continue
		}
		next.what = fmt.Sprintf("seed %d: %s on %v, token %+v", seed, op.Name(), next.named, s.token)
		next.missing = *e.Missing
		list = append(list, next)
	}
	return list
}

// askWork decides the work step by step as a server does, and explains the
// first refusal.
func (s *scenario) askWork(next *claim, work RecordWork) Explanation {
	r := next.request
	container := RecordsTarget(work.Zone)
	next.named = []Target{container}
	type step struct{ before, after *Target }
	var steps []step
	for _, change := range work.Changes {
		steps = append(steps, step{change.Before, change.After})
		for _, t := range []*Target{change.Before, change.After} {
			if t != nil && !work.Hidden {
				next.named = append(next.named, *t)
			}
		}
	}
	decide := func(r *Request) (Decision, []Target) {
		r.Targets = []Target{container}
		if d := Decide(s.world, r); !d.Allowed {
			return d, r.Targets
		}
		for _, step := range steps {
			if step.before == nil {
				r.Targets = []Target{*step.after}
				if d := Decide(s.world, r); !d.Allowed {
					return d, r.Targets
				}
				continue
			}
			if d, _ := DecideRecord(s.world, r, work.ReadAccepts, step.before, step.after); !d.Allowed {
				targets := []Target{*step.before}
				if step.after != nil {
					targets = append(targets, *step.after)
				}
				return d, targets
			}
		}
		return allow(), nil
	}
	next.allowed = func(r *Request) bool {
		d, _ := decide(r)
		return d.Allowed
	}
	d, targets := decide(r)
	return ExplainRecordWork(s.world, r, d, targets, work)
}

// TestProperty_smallestGrant holds authorization model §9 on 10,000 random
// refusals that name a smallest grant: with it the request is allowed, and on
// any narrower key, in the sense of [Explain], it is not.
func TestProperty_smallestGrant(t *testing.T) {
	t.Parallel()
	const wanted = 10_000
	checked, tried := 0, 0
	forms := map[KeyForm]int{}
	for seed := uint64(0); checked < wanted; seed++ {
		s := newScenario(t, seed)
		s.rng = rand.New(rand.NewPCG(seed, 11))
		for _, c := range s.claims(t, seed) {
			if checked < wanted {
				checked++
				forms[c.missing.Key.Form]++
				tried += c.hold(t)
			}
		}
	}
	t.Logf("%d smallest grants, %d narrower ones tried, by form %v", checked, tried, forms)
	for _, form := range []KeyForm{KeyUser, KeyAccount, KeyZone, KeyAccountAllZones, KeyRecord, KeyBucket} {
		if forms[form] < 100 {
			t.Errorf("only %d grants on keys of form %d", forms[form], form)
		}
	}
	if tried < wanted/2 {
		t.Errorf("only %d narrower grants were tried", tried)
	}
}
