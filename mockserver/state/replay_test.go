// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// chance makes random writes over small pools of identifiers, so that they
// meet: creates become replacements, names collide, parents go first.
type chance struct {
	*rand.Rand
}

func (r chance) id(kind byte) authz.ID { return id(kind, byte(r.IntN(6)+1)) }

func (r chance) time() time.Time {
	// Zones other than UTC and fractions of seconds must come back as well.
	at := noon.Add(time.Duration(r.IntN(20)) * time.Hour).Add(time.Duration(r.IntN(2)) * time.Nanosecond)
	return at.In(time.FixedZone("", r.IntN(3)*3600))
}

func pick[T any](r chance, list ...T) T { return list[r.IntN(len(list))] }

func (r chance) policies() []state.MemberPolicy {
	var list []state.MemberPolicy
	for range r.IntN(3) {
		p := state.MemberPolicy{ID: r.id(9), Access: pick(r, authz.Allow, authz.Deny), Roles: []string{pick(r, dnsRole, domainDNSRole, catalog.RoleSuperAdministrator)}}
		for range r.IntN(3) {
			p.Zones = append(p.Zones, r.id(4))
		}
		for range max(r.IntN(5)-2, 0) {
			p.Groups = append(p.Groups, r.id(pick(r, byte(2), 4, 11, 11)))
		}
		list = append(list, p)
	}
	return list
}

// write makes one random write; most of those that break a rule are part of
// the test.
func (r chance) write(tx *state.Tx) error {
	n := r.IntN(6)
	switch r.IntN(25) {
	case 22, 23, 24:
		return r.writeDocument(tx)
	case 0, 1:
		return tx.PutUser(&state.User{
			ID: r.id(1), Ref: pick(r, "", strconv.Itoa(n)), Email: fmt.Sprintf("u%d@example.com", n), FirstName: pick(r, "", "Ä <b>"),
			TenantAdmin: n == 0, CreatedOn: r.time(), GlobalKeyHash: tx.HashSecret(fmt.Sprint("key", n)), OriginCAKeyHash: pick(r, state.Hash{}, tx.HashSecret(fmt.Sprint("ca", n))),
		})
	case 2, 3:
		mail := "abuse@example.com"
		expiry := r.time()
		return tx.PutAccount(&state.Account{
			ID: r.id(2), Ref: pick(r, "", strconv.Itoa(n)), Name: fmt.Sprint("Account ", n), Type: pick(r, state.TypeEnterprise, state.TypeStandard),
			APIAccess: pick(r, authz.Unset, authz.On, authz.Off), AbuseContactEmail: pick(r, nil, &mail), AccessApprovalExpiry: pick(r, nil, &expiry), CreatedOn: r.time(),
		})
	case 4, 5, 6:
		m := &state.Member{
			ID: r.id(3), Account: r.id(2), User: r.id(1), Status: pick(r, state.StatusAccepted, state.StatusAccepted, state.StatusPending, state.StatusRejected),
			APIAccess: pick(r, authz.Unset, authz.On, authz.Off), CreatedOn: r.time(),
		}
		if m.Policies = r.policies(); m.Policies == nil {
			m.Roles = []string{pick(r, dnsRole, catalog.RoleSuperAdministrator)}
		}
		return tx.PutMember(m)
	case 7, 8:
		return tx.PutZone(&state.Zone{
			ID: r.id(4), Account: r.id(2), Name: fmt.Sprintf("zone%d.example", n), Type: "full", Status: "active", CreatedOn: r.time(),
			NameServers: pick(r, nil, []string{"a.example"}),
			Settings:    pick(r, nil, map[string]json.RawMessage{"ssl": json.RawMessage(`"full"`), "nel": json.RawMessage("{ \"b\": 1, \"a\": \"<\" }")}),
		})
	case 9, 10, 11:
		zone := r.id(4)
		record := &state.Record{ID: r.id(5), Zone: zone, Type: pick(r, "A", "TXT"), Content: strconv.Itoa(n), TTL: 1, CreatedOn: r.time(), Data: pick(r, nil, json.RawMessage(`{"x": [1, 2.50]}`))}
		if z := tx.ZoneByID(zone); z != nil {
			record.Name = pick(r, "www.", "") + z.Name
		}
		return tx.PutRecord(record)
	case 12, 13:
		owner := pick(r, authz.Owner{User: r.id(1)}, authz.Owner{Account: r.id(2)})
		k := token(tx, r.id(6), owner, fmt.Sprint("secret", n))
		k.Ref, k.Disabled, k.IssuedOn, k.Definition.ExpiresOn = pick(r, "", strconv.Itoa(n)), n == 0, r.time(), pick(r, time.Time{}, r.time())
		k.Definition.Policies[0].Resources = append(k.Definition.Policies[0].Resources,
			authz.Key{Form: authz.KeyAccountZone, Account: r.id(2), Zone: r.id(4)}.Resource())
		return tx.PutToken(k)
	case 14:
		scope := pick(r, state.ScopeZone, state.ScopeAccount, state.ScopeUser)
		kinds := map[string]byte{state.ScopeZone: 4, state.ScopeAccount: 2, state.ScopeUser: 1}
		return tx.PutAccessRule(&state.AccessRule{ID: r.id(7), Scope: scope, Owner: r.id(kinds[scope]), Mode: "block", Target: "ip", Value: strconv.Itoa(n), CreatedOn: r.time()})
	case 15:
		return errors.Join(
			tx.PutVultrKey(&state.VultrKey{ID: r.id(8), User: r.id(1), ACLs: []string{"dns"}, SecretHash: tx.HashSecret(fmt.Sprint("vultr", n))}),
			tx.PutVultrAccount(r.id(2)),
		)
	case 16:
		return tx.PutLimits(state.Limits{TokensPerUser: n, TokensPerAccount: n})
	case 17:
		zones := []authz.ID{r.id(4), r.id(4)}
		slices.SortFunc(zones, authz.ID.Compare)
		return tx.PutCertificate(certificate(r.id(10), slices.Compact(zones), fmt.Sprintf("*.h%d.example", n)))
	case 18, 19:
		g := &state.ResourceGroup{ID: r.id(11), Account: r.id(2), Name: fmt.Sprint("Group ", n), Whole: n == 0, CreatedOn: r.time()}
		if !g.Whole {
			g.Zones = []authz.ID{r.id(4)}
		}
		return tx.PutResourceGroup(g)
	default:
		switch r.IntN(10) {
		case 0:
			return tx.DeleteUser(r.id(1))
		case 1:
			return tx.DeleteAccount(r.id(2))
		case 2:
			return tx.DeleteMember(r.id(3))
		case 3:
			return tx.DeleteZone(r.id(4))
		case 4:
			return tx.DeleteRecord(r.id(5))
		case 5:
			return tx.DeleteToken(r.id(6))
		case 6:
			return tx.DeleteAccessRule(r.id(7))
		case 7:
			return tx.DeleteCertificate(r.id(10))
		case 8:
			return tx.DeleteResourceGroup(r.id(11))
		default:
			return tx.DeleteVultrKey(r.id(8))
		}
	}
}

