// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package agesecret_test

import (
	"errors"
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/agesecret"
)

// secret has the length of an API token's.
var secret = "cfut_" + strings.Repeat("s", 48)

func identity(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func decrypt(t *testing.T, text string, id age.Identity) (string, error) {
	t.Helper()
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(text)), id)
	if err != nil {
		return "", err
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return string(data), nil
}

// Each recipient can read the secret, and nobody else.
func TestEncrypt(t *testing.T) {
	t.Parallel()
	ada, ben, eve := identity(t), identity(t), identity(t)
	recipients := []string{ben.Recipient().String(), ada.Recipient().String()}
	text, err := agesecret.Encrypt(secret, recipients)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(text, "-----BEGIN AGE ENCRYPTED FILE-----\n") || !strings.HasSuffix(text, "-----END AGE ENCRYPTED FILE-----\n") {
		t.Errorf("the text is not armored: %q", text)
	}
	if strings.Contains(text, secret) {
		t.Error("the text holds the secret in plain")
	}
	for name, id := range map[string]age.Identity{"ada": ada, "ben": ben} {
		if got, err := decrypt(t, text, id); err != nil || got != secret {
			t.Errorf("%s reads %d characters, error %v", name, len(got), err)
		}
	}
	if _, err := decrypt(t, text, eve); err == nil {
		t.Error("a key that is no recipient's reads the secret")
	}
	again, err := agesecret.Encrypt(secret, recipients)
	if err != nil || again == text {
		t.Errorf("the same text twice: %t, error %v", again == text, err)
	}
}

func TestEncrypt_refused(t *testing.T) {
	t.Parallel()
	good := identity(t).Recipient().String()
	for name, test := range map[string]struct {
		recipients []string
		want       error
	}{
		"none":           {nil, nil},
		"one is no key":  {[]string{good, "age1"}, agesecret.ErrRecipient},
		"one is private": {[]string{identity(t).String(), good}, agesecret.ErrIdentity},
	} {
		text, err := agesecret.Encrypt(secret, test.recipients)
		if err == nil || text != "" || test.want != nil && !errors.Is(err, test.want) {
			t.Errorf("%s: %d characters, error %v", name, len(text), err)
			continue
		}
		if strings.Contains(err.Error(), secret) {
			t.Errorf("%s: the error holds the secret", name)
		}
	}
}

// A private key in the wrong place is recognised, and is in no error text.
func TestCheck(t *testing.T) {
	t.Parallel()
	id := identity(t)
	hybrid, err := age.GenerateHybridIdentity()
	if err != nil {
		t.Fatal(err)
	}
	const private = "AGE-SECRET-KEY-"
	for name, test := range map[string]struct {
		text string
		want error
	}{
		"recipient":                    {id.Recipient().String(), nil},
		"recipient with a blank":       {id.Recipient().String() + " ", agesecret.ErrRecipient},
		"recipient cut short":          {id.Recipient().String()[:61], agesecret.ErrRecipient},
		"recipient with a typo":        {strings.Replace(id.Recipient().String(), "age1", "age1q", 1), agesecret.ErrRecipient},
		"post-quantum recipient":       {hybrid.Recipient().String(), agesecret.ErrRecipient},
		"SSH key":                      {"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExample", agesecret.ErrRecipient},
		"empty":                        {"", agesecret.ErrRecipient},
		"identity":                     {id.String(), agesecret.ErrIdentity},
		"post-quantum identity":        {hybrid.String(), agesecret.ErrIdentity},
		"identity in lower case":       {strings.ToLower(id.String()), agesecret.ErrIdentity},
		"identity behind other things": {"key: " + id.String(), agesecret.ErrIdentity},
	} {
		err := agesecret.Check(test.text)
		if !errors.Is(err, test.want) || (err == nil) != (test.want == nil) {
			t.Errorf("%s: error %v, want %v", name, err, test.want)
		}
		if err != nil && (strings.Contains(err.Error(), private) || test.text != "" && strings.Contains(err.Error(), test.text)) {
			t.Errorf("%s: the error quotes the text", name)
		}
	}
}
