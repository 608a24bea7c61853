// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"io"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/plainvalue"
)

func newIdentity(t *testing.T) *age.X25519Identity {
	t.Helper()
	id, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	return id
}

// recipientSet builds recipients from texts, or null.
func recipientSet(t *testing.T, in any) types.Set {
	t.Helper()
	set, ok := plainvalue.Of(t, types.SetType{ElemType: types.StringType}, in).(types.Set)
	if !ok {
		t.Fatal("recipients are no set")
	}
	return set
}

// stored is a model that keeps its secret so; what is nil is null.
func stored(t *testing.T, mode, recipients, value, encrypted any) tokenModel {
	t.Helper()
	text := func(in any) types.String {
		s, ok := plainvalue.Of(t, types.StringType, in).(types.String)
		if !ok {
			t.Fatal("not a text")
		}
		return s
	}
	return tokenModel{
		SecretStorage: text(mode), Recipients: recipientSet(t, recipients), RotateTriggers: triggers(t, nil),
		Value: text(value), EncryptedValue: text(encrypted),
	}
}

func decrypted(t *testing.T, text string, id age.Identity) string {
	t.Helper()
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(text)), id)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(plain)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestModel_CheckSecret(t *testing.T) {
	t.Parallel()
	ada, key := newIdentity(t).Recipient().String(), newIdentity(t).String()
	for name, test := range map[string]struct {
		mode, recipients any
		want             []string
	}{
		"left out":                        {nil, nil, nil},
		"in state":                        {"state", nil, nil},
		"nowhere":                         {"none", nil, nil},
		"encrypted":                       {"encrypted", []string{ada}, nil},
		"encrypted to nobody":             {"encrypted", nil, []string{"recipients: No recipients to encrypt to"}},
		"encrypted to an empty set":       {"encrypted", []string{}, []string{"recipients: No recipients to encrypt to"}},
		"encrypted to an unknown set":     {"encrypted", unknown, nil},
		"encrypted to an unknown element": {"encrypted", []any{unknown}, nil},
		"recipients alone":                {nil, []string{ada}, []string{"recipients: Recipients without encryption"}},
		"recipients, in state":            {"state", []string{ada}, []string{"recipients: Recipients without encryption"}},
		"recipients, nowhere":             {"none", []string{ada}, []string{"recipients: Recipients without encryption"}},
		"recipients, unknown storage":     {unknown, []string{ada}, nil},
		"not a recipient":                 {"encrypted", []string{ada, "ada"}, []string{"recipients: Invalid recipient"}},
		"not a recipient, unknown beside": {"encrypted", []any{unknown, "age1x"}, []string{"recipients: Invalid recipient"}},
		"a private key":                   {"encrypted", []string{key}, []string{"recipients: Private key among the recipients"}},
		"a null":                          {"encrypted", []any{nil, ada}, []string{"recipients: Set holds a null"}},
	} {
		m := stored(t, test.mode, test.recipients, nil, nil)
		diags := m.checkSecret()
		if diff := cmp.Diff(test.want, problems(diags)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		for _, d := range diags {
			if strings.Contains(d.Detail(), key) || strings.Contains(d.Detail(), "\"ada\"") {
				t.Errorf("%s: the message quotes what may be a secret", name)
			}
		}
	}
}

func TestModel_SecretMove(t *testing.T) {
	t.Parallel()
	ada, ben := []string{"age1ada"}, []string{"age1ben"}
	inState := stored(t, nil, nil, "secret", nil)
	imported := stored(t, nil, nil, nil, nil)
	encrypted := stored(t, "encrypted", []string{"age1ben", "age1ada"}, nil, "text")
	nowhere := stored(t, "none", nil, nil, nil)
	for name, test := range map[string]struct {
		mode, recipients any
		state            tokenModel
		want             secretMove
	}{
		"in state, left out":                   {nil, nil, inState, secretStays},
		"in state, said so":                    {"state", nil, inState, secretStays},
		"imported":                             {"state", nil, imported, secretStays},
		"in state to encrypted":                {"encrypted", ada, inState, secretEncrypts},
		"in state to encrypted, unknown to":    {"encrypted", unknown, inState, secretEncrypts},
		"in state to nowhere":                  {"none", nil, inState, secretGoes},
		"in state to unknown":                  {unknown, nil, inState, secretOpen},
		"imported to encrypted":                {"encrypted", ada, imported, secretNeeded},
		"imported to nowhere":                  {"none", nil, imported, secretGoes},
		"encrypted, the same in another order": {"encrypted", []string{"age1ada", "age1ben"}, encrypted, secretStays},
		"encrypted, one fewer":                 {"encrypted", ada, encrypted, secretNeeded},
		"encrypted, others":                    {"encrypted", ben, encrypted, secretNeeded},
		"encrypted, unknown to":                {"encrypted", unknown, encrypted, secretOpen},
		"encrypted, one unknown":               {"encrypted", []any{unknown, "age1ada"}, encrypted, secretOpen},
		"encrypted to state":                   {nil, nil, encrypted, secretNeeded},
		"encrypted to nowhere":                 {"none", nil, encrypted, secretGoes},
		"nowhere":                              {"none", nil, nowhere, secretStays},
		"nowhere to state":                     {"state", nil, nowhere, secretNeeded},
		"nowhere to encrypted":                 {"encrypted", ada, nowhere, secretNeeded},
	} {
		m := stored(t, test.mode, test.recipients, nil, nil)
		if got := m.secretMove(&test.state); got != test.want {
			t.Errorf("%s: %d, want %d", name, got, test.want)
		}
	}
}

func TestModel_KeepSecret(t *testing.T) {
	t.Parallel()
	id := newIdentity(t)
	for mode, want := range map[any]attr.Value{
		nil:         types.StringValue("secret"),
		"state":     types.StringValue("secret"),
		"encrypted": types.StringNull(),
		"none":      types.StringNull(),
	} {
		m := stored(t, mode, []string{id.Recipient().String()}, "old", "old")
		if err := m.keepSecret("secret"); err != nil || !m.Value.Equal(want) {
			t.Errorf("%v: value %s, error %v", mode, m.Value, err)
		}
		if mode == "encrypted" {
			if got := decrypted(t, m.EncryptedValue.ValueString(), id); got != "secret" {
				t.Errorf("encrypted_value holds %q", got)
			}
		} else if !m.EncryptedValue.IsNull() {
			t.Errorf("%v: encrypted_value %s", mode, m.EncryptedValue)
		}
	}
	m := stored(t, "encrypted", []string{"age1x"}, "old", "old")
	if err := m.keepSecret("secret"); err == nil || !m.Value.IsNull() || !m.EncryptedValue.IsNull() {
		t.Errorf("a bad recipient: value %s, encrypted_value %s, error %v", m.Value, m.EncryptedValue, err)
	}
}
