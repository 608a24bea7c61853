// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// Kinds of reads that a credential may be refused.
const (
	hideMemberships = 1 << iota
	hideMembers
	hideAccount
	hideZone
)

// hideable are the combinations that differ in what can be known.
var hideable = []int{
	0, hideMemberships, hideAccount, hideZone, hideMemberships | hideMembers, hideMemberships | hideAccount,
	hideMemberships | hideMembers | hideAccount, hideMemberships | hideMembers | hideAccount | hideZone,
}

var errHidden = errors.New("hidden by the test")

// transaction is a world as the API would show it to one user, who may not read all kinds of things. It
// asks no gate: what may be read is the test's choice.
type transaction struct {
	*state.Tx
	user   authz.ID
	hidden int
}

// User reads the calling user.
func (x transaction) User(context.Context) (*client.User, error) {
	return &client.User{ID: x.user.String(), Email: x.Tx.User(x.user).Email}, nil
}

// Memberships reads, or refuses.
func (x transaction) Memberships(context.Context) ([]client.Membership, error) {
	if x.hidden&hideMemberships != 0 {
		return nil, errHidden
	}
	var out []client.Membership
	for _, m := range x.MembershipsOf(x.user) {
		shown := client.Membership{
			ID: m.ID.String(), Status: m.Status, Account: client.AccountRef{ID: m.Account.String()},
			APIAccessEnabled: m.APIAccess.Bool(), Policies: policiesOf(m),
		}
		for _, id := range m.Roles {
			role, _ := catalog.RoleByID(id)
			shown.Roles = append(shown.Roles, role.Name)
		}
		if x.hidden&hideAccount == 0 {
			shown.AccountDetails = x.account(m.Account)
		}
		out = append(out, shown)
	}
	return out, nil
}

// Members reads, or refuses.
func (x transaction) Members(_ context.Context, account string) ([]client.Member, error) {
	if x.hidden&hideMembers != 0 {
		return nil, errHidden
	}
	id, _ := authz.ParseID(account)
	var out []client.Member
	for _, m := range x.Tx.Members(id) {
		shown := client.Member{
			ID: m.ID.String(), Status: m.Status, UserID: m.User.String(), APIAccessEnabled: m.APIAccess.Bool(), Policies: policiesOf(m),
		}
		for _, id := range m.Roles {
			shown.Roles = append(shown.Roles, client.Role{ID: id})
		}
		out = append(out, shown)
	}
	return out, nil
}

func policiesOf(m *state.Member) []client.MemberPolicy {
	var out []client.MemberPolicy
	for _, p := range m.Policies {
		shown := client.MemberPolicy{Access: client.Effect(p.Access)}
		for _, id := range p.Roles {
			shown.Roles = append(shown.Roles, client.Role{ID: id})
		}
		scope := client.MemberScope{Key: accountPrefix + m.Account.String()}
		for _, zone := range p.Zones {
			scope.Objects = append(scope.Objects, zonePrefix+zone.String())
		}
		if len(p.Zones) == 0 {
			scope.Objects = []string{wildcard}
		}
		shown.Scopes = append(shown.Scopes, scope)
		out = append(out, shown)
	}
	return out
}

// Account reads, or refuses.
func (x transaction) Account(_ context.Context, id string) (*client.Account, error) {
	account, _ := authz.ParseID(id)
	if x.hidden&hideAccount != 0 || x.Tx.Account(account) == nil {
		return nil, errHidden
	}
	return x.account(account), nil
}

func (x transaction) account(id authz.ID) *client.Account {
	a := x.AccountByID(id)
	return &client.Account{ID: id.String(), Type: a.Type, Settings: client.AccountSettings{APIAccessEnabled: a.APIAccess.Bool()}}
}

// Zone reads, or refuses.
func (x transaction) Zone(_ context.Context, id string) (*client.Zone, error) {
	zone, _ := authz.ParseID(id)
	z := x.Tx.Zone(zone)
	if x.hidden&hideZone != 0 || z == nil {
		return nil, errHidden
	}
	return &client.Zone{ID: id, Name: z.Name, Account: client.AccountRef{ID: z.Account.String()}}, nil
}

