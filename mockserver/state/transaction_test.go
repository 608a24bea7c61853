// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// wreck writes to every table and every index.
func wreck(tx *state.Tx) error {
	renamed := *tx.User(dev)
	renamed.Email, renamed.Ref = "other@example.com", "other"
	renamed.OriginCAKeyHash = state.Hash{}
	rolled := *tx.Token(devToken)
	rolled.SecretHash = tx.HashSecret("fixture-token-rolled-0000000000000000000")
	second := *tx.Record(exampleCom, wwwRecord)
	second.ID, second.CreatedOn = id(5, 9), noon.Add(-time.Hour)
	return errors.Join(
		tx.PutUser(&renamed),
		tx.PutToken(&rolled),
		tx.PutRecord(&second),
		tx.PutLimits(state.Limits{TokensPerUser: 1, TokensPerAccount: 1}),
		tx.PutUser(&state.User{ID: id(1, 9), Email: "new@example.com"}),
		tx.DeleteUser(id(1, 9)),
		tx.DeleteMember(devAcme),
		tx.PutDocument(document(place(state.ScopeZone, globexZ, "/x"), "1", `{}`)),
		tx.PutDocument(document(place(state.ScopeAccount, globex, "/x"), "1", `{}`)),
		tx.PutDocument(document(place(state.ScopeUser, super, "/x"), "", `{}`)),
		tx.DeleteZone(globexZ),
		tx.DeleteAccount(acme),
		tx.PutZone(&state.Zone{ID: id(4, 9), Account: globex, Name: "example.com"}),
		tx.DeleteUser(dev),
	)
}

// checkFixture looks the fixture up through every index.
func checkFixture(t *testing.T, w *state.World) {
	t.Helper()
	view(t, w, func(tx *state.Tx) {
		if u := tx.UserByEmail("dev@example.COM"); u == nil || u.ID != dev {
			t.Errorf("UserByEmail = %v, want dev", u)
		}
		if tx.UserByEmail("other@example.com") != nil || tx.UserByRef("other") != nil {
			t.Error("the undone e-mail address or ref still finds the user")
		}
		if tx.UserByRef("dev") == nil || tx.AccountByRef("acme") == nil {
			t.Error("refs are lost")
		}
		if m := tx.MemberOf(dev, acme); m == nil || m.ID != devAcme || tx.Membership(dev, acme) != m.Membership() {
			t.Errorf("MemberOf(dev, acme) = %v, want the fixture's", m)
		}
		memberID := func(m *state.Member) authz.ID { return m.ID }
		sameIDs(t, "members of acme", tx.Members(acme), memberID, superAcme, devAcme)
		sameIDs(t, "memberships of super", tx.MembershipsOf(super), memberID, superAcme, superGlobex)
		sameIDs(t, "zones", tx.Zones(), func(z *state.Zone) authz.ID { return z.ID }, exampleCom, globexZ)
		if z := tx.ZoneByName("example.com"); z == nil || z.ID != exampleCom {
			t.Errorf("ZoneByName = %v, want the fixture's", z)
		}
		recordID := func(r *state.Record) authz.ID { return r.ID }
		sameIDs(t, "records", tx.Records(exampleCom), recordID, wwwRecord)
		sameIDs(t, "records by name", tx.RecordsByName(exampleCom, "www.example.com"), recordID, wwwRecord)
		tokenID := func(k *state.Token) authz.ID { return k.ID }
		sameIDs(t, "tokens of dev", tx.UserTokens(dev), tokenID, devToken)
		sameIDs(t, "tokens of acme", tx.AccountTokens(acme), tokenID, acmeToken)
		sameIDs(t, "rules", tx.AccessRules(state.ScopeZone, exampleCom), func(r *state.AccessRule) authz.ID { return r.ID }, zoneRule)
		if c := tx.CredentialByToken(devTokenSecret); c == nil || c.ID != devToken {
			t.Errorf("CredentialByToken = %v, want dev's token", c)
		}
		if tx.CredentialByToken("fixture-token-rolled-0000000000000000000") != nil {
			t.Error("the undone secret is known")
		}
		certificateID := func(c *state.Certificate) authz.ID { return c.ID }
		sameIDs(t, "certificates", tx.CertificatesOf(exampleCom), certificateID, wwwCertificate)
		sameIDs(t, "resource groups", tx.ResourceGroups(acme), func(g *state.ResourceGroup) authz.ID { return g.ID }, webGroup)
		if tx.CredentialByServiceKey(devServiceKey) == nil {
			t.Error("the Origin CA key is unknown")
		}
		if _, k := tx.CredentialByVultrKey(devVultrSecret); k == nil || tx.VultrAccount() != acme {
			t.Error("the Vultr key or account is lost")
		}
		if len(tx.Documents(place(state.ScopeAccount, globex, "/x"))) > 0 || tx.Document(place(state.ScopeUser, super, "/x"), "") != nil {
			t.Error("undone documents are there")
		}
		if tx.Limits() != state.DefaultLimits() {
			t.Errorf("Limits = %v, want the default", tx.Limits())
		}
	})
}