// place is one of a few places of documents, some below others.
func (r chance) place() state.DocumentPlace {
	scope := pick(r, state.ScopeZone, state.ScopeAccount, state.ScopeUser)
	kinds := map[string]byte{state.ScopeZone: 4, state.ScopeAccount: 2, state.ScopeUser: 1}
	return state.DocumentPlace{Scope: scope, Owner: r.id(kinds[scope]), Path: pick(r, documentPaths...)}
}

var documentPaths = []string{"/a", "/a/1", "/a/1/b", "/a-", "/c"}

func (r chance) writeDocument(tx *state.Tx) error {
	place, name := r.place(), pick(r, "", "1", "2", "\u2028<")
	switch r.IntN(8) {
	case 0:
		return tx.DeleteDocument(place, name)
	case 1:
		return tx.DeleteDocumentsBelow(place)
	case 2:
		return tx.PutDocument(&state.Document{DocumentPlace: place, Name: name, Content: []byte{0xff, byte(r.IntN(4))}, ContentType: "image/png"})
	default:
		body := pick(r, `{ "b": 1.50, "a": "<&\u2028>" }`, `[]`, `"\ud800"`, fmt.Sprintf(`{"n":%d}`, r.IntN(9)))
		return tx.PutDocument(&state.Document{DocumentPlace: place, Name: name, Body: body, CreatedOn: r.time(), ModifiedOn: r.time()})
	}
}