// shown is a token as the API shows it.
func shown(token *state.Token) *client.Token {
	out := &client.Token{ID: token.ID.String(), Status: client.StatusActive}
	if token.Disabled {
		out.Status = client.StatusDisabled
	}
	groups := catalog.Groups()
	for _, p := range token.Definition.Policies {
		policy := client.Policy{Effect: client.Effect(p.Effect), Resources: map[string]client.ResourceValue{}}
		for _, g := range p.Groups {
			policy.Groups = append(policy.Groups, client.PolicyGroup{ID: groups[g].ID})
		}
		for _, r := range p.Resources {
			policy.Resources[r.Key] = client.ResourceValue{Nested: r.Nested}
		}
		out.Policies = append(out.Policies, policy)
	}
	if len(token.Definition.In)+len(token.Definition.NotIn) > 0 {
		out.Condition = &client.IPCondition{In: token.Definition.In, NotIn: token.Definition.NotIn}
	}
	return out
}

// truthSeed adds to the built-in world what it lacks for the test: members with policies in place of
// roles, and tokens that mix allows, denies and every kind of key.
const truthSeed = `
users:
  boss: {email: boss@example.com, api_key: "0123456789abcdef0123456789abcdef00001"}
  zoned: {email: zoned@example.com, api_key: "0123456789abcdef0123456789abcdef00002"}
  reader: {email: reader@example.com, api_key: "0123456789abcdef0123456789abcdef00003"}
  halved: {email: halved@example.com, api_key: "0123456789abcdef0123456789abcdef00004"}
  blind: {email: blind@example.com, api_key: "0123456789abcdef0123456789abcdef00005"}
accounts:
  acme:
    name: Acme
    type: enterprise
    settings: {api_access_enabled: null}
    members:
      boss: {roles: [Super Administrator - All Privileges]}
      zoned:
        policies:
          - {access: allow, roles: [Administrator Read Only]}
          - {access: allow, roles: [DNS], zones: [example.com]}
          - {access: deny, roles: [DNS], zones: [example.org]}
      reader: {roles: [Administrator Read Only]}
      blind:
        policies:
          - {access: allow, roles: [DNS]}
          - {access: deny, roles: [Administrator Read Only]}
      halved:
        policies:
          - {access: allow, roles: [Administrator]}
          - {access: deny, roles: [DNS], zones: [example.org]}
  globex:
    name: Globex
    type: standard
    members:
      boss: {roles: [Administrator]}
zones:
  example.com: {account: acme}
  example.org: {account: acme}
  globex.example: {account: globex}
tokens:
  boss_all:
    user: boss
    policies:
      - {permission_groups: [API Tokens Write, User Details Read], resources: {user: self}}
      - {permission_groups: ["account:Account Settings Write", "account:Account Settings Read"], resources: {all_accounts: true}}
      - {permission_groups: [DNS Write, Zone Read, Zone Write, Cache Purge], resources: {all_zones: true}}
  boss_acme:
    user: boss
    policies:
      - {permission_groups: [DNS Write, Zone Write], resources: {all_zones_of_accounts: [acme]}}
      - {effect: deny, permission_groups: [DNS Write], resources: {dns_records: [{zone: example.com, type: MX, name: "*"}]}}
      - {effect: deny, permission_groups: [Zone Write], resources: {zones: [example.org]}}
  boss_disabled:
    user: boss
    status: disabled
    policies:
      - {permission_groups: [DNS Write], resources: {all_zones_of_accounts: [acme]}}
  boss_zone:
    user: boss
    policies:
      - {permission_groups: [DNS Write, DNS Read], resources: {zones: [example.com, globex.example]}}
      - {effect: deny, permission_groups: [DNS Read], resources: {dns_records: [{zone: globex.example, type: MX, name: "*"}]}}
  blind_zone:
    user: blind
    policies:
      - {permission_groups: [DNS Write], resources: {zones: [example.com]}}
  halved_all:
    user: halved
    policies:
      - {permission_groups: [DNS Write, Zone Write], resources: {all_zones_of_accounts: [acme]}}
  zoned_all:
    user: zoned
    policies:
      - {permission_groups: [DNS Write], resources: {all_zones_of_accounts: [acme]}}
  zoned_dns:
    user: zoned
    policies:
      - {permission_groups: [DNS Write, DNS Read], resources: {zones: [example.com, example.org]}}
      - {permission_groups: ["account:Account Settings Read"], resources: {accounts: [acme]}}
  reader_txt:
    user: reader
    policies:
      - {permission_groups: [DNS Read, DNS Write], resources: {dns_records: [{zone: example.com, type: TXT, name: "_acme-challenge.*"}]}}
      - {permission_groups: [Zone Read], resources: {zones: [example.com]}}
  acme_ops:
    account: acme
    policies:
      - {permission_groups: ["account:Account Settings Read"], resources: {accounts: [acme]}}
      - {permission_groups: [DNS Write, Zone Write], resources: {all_zones_of_accounts: [acme]}}
`

