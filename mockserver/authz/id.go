// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"cmp"
	"encoding/binary"
	"encoding/hex"
	"fmt"
)

// ID is the identifier of a user, account, zone, token or any other object: 32
// lower-case hexadecimal digits on the wire, 16 bytes here. The zero value
// means "none" and is never the identifier of an object.
type ID [16]byte

// ParseID reads the wire form. It reports false for anything but exactly 32
// lower-case hexadecimal digits, and for the all-zero value.
func ParseID(s string) (ID, bool) {
	var id ID
	if len(s) != 2*len(id) {
		return ID{}, false
	}
	for i := range id {
		hi, ok1 := nibble(s[2*i])
		lo, ok2 := nibble(s[2*i+1])
		if !ok1 || !ok2 {
			return ID{}, false
		}
		id[i] = hi<<4 | lo
	}
	return id, id != ID{}
}

func nibble(c byte) (byte, bool) {
	switch {
	case c >= '0' && c <= '9':
		return c - '0', true
	case c >= 'a' && c <= 'f':
		return c - 'a' + 10, true
	default:
		return 0, false
	}
}

// String returns the wire form, 32 lower-case hexadecimal digits.
func (id ID) String() string { return hex.EncodeToString(id[:]) }

// IsZero reports whether id is the zero value, which names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// Compare orders identifiers as their wire forms are ordered.
func (id ID) Compare(other ID) int {
	a, b := binary.BigEndian.Uint64(id[:]), binary.BigEndian.Uint64(other[:])
	if a == b {
		a, b = binary.BigEndian.Uint64(id[8:]), binary.BigEndian.Uint64(other[8:])
	}
	return cmp.Compare(a, b)
}

// MarshalText returns the wire form; it never fails.
func (id ID) MarshalText() ([]byte, error) { return []byte(id.String()), nil }

// UnmarshalText reads the wire form; the empty text gives the zero value.
func (id *ID) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*id = ID{}
		return nil
	}
	parsed, ok := ParseID(string(text))
	if !ok {
		return fmt.Errorf("identifier %q is not 32 lower-case hexadecimal digits", text)
	}
	*id = parsed
	return nil
}