// answers is what every query of a world says: a check of the indexes, which
// the digest does not see.
func answers(w *state.World) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format+"\n", args...) }
	_ = w.View(func(tx *state.Tx) error {
		for n := range 7 {
			i := byte(n)
			user, account, zone := id(1, i), id(2, i), id(4, i)
			documents := make(map[string]string)
			say("user %d: %v tenant=%t", n, tx.User(user) != nil, tx.IsTenantAdmin(user))
			say(" by email %v by ref %v", found(tx.UserByEmail(fmt.Sprintf("U%d@example.com", n))), found(tx.UserByRef(strconv.Itoa(n))))
			say(" memberships %v accounts %v", list(tx.MembershipsOf(user)), list(tx.AccountsOf(user)))
			say(" tokens %v %v vultr %v", list(tx.UserTokens(user)), list(tx.AccountTokens(account)), list(tx.VultrKeys(user)))
			say("account %d: %v by ref %v", n, tx.Account(account), found(tx.AccountByRef(strconv.Itoa(n))))
			say(" members %v zones %v", list(tx.Members(account)), list(tx.ZonesIn(account)))
			say("zone %d: %v by name %v", n, tx.Zone(zone), found(tx.ZoneByName(fmt.Sprintf("zone%d.example", n))))
			say(" records %v", list(tx.Records(zone)))
			say(" certificates %v", list(tx.CertificatesOf(zone)))
			say(" resource groups %v", list(tx.ResourceGroups(account)))
			for z := range 7 {
				say(" by name %v", list(tx.RecordsByName(zone, fmt.Sprintf("www.zone%d.example", z))))
			}
			for _, scope := range []string{state.ScopeZone, state.ScopeAccount, state.ScopeUser} {
				say(" rules %v %v %v", list(tx.AccessRules(scope, user)), list(tx.AccessRules(scope, account)), list(tx.AccessRules(scope, zone)))
			}
			for a := range 7 {
				m := tx.Membership(user, id(2, byte(a)))
				say(" membership %v super=%t admin=%t named=%t", found(tx.MemberOf(user, id(2, byte(a)))), m.IsSuperAdministrator(), m.IsAdministrator(), m.NamesRole())
			}
			for scope, owner := range map[string]authz.ID{state.ScopeZone: zone, state.ScopeAccount: account, state.ScopeUser: user} {
				for _, path := range documentPaths {
					place := state.DocumentPlace{Scope: scope, Owner: owner, Path: path}
					documents[scope] += fmt.Sprint(list(tx.Documents(place)), found(tx.Document(place, "")), found(tx.Document(place, "1")))
				}
			}
			say("documents %v", documents)
			say("token by ref %v", found(tx.TokenByRef(strconv.Itoa(n))))
			say("credentials %+v", credential(tx.CredentialByToken(fmt.Sprint("secret", n))))
			say(" %+v", credential(tx.CredentialByKey(fmt.Sprintf("u%d@example.com", n), fmt.Sprint("key", n))))
			say(" %+v", credential(tx.CredentialByServiceKey(fmt.Sprint("ca", n))))
			c, _ := tx.CredentialByVultrKey(fmt.Sprint("vultr", n))
			say(" %+v", credential(c))
		}
		say("zones %v accounts %v users %v tokens %v", list(tx.Zones()), list(tx.Accounts()), list(tx.Users()), list(tx.Tokens()))
		say("limits %v vultr %v", tx.Limits(), tx.VultrAccount())
		return nil
	})
	return b.String()
}

func found[T any](v *T) string { return list([]*T{v}) }

// list shows entities as the change log has them.
func list[T any](entities []*T) string {
	text, err := json.Marshal(entities)
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func credential(c *authz.Credential) string {
	if c == nil {
		return "unknown"
	}
	return fmt.Sprintf("%s %s user=%s account=%s disabled=%t %v %v", c.Kind, c.ID, c.User, c.Account, c.Disabled, c.NotBefore.UTC(), c.ExpiresOn.UTC())
}

// TestReplayGivesTheSameWorld is the law of the package, over random worlds:
// after any writes, refused and undone ones among them, the log gives the
// world, from its start as from a snapshot in the middle.
func TestReplayGivesTheSameWorld(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(strconv.FormatUint(seed, 10), func(t *testing.T) {
			t.Parallel()
			r := chance{rand.New(rand.NewPCG(seed, 1))}
			log := &memoryLog{}
			w := state.New(state.Options{HashKey: testKey, Log: log})
			var snapshot state.Batch
			errUndo := errors.New("undo")
			committed, refused := 0, 0
			for i := range 1000 {
				before := ""
				if i%50 == 0 {
					before = answers(w)
				}
				err := w.Update(func(tx *state.Tx) error {
					for range r.IntN(4) + 1 {
						if err := r.write(tx); err != nil && r.IntN(2) == 0 {
							return err
						}
					}
					if i%50 == 0 || r.IntN(8) == 0 {
						return errUndo
					}
					return nil
				})
				if err == nil {
					committed++
				} else {
					refused++
				}
				if before != "" {
					if diff := cmp.Diff(before, answers(w)); diff != "" {
						t.Fatalf("undone update %d left traces (-before +after):\n%s", i, diff)
					}
				}
				if i == 500 {
					var err error
					if snapshot, err = w.Export(); err != nil {
						t.Fatal(err)
					}
				}
			}
			if committed < 200 || refused < 200 {
				t.Fatalf("%d updates committed, %d refused: the test tries too little", committed, refused)
			}
			tail := func(yield func(state.Batch) bool) {
				if !yield(snapshot) {
					return
				}
				for _, b := range log.batches[snapshot.Seq:] {
					if !yield(b) {
						return
					}
				}
			}
			for name, batches := range map[string]iter.Seq[state.Batch]{
				"from the start": slices.Values(written(t, log.batches)), "from a snapshot": tail,
			} {
				again, err := state.Replay(state.Options{HashKey: testKey}, batches)
				if err != nil {
					t.Fatalf("replaying %s: %v", name, err)
				}
				if diff := cmp.Diff(exported(t, w), exported(t, again)); diff != "" {
					t.Fatalf("replayed %s, the world differs (-was +is):\n%s", name, diff)
				}
				if digest(t, again) != digest(t, w) || again.Seq() != w.Seq() {
					t.Fatalf("replayed %s, digest or sequence number differs", name)
				}
				if diff := cmp.Diff(answers(w), answers(again)); diff != "" {
					t.Fatalf("replayed %s, the answers differ (-was +is):\n%s", name, diff)
				}
			}
		})
	}
}

