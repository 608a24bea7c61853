// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

var hashKey = [32]byte{7}

func load(text string) (*state.World, *seed.Loaded, error) {
	w := state.New(state.Options{HashKey: hashKey})
	loaded, err := seed.Load("seed.yaml", []byte(text), w)
	return w, loaded, err
}

func mustLoad(t *testing.T, text string) (*state.World, *seed.Loaded) {
	t.Helper()
	w, loaded, err := load(text)
	if err != nil {
		t.Fatalf("Load:\n%v", err)
	}
	return w, loaded
}

func digest(t *testing.T, w *state.World) string {
	t.Helper()
	d, err := w.Digest()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func view(t *testing.T, w *state.World, fn func(*state.Tx)) {
	t.Helper()
	if err := w.View(func(tx *state.Tx) error { fn(tx); return nil }); err != nil {
		t.Fatal(err)
	}
}

// base is a sound beginning of a seed; its last line is line 11.
const base = `users:
  dev: {email: dev@example.com}
  boss: {email: boss@example.com}
accounts:
  acme: {type: enterprise, members: {boss: {roles: [Administrator]}}}
  globex: {}
zones:
  example.com: {account: acme}
  globex.example: {account: globex}
limits: {tokens_per_user: 5}
vultr: {account: acme}
`

func TestBaseIsSound(t *testing.T) {
	t.Parallel()
	mustLoad(t, base)
	mustLoad(t, base+"tokens: {t: {user: dev, policies: [{permission_groups: [Zone Read], resources: {zones: [example.com]}}]}}\n")
}

// TestProblems holds for every kind of problem the line, the path and the text.
func TestProblems(t *testing.T) {
	t.Parallel()
	// token is a seed whose token t begins on line 13; its policy is on line 15.
	token := func(fields, policy string) string {
		return base + "tokens:\n  t:\n    user: dev" + fields + "\n    policies:\n      - " + policy + "\n"
	}
	const sound = "{permission_groups: [Zone Read], resources: {zones: [example.com]}}"
	cases := []struct{ name, seed, want string }{
		// The document.
		{"not YAML", "users: [", "seed.yaml:2: not YAML: "},
		{"two documents", "users: {}\n---\nusers: {}\n", "seed.yaml:2: a seed is one document"},
		{"a list", "- users", "seed.yaml:1: must be an object"},
		{"text", "users", "seed.yaml:1: must be an object"},
		{"a number as JSON", "12", "seed.yaml:1: must be an object"},
		{"unknown key", "user: {}", `seed.yaml:1: user: unknown key: did you mean "users"?`},
		{"key far from all", "\nqqqqqq: {}", "seed.yaml:2: qqqqqq: unknown key; valid are users, accounts, zones, tokens, limits, vultr"},
		{"key twice", "users: {}\naccounts: {}\nusers: {}\n", `seed.yaml:3: the key "users" stands twice: it is on line 1 already`},
		{"key twice in JSON", "{\n\"users\": {},\n\"users\": {}}", `seed.yaml:3: the key "users" stands twice: it is on line 2 already`},
		{"alias", "users: &u {}\naccounts: *u\n", "seed.yaml:1: anchors and aliases are not part of a seed"},
		{"merge key", "users:\n  <<: {a: {email: a@example.com}}\n  b: 1", "must be an object"},
		{"tag", "users: !!map {}", `seed.yaml:1: tags such as "!!map" are not part of a seed`},
		{"key that is no text", "? [a]\n: b", "seed.yaml:1: a key must be text"},
		{"too deep", strings.Repeat("{a: ", 70) + "1" + strings.Repeat("}", 70), "seed.yaml:1: a seed nests at most 64 deep"},
		{"too deep in JSON", strings.Repeat("[", 70) + strings.Repeat("]", 70), "seed.yaml:1: a seed nests at most 64 deep"},
		{"users as a list", "users: [a]", "seed.yaml:1: users: must be an object with a ref for every entry"},
		{"ref with a slash", "users: {a/b: {email: a@example.com}}", "seed.yaml:1: users.a/b: a ref is text without slashes and control characters"},

		// Users.
		{"user without address", "users:\n  dev: {}", "seed.yaml:2: users.dev.email: a user needs an e-mail address"},
		{"malformed address", "users:\n  dev: {email: dev}", `seed.yaml:2: users.dev: the e-mail address "dev" is malformed`},
		{"address twice", "users:\n  a: {email: a@example.com}\n  b: {email: A@example.com}", `seed.yaml:3: users.b: a user with the e-mail address "A@example.com" already exists`},
		{"malformed id", "users:\n  a: {email: a@example.com, id: 01A7362d577a6c3019a474fd6f485823}", "seed.yaml:2: users.a.id: must be 32 lower-case hexadecimal digits"},
		{"id twice", "users:\n  a: {email: a@example.com, id: 01a7362d577a6c3019a474fd6f485823}\n  b: {email: b@example.com, id: 01a7362d577a6c3019a474fd6f485823}", "seed.yaml:3: users.b.id: the identifier 01a7362d577a6c3019a474fd6f485823 is used twice"},
		{"malformed key", "users:\n  a: {email: a@example.com, api_key: tellnobody}", "seed.yaml:2: users.a.api_key: not a secret of its form: must be 37 hexadecimal digits"},
		{"malformed Origin CA key", "users:\n  a: {email: a@example.com, origin_ca_key: tellnobody}", "seed.yaml:2: users.a.origin_ca_key: not a secret of its form: must be v1.0-"},
		{"boolean of YAML 1.1", "users:\n  a: {email: a@example.com, tenant_admin: yes}", "seed.yaml:2: users.a.tenant_admin: must be true or false"},
		{"boolean in quotes", "users:\n  a: {email: a@example.com, tenant_admin: \"true\"}", "seed.yaml:2: users.a.tenant_admin: must be true or false"},
		{"time that means none", token("\n    expires_on: \"0001-01-01T00:00:00Z\"", sound), "seed.yaml:15: tokens.t.expires_on: must lie in the years 1 to 9999"},
		{"time that cannot be written", token("\n    not_before: \"0000-01-01T00:00:00+12:00\"", sound), "seed.yaml:15: tokens.t.not_before: must lie in the years 1 to 9999"},
		{"malformed time", "users:\n  a: {email: a@example.com, created_on: 2026-01-02}", `seed.yaml:2: users.a.created_on: must be a time such as "2030-01-01T00:00:00Z"`},
		{"text that is a list", "users:\n  a: {email: a@example.com, first_name: [x]}", "seed.yaml:2: users.a.first_name: must be text"},

		// Accounts and members.
		{"unknown type", "accounts:\n  a: {type: business}", "seed.yaml:2: accounts.a.type: must be one of standard, enterprise"},
		{"switch on a standard account", "accounts:\n  a:\n    settings: {api_access_enabled: true}", "seed.yaml:3: accounts.a.settings.api_access_enabled: can be set on Enterprise accounts only: leave it null or make the account's type enterprise"},
		{"switch that is text", "accounts:\n  a:\n    type: enterprise\n    settings: {api_access_enabled: no}", "seed.yaml:4: accounts.a.settings.api_access_enabled: must be true, false or null"},
		{"unknown setting", "accounts:\n  a:\n    settings: {api_access: true}", "seed.yaml:3: accounts.a.settings.api_access: unknown key; valid are api_access_enabled, "},
		{"long name", "accounts:\n  a: {name: " + strings.Repeat("x", 101) + "}", "seed.yaml:2: accounts.a: the name of an account has 1 to 100 characters"},
		{"member of unknown ref", "users:\n  dev: {email: dev@example.com}\naccounts:\n  a:\n    members:\n      dve: {}", `seed.yaml:6: accounts.a.members.dve: no user has the ref "dve": did you mean "dev"?`},
		{"unknown role", "users: {dev: {email: dev@example.com}}\naccounts:\n  a:\n    members:\n      dev:\n        roles:\n          - Administator", `seed.yaml:7: accounts.a.members.dev.roles[0]: unknown role "Administator": did you mean "Administrator"`},
		{"domain role in roles", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {roles: [Domain DNS]}}}", `seed.yaml:3: accounts.a.members.dev.roles[0]: the role "Domain DNS" is of level domain: give it by a policy`},
		{"policy with null access", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {policies: [{access: , roles: [DNS]}]}}}", "seed.yaml:3: accounts.a.members.dev.policies[0].access: must be one of allow, deny; leave it out for allow"},
		{"policy over null zones", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {policies: [{roles: [DNS], zones: }]}}}", "seed.yaml:3: accounts.a.members.dev.policies[0].zones: the list is empty"},
		{"roles and policies", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {roles: [DNS], policies: [{roles: [DNS]}]}}}", "seed.yaml:3: accounts.a.members.dev.policies: a member has roles or policies, not both"},
		{"policy without roles", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {policies: [{roles: []}]}}}", "seed.yaml:3: accounts.a.members.dev.policies[0].roles: a policy needs at least one role"},
		{"policy over no zone", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {policies: [{roles: [DNS], zones: []}]}}}", "seed.yaml:3: accounts.a.members.dev.policies[0].zones: the list is empty: name zones, or leave it out for the whole account"},
		{"policy over a foreign zone", "users: {dev: {email: dev@example.com}}\nzones: {b.example: {account: b}}\naccounts:\n  a: {members: {dev: {policies: [{roles: [DNS], zones: [b.example]}]}}}\n  b: {}", `seed.yaml:4: accounts.a.members.dev.policies[0].zones[0]: the zone "b.example" is not one of the account`},
		{"policy over an unknown zone", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {policies: [{roles: [DNS], zones: [c.example]}]}}}", `seed.yaml:3: accounts.a.members.dev.policies[0].zones[0]: no zone has the ref "c.example"`},
		{"unknown access", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {policies: [{access: maybe, roles: [DNS]}]}}}", "seed.yaml:3: accounts.a.members.dev.policies[0].access: must be one of allow, deny"},
		{"unknown status", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {status: invited}}}", "seed.yaml:3: accounts.a.members.dev.status: must be one of accepted, pending, rejected"},
		{"switch on a member of a standard account", "users: {dev: {email: dev@example.com}}\naccounts:\n  a: {members: {dev: {api_access_enabled: false}}}", "seed.yaml:3: accounts.a.members.dev.api_access_enabled: can be set on members of Enterprise accounts only"},

		// Zones and records.
		{"zone without account", "zones:\n  example.com: {}", "seed.yaml:2: zones.example.com.account: a zone needs the ref of its account"},
		{"zone of unknown account", "accounts: {acme: {}}\nzones:\n  example.com: {account: acne}", `seed.yaml:3: zones.example.com.account: no account has the ref "acne": did you mean "acme"?`},
		{"zone that is no domain", "accounts: {acme: {}}\nzones:\n  localhost: {account: acme}", `seed.yaml:3: zones.localhost: "localhost" is not a domain with at least two labels`},
		{"zone twice in two spellings", "accounts: {acme: {}}\nzones:\n  example.com: {account: acme}\n  Example.com: {account: acme, id: 01a7362d577a6c3019a474fd6f485823}", "seed.yaml:4: zones.Example.com: example.com already exists"},
		{"an unknown zone setting", "accounts: {acme: {}}\nzones:\n  example.com: {account: acme, settings: {slls: full}}", `seed.yaml:3: zones.example.com.settings.slls: no zone has such a setting: did you mean "ssl"`},
		{"a zone setting's value", "accounts: {acme: {}}\nzones:\n  example.com: {account: acme, settings: {ssl: fully}}", "seed.yaml:3: zones.example.com.settings.ssl: must be one of off, flexible, full, strict, origin_pull"},
		{"a zone setting of another kind", "accounts: {acme: {}}\nzones:\n  example.com: {account: acme, settings: {min_tls_version: 1.2}}", "seed.yaml:3: zones.example.com.settings.min_tls_version: must be one of 1.0, 1.1, 1.2, 1.3"},
		{"settings that are no object", "accounts: {acme: {}}\nzones:\n  example.com: {account: acme, settings: [a]}", "seed.yaml:3: zones.example.com.settings: must be an object"},
		{"record without type", record("{name: a, content: x}"), `seed.yaml:5: zones.example.com.records[0].type: must be a DNS record type in capitals`},
		{"record of unknown type", record("{type: TXTT, name: a, content: x}"), `seed.yaml:5: zones.example.com.records[0].type: must be a DNS record type in capitals: did you mean "TXT"`},
		{"record without name", record("{type: TXT, content: x}"), `seed.yaml:5: zones.example.com.records[0].name: a record needs a name; "@" is the zone itself`},
		{"record with a malformed name", record("{type: TXT, name: a..b, content: x}"), `seed.yaml:5: zones.example.com.records[0].name: "a..b.example.com" is not a domain name`},
		{"record without content", record("{type: TXT, name: a}"), "seed.yaml:5: zones.example.com.records[0].content: a record needs content or data"},
		{"content of two lines", record("{type: TXT, name: a, content: \"a\\nb\"}"), "seed.yaml:5: zones.example.com.records[0].content: must hold no control characters"},
		{"A without IPv4", record("{type: A, name: a, content: \"2001:db8::1\"}"), "seed.yaml:5: zones.example.com.records[0].content: must be an IPv4 address"},
		{"AAAA without IPv6", record("{type: AAAA, name: a, content: 192.0.2.1}"), "seed.yaml:5: zones.example.com.records[0].content: must be an IPv6 address"},
		{"MX without priority", record("{type: MX, name: a, content: m.example.com}"), "seed.yaml:5: zones.example.com.records[0].priority: a record of type MX needs a priority"},
		{"priority out of range", record("{type: MX, name: a, content: m.example.com, priority: 65536}"), "seed.yaml:5: zones.example.com.records[0].priority: must be a whole number from 0 to 65535"},
		{"TTL too short", record("{type: TXT, name: a, content: x, ttl: 30}"), "seed.yaml:5: zones.example.com.records[0].ttl: must be 1 (automatic) or 60 to 86400 seconds"},
		{"TTL in quotes", record("{type: TXT, name: a, content: x, ttl: \"60\"}"), "seed.yaml:5: zones.example.com.records[0].ttl: must be a whole number from 1 to 86400"},
		{"proxied TXT", record("{type: TXT, name: a, content: x, proxied: true}"), "seed.yaml:5: zones.example.com.records[0].proxied: only records of type A, AAAA and CNAME can be proxied"},
		{"record twice", record("{type: TXT, name: a, content: x},\n      {type: TXT, name: a.example.com., content: x}"), "seed.yaml:6: zones.example.com.records[1]: the same record stands twice"},
		{"alias beside an address", record("{type: A, name: a, content: 192.0.2.1},\n      {type: CNAME, name: A, content: x.example.com}"), "seed.yaml:6: zones.example.com.records[1].type: a CNAME record cannot stand beside A, AAAA or CNAME records of the name a.example.com"},
		{"data that is text", record("{type: TXT, name: a, data: x}"), "seed.yaml:5: zones.example.com.records[0].data: must be an object"},
		{"access rule without value", "accounts:\n  a:\n    access_rules:\n      - {configuration: {target: ip}}", "seed.yaml:4: accounts.a.access_rules[0].configuration.value: an access rule needs a value"},
		{"access rule of unknown mode", "accounts:\n  a:\n    access_rules:\n      - {mode: stop, configuration: {target: ip, value: 192.0.2.1}}", "seed.yaml:4: accounts.a.access_rules[0].mode: must be one of block,"},

		// Tokens.
		{"token without owner", base + "tokens:\n  t: {policies: []}", "seed.yaml:13: tokens.t: a token needs an owner: user or account"},
		{"token with two owners", base + "tokens:\n  t:\n    user: dev\n    account: acme", "seed.yaml:15: tokens.t.account: a token has one owner: user or account, not both"},
		{"token of unknown user", base + "tokens:\n  t:\n    user: vde\n    policies: []", `seed.yaml:14: tokens.t.user: no user has the ref "vde": did you mean "dev"?`},
		{"token of unknown account", base + "tokens:\n  t:\n    account: globx", `seed.yaml:14: tokens.t.account: no account has the ref "globx": did you mean "globex"?`},
		{"token without policies", base + "tokens:\n  t: {user: dev}", "seed.yaml:13: tokens.t.policies: a token needs at least one policy"},
		{"long name", token("\n    name: "+strings.Repeat("x", 121), sound), "seed.yaml:15: tokens.t.name: name must have a length between 1 and 120 characters"},
		{"malformed secret", token("\n    value: tellnobody", sound), "seed.yaml:15: tokens.t.value: not a secret of its form: must be 40 characters"},
		{"secret of another kind", token("\n    value: cfat_"+strings.Repeat("a", 40)+"00000000", sound), "seed.yaml:15: tokens.t.value: a secret with the prefix cfat_ belongs to another kind of token: this one's is cfut_"},
		{"unknown token status", token("\n    status: expired", sound), "seed.yaml:15: tokens.t.status: must be one of active, disabled"},
		{"malformed range", token("\n    condition: {request_ip: {in: [10.0.0.0/8, 10.0.0.0/33]}}", sound), `seed.yaml:15: tokens.t.condition.request_ip.in[1]: "10.0.0.0/33": not an IP address or CIDR range`},
		{"unknown condition", token("\n    condition: {request_asn: {in: [1]}}", sound), "seed.yaml:15: tokens.t.condition.request_asn: unknown key"},
		{"policy without groups", token("", "{resources: {zones: [example.com]}}"), "seed.yaml:16: tokens.t.policies[0].permission_groups: a policy needs at least one permission group"},
		{"policy without resources", token("", "{permission_groups: [Zone Read]}"), "seed.yaml:16: tokens.t.policies[0].resources: a policy needs at least one resource"},
		{"unknown group", token("", "{permission_groups: [Zone Raed], resources: {zones: [example.com]}}"), `seed.yaml:16: tokens.t.policies[0].permission_groups[0]: unknown permission group "Zone Raed": did you mean "Zone Read"`},
		{"ambiguous group", token("", "{permission_groups: [Logs Read], resources: {zones: [example.com]}}"), `seed.yaml:16: tokens.t.policies[0].permission_groups[0]: permission group "Logs Read" is ambiguous: write one of "account:Logs Read", "zone:Logs Read"`},
		{"group twice", token("", "{permission_groups: [Zone Read, \"zone:Zone Read\"], resources: {zones: [example.com]}}"), `seed.yaml:16: tokens.t.policies[0].permission_groups[1]: the permission group "zone:Zone Read" stands twice`},
		{"group that nothing serves", token("", "{permission_groups: [Zone Read, User Details Read], resources: {zones: [example.com]}}"), "seed.yaml:16: tokens.t.policies[0].permission_groups[1]: no resource of this policy can serve a permission group of scope user"},
		{"user group of an account", base + "tokens:\n  t:\n    account: acme\n    policies: [{permission_groups: [User Details Read, Zone Read], resources: {accounts: [acme]}}]", "seed.yaml:15: tokens.t.policies[0].permission_groups[0]: an account-owned token cannot hold user permission groups"},
		{"unknown effect", token("", "{effect: maybe, permission_groups: [Zone Read], resources: {zones: [example.com]}}"), "seed.yaml:16: tokens.t.policies[0].effect: must be one of allow, deny"},
		{"unknown zone", token("", "{permission_groups: [Zone Read], resources: {zones: [example.con]}}"), `seed.yaml:16: tokens.t.policies[0].resources.zones[0]: no zone has the ref "example.con": did you mean "example.com"?`},
		{"unknown account in resources", token("", "{permission_groups: [Zone Read], resources: {all_zones_of_accounts: [acm]}}"), `seed.yaml:16: tokens.t.policies[0].resources.all_zones_of_accounts[0]: no account has the ref "acm": did you mean "acme"?`},
		{"unknown user in resources", token("", "{permission_groups: [User Details Read], resources: {user: bos}}"), `seed.yaml:16: tokens.t.policies[0].resources.user: no user has the ref "bos": did you mean "boss"?`},
		{"another user", token("", "{permission_groups: [User Details Read], resources: {user: boss}}"), "seed.yaml:16: tokens.t.policies[0].resources.user: no such user, account or zone"},
		{"self of an account", base + "tokens:\n  t:\n    account: acme\n    policies: [{permission_groups: [Zone Read], resources: {user: self}}]", "seed.yaml:15: tokens.t.policies[0].resources.user: an account-owned token has no user"},
		{"all zones of an account's token", base + "tokens:\n  t:\n    account: acme\n    policies: [{permission_groups: [Zone Read], resources: {all_zones: true}}]", "seed.yaml:15: tokens.t.policies[0].resources.all_zones: Must specify a zone for account owned tokens"},
		{"foreign account of an account's token", base + "tokens:\n  t:\n    account: acme\n    policies: [{permission_groups: [Zone Read], resources: {accounts: [globex]}}]", "seed.yaml:15: tokens.t.policies[0].resources.accounts[0]: no such user, account or zone"},
		{"unknown resource", token("", "{permission_groups: [Zone Read], resources: {zone: [example.com]}}"), `seed.yaml:16: tokens.t.policies[0].resources.zone: unknown key: did you mean "zones"`},
		{"wire key of no known form", token("", "{permission_groups: [Zone Read], resources: {com.cloudflare.api.zone.x: \"*\"}}"), "seed.yaml:16: tokens.t.policies[0].resources.com.cloudflare.api.zone.x: not a resource key of a known form"},
		{"wire key of an unknown zone", token("", "{permission_groups: [Zone Read], resources: {com.cloudflare.api.account.zone.00000000000000000000000000000001: \"*\"}}"), "seed.yaml:16: tokens.t.policies[0].resources.com.cloudflare.api.account.zone.00000000000000000000000000000001: no such user, account or zone"},
		{"wire key with another value", token("", "{permission_groups: [Zone Read], resources: {\"com.cloudflare.api.account.zone.*\": all}}"), "seed.yaml:16: tokens.t.policies[0].resources.com.cloudflare.api.account.zone.*: the value of a resource key must be"},
		{"nested wire key with another value", token("", "{permission_groups: [Zone Read], resources: {com.cloudflare.api.account.00000000000000000000000000000001: {\"com.cloudflare.api.account.zone.*\": all}}}"), "the value of a nested key must be"},
		{"same account in two forms", token("", "{permission_groups: [Zone Read], resources: {accounts: [acme], all_zones_of_accounts: [acme]}}"), "the key stands twice"},
		{"record pattern", token("", "{permission_groups: [DNS Write], resources: {dns_records: [{zone: example.com, type: TXT, name: \"A.example.com\"}]}}"), "seed.yaml:16: tokens.t.policies[0].resources.dns_records[0]: the record name pattern must be lower case"},
		{"record pattern on an unknown zone", token("", "{permission_groups: [DNS Write], resources: {dns_records: [{zone: example.co, type: TXT, name: a.example.com}]}}"), `seed.yaml:16: tokens.t.policies[0].resources.dns_records[0].zone: no zone has the ref "example.co": did you mean "example.com"?`},
		{"records serve DNS alone", token("", "{permission_groups: [Zone Read], resources: {dns_records: [{zone: example.com, type: TXT, name: a.example.com}]}}"), "seed.yaml:16: tokens.t.policies[0].permission_groups[0]: no resource of this policy can serve"},
		{"bucket of unknown account", token("", "{permission_groups: [Workers R2 Storage Bucket Item Read], resources: {r2_buckets: [{account: akme, name: files}]}}"), `seed.yaml:16: tokens.t.policies[0].resources.r2_buckets[0].account: no account has the ref "akme": did you mean "acme"?`},
		{"bucket with a malformed name", token("", "{permission_groups: [Workers R2 Storage Bucket Item Read], resources: {r2_buckets: [{account: acme, name: F}]}}"), "seed.yaml:16: tokens.t.policies[0].resources.r2_buckets[0]: a bucket key is"},
		{"secret twice", base + "tokens:\n  a:\n    user: dev\n    value: " + strings.Repeat("a", 40) + "\n    policies: [" + sound + "]\n  b:\n    user: dev\n    value: " + strings.Repeat("a", 40) + "\n    policies: [" + sound + "]", "seed.yaml:19: tokens.b: another token has the same secret"},

		// The rest.
		{"negative limit", "limits: {tokens_per_user: -1}", "seed.yaml:1: limits.tokens_per_user: must be a whole number from 0"},
		{"limit with a fraction", "limits: {tokens_per_user: 1.5}", "seed.yaml:1: limits.tokens_per_user: must be a whole number from 0"},
		{"Vultr without account", "vultr: {}", "seed.yaml:1: vultr.account: the Vultr dialect needs the ref of an Enterprise account"},
		{"Vultr on a standard account", "accounts: {a: {}}\nvultr: {account: a}", "seed.yaml:2: vultr.account: the Vultr dialect shows Enterprise accounts only"},
		{"Vultr key of unknown user", "users: {dev: {email: dev@example.com}}\naccounts: {a: {type: enterprise}}\nvultr:\n  account: a\n  keys:\n    dve: {}", `seed.yaml:6: vultr.keys.dve: no user has the ref "dve": did you mean "dev"?`},
		{"Vultr key with an unknown ACL", "users: {dev: {email: dev@example.com}}\naccounts: {a: {type: enterprise}}\nvultr:\n  account: a\n  keys:\n    dev: {acls: [manage_user]}", `seed.yaml:6: vultr.keys.dev.acls[0]: unknown ACL: did you mean "manage_users"?`},
		{"malformed Vultr key", "users: {dev: {email: dev@example.com}}\naccounts: {a: {type: enterprise}}\nvultr:\n  account: a\n  keys:\n    dev: {value: tellnobody}", "seed.yaml:6: vultr.keys.dev.value: not a secret of its form"},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w, loaded, err := load(tc.seed)
			var problems *seed.Errors
			if !errors.As(err, &problems) || loaded != nil {
				t.Fatalf("Load = %v, %v; want a list of problems", loaded, err)
			}
			if !strings.Contains(err.Error(), tc.want) {
				t.Errorf("problems:\n%v\nwant:\n%s", err, tc.want)
			}
			if strings.Contains(err.Error(), "tellnobody") {
				t.Errorf("the message tells a secret:\n%v", err)
			}
			if strings.HasPrefix(tc.want, "seed.yaml") && len(problems.Problems) != 1 {
				t.Errorf("one mistake gave %d problems:\n%v", len(problems.Problems), err)
			}
			if digest(t, w) != digest(t, state.New(state.Options{})) || w.Seq() != 0 {
				t.Error("a refused seed changed the world")
			}
		})
	}
}

