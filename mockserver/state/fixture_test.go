// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"errors"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The identifiers of the fixture. The first byte tells the kind.
var (
	super, dev, guest   = id(1, 1), id(1, 2), id(1, 3)
	acme, globex        = id(2, 1), id(2, 2)
	superAcme, devAcme  = id(3, 1), id(3, 2)
	superGlobex         = id(3, 3)
	exampleCom, globexZ = id(4, 1), id(4, 2)
	wwwRecord           = id(5, 1)
	devToken, acmeToken = id(6, 1), id(6, 2)
	zoneRule, userRule  = id(7, 1), id(7, 2)
	devVultr            = id(8, 1)
	wwwCertificate      = id(10, 1)
	webGroup            = id(11, 1)
)

// The secrets of the fixture.
const (
	devTokenSecret  = "fixture-token-of-dev-00000000000000000000"
	acmeTokenSecret = "fixture-token-of-acme-0000000000000000000"
	devKey          = "0123456789abcdef0123456789abcdef01234"
	devServiceKey   = "v1.0-0123456789abcdef"
	devVultrSecret  = "FIXTUREVULTRKEYOFDEV"
)

const dnsRole = "069fe803647ed3609e93d041d5df6050"

const domainDNSRole = "132c52e7e6654b999c183cfcbafd37d7"

var noon = time.Date(2026, time.January, 2, 12, 0, 0, 0, time.UTC)

func id(kind, n byte) authz.ID { return authz.ID{0: kind, 15: n} }

// memoryLog keeps batches; with err set it refuses them.
type memoryLog struct {
	mu      sync.Mutex
	batches []state.Batch
	err     error
}

func (l *memoryLog) Append(b state.Batch) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.err != nil {
		return l.err
	}
	l.batches = append(l.batches, b)
	return nil
}

var testKey = [32]byte{1, 2, 3}

// newWorld makes a world that holds the fixture.
func newWorld(t *testing.T, log state.LogSink) *state.World {
	t.Helper()
	w := state.New(state.Options{HashKey: testKey, Log: log})
	if err := w.Update(fixture); err != nil {
		t.Fatalf("writing the fixture: %v", err)
	}
	return w
}

func fixture(tx *state.Tx) error {
	return errors.Join(
		tx.PutUser(&state.User{ID: super, Ref: "super", Email: "super@example.com", TenantAdmin: true, CreatedOn: noon}),
		tx.PutUser(&state.User{
			ID: dev, Ref: "dev", Email: "Dev@Example.com", CreatedOn: noon.Add(time.Second),
			GlobalKeyHash: tx.HashSecret(devKey), OriginCAKeyHash: tx.HashSecret(devServiceKey),
		}),
		tx.PutUser(&state.User{ID: guest, Ref: "guest", Email: "guest@example.com", CreatedOn: noon.Add(2 * time.Second)}),
		tx.PutAccount(&state.Account{ID: acme, Ref: "acme", Name: "Acme", Type: state.TypeEnterprise, APIAccess: authz.On, CreatedOn: noon}),
		tx.PutAccount(&state.Account{ID: globex, Ref: "globex", Name: "Globex", Type: state.TypeStandard, CreatedOn: noon.Add(time.Second)}),
		tx.PutZone(&state.Zone{ID: exampleCom, Account: acme, Name: "example.com", Type: "full", Status: "active", CreatedOn: noon}),
		tx.PutZone(&state.Zone{ID: globexZ, Account: globex, Name: "globex.example", Type: "full", Status: "active", CreatedOn: noon}),
		tx.PutMember(member(superAcme, acme, super, catalog.RoleSuperAdministrator)),
		tx.PutMember(member(devAcme, acme, dev, dnsRole)),
		tx.PutMember(member(superGlobex, globex, super, catalog.RoleSuperAdministrator)),
		tx.PutRecord(&state.Record{ID: wwwRecord, Zone: exampleCom, Type: "A", Name: "www.example.com", Content: "192.0.2.1", TTL: 1, CreatedOn: noon}),
		tx.PutToken(token(tx, devToken, authz.Owner{User: dev}, devTokenSecret)),
		tx.PutToken(token(tx, acmeToken, authz.Owner{Account: acme}, acmeTokenSecret)),
		tx.PutAccessRule(&state.AccessRule{ID: zoneRule, Scope: state.ScopeZone, Owner: exampleCom, Mode: "block", Target: "ip", Value: "198.51.100.1", CreatedOn: noon}),
		tx.PutAccessRule(&state.AccessRule{ID: userRule, Scope: state.ScopeUser, Owner: dev, Mode: "block", Target: "ip", Value: "198.51.100.2", CreatedOn: noon}),
		tx.PutVultrKey(&state.VultrKey{ID: devVultr, User: dev, ACLs: []string{"dns"}, SecretHash: tx.HashSecret(devVultrSecret), CreatedOn: noon}),
		tx.PutVultrAccount(acme),
		tx.PutCertificate(certificate(wwwCertificate, []authz.ID{exampleCom}, "www.example.com")),
		tx.PutResourceGroup(&state.ResourceGroup{ID: webGroup, Account: acme, Name: "Web", Zones: []authz.ID{exampleCom}, CreatedOn: noon}),
	)
}

