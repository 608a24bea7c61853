// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"regexp"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/simulation"
)

// The size of the differential test.
const (
	rounds         = 4 // worlds: who is what, and which switches are on
	tokensARound   = 8
	askedOfAToken  = 13
	differentialAt = 20_260_101 // the seed of its random numbers
)

// differ is a run of the differential test.
type differ struct {
	*testing.T
	*rand.Rand
	env *acctest.Env
	// keys are providers that run with a user's Global API key, readers ones with a token of the user that
	// may read some of the facts.
	keys, readers map[string]*acctest.Run
	tokens        []issuedToken
	spent         []issuedToken // those of the readers
	counts        map[string]int
	// dns makes tokens that are about the records of one zone.
	dns bool
}

type issuedToken struct {
	owner, id, secret string // owner is a user, or the account of a token that ann made
	account           bool
	definition        string
	groups            []*catalog.Group
}

// TestDifferential asks the simulation, over the plugin protocol, what a random token may do in a random
// world, and then sends that very request to the server with the token's secret. What the simulation allows
// the server must carry out, and what it refuses for certain the server must refuse, for the same reason.
func TestDifferential(t *testing.T) {
	t.Parallel()
	d := newDiffer(t)
	for range rounds {
		d.newWorld()
		for _, token := range d.tokens {
			for range askedOfAToken {
				d.compare(token)
			}
		}
		for _, account := range []string{"acme", "initech", "globex"} {
			d.compareReport(account)
		}
	}
	for kind, least := range map[string]int{"allowed": 40, "refused": 120, "undecided": 20, "members reported": 15, "tokens reported": 15} {
		if d.counts[kind] < least {
			t.Errorf("only %d answers were %q: %v", d.counts[kind], kind, d.counts)
		}
	}
}

func newDiffer(t *testing.T) *differ {
	t.Helper()
	env := acctest.New(t, mocktest.WithSeed(differentialSeed), mocktest.WithSeededIDs(differentialAt))
	d := &differ{
		T: t, Rand: rand.New(rand.NewPCG(differentialAt, 0)), env: env,
		keys: map[string]*acctest.Run{}, readers: map[string]*acctest.Run{}, counts: map[string]int{},
	}
	for _, user := range []string{"ann", "bob", "terraform"} {
		key := env.Server.CredentialOf(mocktest.GlobalKey, user)
		d.keys[user] = env.Start(acctest.Object{"api_token": nil, "email": key.Email, "api_key": key.Value})
	}
	return d
}

// compare asks the simulation and then the server.
func (d *differ) compare(token issuedToken) {
	d.Helper()
	ask := d.asking(&token)
	asker := d.keys[token.owner]
	if d.IntN(3) == 0 {
		asker = d.readers[token.owner]
	}
	attributes := map[string]any{"token_id": token.id, "operation": ask.operation}
	if token.account {
		attributes["account_id"] = token.owner
		asker = d.keys["ann"]
	}
	if ask.target != nil {
		attributes["target"] = targetValue(ask.target)
	}
	if ask.changes != "" {
		attributes["sets_api_access"] = ask.changes
	}
	if d.IntN(4) > 0 {
		attributes["address"] = "127.0.0.1"
	}
	answer, err := asker.Data(d.Context(), simulation.TypeName, attributes)
	if err != nil {
		// The credential that asks is under the switches too: it may be refused the token, or the zone's name.
		if refused := regexp.MustCompile(`Not permitted to read API token|Name of the zone is needed`); refused.MatchString(err.Error()) {
			d.counts["questions that could not be asked"]++
			return
		}
		d.Errorf("%s: %v", ask.operation, err)
		return
	}
	where := fmt.Sprintf("%s\ntoken of %s: %s\nasked %v", ask.operation, token.owner, token.definition, attributes)
	allowed, _ := answer["allowed"].(bool)
	reason, _ := answer["reason"].(string)
	facts, _ := answer["unknown_facts"].([]any)
	switch {
	case reason == "unknown_facts":
		d.counts["undecided"]++
		if allowed || len(facts) == 0 {
			d.Errorf("%s\nundecided, allowed %v, unknown %v", where, allowed, facts)
		}
		if !ask.harmless {
			return
		}
	case allowed:
		d.counts["allowed"]++
		if !ask.harmless {
			return
		}
	default:
		d.counts["refused"]++
	}
	entry := d.send(token, &ask)
	if !entry.Decided {
		d.Errorf("%s\nthe server did not decide: %d", where, entry.Status)
		return
	}
	switch {
	case allowed && !entry.Allowed:
		d.Errorf("%s\nallowed, but the server refuses: %s: %s", where, entry.Reason, entry.Sentence)
	case reason == "unknown_facts":
	case !allowed && entry.Allowed:
		d.Errorf("%s\nrefused (%s), but the server allows", where, reason)
	case reason != entry.Reason && len(facts) == 0: // else an earlier gate may refuse, for what is not known
		d.Errorf("%s\nrefused, %s: %v; the server says %s: %s", where, reason, answer["explanation"], entry.Reason, entry.Sentence)
	}
	d.checkPolicies(where, answer, entry)
}

// checkPolicies holds what is said of the policies alone against the server's decision. Where a gate behind
// the policies refuses they may still not allow it: a record is decided on its zone first.
func (d *differ) checkPolicies(where string, answer map[string]any, entry mocktest.JournalEntry) {
	d.Helper()
	says, told := answer["policy_allows"].(bool)
	refused := entry.Gate == int(authz.GateGrant) || entry.Gate == int(authz.GateDeny)
	if told && (entry.Allowed && !says || refused && says) {
		d.Errorf("%s\nthe policies allow it: %v, but the server decides at gate %d (%s)", where, says, entry.Gate, entry.Reason)
	}
}

// send sends the request with the token and returns what the server made of it.
func (d *differ) send(token issuedToken, ask *asking) mocktest.JournalEntry {
	d.Helper()
	var body io.Reader
	if ask.body != nil {
		text, err := json.Marshal(ask.body)
		if err != nil {
			d.Fatal(err)
		}
		body = bytes.NewReader(text)
	}
	req, err := http.NewRequestWithContext(d.Context(), ask.method, d.env.Server.BaseURL+ask.path, body)
	if err != nil {
		d.Fatal(err)
	}
	req.Header.Set("Authorization", "Bearer "+token.secret)
	if body != nil {
		req.Header.Set("Content-Type", "application/json")
	}
	return d.exchange(req)
}

// exchange sends a request and returns its entry of the journal.
func (d *differ) exchange(req *http.Request) mocktest.JournalEntry {
	d.Helper()
	d.env.Server.ResetJournal()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		d.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, resp.Body)
	_ = resp.Body.Close()
	entries := d.env.Server.Journal()
	if len(entries) != 1 {
		d.Fatalf("the journal holds %d requests, want 1", len(entries))
	}
	return entries[0]
}