// asked are the questions of the test, with refs of the seed in place of ids.
var asked = []struct {
	operation, account, zone, kind, name, change string
	zones                                        bool
}{
	{operation: "DNS Write", zone: "example.com"},
	{operation: "DNS Write", zone: "example.org"},
	{operation: "DNS Write", zone: "globex.example"},
	{operation: "DNS Write", zone: "example.com", account: "acme"},
	{operation: "DNS Read", zone: "example.com", kind: "TXT", name: "_acme-challenge.www"},
	{operation: "POST /zones/{zone_id}/dns_records", zone: "example.com", kind: "TXT", name: "_acme-challenge"},
	{operation: "POST /zones/{zone_id}/dns_records", zone: "example.com", kind: "MX", name: "@"},
	{operation: "DELETE /zones/{zone_id}/dns_records/{dns_record_id}", zone: "example.org", kind: "A", name: "www"},
	{operation: "GET /zones/{zone_id}/dns_records", zone: "example.com"},
	{operation: "POST /zones/{zone_id}/dns_records", zone: "example.com"},
	{operation: "DELETE /zones/{zone_id}/dns_records/{dns_record_id}", zone: "example.com"},
	{operation: "POST /zones/{zone_id}/dns_records/batch", zone: "example.com", kind: "TXT", name: "_acme-challenge"},
	{operation: "POST /zones/{zone_id}/dns_records/batch", zone: "globex.example", kind: "MX", name: "@"},
	{operation: "POST /zones/{zone_id}/dns_records/batch", zone: "example.com"},
	{operation: "DNS Read", zone: "example.com"},
	{operation: "DELETE /zones/{zone_id}", zone: "example.org"},
	{operation: "POST /zones/{zone_id}/purge_cache", zone: "globex.example"},
	{operation: "Zone Write", account: "acme", zones: true},
	{operation: "DNS Write", account: "acme", zones: true},
	{operation: "DNS Write", account: "globex", zones: true},
	{operation: "DNS Read", account: "globex", zones: true},
	{operation: "POST /zones", account: "globex", zones: true},
	{operation: "POST /zones", account: "acme"},
	{operation: "GET /zones"},
	{operation: "GET /accounts", account: "acme"},
	{operation: "GET /accounts/{account_id}", account: "acme"},
	{operation: "GET /accounts/{account_id}/members", account: "globex"},
	{operation: "PUT /accounts/{account_id}", account: "acme", change: "off"},
	{operation: "PUT /accounts/{account_id}", account: "globex", change: "off"},
	{operation: "POST /accounts/{account_id}/members", account: "acme"},
	{operation: "POST /user/tokens"},
	{operation: "GET /user"},
	{operation: "POST /accounts"},
	{operation: "GET /user/tokens/verify"},
}