func TestUpdateUndoesEverything(t *testing.T) {
	t.Parallel()
	errRefused := errors.New("refused")
	cases := []struct {
		name string
		sink error
		fn   func(*state.Tx) error
	}{
		{name: "error of the function", fn: func(tx *state.Tx) error { return errors.Join(wreck(tx), errRefused) }},
		{name: "error of the sink", sink: errRefused, fn: wreck},
		{name: "panic", fn: func(tx *state.Tx) error {
			if err := wreck(tx); err != nil {
				return err
			}
			panic(errRefused)
		}},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			log := &memoryLog{}
			w := newWorld(t, log)
			before, seq := digest(t, w), w.Seq()
			log.err = tc.sink
			err := func() (err error) {
				defer func() {
					if r := recover(); r != nil {
						err = fmt.Errorf("panic: %w", r.(error)) //nolint:forcetypeassert // The test panics with an error.
					}
				}()
				return w.Update(tc.fn)
			}()
			if !errors.Is(err, errRefused) {
				t.Fatalf("error = %v, want %v", err, errRefused)
			}
			if after := digest(t, w); after != before {
				t.Error("the digest changed")
			}
			if w.Seq() != seq || len(log.batches) != 1 {
				t.Errorf("seq = %d with %d batches, want %d with 1", w.Seq(), len(log.batches), seq)
			}
			checkFixture(t, w)
			log.err = nil
			update(t, w, wreck) // The world still works.
			if digest(t, w) == before {
				t.Error("a committed update changed nothing")
			}
		})
	}
}

func TestViewCannotWrite(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	before := digest(t, w)
	view(t, w, func(tx *state.Tx) {
		user, account, zone, record := *tx.User(dev), *tx.AccountByID(acme), *tx.ZoneByID(exampleCom), *tx.Record(exampleCom, wwwRecord)
		m, k, rule, key := *tx.Member(acme, devAcme), *tx.Token(devToken), *tx.AccessRule(state.ScopeZone, exampleCom, zoneRule), *tx.VultrKeys(dev)[0]
		for name, err := range map[string]error{
			"PutUser": tx.PutUser(&user), "PutAccount": tx.PutAccount(&account), "PutZone": tx.PutZone(&zone),
			"PutRecord": tx.PutRecord(&record), "PutMember": tx.PutMember(&m), "PutToken": tx.PutToken(&k),
			"PutAccessRule": tx.PutAccessRule(&rule), "PutVultrKey": tx.PutVultrKey(&key),
			"PutLimits": tx.PutLimits(state.Limits{}), "PutVultrAccount": tx.PutVultrAccount(acme),
			"DeleteUser": tx.DeleteUser(dev), "DeleteAccount": tx.DeleteAccount(acme), "DeleteZone": tx.DeleteZone(exampleCom),
			"DeleteRecord": tx.DeleteRecord(wwwRecord), "DeleteMember": tx.DeleteMember(devAcme), "DeleteToken": tx.DeleteToken(devToken),
			"PutCertificate":    tx.PutCertificate(certificate(id(10, 9), []authz.ID{exampleCom}, "example.com")),
			"PutResourceGroup":  tx.PutResourceGroup(tx.ResourceGroup(acme, webGroup)),
			"DeleteCertificate": tx.DeleteCertificate(wwwCertificate), "DeleteResourceGroup": tx.DeleteResourceGroup(webGroup),
			"DeleteAccessRule": tx.DeleteAccessRule(zoneRule), "DeleteVultrKey": tx.DeleteVultrKey(devVultr),
		} {
			if !errors.Is(err, state.ErrReadOnly) {
				t.Errorf("%s: error = %v, want ErrReadOnly", name, err)
			}
		}
	})
	if digest(t, w) != before {
		t.Error("a view changed the world")
	}
}

