// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed_test

import (
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// full gives every field that a seed can have.
const full = `# A comment.
users:
  dev:
    id: "10000000000000000000000000000001"
    email: Dev@example.com
    first_name: Dee
    last_name: Veloper
    username: deedev
    telephone: "+1 555 0100"
    country: NL
    zipcode: 01234
    two_factor_authentication_enabled: true
    tenant_admin: true
    api_key: "0123456789abcdef0123456789abcdef01234"
    origin_ca_key: v1.0-0123456789abcdef
    created_on: "2025-01-01T00:00:00Z"
    modified_on: "2025-01-02T00:00:00+01:00"
    access_rules: [{id: "70000000000000000000000000000001", mode: whitelist, notes: office, configuration: {target: ip, value: 192.0.2.7}, created_on: "2025-01-03T00:00:00Z", modified_on: "2025-01-04T00:00:00Z"}]
  ops: {email: ops@example.com}
accounts:
  acme:
    id: "20000000000000000000000000000001"
    name: Acme
    type: enterprise
    settings:
      api_access_enabled: false
      enforce_twofactor: true
      abuse_contact_email: abuse@example.com
      access_approval_expiry: "2027-01-01T00:00:00Z"
      oauth_app_access_enabled: true
    created_on: "2025-02-01T00:00:00Z"
    members:
      dev: {id: "30000000000000000000000000000001", status: pending, roles: [DNS, 05784afa30c1afe1440e79d9351c7430], api_access_enabled: true, created_on: "2025-02-02T00:00:00Z", modified_on: "2025-02-03T00:00:00Z"}
      ops: {policies: [{id: "90000000000000000000000000000001", access: deny, roles: [Domain DNS], zones: [Example.COM.]}, {roles: [Domain DNS]}]}
zones:
  example.com:
    account: acme
    id: "40000000000000000000000000000001"
    type: partial
    status: pending
    paused: true
    development_mode: 7200
    name_servers: [ns1.example.net]
    original_name_servers: [ns2.example.net]
    vanity_name_servers: [ns1.example.com]
    plan: business
    settings: {ssl: full, browser_cache_ttl: 30, brotli: on, ciphers: [1, "1", null, true]}
    created_on: "2025-03-01T00:00:00Z"
    modified_on: "2025-03-02T00:00:00Z"
    activated_on: "2025-03-03T00:00:00Z"
    records:
      - id: "50000000000000000000000000000001"
        type: MX
        name: WWW.
        content: mail.example.net
        ttl: 120
        priority: 5
        comment: no
        tags: [team:dns]
        data: {weight: 1}
        settings: {flatten: true}
        created_on: "2025-03-04T00:00:00Z"
        modified_on: "2025-03-05T00:00:00Z"
        comment_modified_on: "2025-03-06T00:00:00Z"
        tags_modified_on: "2025-03-07T00:00:00Z"
      - {type: A, name: "@", content: 192.0.2.1, proxied: true, ttl: 30}
tokens:
  all:
    user: dev
    id: "60000000000000000000000000000001"
    name: All of it
    value: cfut_aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa00000000
    status: disabled
    condition: {request_ip: {in: [10.0.0.0/8], not_in: [10.1.0.0/16]}}
    not_before: "2020-01-01T00:00:00Z"
    expires_on: "2020-01-02T00:00:00Z"
    issued_on: "2019-01-01T00:00:00Z"
    modified_on: "2019-01-02T00:00:00Z"
    policies:
      - {id: "90000000000000000000000000000002", permission_groups: [API Tokens Write, 82e64a83756745bbbb1c9c2701bf816b, "account:Account Settings Read"], resources: {user: self, accounts: [acme], zones: [example.com]}}
      - {effect: deny, permission_groups: [DNS Write], resources: {all_zones: true}}
      - {permission_groups: [DNS Write], resources: {dns_records: [{zone: example.com, type: TXT, name: "*.example.com"}, {zone: example.com, name: a.example.com}]}}
      - {permission_groups: [Workers R2 Storage Bucket Item Read, "account:Account Settings Read"], resources: {all_accounts: true, r2_buckets: [{account: acme, name: files}, {account: acme, jurisdiction: eu, name: files}]}}
      - permission_groups: [Zone Read]
        resources:
          com.cloudflare.api.account.20000000000000000000000000000001: {com.cloudflare.api.account.zone.40000000000000000000000000000001: "*"}
          com.cloudflare.api.account.zone.40000000000000000000000000000001: "*"
  ops: {account: acme, policies: [{permission_groups: [Zone Read], resources: {all_zones_of_accounts: [acme]}}]}
limits: {tokens_per_user: 1, tokens_per_account: 2}
vultr: {account: acme, keys: {dev: {id: "80000000000000000000000000000001", value: FULLVULTRKEYOFDEV, acls: [dns, billing, dns], created_on: "2025-04-01T00:00:00Z"}}}
`

func instant(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// TestEveryFieldArrives compares stored objects with the seed, field by field:
// a field that is read and dropped shows here.
func TestEveryFieldArrives(t *testing.T) {
	t.Parallel()
	w, loaded := mustLoad(t, full)
	batch, err := w.Export()
	if err != nil {
		t.Fatal(err)
	}
	got := make(map[string]string)
	for _, c := range batch.Changes {
		got[string(c.Kind)+" "+strings.TrimLeft(c.Key[1:], "0")+c.Key[:1]] = string(c.Value)
	}
	dns, admin := "069fe803647ed3609e93d041d5df6050", "05784afa30c1afe1440e79d9351c7430"
	want := map[string]string{
		"user 11":        `{"id":"10000000000000000000000000000001","ref":"dev","email":"Dev@example.com","first_name":"Dee","last_name":"Veloper","username":"deedev","telephone":"+1 555 0100","country":"NL","zipcode":"01234","two_factor":true,"tenant_admin":true,"created_on":"2025-01-01T00:00:00Z","modified_on":"2025-01-01T23:00:00Z","global_key_hash":"…","origin_ca_key_hash":"…"}`,
		"access_rule 17": `{"id":"70000000000000000000000000000001","scope":"user","owner":"10000000000000000000000000000001","mode":"whitelist","notes":"office","target":"ip","value":"192.0.2.7","created_on":"2025-01-03T00:00:00Z","modified_on":"2025-01-04T00:00:00Z"}`,
		"account 12":     `{"id":"20000000000000000000000000000001","ref":"acme","name":"Acme","type":"enterprise","enforce_twofactor":true,"abuse_contact_email":"abuse@example.com","access_approval_expiry":"2027-01-01T00:00:00Z","oauth_app_access":true,"created_on":"2025-02-01T00:00:00Z","api_access_enabled":false}`,
		"member 13":      `{"id":"30000000000000000000000000000001","account":"20000000000000000000000000000001","user":"10000000000000000000000000000001","ref":"acme/dev","status":"pending","roles":["` + dns + `","` + admin + `"],"created_on":"2025-02-02T00:00:00Z","modified_on":"2025-02-03T00:00:00Z","api_access_enabled":true}`,
		"zone 14":        `{"id":"40000000000000000000000000000001","account":"20000000000000000000000000000001","name":"example.com","type":"partial","status":"pending","paused":true,"development_mode":7200,"name_servers":["ns1.example.net"],"original_name_servers":["ns2.example.net"],"vanity_name_servers":["ns1.example.com"],"plan":"business","created_on":"2025-03-01T00:00:00Z","modified_on":"2025-03-02T00:00:00Z","activated_on":"2025-03-03T00:00:00Z","settings":{"brotli":"on","browser_cache_ttl":30,"ciphers":[1,"1",null,true],"ssl":"full"}}`,
		"record 15":      `{"id":"50000000000000000000000000000001","zone":"40000000000000000000000000000001","type":"MX","name":"www.example.com","content":"mail.example.net","ttl":120,"priority":5,"comment":"no","tags":["team:dns"],"data":{"weight":1},"settings":{"flatten":true},"created_on":"2025-03-04T00:00:00Z","modified_on":"2025-03-05T00:00:00Z","comment_modified_on":"2025-03-06T00:00:00Z","tags_modified_on":"2025-03-07T00:00:00Z"}`,
		"vultr_key 18":   `{"id":"80000000000000000000000000000001","user":"10000000000000000000000000000001","acls":["billing","dns"],"created_on":"2025-04-01T00:00:00Z","secret_hash":"…"}`,
	}
	for key, value := range want {
		if diff := cmp.Diff(value, withoutHashes(got[key])); diff != "" {
			t.Errorf("%s (-want +got):\n%s", key, diff)
		}
	}
	view(t, w, func(tx *state.Tx) {
		if got := tx.Limits(); got != (state.Limits{TokensPerUser: 1, TokensPerAccount: 2}) {
			t.Errorf("limits = %+v", got)
		}
		acme := tx.AccountByRef("acme")
		if tx.VultrAccount() != acme.ID {
			t.Error("the Vultr dialect shows another account")
		}
		ops := tx.MemberByRef("acme/ops")
		if len(ops.Policies) != 2 || ops.Policies[0].Access != authz.Deny || len(ops.Policies[0].Zones) != 1 || ops.Policies[1].Zones != nil {
			t.Errorf("policies of the member ops = %+v", ops.Policies)
		}
		checkFullToken(t, tx)
	})
	for _, c := range loaded.Credentials {
		view(t, w, func(tx *state.Tx) {
			if known := find(tx, c); known == nil || known.Kind.String() != c.Kind {
				t.Errorf("the credential %s of kind %s is unknown", c.Ref, c.Kind)
			}
		})
	}
}

func checkFullToken(t *testing.T, tx *state.Tx) {
	t.Helper()
	k := tx.TokenByRef("all")
	d := k.Definition
	if k.ID.String() != "60000000000000000000000000000001" || !k.Disabled || d.Name != "All of it" || k.Owner.User != tx.UserByRef("dev").ID ||
		!slices.Equal(d.In, []string{"10.0.0.0/8"}) || !slices.Equal(d.NotIn, []string{"10.1.0.0/16"}) ||
		!d.NotBefore.Equal(instant(t, "2020-01-01T00:00:00Z")) || !d.ExpiresOn.Equal(instant(t, "2020-01-02T00:00:00Z")) ||
		!k.IssuedOn.Equal(instant(t, "2019-01-01T00:00:00Z")) || !k.ModifiedOn.Equal(instant(t, "2019-01-02T00:00:00Z")) {
		t.Errorf("token = %+v", k)
	}
	const (
		user, account, zone = "com.cloudflare.api.user.10000000000000000000000000000001", "com.cloudflare.api.account.20000000000000000000000000000001", "com.cloudflare.api.account.zone.40000000000000000000000000000001"
		record              = "com.cloudflare.api.account.zone.dns_record."
		bucket              = "com.cloudflare.edge.r2.bucket.20000000000000000000000000000001_"
	)
	type policy struct {
		Effect    authz.Effect
		Groups    []string
		Resources []authz.Resource
	}
	var got []policy
	for _, p := range d.Policies {
		names := make([]string, 0, len(p.Groups))
		for _, g := range p.Groups {
			names = append(names, catalog.Groups()[g].Ref())
		}
		slices.Sort(names)
		got = append(got, policy{p.Effect, names, p.Resources})
	}
	want := []policy{
		{authz.Allow, []string{"account:Account Settings Read", "user:API Tokens Write", "zone:DNS Read"}, []authz.Resource{{Key: account}, {Key: zone}, {Key: user}}},
		{authz.Deny, []string{"zone:DNS Write"}, []authz.Resource{{Key: "com.cloudflare.api.account.zone.*"}}},
		{authz.Allow, []string{"zone:DNS Write"}, []authz.Resource{{Key: zone, Nested: []string{record + "*.a.example.com", record + "TXT.*.example.com"}}}},
		{authz.Allow, []string{"account:Account Settings Read", "r2:Workers R2 Storage Bucket Item Read"}, []authz.Resource{{Key: "com.cloudflare.api.account.*"}, {Key: bucket + "default_files"}, {Key: bucket + "eu_files"}}},
		{authz.Allow, []string{"zone:Zone Read"}, []authz.Resource{{Key: account, Nested: []string{zone}}, {Key: zone}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
	if d.Policies[0].ID.String() != "90000000000000000000000000000002" || d.Policies[1].ID.IsZero() || d.Policies[1].ID == d.Policies[2].ID {
		t.Error("ids of policies are lost or equal")
	}
}

// withoutHashes replaces hashes of secrets.
func withoutHashes(s string) string {
	parts := strings.Split(s, `_hash":"`)
	for i := range parts[1:] {
		_, rest, _ := strings.Cut(parts[i+1], `"`)
		parts[i+1] = `…"` + rest
	}
	return strings.Join(parts, `_hash":"`)
}

// find looks a credential up as a request would present it.
func find(tx *state.Tx, c seed.Credential) *authz.Credential {
	switch c.Kind {
	case seed.KindGlobalKey:
		return tx.CredentialByKey(c.Email, c.Value)
	case seed.KindOriginCAKey:
		return tx.CredentialByServiceKey(c.Value)
	case seed.KindVultrKey:
		known, _ := tx.CredentialByVultrKey(c.Value)
		return known
	default:
		return tx.CredentialByToken(c.Value)
	}
}

// TestRefsAreText: YAML 1.1 would read these as booleans, numbers and times.
func TestRefsAreText(t *testing.T) {
	t.Parallel()
	w, _ := mustLoad(t, `users:
  on: {email: on@example.com}
  123: {email: n@example.com}
  null: {email: null@example.com}
  1e3: {email: e@example.com, first_name: yes, last_name: 007}
  true: {email: t@example.com}
accounts:
  no: {name: 12, members: {on: {roles: [DNS]}, 123: {}, true: {}}}
  0x10: {}
zones: {1.example: {account: no}, 2.example: {account: 0x10}}
tokens:
  off: {user: 123, name: no, policies: [{permission_groups: [Zone Read], resources: {zones: [1.example], accounts: [no]}}]}
  2026-01-01: {user: on, policies: [{permission_groups: [Zone Read], resources: {zones: [1.example]}}]}
`)
	view(t, w, func(tx *state.Tx) {
		for _, ref := range []string{"on", "123", "null", "1e3", "true"} {
			if tx.UserByRef(ref) == nil {
				t.Errorf("no user has the ref %q", ref)
			}
		}
		if u := tx.UserByRef("1e3"); u.FirstName != "yes" || u.LastName != "007" {
			t.Errorf("names = %q %q, want them as written", u.FirstName, u.LastName)
		}
		if a := tx.AccountByRef("no"); a == nil || a.Name != "12" || len(tx.Members(a.ID)) != 3 || tx.MemberByRef("no/123") == nil {
			t.Errorf("account no = %+v", a)
		}
		if tx.AccountByRef("0x10") == nil || tx.TokenByRef("2026-01-01") == nil {
			t.Error("a ref was read as something else")
		}
		if k := tx.TokenByRef("off"); k == nil || k.Definition.Name != "no" || k.Owner.User != tx.UserByRef("123").ID {
			t.Errorf("token off = %+v", k)
		}
	})
}

func TestNullIsAbsent(t *testing.T) {
	t.Parallel()
	with, _ := mustLoad(t, "users: {dev: {email: dev@example.com, id: null, tenant_admin: ~, first_name: }}\naccounts: {a: {type: enterprise, settings: {api_access_enabled: null}, members: {dev: }}}\nzones: null\ntokens: \n")
	without, _ := mustLoad(t, "users: {dev: {email: dev@example.com}}\naccounts: {a: {type: enterprise, members: {dev: {}}}}\n")
	if digest(t, with) != digest(t, without) {
		t.Error("null is not the same as absent")
	}
}

func TestEmptySeeds(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "# nothing\n", "{}", "null", "---\n", "users: {}"} {
		w, loaded := mustLoad(t, text)
		if w.Seq() != 0 || len(loaded.Credentials) != 0 {
			t.Errorf("%q is not an empty world", text)
		}
	}
}

func TestSameFileSameWorld(t *testing.T) {
	t.Parallel()
	for name, text := range map[string]string{"base": base, "full": full, "built-in": string(seed.Builtin())} {
		one, first := mustLoad(t, text)
		two, second := mustLoad(t, text)
		if digest(t, one) != digest(t, two) {
			t.Errorf("%s: two loads gave two worlds", name)
		}
		if diff := cmp.Diff(first, second); diff != "" {
			t.Errorf("%s: two loads gave different credentials", name)
		}
	}
}

// TestDerivedValues pins what is derived: these values stand in tests and
// scripts of users, so a change of the derivation breaks them.
func TestDerivedValues(t *testing.T) {
	t.Parallel()
	w, loaded := mustLoad(t, base+"tokens: {t: {user: dev, policies: [{permission_groups: [Zone Read], resources: {zones: [example.com]}}]}, u: {account: acme, policies: [{permission_groups: [Zone Read], resources: {zones: [example.com]}}]}}\n")
	view(t, w, func(tx *state.Tx) {
		got := []string{
			tx.UserByRef("dev").ID.String(), tx.AccountByRef("acme").ID.String(), tx.ZoneByName("example.com").ID.String(),
			tx.MemberByRef("acme/boss").ID.String(), tx.TokenByRef("t").ID.String(), tx.UserByRef("dev").CreatedOn.Format(time.RFC3339),
		}
		want := []string{
			"c5df2ef8f9011eda05657876f373ebc0", "2f5e4d918cf172caee016a3705f53d92", "403eb8cbcb42e917cd9178d8ef32636e",
			"fcbd6220070b26b00e98d91ed6cfdabb", "2fb7299edf84c399a6f821bbc8594e37", "2024-03-30T09:33:56Z",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("derived (-want +got):\n%s", diff)
		}
	})
	kinds := make(map[string]string)
	for _, c := range loaded.Credentials {
		kinds[c.Kind+" "+c.Ref] = c.Value
		sound := map[string]func(string) bool{
			seed.KindUserToken: authz.IsTokenForm, seed.KindAccountToken: authz.IsTokenForm,
			seed.KindGlobalKey: authz.IsGlobalKeyForm, seed.KindOriginCAKey: authz.IsOriginCAKeyForm,
		}[c.Kind]
		if !sound(c.Value) {
			t.Errorf("the derived %s has the wrong form", c.Kind)
		}
	}
	if k := kinds["user_token t"]; !strings.HasPrefix(k, "cfut_") || state.FormatSecret("cfut_", k[5:45]) != k {
		t.Errorf("the derived user token is no cfut_ with its checksum")
	}
	if k := kinds["account_token u"]; !strings.HasPrefix(k, "cfat_") || state.FormatSecret("cfat_", k[5:45]) != k {
		t.Errorf("the derived account token is no cfat_ with its checksum")
	}
	if kinds["global_key dev"] == kinds["global_key boss"] || kinds["user_token t"][5:] == kinds["account_token u"][5:] {
		t.Error("two refs gave one secret")
	}
}

// TestSeedStates: what time and later changes may have produced is loaded
// (the seed of a create would be refused).
func TestSeedStates(t *testing.T) {
	t.Parallel()
	const policies = "policies: [{permission_groups: [Zone Read], resources: {zones: [example.com]}}]"
	cases := map[string]string{
		"past expiry":              "tokens: {t: {user: dev, expires_on: \"2001-01-01T00:00:00Z\", " + policies + "}}",
		"expiry before start":      "tokens: {t: {user: dev, not_before: \"2002-01-01T00:00:00Z\", expires_on: \"2001-01-01T00:00:00Z\", " + policies + "}}",
		"right not held":           "tokens: {t: {user: dev, policies: [{permission_groups: [Billing Write], resources: {accounts: [acme]}}]}}",
		"account that was left":    "tokens: {t: {user: dev, policies: [{permission_groups: [Zone Read], resources: {accounts: [globex]}}]}}",
		"token management":         "tokens: {t: {user: dev, policies: [{permission_groups: [API Tokens Write], resources: {user: dev}}]}}",
		"quota":                    "limits: {tokens_per_user: 0}\ntokens: {t: {user: dev, " + policies + "}, u: {user: dev, " + policies + "}}",
		"no Super Administrator":   "",
		"several of the same name": "tokens: {t: {user: dev, name: x, " + policies + "}, u: {user: dev, name: x, " + policies + "}}",
	}
	for name, text := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			mustLoad(t, strings.Replace(base, "limits: {tokens_per_user: 5}\n", "", 1)+text)
		})
	}
}

// TestLoadAddsToAWorld: refs of what the world holds count, conflicts do not
// replace anything.
func TestLoadAddsToAWorld(t *testing.T) {
	t.Parallel()
	w, _ := mustLoad(t, base)
	if _, err := seed.Load("more.yaml", []byte("tokens: {t: {user: dev, policies: [{permission_groups: [Zone Read], resources: {zones: [example.com]}}]}}"), w); err != nil {
		t.Fatalf("Load: %v", err)
	}
	before := digest(t, w)
	_, err := seed.Load("again.yaml", []byte(base), w)
	for _, want := range []string{"again.yaml:2: users.dev.id: ", "again.yaml:5: accounts.acme.id: ", "again.yaml:8: zones.example.com.id: "} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("loading twice: %v\nwant: %s", err, want)
		}
	}
	if digest(t, w) != before {
		t.Error("the refused seed changed the world")
	}
}

type refusingLog struct{ err error }

func (l refusingLog) Append(state.Batch) error { return l.err }

func TestLogError(t *testing.T) {
	t.Parallel()
	full := errors.New("the disk is full")
	w := state.New(state.Options{Log: refusingLog{full}})
	if _, err := seed.Load("seed.yaml", []byte(base), w); !errors.Is(err, full) {
		t.Errorf("error = %v, want that of the log", err)
	}
}