func member(memberID, account, user authz.ID, roles ...string) *state.Member {
	return &state.Member{ID: memberID, Account: account, User: user, Status: state.StatusAccepted, Roles: roles, CreatedOn: noon}
}

func certificate(certificateID authz.ID, zones []authz.ID, names ...string) *state.Certificate {
	return &state.Certificate{
		ID: certificateID, Zones: zones, Hostnames: names, RequestType: "origin-rsa", RequestedValidity: 7,
		CSR: "request", PEM: "certificate", CreatedOn: noon, ExpiresOn: noon.AddDate(0, 0, 7),
	}
}

// token is a token with Zone Read and a deny of DNS Write on example.com.
func token(tx *state.Tx, tokenID authz.ID, owner authz.Owner, secret string) *state.Token {
	zone := authz.Key{Form: authz.KeyZone, Zone: exampleCom}.Resource()
	return &state.Token{
		ID: tokenID, Owner: owner, IssuedOn: noon, ModifiedOn: noon, SecretHash: tx.HashSecret(secret),
		Definition: authz.Definition{
			Name: "fixture",
			Policies: []authz.Policy{
				{ID: id(9, 1), Effect: authz.Allow, Groups: groups("Zone Read"), Resources: []authz.Resource{zone}},
				{ID: id(9, 2), Effect: authz.Deny, Groups: groups("DNS Write"), Resources: []authz.Resource{zone}},
			},
			In: []string{"192.0.2.0/24"}, ExpiresOn: noon.AddDate(1, 0, 0),
		},
	}
}

// groups finds zone groups by name; an unknown name would show as a token
// that does not compile.
func groups(names ...string) []catalog.GroupIndex {
	var list []catalog.GroupIndex
	for _, name := range names {
		g, err := catalog.LookupGroupInScope(catalog.ScopeZone, name)
		if err != nil {
			panic(err)
		}
		list = append(list, g.Index)
	}
	return list
}

func digest(t *testing.T, w *state.World) string {
	t.Helper()
	d, err := w.Digest()
	if err != nil {
		t.Fatalf("Digest: %v", err)
	}
	return d
}

// view runs fn in a view and fails the test on an error.
func view(t *testing.T, w *state.World, fn func(*state.Tx)) {
	t.Helper()
	if err := w.View(func(tx *state.Tx) error { fn(tx); return nil }); err != nil {
		t.Fatalf("View: %v", err)
	}
}

// update runs fn in an update and fails the test on an error.
func update(t *testing.T, w *state.World, fn func(*state.Tx) error) {
	t.Helper()
	if err := w.Update(fn); err != nil {
		t.Fatalf("Update: %v", err)
	}
}

// wantRule fails the test unless err is a RuleError of the rule.
func wantRule(t *testing.T, err error, rule string) {
	t.Helper()
	var broken *state.RuleError
	if !errors.As(err, &broken) {
		t.Fatalf("error = %v, want a RuleError with the rule %q", err, rule)
	}
	if broken.Rule != rule {
		t.Fatalf("rule = %q (%s), want %q", broken.Rule, broken.Message, rule)
	}
}

func idsOf[T any](list []*T, of func(*T) authz.ID) []authz.ID {
	ids := make([]authz.ID, 0, len(list))
	for _, v := range list {
		ids = append(ids, of(v))
	}
	return ids
}

func sameIDs[T any](t *testing.T, what string, list []*T, of func(*T) authz.ID, want ...authz.ID) {
	t.Helper()
	if got := idsOf(list, of); !slices.Equal(got, want) {
		t.Errorf("%s = %v, want %v", what, got, want)
	}
}