func TestBatches(t *testing.T) {
	t.Parallel()
	log := &memoryLog{}
	w := newWorld(t, log)
	update(t, w, func(*state.Tx) error { return nil })
	update(t, w, func(tx *state.Tx) error { return tx.DeleteRecord(id(5, 99)) })
	update(t, w, func(tx *state.Tx) error { // Comes and goes.
		return errors.Join(tx.PutUser(&state.User{ID: id(1, 9), Email: "new@example.com"}), tx.DeleteUser(id(1, 9)))
	})
	if len(log.batches) != 1 || w.Seq() != 1 {
		t.Fatalf("updates without changes made batches: %d, seq %d", len(log.batches), w.Seq())
	}
	update(t, w, func(tx *state.Tx) error {
		a := *tx.AccountByID(acme)
		a.Name = "First"
		b := a
		b.Name = "Second"
		return errors.Join(tx.DeleteToken(devToken), tx.PutAccount(&a), tx.PutAccount(&b), tx.DeleteRecord(wwwRecord))
	})
	last := log.batches[len(log.batches)-1]
	var got []string
	for _, c := range last.Changes {
		got = append(got, fmt.Sprintf("%s deleted=%t", c.Kind, c.Value == nil))
	}
	want := "[account deleted=false record deleted=true token deleted=true]"
	if fmt.Sprint(got) != want || last.Seq != 2 {
		t.Errorf("batch %d = %v, want batch 2 = %s", last.Seq, got, want)
	}
}

func TestStoredValuesAreApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	u := state.User{ID: id(1, 7), Email: "apart@example.com", FirstName: "Before"}
	update(t, w, func(tx *state.Tx) error { return tx.PutUser(&u) })
	u.FirstName = "After"
	view(t, w, func(tx *state.Tx) {
		if got := tx.User(u.ID).FirstName; got != "Before" {
			t.Errorf("FirstName = %q: the world shares the caller's value", got)
		}
	})
}

// TestListsStayWhole holds that a list once handed out does not change.
func TestListsStayWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	var before []*state.Record
	add := func(n byte, at time.Time) func(*state.Tx) error {
		return func(tx *state.Tx) error {
			return tx.PutRecord(&state.Record{ID: id(5, n), Zone: exampleCom, Type: "A", Name: "a.example.com", Content: "192.0.2.1", CreatedOn: at})
		}
	}
	for n := byte(10); n < 14; n++ {
		update(t, w, add(n, noon.Add(time.Duration(n)*time.Hour)))
	}
	view(t, w, func(tx *state.Tx) { before = tx.Records(exampleCom) })
	want := idsOf(before, func(r *state.Record) authz.ID { return r.ID })
	update(t, w, add(20, noon.Add(-time.Hour)))
	update(t, w, func(tx *state.Tx) error { return tx.DeleteRecord(id(5, 13)) })
	update(t, w, add(21, noon.Add(100*time.Hour)))
	update(t, w, func(tx *state.Tx) error {
		for _, r := range tx.Records(exampleCom) {
			if err := tx.DeleteRecord(r.ID); err != nil {
				return err
			}
		}
		return nil
	})
	sameIDs(t, "the list handed out before", before, func(r *state.Record) authz.ID { return r.ID }, want...)
	view(t, w, func(tx *state.Tx) {
		sameIDs(t, "records", tx.Records(exampleCom), func(r *state.Record) authz.ID { return r.ID })
	})
}

func TestTouch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	before := digest(t, w)
	w.Touch(devToken, noon.Add(time.Hour))
	w.Touch(devToken, noon)
	view(t, w, func(tx *state.Tx) {
		if at, ok := tx.LastUsed(devToken); !ok || !at.Equal(noon.Add(time.Hour)) {
			t.Errorf("LastUsed = %v, %t; want the latest", at, ok)
		}
		if _, ok := tx.LastUsed(acmeToken); ok {
			t.Error("an unused token has a last use")
		}
	})
	if digest(t, w) != before {
		t.Error("the last use is in the state")
	}
	update(t, w, func(tx *state.Tx) error { return tx.DeleteToken(devToken) })
	view(t, w, func(tx *state.Tx) {
		if _, ok := tx.LastUsed(devToken); ok {
			t.Error("a deleted token has a last use")
		}
	})
}
