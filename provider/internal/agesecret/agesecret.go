// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package agesecret encrypts secrets to people who hold age keys, so that a state file or an output can
// carry what only they can read. It knows X25519 recipients and the armored form alone, which every age
// implementation reads; it never decrypts, and it neither logs nor quotes what it is given to encrypt.
//
// Start reading at [Encrypt].
package agesecret

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
)

// ErrIdentity is what [Check] returns for a private key. Its text does not quote the key, and neither may
// whoever reports it.
var ErrIdentity = errors.New("it is an age identity, which is a private key, and not a recipient")

// ErrRecipient is what [Check] returns for any other text that is no X25519 recipient.
var ErrRecipient = errors.New(`it is not an age X25519 recipient, which begins with "age1" and has 62 characters`)

// identityPrefix begins the text of every age identity, whatever its kind.
const identityPrefix = "AGE-SECRET-KEY-"

// Check reports why the text is not an age X25519 recipient; nil says that it is one.
func Check(recipient string) error {
	_, err := parse(recipient)
	return err
}

// Encrypt encrypts the secret to all of the recipients, each of whom can read it alone. The result is
// ASCII-armored age and ends with a line break; it is another text every time. Without a recipient, or
// with one that [Check] refuses, it is an error, which never holds the secret.
func Encrypt(secret string, recipients []string) (string, error) {
	if len(recipients) == 0 {
		return "", errors.New("no recipient to encrypt to")
	}
	to := make([]age.Recipient, 0, len(recipients))
	for _, text := range slices.Sorted(slices.Values(recipients)) {
		recipient, err := parse(text)
		if err != nil {
			return "", err
		}
		to = append(to, recipient)
	}
	var out strings.Builder
	if err := write(&out, secret, to); err != nil {
		return "", fmt.Errorf("encrypt to age recipients: %w", err)
	}
	return out.String(), nil
}

func write(out io.Writer, secret string, to []age.Recipient) error {
	armored := armor.NewWriter(out)
	encrypted, err := age.Encrypt(armored, to...)
	if err != nil {
		return err
	}
	if _, err := io.WriteString(encrypted, secret); err != nil {
		return err
	}
	return errors.Join(encrypted.Close(), armored.Close())
}

// parse reads a recipient. The library's own errors quote the text, which may be a private key that was
// pasted in the wrong place.
func parse(text string) (*age.X25519Recipient, error) {
	if strings.Contains(strings.ToUpper(text), identityPrefix) {
		return nil, ErrIdentity
	}
	recipient, err := age.ParseX25519Recipient(text)
	if err != nil {
		return nil, ErrRecipient
	}
	return recipient, nil
}