// TestTruth asks many questions of a world that the test knows in full, through reads of which some are
// refused. What is answered for certain must be true, and what is not must not be allowed; with everything
// to read, nothing may be left open.
func TestTruth(t *testing.T) {
	t.Parallel()
	counts := map[string]int{}
	for _, setting := range []struct{ account, member authz.Switch }{
		{authz.Unset, authz.Unset}, {authz.Off, authz.Unset}, {authz.Off, authz.On}, {authz.On, authz.Off},
	} {
		world := mocktest.New(t, mocktest.WithSeed(truthSeed)).World()
		err := world.Update(func(tx *state.Tx) error {
			account := *tx.AccountByRef("acme")
			account.APIAccess = setting.account
			if err := tx.PutAccount(&account); err != nil {
				return err
			}
			for _, ref := range []string{"acme/boss", "acme/zoned", "acme/reader"} {
				member := *tx.MemberByRef(ref)
				member.APIAccess = setting.member
				if err := tx.PutMember(&member); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		err = world.View(func(tx *state.Tx) error {
			for _, token := range tx.Tokens() {
				for n := range asked {
					for _, hidden := range hideable {
						compare(t, tx, token, n, hidden, counts)
					}
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, kind := range []string{"allowed", "refused", "undecided", "policies unknown", "by record", "by zone", "open", "in a batch"} {
		if counts[kind] < 100 {
			t.Errorf("only %d questions were %s: %v", counts[kind], kind, counts)
		}
	}
}

// compare asks one question of one token, and of the world itself.
func compare(t *testing.T, tx *state.Tx, token *state.Token, n, hidden int, counts map[string]int) {
	t.Helper()
	ask := asked[n]
	operation, err := inquiry.ParseOperation(ask.operation)
	if err != nil {
		t.Fatal(err)
	}
	on := target{Target: inquiry.Target{RecordType: ask.kind, RecordName: ask.name, AllZones: ask.zones}}
	if ask.account != "" {
		on.Account = tx.AccountByRef(ask.account).ID
	}
	if ask.zone != "" {
		on.Zone = tx.ZoneByName(ask.zone).ID
	}
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	q := question{operation: operation, target: on.Target, now: now}
	if ask.change != "" {
		q.change = &inquiry.SwitchChange{To: authz.Off}
	}
	credential := token.Credential()
	truth, err := inquiry.Ask(tx, inquiry.Question{Credential: credential, Operation: operation, Target: on.Target, Now: now, Switch: q.change})
	if err != nil {
		t.Fatalf("%s: %v", ask.operation, err)
	}

	api := transaction{Tx: tx, user: token.Owner.User, hidden: hidden}
	if api.user.IsZero() {
		api.user = tx.UserByRef("boss").ID
	}
	own := policyset.Owner{Known: true}
	if !token.Owner.Account.IsZero() {
		own.AccountID = token.Owner.Account.String()
	}
	known := shown(token)
	s, err := subjectOf(known, own)
	if err != nil {
		t.Fatal(err)
	}
	on.locate(operation)
	q.zone, q.accounts = on.zone, on.mayLieIn(policyset.Named(known.Policies))
	asking := inquirer{api: api, subject: s, knowledge: newKnowledge()}
	on.knownZone(asking.knowledge, false)
	if on.claimed() {
		asking.locate(t.Context(), &q, policyset.Named(known.Policies))
	}
	v, err := asking.answer(t.Context(), &q)
	if err != nil {
		t.Fatalf("%s: %v", ask.operation, err)
	}

	where := fmt.Sprintf("%s, %+v, hidden %04b", token.Ref, ask, hidden)
	switch {
	case v.allowed:
		counts["allowed"]++
	case v.undecided:
		counts["undecided"]++
	default:
		counts["refused"]++
	}
	if v.allowed && !truth.Allowed() {
		t.Errorf("%s: allowed, but the world refuses it: %s", where, truth.Explanation.Chain())
	}
	// Without a record the engine decides on the zone alone.
	everyRecord := q.aboutRecords() && q.operation.Row != nil && !q.lists()
	if !v.allowed && !v.undecided && truth.Allowed() && !everyRecord {
		t.Errorf("%s: refused for certain, but the world allows it: %s", where, v.explanation(s))
	}
	if v.undecided && !slices.ContainsFunc(v.steps, func(s authz.Step) bool { return s.Outcome == outcomeUnknown }) {
		t.Errorf("%s: undecided, and every gate is said to be decided: %v", where, v.steps)
	}
	if v.undecided && len(v.unknown) == 0 {
		t.Errorf("%s: undecided without a reason", where)
	}
	if q.batchOnRecord() && !v.undecided {
		inBatch(t, tx, where, &q, credential, &v, counts)
	}
	if q.aboutRecords() && !q.lists() {
		byRecord(t, tx, where, &q, credential, &v, hidden, counts)
	}
	if q.aboutAllZones() {
		byZone(t, tx, where, &q, credential, &v, &truth, hidden == 0 && exists(tx, credential, &on), counts)
	}
	if v.byRecord != nil || v.byZone != nil {
		counts["open"]++
		return // no one answer is the world's
	}
	if hidden == 0 && (!everyRecord || v.allowed == truth.Allowed()) {
		complete(t, where, &v, &truth)
	}
	unreadZone := hidden&hideZone != 0 && ask.zone != "" && ask.name != ""
	switch {
	case v.policyAllows == nil:
		counts["policies unknown"]++
	case *v.policyAllows != truth.PolicyAllows && exists(tx, credential, &on) && !unreadZone:
		t.Errorf("%s: the policies allow it: %v, in the world %v", where, *v.policyAllows, truth.PolicyAllows)
	}
}

// inBatch holds what is answered for certain of a record in a batch against what the world says of the single
// operations that the batch may hold.
func inBatch(t *testing.T, tx *state.Tx, where string, q *question, credential *authz.Credential, v *verdict, counts map[string]int) {
	t.Helper()
	counts["in a batch"]++
	for _, single := range singles(t, q.operation) {
		truth, err := inquiry.Ask(tx, inquiry.Question{Credential: credential, Operation: single, Target: q.target, Now: q.now})
		if err != nil {
			t.Fatal(err)
		}
		if v.allowed != truth.Allowed() {
			t.Errorf("%s: in a batch allowed: %v; %s in the world %v\n%s", where, v.allowed, single, truth.Allowed(), v.explanation(&subject{}))
		}
	}
}

// singles are the operations on one record that a batch may hold, or the operation itself.
func singles(t *testing.T, operation inquiry.Operation) []inquiry.Operation {
	t.Helper()
	if operation.Row == nil || operation.Row.Route != batchRoute {
		return []inquiry.Operation{operation}
	}
	const one = "/zones/{zone_id}/dns_records/{dns_record_id}"
	var out []inquiry.Operation
	for _, name := range []string{"POST /zones/{zone_id}/dns_records", "PATCH " + one, "DELETE " + one} {
		single, err := inquiry.ParseOperation(name)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, single)
	}
	return out
}

// byRecord holds what is answered without a record against what the world says of several.
func byRecord(t *testing.T, tx *state.Tx, where string, q *question, credential *authz.Credential, v *verdict, hidden int, counts map[string]int) {
	t.Helper()
	all, some, allowed, anywhere := true, false, true, false
	for _, record := range []recordName{{"A", "@"}, {"TXT", "_acme-challenge.www"}, {"TXT", "www"}, {"MX", "@"}, {"MX", "mail"}} {
		on := q.target
		on.RecordType, on.RecordName = record.kind, record.name
		for _, operation := range singles(t, q.operation) {
			truth, err := inquiry.Ask(tx, inquiry.Question{Credential: credential, Operation: operation, Target: on, Now: q.now})
			if err != nil {
				t.Fatal(err)
			}
			all, some, allowed = all && truth.PolicyAllows, some || truth.PolicyAllows, allowed && truth.Allowed()
			anywhere = anywhere || truth.Allowed()
		}
	}
	differs := some && !all || anywhere && !allowed
	if some && !all {
		counts["by record"]++
	}
	if v.allowed && !allowed {
		t.Errorf("%s: allowed, but the world does not allow every record", where)
	}
	if !v.allowed && !v.undecided && anywhere {
		t.Errorf("%s: refused for certain, but the world allows some record", where)
	}
	if hidden == 0 && (v.byRecord != nil) != differs {
		t.Errorf("%s: it depends on the record: %v; in the world all are allowed %v, some %v", where, v.byRecord != nil, all, some)
	}
	if v.byRecord != nil && (v.allowed || v.policyAllows != nil && some && !all || len(v.unknown) == 0) {
		t.Errorf("%s: it depends on the record; allowed %v, policies %v, unknown %v", where, v.allowed, v.policyAllows, v.unknown)
	}
}

// byZone holds what is answered for all zones of an account against what the world says of each, of a few records,
// and of zones to come, which is what it says of all at once.
func byZone(t *testing.T, tx *state.Tx, where string, q *question, credential *authz.Credential, v *verdict, truth *inquiry.Answer, inFull bool, counts map[string]int) {
	t.Helper()
	all, some, allowed, anywhere := truth.PolicyAllows, truth.PolicyAllows, truth.Allowed(), truth.Allowed()
	for _, zone := range tx.ZonesIn(q.target.Account) {
		for _, record := range []recordName{{}, {"TXT", "www"}, {"TXT", "_acme-challenge"}, {"MX", "@"}} {
			on := inquiry.Target{Zone: zone.ID, RecordType: record.kind, RecordName: record.name}
			if record.kind != "" && !(authz.Key{Form: authz.KeyRecord}).Serves(q.operation.Permission) {
				continue
			}
			truth, err := inquiry.Ask(tx, inquiry.Question{Credential: credential, Operation: q.operation, Target: on, Now: q.now})
			if err != nil {
				t.Fatal(err)
			}
			all, some, allowed = all && truth.PolicyAllows, some || truth.PolicyAllows, allowed && truth.Allowed()
			anywhere = anywhere || truth.Allowed()
		}
	}
	if v.byZone != nil {
		counts["by zone"]++
	}
	if v.allowed && !allowed {
		t.Errorf("%s: allowed, but the world does not allow every zone", where)
	}
	if !v.allowed && !v.undecided && anywhere {
		t.Errorf("%s: refused for certain, but the world allows it on some zone: %s", where, v.explanation(&subject{}))
	}
	if !inFull {
		return
	}
	if (v.policyAllows == nil) != (some && !all) || v.policyAllows != nil && *v.policyAllows != all {
		t.Errorf("%s: the policies allow it: %v; in the world on all zones %v, on some %v", where, v.policyAllows, all, some)
	}
	if v.byZone != nil && (v.allowed || len(v.unknown) == 0) {
		t.Errorf("%s: it depends on the zone; allowed %v, unknown %v", where, v.allowed, v.unknown)
	}
}

// complete holds that with everything to read the answer is the world's.
func complete(t *testing.T, where string, v *verdict, truth *inquiry.Answer) {
	t.Helper()
	if len(v.unknown) > 0 {
		t.Errorf("%s: not everything was read: %v", where, v.unknown)
	}
	if v.allowed != truth.Allowed() || v.reason() != string(truth.Explanation.Decision.Reason) {
		t.Errorf("%s: allowed %v, reason %q; the world says %v, %q", where, v.allowed, v.reason(), truth.Allowed(), truth.Explanation.Decision.Reason)
	}
}

// exists reports whether the target is there for the credential's owner: where it is not, an answer that
// could not read so goes by the policies, and the world's says that no key reaches.
func exists(tx *state.Tx, c *authz.Credential, on *target) bool {
	account := on.Account
	if zone := tx.Zone(on.Zone); zone != nil {
		account = zone.Account
	}
	if account.IsZero() {
		return true
	}
	if c.Kind == authz.AccountToken {
		return c.Account == account
	}
	m := tx.Membership(c.User, account)
	return m != nil && m.Accepted
}