// written takes batches through the form that stores keep.
func written(t *testing.T, batches []state.Batch) []state.Batch {
	t.Helper()
	text, err := json.Marshal(batches)
	if err != nil {
		t.Fatal(err)
	}
	var out []state.Batch
	if err := json.Unmarshal(text, &out); err != nil {
		t.Fatal(err)
	}
	return out
}

func exported(t *testing.T, w *state.World) string {
	t.Helper()
	batch, err := w.Export()
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	for _, c := range batch.Changes {
		fmt.Fprintf(&b, "%s %s %s\n", c.Kind, c.Key, c.Value)
	}
	return b.String()
}

func TestReplayRefuses(t *testing.T) {
	t.Parallel()
	key := id(1, 1).String()
	good := state.Change{Kind: state.KindUser, Key: key, Value: json.RawMessage(`{"id":"` + key + `","email":"a@example.com"}`)}
	change := func(kind state.Kind, key, value string) []state.Batch {
		return []state.Batch{{Seq: 1, Changes: []state.Change{{Kind: kind, Key: key, Value: json.RawMessage(value)}}}}
	}
	tokenKey := id(6, 1).String()
	cases := map[string][]state.Batch{
		"a gap":                    {{Seq: 1, Changes: []state.Change{good}}, {Seq: 3, Changes: []state.Change{good}}},
		"a batch twice":            {{Seq: 1, Changes: []state.Change{good}}, {Seq: 1, Changes: []state.Change{good}}},
		"an unknown kind":          change("planet", key, "{}"),
		"a malformed key":          change(state.KindUser, "X", "{}"),
		"another's value":          change(state.KindUser, id(1, 2).String(), string(good.Value)),
		"an unknown field":         change(state.KindUser, key, `{"id":"`+key+`","email":"a@example.com","shoe_size":44}`),
		"no object":                change(state.KindUser, key, "null"),
		"an unknown role":          change(state.KindMember, id(3, 1).String(), `{"id":"`+id(3, 1).String()+`","status":"accepted","roles":["x"]}`),
		"an unknown account field": change(state.KindAccount, id(2, 1).String(), `{"id":"`+id(2, 1).String()+`","name":"A","type":"standard","api_access":true}`),
		"an unknown group":         change(state.KindToken, tokenKey, `{"id":"`+tokenKey+`","name":"t","policies":[{"effect":"deny","groups":["0"],"resources":[]}],"secret_hash":"`+strings.Repeat("01", 32)+`"}`),
		"an unknown token field":   change(state.KindToken, tokenKey, `{"id":"`+tokenKey+`","name":"t","policies":[],"not_after":"2020-01-01T00:00:00Z","secret_hash":"`+strings.Repeat("01", 32)+`"}`),
		"a short hash":             change(state.KindToken, tokenKey, `{"id":"`+tokenKey+`","name":"t","policies":[],"secret_hash":"0101"}`),
	}
	for name, batches := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := state.Replay(state.Options{}, slices.Values(batches)); err == nil {
				t.Error("the log was replayed")
			}
		})
	}
	if _, err := state.Replay(state.Options{}, slices.Values([]state.Batch{{Seq: 1, Changes: []state.Change{good}}})); err != nil {
		t.Errorf("a sound log is refused: %v", err)
	}
}

// TestReplayedWorldGoesOn: batches are not logged twice, later ones are.
func TestReplayedWorldGoesOn(t *testing.T) {
	t.Parallel()
	log := &memoryLog{}
	newWorld(t, log)
	next := &memoryLog{}
	w, err := state.Replay(state.Options{HashKey: testKey, Log: next}, slices.Values(log.batches))
	if err != nil {
		t.Fatal(err)
	}
	checkFixture(t, w)
	update(t, w, func(tx *state.Tx) error { return tx.DeleteRecord(wwwRecord) })
	if len(next.batches) != 1 || next.batches[0].Seq != 2 {
		t.Errorf("the log got %d batches, want batch 2 alone", len(next.batches))
	}
}
