// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"fmt"
	"hash"
	"hash/crc32"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// IDSource makes identifiers. It must never return the zero value nor one
// value twice, and must be safe for concurrent use.
type IDSource interface {
	// NewID returns an identifier for a new object of the kind.
	NewID(kind string) authz.ID
}

// SecretSource makes secrets. It must be safe for concurrent use.
type SecretSource interface {
	// NewSecret returns a new secret with the prefix; see [FormatSecret].
	NewSecret(prefix string) string
}

// The prefixes of new secrets.
const (
	UserTokenPrefix    = "cfut_"
	AccountTokenPrefix = "cfat_"
	GlobalKeyPrefix    = "cfk_"
)

// secretBody is the number of characters between prefix and checksum.
const secretBody = 40

// FormatSecret joins a prefix, a body of 40 characters of [A-Za-z0-9] and the
// CRC-32 (IEEE) of both as 8 hexadecimal digits.
func FormatSecret(prefix, body string) string {
	return fmt.Sprintf("%s%s%08x", prefix, body, crc32.ChecksumIEEE([]byte(prefix+body)))
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// SecretBody turns uniform random bytes into characters of [A-Za-z0-9], as
// long as next has bytes to give. Bytes that would favour some characters are
// passed over.
func SecretBody(next func() byte) string {
	body := make([]byte, 0, secretBody)
	for len(body) < secretBody {
		if b := next(); int(b) < 256/len(alphabet)*len(alphabet) {
			body = append(body, alphabet[int(b)%len(alphabet)])
		}
	}
	return string(body)
}

type randomIDs struct{}

// NewID returns 128 random bits.
func (randomIDs) NewID(string) authz.ID {
	for {
		var id authz.ID
		fill(id[:])
		if !id.IsZero() {
			return id
		}
	}
}

type randomSecrets struct{}

// NewSecret returns a secret with more than 200 random bits.
func (randomSecrets) NewSecret(prefix string) string {
	var pool [64]byte
	used := len(pool)
	return FormatSecret(prefix, SecretBody(func() byte {
		if used == len(pool) {
			fill(pool[:])
			used = 0
		}
		used++
		return pool[used-1]
	}))
}

// fill reads random bytes. crypto/rand ends the program rather than return an
// error, so there is none to handle.
func fill(b []byte) { _, _ = rand.Read(b) }

// Hash is the HMAC-SHA-256 of a secret under the world's key; the zero value
// stands for "no secret".
type Hash [sha256.Size]byte

// IsZero reports whether h stands for "no secret".
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText returns 64 hexadecimal digits; it never fails.
func (h Hash) MarshalText() ([]byte, error) { return []byte(hex.EncodeToString(h[:])), nil }

// UnmarshalText reads what MarshalText wrote.
func (h *Hash) UnmarshalText(text []byte) error {
	if len(text) != hex.EncodedLen(len(h)) {
		return fmt.Errorf("a hash of a secret has %d hexadecimal digits", hex.EncodedLen(len(h)))
	}
	if _, err := hex.Decode(h[:], text); err != nil {
		return fmt.Errorf("a hash of a secret: %w", err)
	}
	return nil
}

// equal compares in constant time; "no secret" equals nothing.
func (h Hash) equal(other Hash) bool {
	return !h.IsZero() && subtle.ConstantTimeCompare(h[:], other[:]) == 1
}

// hasher hashes secrets under one key. It is safe for concurrent use and does
// not allocate once it is warm.
type hasher struct{ pool sync.Pool }

type hashing struct {
	mac hash.Hash
	in  []byte
	out Hash
}

func newHasher(key [32]byte) *hasher {
	if key == [32]byte{} {
		fill(key[:])
	}
	h := &hasher{}
	h.pool.New = func() any { return &hashing{mac: hmac.New(sha256.New, key[:]), in: make([]byte, 0, 128)} }
	return h
}

func (h *hasher) sum(secret string) Hash {
	s, ok := h.pool.Get().(*hashing)
	if !ok { // The pool holds nothing else.
		return Hash{}
	}
	s.mac.Reset()
	s.in = append(s.in[:0], secret...)
	s.mac.Write(s.in)
	s.mac.Sum(s.out[:0])
	out := s.out
	clear(s.in) // Do not leave the secret behind in the pool.
	h.pool.Put(s)
	return out
}
