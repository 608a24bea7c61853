// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// derive is a fixed function from a label to bytes. Changing it changes every
// identifier and secret that seeds leave out.
func derive(parts ...string) [sha256.Size]byte {
	return sha256.Sum256([]byte("seed/" + strings.Join(parts, "/")))
}

func deriveID(kind, ref string) authz.ID {
	sum := derive("id", kind, ref)
	return authz.ID(sum[:len(authz.ID{})])
}

// deriveHex returns n hexadecimal digits, at most 64.
func deriveHex(n int, parts ...string) string {
	sum := derive(parts...)
	return hex.EncodeToString(sum[:])[:n]
}

// deriveToken returns a token in the form of new ones.
func deriveToken(prefix, ref string) string {
	var pool [sha256.Size]byte
	used, round := len(pool), uint64(0)
	return state.FormatSecret(prefix, state.SecretBody(func() byte {
		if used == len(pool) {
			pool = derive("token", ref, string(binary.BigEndian.AppendUint64(nil, round)))
			used, round = 0, round+1
		}
		used++
		return pool[used-1]
	}))
}

func deriveGlobalKey(ref string) string { return deriveHex(37, "global_key", ref) }

func deriveOriginCAKey(ref string) string {
	return "v1.0-" + deriveHex(24, "origin_ca_key", ref) + "-" + deriveHex(64, "origin_ca_key", ref, "tail")
}

func deriveVultrKey(ref string) string {
	return strings.ToUpper(deriveHex(36, "vultr_key", ref))
}

// epoch is the first instant that a thing without a time may come from.
var epoch = time.Date(2024, time.January, 1, 0, 0, 0, 0, time.UTC)

// deriveTime returns an instant of the year 2024.
func deriveTime(kind, ref string) time.Time {
	sum := derive("time", kind, ref)
	const seconds = 366 * 24 * 60 * 60
	return epoch.Add(time.Duration(binary.BigEndian.Uint32(sum[:])%seconds) * time.Second)
}

// after returns the instant of the n-th part (from 0) of a thing: parts come
// in the order of the file.
func after(start time.Time, n int) time.Time { return start.Add(time.Duration(n+1) * time.Second) }
