// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package attacks

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// noon is the instant at which every attack takes place.
var noon = time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)

// stored is a record of the world as the change log tells it.
type stored struct {
	id     string
	record record
	marker string // its content: a text that no other record and no attack holds; "" once it was written anew
}

// scenario is a world under attack.
type scenario struct {
	tokens  []*token
	zones   map[string]string // ids by name
	names   map[string]string // names by id
	initial state.Batch

	world   *state.World
	handler http.Handler
	records map[string]stored
	order   []string // ids of records, also of ones that are gone: they are attacked too
	changes []state.Change
}

// Append takes what a request changed. It implements [state.LogSink].
func (s *scenario) Append(batch state.Batch) error {
	s.changes = append(s.changes, batch.Changes...)
	return nil
}

// markers are what the contents of seeded records begin with; no attack writes them.
var markers = []string{"203.0.113.", "192.0.2.", "marker-", "victim-"}

// seedRecords are the records of both zones; the markers are their contents.
func seedRecords() string {
	var b strings.Builder
	for i, r := range [][2]string{
		{"A", "@"},
		{"A", "www"},
		{"A", "secret"},
		{"A", "a.dyn"},
		{"A", "secret.dyn"},
		{"TXT", "_acme-challenge"},
		{"TXT", "_acme-challenge.www"},
		{"TXT", "_acme-challenge.secret"},
		{"TXT", "secret"},
		{"TXT", "@"},
		{"TXT", "bücher"},
		{"CNAME", "_acme-challenge.alias"},
		{"MX", "@"},
		{"A", "*.dyn"},
	} {
		content := fmt.Sprintf("marker-%02d-text", i)
		switch r[0] {
		case "A":
			content = fmt.Sprintf("203.0.113.%d", 100+i)
		case "CNAME", "MX":
			content = fmt.Sprintf("marker-%02d.example.net", i)
		}
		fmt.Fprintf(&b, "      - {type: %s, name: %q, content: %q, ttl: 300%s}\n", r[0], r[1], content, map[bool]string{true: ", priority: 10"}[r[0] == "MX"])
	}
	return b.String()
}

// newScenario makes a world whose tokens have random rules.
func newScenario(rng *rand.Rand) (*scenario, error) {
	var text strings.Builder
	text.WriteString("users: {super: {email: super@example.com}}\naccounts: {acme: {name: Acme, type: standard, members: {super: {roles: [Super Administrator - All Privileges]}}}}\nzones:\n")
	for _, zone := range []string{ownZone, otherZone} {
		records := seedRecords()
		if zone == otherZone { // other contents, so that one zone's markers are not the other's
			records = strings.NewReplacer("203.0.113.", "192.0.2.", "marker-", "victim-").Replace(records)
		}
		fmt.Fprintf(&text, "  %s:\n    account: acme\n    records:\n%s", zone, records)
	}
	text.WriteString("tokens:\n")
	s := &scenario{}
	for i := range 6 {
		t := &token{ref: fmt.Sprintf("token-%d", i), rules: randomRules(rng)}
		s.tokens = append(s.tokens, t)
		fmt.Fprintf(&text, "  %s:\n    user: super\n    policies:\n%s", t.ref, policies(t.rules))
	}
	s.world = state.New(state.Options{HashKey: [32]byte{1}})
	loaded, err := seed.Load("scenario", []byte(text.String()), s.world)
	if err != nil {
		return nil, fmt.Errorf("the scenario's seed is not valid: %w", err)
	}
	for _, t := range s.tokens {
		i := slices.IndexFunc(loaded.Credentials, func(c seed.Credential) bool { return c.Ref == t.ref })
		t.secret = loaded.Credentials[i].Value
	}
	if s.initial, err = s.world.Export(); err != nil {
		return nil, err
	}
	if err := s.reset(); err != nil {
		return nil, err
	}
	return s, nil
}

// patterns are what record rules are about.
var patterns = []string{
	"_acme-challenge.*", "_acme-challenge." + ownZone, "*." + ownZone, "*.dyn." + ownZone, "www." + ownZone, "*secret*", "*", "secret." + ownZone,
	"xn--bcher-kva." + ownZone, "*.www." + ownZone, "a*." + ownZone, ownZone,
}

func randomRules(rng *rand.Rand) []rule {
	one := func(deny bool) rule {
		r := rule{deny: deny, write: rng.IntN(3) > 0, zone: ownZone}
		if rng.IntN(6) > 0 {
			r.recordType, r.pattern = pick(rng, []string{"TXT", "A", "*", "CNAME", "MX"}), pick(rng, patterns)
		}
		return r
	}
	rules := []rule{one(false)}
	for range rng.IntN(3) {
		rules = append(rules, one(rng.IntN(2) == 0))
	}
	return rules
}

// policies writes rules as policies of a seed, one each.
func policies(rules []rule) string {
	var b strings.Builder
	for _, r := range rules {
		effect, group := "allow", "DNS Read"
		if r.deny {
			effect = "deny"
		}
		if r.write {
			group = "DNS Write"
		}
		resources := fmt.Sprintf("{zones: [%s]}", r.zone)
		if r.pattern != "" {
			resources = fmt.Sprintf("{dns_records: [{zone: %s, type: %q, name: %q}]}", r.zone, r.recordType, r.pattern)
		}
		fmt.Fprintf(&b, "      - {effect: %s, permission_groups: [%s], resources: %s}\n", effect, group, resources)
	}
	return b.String()
}

// reset brings the world back to its beginning, so that attacks keep finding records to aim at.
func (s *scenario) reset() error {
	world, err := state.Replay(state.Options{HashKey: [32]byte{1}, Log: s}, slices.Values([]state.Batch{s.initial}))
	if err != nil {
		return err
	}
	s.world = world
	s.handler = cloudflare.New(cloudflare.Options{World: world, Clock: func() time.Time { return noon }}).Handler()
	s.records, s.order = map[string]stored{}, nil
	s.zones, s.names = map[string]string{}, map[string]string{}
	for _, change := range s.initial.Changes {
		if change.Kind == state.KindZone {
			var zone struct{ Name string }
			if err := json.Unmarshal(change.Value, &zone); err != nil {
				return err
			}
			s.zones[zone.Name], s.names[change.Key] = change.Key, zone.Name
		}
	}
	for _, change := range s.initial.Changes {
		if change.Kind == state.KindRecord {
			r, err := s.read(change)
			if err != nil {
				return err
			}
			s.records[r.id], s.order = r, append(s.order, r.id)
		}
	}
	return nil
}

// read decodes a record from the change log.
func (s *scenario) read(change state.Change) (stored, error) {
	var row struct{ Zone, Type, Name, Content string }
	if err := json.Unmarshal(change.Value, &row); err != nil {
		return stored{}, fmt.Errorf("reading the change of record %s: %w", change.Key, err)
	}
	r := stored{id: change.Key, record: record{zone: s.names[row.Zone], recordType: row.Type, name: row.Name}}
	for _, prefix := range markers {
		if strings.HasPrefix(strings.Trim(row.Content, `"`), prefix) {
			r.marker = strings.Trim(row.Content, `"`)
		}
	}
	return r, nil
}

// anyRecord is a record of either zone, present or gone.
func (s *scenario) anyRecord(rng *rand.Rand) stored {
	id := pick(rng, s.order)
	if r, ok := s.records[id]; ok {
		return r
	}
	return stored{id: id}
}
