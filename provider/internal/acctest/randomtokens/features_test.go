// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// features are what the tokens of the proof have, and the ways in which their configurations are written. Whoever adds
// something that a token can say adds it here.
var features = []string{
	"1 policies",
	"2 policies",
	"3 policies",
	"4 policies",
	"5 policies",
	"IPv4 address",
	"IPv4 address as /32",
	"IPv4 address mapped into IPv6",
	"IPv4 range",
	"IPv4 range mapped into IPv6",
	"IPv6 address",
	"IPv6 address in capitals",
	"IPv6 address that ends as IPv4",
	"IPv6 address written in full",
	"IPv6 range",
	"account_id = null",
	"accounts = null",
	"all_accounts = null",
	"all_zones = null",
	"all_zones_of_accounts = null",
	"allow_self_lockout",
	"allow_self_lockout = null",
	"condition = null",
	"condition left out",
	"dns_records = null",
	"effect = null",
	"effect allow",
	"effect deny",
	"effect left out",
	"expires_on",
	"expires_on = null",
	"group by dashboard's Edit",
	"group by id",
	"group by name",
	"group by name of public sources",
	"group by name of the public page",
	"group by older name",
	"group by scope and dashboard's Edit",
	"group by scope and name",
	"group by scope and name of public sources",
	"group by scope and name of the public page",
	"group by scope and older name",
	"group of scope account",
	"group of scope r2",
	"group of scope user",
	"group of scope zone",
	"group that manages tokens, allow",
	"group that manages tokens, deny",
	"group twice, by two names",
	"in = null",
	"key that is empty",
	"key that is no identifier",
	"name of 120 characters",
	"not_before",
	"not_before = null",
	"not_in = null",
	"other = null",
	"owned by an account",
	"owned by the user",
	"r2_buckets = null",
	"range of every address",
	"recipients = null",
	"record of every type",
	"request_ip.in",
	"request_ip.not_in",
	"resources: accounts",
	"resources: accounts = []",
	"resources: all_accounts",
	"resources: all_accounts = false",
	"resources: all_zones",
	"resources: all_zones = false",
	"resources: all_zones_of_accounts",
	"resources: all_zones_of_accounts = []",
	"resources: dns_records",
	"resources: dns_records = []",
	"resources: one in two attributes",
	"resources: other",
	"resources: other = []",
	"resources: other, account",
	"resources: other, bucket",
	"resources: other, every account",
	"resources: other, every zone",
	"resources: other, every zone of an account",
	"resources: other, record",
	"resources: other, zone",
	"resources: other, zone of an account",
	"resources: r2_buckets",
	"resources: r2_buckets = []",
	"resources: user",
	"resources: user = false",
	"resources: zones",
	"resources: zones = []",
	"rotate_triggers",
	"rotate_triggers = null",
	"rotate_triggers empty",
	"rotate_triggers with a null",
	"secret_storage = null",
	"secret_storage encrypted",
	"secret_storage left out",
	"secret_storage none",
	"secret_storage state",
	"status = null",
	"status active",
	"status disabled",
	"status left out",
	"text beyond ASCII",
	"text beyond the basic plane",
	"text that begins or ends blank",
	"text that ends in a line break",
	"text that is blank",
	"text that is not composed",
	"text with a backslash",
	"text with a control character",
	"text with a quote",
	"text with a template mark",
	"time at an offset",
	"time in UTC",
	"time in UTC, by an offset of zero",
	"twin of an earlier token",
	"user = null",
	"way computed",
	"way decoded",
	"way literal",
	"way local",
	"way mixed",
	"way typed",
	"within = null",
	"written as a heredoc",
	"written as a heredoc, chomped",
	"written by concat",
	"written by join",
	"written by merge",
	"written by the numbers of characters",
	"zones = null",
}

// somewhere are places of no world: drawing asks nobody.
func somewhere() places {
	id := func(digit string) string { return strings.Repeat(digit, 32) }
	return places{user: id("f"), accounts: []account{
		{id: id("a"), zones: []string{id("1"), id("2"), id("3")}}, {id: id("b"), zones: []string{id("4"), id("5")}},
	}}
}

// The proof misses nothing that a token can have: of everything there are some among two thousand tokens.
func TestGenerator_features(t *testing.T) {
	t.Parallel()
	g := newGenerator(somewhere(), 1, true)
	tokens := 0
	for range configurations {
		_, c := g.configuration(t, tokensPerConfiguration)
		tokens += len(c.tokens)
	}
	if tokens != configurations*tokensPerConfiguration {
		t.Errorf("%d tokens, want %d", tokens, configurations*tokensPerConfiguration)
	}
	if diff := cmp.Diff(features, sortedKeys(g.features)); diff != "" {
		t.Errorf("the features of all tokens (+) are not those of the list (-):\n%s", diff)
	}
	const fewest = 10
	for name, count := range g.features {
		if count < fewest {
			t.Errorf("%s: %d times, want %d at least", name, count, fewest)
		}
	}
}

// A seed gives the same configuration every time, and another seed another.
func TestGenerator_seed(t *testing.T) {
	t.Parallel()
	draw := func(seed uint64) map[string]string {
		_, c := newGenerator(somewhere(), seed, false).configuration(t, len(ways))
		return c.files
	}
	first := draw(1)
	if diff := cmp.Diff(first, draw(1)); diff != "" {
		t.Errorf("the second time differs (+):\n%s", diff)
	}
	if cmp.Equal(first, draw(2)) {
		t.Error("another seed gives the same configuration")
	}
}

// Every attribute that a configuration can set is drawn, and a token names no other.
func TestGenerator_attributes(t *testing.T) {
	t.Parallel()
	g, seen := newGenerator(somewhere(), 1, false), map[string]bool{}
	for range tokensPerConfiguration {
		for name, value := range g.token().attributes {
			seen[name] = seen[name] || value != nil
		}
	}
	if diff := cmp.Diff(slices.Sorted(slices.Values(topLevel)), sortedKeys(seen)); diff != "" {
		t.Errorf("the attributes of tokens (+) are not those of the resource (-):\n%s", diff)
	}
}
