// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	cryptorand "crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// SeededIDs returns a source of identifiers that follow from the seed alone: the n-th object of a kind has
// the same identifier in every run. It is for tests that compare replies with recorded ones.
func SeededIDs(seed uint64) state.IDSource {
	return &seededIDs{seed: seed, made: make(map[string]uint64)}
}

type seededIDs struct {
	seed uint64
	mu   sync.Mutex
	made map[string]uint64 // by kind
}

// NewID returns the next identifier of the kind.
func (s *seededIDs) NewID(kind string) authz.ID {
	s.mu.Lock()
	s.made[kind]++
	n := s.made[kind]
	s.mu.Unlock()
	sum := sha256.Sum256(fmt.Appendf(nil, "%d/%s/%d", s.seed, kind, n))
	return authz.ID(sum[:len(authz.ID{})])
}

// SeededSecrets returns a source of secrets that follow from the seed alone. Whoever knows the seed knows
// the secrets: it is for tests.
func SeededSecrets(seed uint64) state.SecretSource {
	return &seededSecrets{rand: rand.NewChaCha8(sha256.Sum256(fmt.Appendf(nil, "secrets/%d", seed)))}
}

type seededSecrets struct {
	mu   sync.Mutex
	rand *rand.ChaCha8
}

// NewSecret returns the next secret, with the prefix.
func (s *seededSecrets) NewSecret(prefix string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return state.FormatSecret(prefix, state.SecretBody(func() byte {
		var b [1]byte
		_, _ = s.rand.Read(b[:]) // never fails
		return b[0]
	}))
}

// newHashKey makes the key of a world's hashes of secrets. Unlike the zero key, which stands for one that the
// world makes for itself, it is known here, so that a copy of the world knows the same credentials.
func newHashKey() [32]byte {
	var key [32]byte
	_, _ = cryptorand.Read(key[:]) // never fails: it ends the program instead
	return key
}

// newIDPrefix makes what the ids of one server's requests have in common.
func newIDPrefix() uint32 {
	var b [4]byte
	_, _ = cryptorand.Read(b[:]) // never fails: it ends the program instead
	return binary.BigEndian.Uint32(b[:])
}
