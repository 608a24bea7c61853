// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state_test

import (
	"encoding/json"
	"fmt"
	"hash/crc32"
	"regexp"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

func TestCredentialLookUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	vultr := func(tx *state.Tx, secret string) *authz.Credential {
		c, _ := tx.CredentialByVultrKey(secret)
		return c
	}
	cases := []struct {
		name string
		find func(*state.Tx) *authz.Credential
		kind authz.CredentialKind // 0: unknown
	}{
		{"user token", func(tx *state.Tx) *authz.Credential { return tx.CredentialByToken(devTokenSecret) }, authz.UserToken},
		{"account token", func(tx *state.Tx) *authz.Credential { return tx.CredentialByToken(acmeTokenSecret) }, authz.AccountToken},
		{"token in other letters", func(tx *state.Tx) *authz.Credential { return tx.CredentialByToken(strings.ToUpper(devTokenSecret)) }, 0},
		{"no token", func(tx *state.Tx) *authz.Credential { return tx.CredentialByToken("") }, 0},
		{"key as token", func(tx *state.Tx) *authz.Credential { return tx.CredentialByToken(devKey) }, 0},
		{"Vultr key as token", func(tx *state.Tx) *authz.Credential { return tx.CredentialByToken(devVultrSecret) }, 0},
		{"key", func(tx *state.Tx) *authz.Credential { return tx.CredentialByKey("dev@example.com", devKey) }, authz.GlobalKey},
		{"key, address in other letters", func(tx *state.Tx) *authz.Credential { return tx.CredentialByKey("DEV@EXAMPLE.COM", devKey) }, authz.GlobalKey},
		{"key of another user", func(tx *state.Tx) *authz.Credential { return tx.CredentialByKey("super@example.com", devKey) }, 0},
		{"key of an unknown user", func(tx *state.Tx) *authz.Credential { return tx.CredentialByKey("no@example.com", devKey) }, 0},
		{"user without key", func(tx *state.Tx) *authz.Credential { return tx.CredentialByKey("super@example.com", "") }, 0},
		{"wrong key", func(tx *state.Tx) *authz.Credential { return tx.CredentialByKey("dev@example.com", devKey[1:]+"0") }, 0},
		{"Origin CA key", func(tx *state.Tx) *authz.Credential { return tx.CredentialByServiceKey(devServiceKey) }, authz.OriginCAKey},
		{"wrong Origin CA key", func(tx *state.Tx) *authz.Credential { return tx.CredentialByServiceKey(devServiceKey + "0") }, 0},
		{"no Origin CA key", func(tx *state.Tx) *authz.Credential { return tx.CredentialByServiceKey("") }, 0},
		{"Vultr key", func(tx *state.Tx) *authz.Credential { return vultr(tx, devVultrSecret) }, authz.VultrKey},
		{"token as Vultr key", func(tx *state.Tx) *authz.Credential { return vultr(tx, devTokenSecret) }, 0},
	}
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			view(t, w, func(tx *state.Tx) {
				c := tc.find(tx)
				switch {
				case c == nil && tc.kind != 0:
					t.Errorf("the credential is unknown, want a %s", tc.kind)
				case c != nil && c.Kind != tc.kind:
					t.Errorf("found a %s, want %s", c.Kind, tc.kind)
				case c != nil && c.Kind == authz.AccountToken:
					if c.Account != acme || !c.User.IsZero() {
						t.Errorf("acts as user %v, account %v; want the account acme", c.User, c.Account)
					}
				case c != nil && c.User != dev:
					t.Errorf("acts as %v, want dev", c.User)
				}
			})
		})
	}
}

// TestRoll: the old secret is unknown from the next transaction on.
func TestRoll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	var secret string
	update(t, w, func(tx *state.Tx) error {
		secret = tx.NewSecret(state.UserTokenPrefix)
		k := *tx.Token(devToken)
		k.SecretHash = tx.HashSecret(secret)
		return tx.PutToken(&k)
	})
	view(t, w, func(tx *state.Tx) {
		if tx.CredentialByToken(devTokenSecret) != nil {
			t.Error("the old secret is known")
		}
		if c := tx.CredentialByToken(secret); c == nil || c.ID != devToken {
			t.Errorf("the new secret finds %v, want the token", c)
		}
	})
}

