// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/agesecret"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// Where the secret is kept: the values of secret_storage.
const (
	storageState     = "state"
	storageEncrypted = "encrypted"
	storageNone      = "none"
)

// storage says where the secret is kept; known is false while that is unknown. Null is state.
func (m *tokenModel) storage() (mode string, known bool) {
	switch {
	case m.SecretStorage.IsUnknown():
		return "", false
	case m.SecretStorage.IsNull():
		return storageState, true
	default:
		return m.SecretStorage.ValueString(), true
	}
}

// recipientTexts returns the recipients that are known, sorted, and whether all are.
func (m *tokenModel) recipientTexts() (texts []string, known bool) {
	var diags diag.Diagnostics
	return tfkit.KnownStrings(path.Root("recipients"), m.Recipients, &diags)
}

// checkSecret reports what is wrong with secret_storage and recipients, as far as they are known. A
// private key among the recipients is not quoted.
func (m *tokenModel) checkSecret() diag.Diagnostics {
	var diags diag.Diagnostics
	at := path.Root("recipients")
	texts, _ := tfkit.KnownStrings(at, m.Recipients, &diags)
	for _, text := range texts {
		switch err := agesecret.Check(text); {
		case errors.Is(err, agesecret.ErrIdentity):
			diags.AddAttributeError(at, "Private key among the recipients",
				"One of the recipients cannot be used: "+err.Error()+".\n\nWrite the recipient that belongs to it, which `age-keygen -y` prints. Take the private key out of the configuration, and consider it seen by whoever can read that.")
		case err != nil:
			diags.AddAttributeError(at, "Invalid recipient",
				quoteRecipient(text)+" cannot be used: "+err.Error()+".\n\nWrite the public key that `age-keygen` prints.")
		}
	}
	mode, known := m.storage()
	switch {
	case !known || m.Recipients.IsUnknown():
	case mode == storageEncrypted && len(m.Recipients.Elements()) == 0:
		diags.AddAttributeError(at, "No recipients to encrypt to",
			"secret_storage is \"encrypted\", and recipients names nobody who could read the secret.\n\nSet recipients to the age public keys of those who are to read it.")
	case mode != storageEncrypted && !m.Recipients.IsNull():
		diags.AddAttributeError(at, "Recipients without encryption",
			"recipients is set, but secret_storage is \""+mode+"\", so nothing would be encrypted to them.\n\nSet secret_storage to \"encrypted\", or remove recipients.")
	}
	return diags
}

// quoteRecipient names a recipient that is none. What does not even look like one is not quoted: there is
// no telling what was pasted there.
func quoteRecipient(text string) string {
	if strings.HasPrefix(text, "age1") {
		return strconv.Quote(text)
	}
	return "One of the recipients"
}

// secretMove is what a change of secret_storage or recipients does to the secret, without a new one.
type secretMove int

const (
	// secretStays leaves value and encrypted_value as they are.
	secretStays secretMove = iota
	// secretGoes takes both away.
	secretGoes
	// secretEncrypts puts encrypted_value in the place of value.
	secretEncrypts
	// secretNeeded cannot be done: it needs the secret in plain, which state does not hold.
	secretNeeded
	// secretOpen waits for a value that only the apply knows.
	secretOpen
)

// secretMove compares with what state holds.
func (m *tokenModel) secretMove(state *tokenModel) secretMove {
	next, known := m.storage()
	held, _ := state.storage()
	switch {
	case !known:
		return secretOpen
	case next == storageNone && held != storageNone:
		return secretGoes
	case next != held && next == storageEncrypted && !state.Value.IsNull():
		return secretEncrypts
	case next != held:
		return secretNeeded
	case next != storageEncrypted:
		return secretStays
	}
	to, known := m.recipientTexts()
	from, _ := state.recipientTexts()
	switch {
	case !known:
		return secretOpen
	case slices.Equal(to, from):
		return secretStays
	default:
		return secretNeeded
	}
}

// secretUnplanned says what to do where [secretNeeded] meets no rotation.
func secretUnplanned() diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(path.Root("secret_storage"), "Secret needed that is not in state",
		"This change of secret_storage or recipients needs the secret in plain, and state does not hold it: it was encrypted, not kept, lost, or imported without. The API shows a secret once.\n\n"+
			"Add a value to rotate_triggers, or change one, in the same plan: the token then gets a new secret, and the old one stops working. Or leave secret_storage and recipients as they were; "+
			"for a token that was imported, \"none\" keeps its secret out of state.")
}

// keepSecret stores a secret as secret_storage says. Everything is known by now. On an error, which never
// holds the secret, nothing is stored.
func (m *tokenModel) keepSecret(secret string) error {
	m.dropSecret()
	mode, _ := m.storage()
	switch mode {
	case storageState:
		m.Value = types.StringValue(secret)
	case storageEncrypted:
		recipients, _ := m.recipientTexts()
		text, err := agesecret.Encrypt(secret, recipients)
		if err != nil {
			return err
		}
		m.EncryptedValue = types.StringValue(text)
	}
	return nil
}

// dropSecret leaves nothing of a secret.
func (m *tokenModel) dropSecret() {
	m.Value, m.EncryptedValue = types.StringNull(), types.StringNull()
}

// takeSecretFrom takes over all that another model says of the secret: where it is, for whom, and which
// triggers brought it.
func (m *tokenModel) takeSecretFrom(other *tokenModel) {
	m.SecretStorage, m.Recipients, m.RotateTriggers = other.SecretStorage, other.Recipients, other.RotateTriggers
	m.Value, m.EncryptedValue = other.Value, other.EncryptedValue
}