// record is a seed with one record, on line 5.
func record(text string) string {
	return "accounts: {acme: {}}\nzones:\n  example.com: {account: acme, records: [\n\n      " + text + "]}"
}

// TestAllProblemsAtOnce: one run tells everything, by line, and what depends on
// a broken thing is not reported again.
func TestAllProblemsAtOnce(t *testing.T) {
	t.Parallel()
	_, _, err := load(`users:
  dev: {email: dev@example.com, admin: true}
  ops: {email: ops}
accounts:
  acme: {type: premium, members: {ops: {roles: [DSN]}}}
zones:
  example.com: {account: acme, records: [{type: A, name: www, content: nowhere}]}
  example.org: {account: acne}
tokens:
  one: {user: dev, policies: [{permission_groups: [Zone Raed], resources: {zones: [example.com, example.net]}}]}
  two: {user: ghost, expires_on: soon}
limits: {tokens_per_user: many}
`)
	want := strings.TrimSpace(`
seed.yaml:2: users.dev.admin: unknown key; valid are id, email, first_name, last_name, username, telephone, country, zipcode, two_factor_authentication_enabled, tenant_admin, api_key, origin_ca_key, created_on, modified_on, access_rules
seed.yaml:3: users.ops: the e-mail address "ops" is malformed
seed.yaml:5: accounts.acme.type: must be one of standard, enterprise
seed.yaml:5: accounts.acme.members.ops.roles[0]: unknown role "DSN": did you mean "DNS"?
seed.yaml:7: zones.example.com.records[0].content: must be an IPv4 address
seed.yaml:8: zones.example.org.account: no account has the ref "acne": did you mean "acme"?
seed.yaml:10: tokens.one.policies[0].permission_groups[0]: unknown permission group "Zone Raed": did you mean "Zone Read"?
seed.yaml:10: tokens.one.policies[0].resources.zones[1]: no zone has the ref "example.net": did you mean "example.com" or "example.org"?
seed.yaml:11: tokens.two.user: no user has the ref "ghost"; valid are dev, ops
seed.yaml:11: tokens.two.expires_on: must be a time such as "2030-01-01T00:00:00Z"
seed.yaml:12: limits.tokens_per_user: must be a whole number from 0
`)
	if err == nil {
		t.Fatal("the seed was loaded")
	}
	if diff := cmp.Diff(want, err.Error()); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
}