func TestNewSecrets(t *testing.T) {
	t.Parallel()
	form := regexp.MustCompile(`^cf(ut|at|k)_[A-Za-z0-9]{40}[0-9a-f]{8}$`)
	w := newWorld(t, nil)
	seen := make(map[string]bool)
	view(t, w, func(tx *state.Tx) {
		for _, prefix := range []string{state.UserTokenPrefix, state.AccountTokenPrefix, state.GlobalKeyPrefix} {
			for range 20 {
				s := tx.NewSecret(prefix)
				if !form.MatchString(s) || !strings.HasPrefix(s, prefix) || seen[s] {
					t.Fatalf("a secret with the prefix %s has the wrong form or came twice", prefix)
				}
				seen[s] = true
				if sum := fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(s[:len(s)-8]))); sum != s[len(s)-8:] {
					t.Fatalf("checksum = %s, want %s", s[len(s)-8:], sum)
				}
				if prefix == state.GlobalKeyPrefix && !authz.IsGlobalKeyForm(s) || prefix != state.GlobalKeyPrefix && !authz.IsTokenForm(s) {
					t.Fatalf("gate 1 would refuse a new secret with the prefix %s", prefix)
				}
			}
		}
	})
}

func TestHashKeySeparatesWorlds(t *testing.T) {
	t.Parallel()
	hash := func(key [32]byte) (h state.Hash) {
		view(t, state.New(state.Options{HashKey: key}), func(tx *state.Tx) { h = tx.HashSecret(devTokenSecret) })
		return h
	}
	one, again, other := hash(testKey), hash(testKey), hash([32]byte{9})
	if one != again {
		t.Error("one key gave two hashes")
	}
	random, another := hash([32]byte{}), hash([32]byte{})
	if one == other || random == another {
		t.Error("two keys, or two random ones, gave one hash")
	}
}

func TestSecretsAreNotInTheLog(t *testing.T) {
	t.Parallel()
	log := &memoryLog{}
	newWorld(t, log)
	encoded, err := json.Marshal(log.batches)
	if err != nil {
		t.Fatal(err)
	}
	text := string(encoded)
	for _, secret := range []string{devTokenSecret, acmeTokenSecret, devKey, devServiceKey, devVultrSecret} {
		if strings.Contains(text, secret) {
			t.Errorf("the log holds the secret that ends in %q", secret[len(secret)-4:])
		}
	}
	if !strings.Contains(text, "secret_hash") {
		t.Error("the log holds no hashes")
	}
}

// TestLookUpsDoNotAllocate holds the contract of authz.World. It cannot run
// beside other tests, whose garbage would be counted.
func TestLookUpsDoNotAllocate(t *testing.T) { //nolint:paralleltest // Allocations are counted per process.
	w := newWorld(t, nil)
	view(t, w, func(tx *state.Tx) {
		lookUps := map[string]func() bool{
			"Account":       func() bool { return tx.Account(acme) != nil },
			"Zone":          func() bool { return tx.Zone(exampleCom) != nil },
			"Membership":    func() bool { return tx.Membership(dev, acme) != nil },
			"IsTenantAdmin": func() bool { return tx.IsTenantAdmin(super) },
		}
		if !raceEnabled { // The race detector makes pools forget at random.
			lookUps["CredentialByToken"] = func() bool { return tx.CredentialByToken(devTokenSecret) != nil }
			lookUps["CredentialByKey"] = func() bool { return tx.CredentialByKey("dev@example.com", devKey) != nil }
		}
		for name, found := range lookUps {
			if !found() {
				t.Errorf("%s finds nothing", name)
			}
			if n := testing.AllocsPerRun(200, func() { found() }); n != 0 {
				t.Errorf("%s allocates %v times", name, n)
			}
		}
	})
	if n := testing.AllocsPerRun(200, func() { _ = w.View(func(*state.Tx) error { return nil }) }); n != 0 {
		t.Errorf("View allocates %v times", n)
	}
}
