// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// TestPlan_Secret plans every way of keeping the secret, over the plugin
// protocol.
func TestPlan_Secret(t *testing.T) {
	t.Parallel()
	ada, ben := newIdentity(t).Recipient().String(), newIdentity(t).Recipient().String()
	type m = map[string]any
	null, open := types.StringNull(), types.StringUnknown()
	text := types.StringValue
	const (
		needed  = `ERROR AttributeName("secret_storage"): Secret needed that is not in state`
		rolls   = `WARNING AttributeName("rotate_triggers"): Secret will be replaced`
		forgets = `WARNING AttributeName("secret_storage"): Secret will be forgotten`
		mayBe   = `WARNING AttributeName("rotate_triggers"): Secret may be replaced`
		mayGo   = `WARNING AttributeName("secret_storage"): Secret may be forgotten`
		isLost  = `WARNING AttributeName("rotate_triggers"): Secret is lost`
	)
	inState := stored(t, nil, nil, "plain", nil)
	imported := stored(t, nil, nil, nil, nil)
	encrypted := stored(t, "encrypted", []string{ada}, nil, "armored")
	nowhere := stored(t, "none", nil, nil, nil)
	lostSealed := stored(t, "encrypted", []string{ada}, nil, nil)
	rolledTo := func(s tokenModel, held m) *tokenModel { s.RotateTriggers = triggers(t, held); return &s }

	for _, test := range []struct {
		name             string
		mode, recipients any
		triggers         m
		state            *tokenModel // nil is a create
		value, encrypted types.String
		modified         bool
		lost             bool
		want             []string
	}{
		{name: "create", value: open, encrypted: null, modified: true},
		{name: "create, triggers", triggers: m{"a": "1"}, value: open, encrypted: null, modified: true},
		{name: "create, encrypted", mode: "encrypted", recipients: []string{ada}, value: null, encrypted: open, modified: true},
		{name: "create, nowhere", mode: "none", value: null, encrypted: null, modified: true},
		{name: "create, unknown", mode: unknown, value: open, encrypted: open, modified: true},
		{name: "create, unknown recipients", mode: "encrypted", recipients: unknown, value: null, encrypted: open, modified: true},

		{name: "kept", state: &inState, value: text("plain"), encrypted: null},
		{name: "said so", mode: "state", state: &inState, value: text("plain"), encrypted: null},
		{name: "imported", state: &imported, value: null, encrypted: null},
		{name: "encrypt what is there", mode: "encrypted", recipients: []string{ada}, state: &inState, value: null, encrypted: open},
		{name: "drop what is there", mode: "none", state: &inState, value: null, encrypted: null, want: []string{forgets}},
		{name: "storage unknown", mode: unknown, state: &inState, value: open, encrypted: open, want: []string{mayGo}},
		{name: "storage unknown, encrypted", mode: unknown, recipients: []string{ada}, state: &encrypted, value: open, encrypted: open, want: []string{mayGo}},
		{name: "storage unknown, imported", mode: unknown, state: &imported, value: open, encrypted: open},
		{name: "storage unknown, nowhere", mode: unknown, state: &nowhere, value: open, encrypted: open},
		{name: "storage unknown, roll", mode: unknown, triggers: m{"a": "1"}, state: &inState, value: open, encrypted: open, modified: true, want: []string{rolls, mayGo}},
		{name: "storage unknown, trigger unknown", mode: unknown, triggers: m{"a": unknown}, state: &inState, value: open, encrypted: open, modified: true, want: []string{mayBe, mayGo}},
		{name: "encrypted, kept", mode: "encrypted", recipients: []string{ada}, state: &encrypted, value: null, encrypted: text("armored")},
		{name: "encrypted, recipients unknown", mode: "encrypted", recipients: []any{unknown}, state: &encrypted, value: null, encrypted: open},
		{name: "encrypted, dropped", mode: "none", state: &encrypted, value: null, encrypted: null, want: []string{forgets}},
		{name: "encrypted, one more", mode: "encrypted", recipients: []string{ada, ben}, state: &encrypted, want: []string{needed}},
		{name: "decrypt", state: &encrypted, want: []string{needed}},
		{name: "remember", state: &nowhere, want: []string{needed}},
		{name: "encrypt what is not there", mode: "encrypted", recipients: []string{ada}, state: &imported, want: []string{needed}},

		{name: "roll", triggers: m{"a": "1"}, state: &inState, value: open, encrypted: null, modified: true, want: []string{rolls}},
		{name: "roll, nowhere", mode: "none", triggers: m{"a": "1"}, state: &nowhere, value: null, encrypted: null, modified: true, want: []string{rolls}},
		{name: "roll, to nowhere", mode: "none", triggers: m{"a": "1"}, state: &inState, value: null, encrypted: null, modified: true, want: []string{rolls}},
		{name: "roll, one more recipient", mode: "encrypted", recipients: []string{ada, ben}, triggers: m{"a": "1"}, state: &encrypted, value: null, encrypted: open, modified: true, want: []string{rolls}},
		{name: "roll, decrypt", triggers: m{"a": "1"}, state: &encrypted, value: open, encrypted: null, modified: true, want: []string{rolls}},
		{name: "roll, imported", mode: "encrypted", recipients: []string{ada}, triggers: m{"a": "1"}, state: &imported, value: null, encrypted: open, modified: true, want: []string{rolls}},
		{name: "triggers unchanged", triggers: m{"a": "1"}, state: rolledTo(inState, m{"a": "1"}), value: text("plain"), encrypted: null},
		{name: "triggers unchanged, decrypt", triggers: m{"a": "1"}, state: rolledTo(encrypted, m{"a": "1"}), want: []string{needed}},
		{name: "trigger removed", state: rolledTo(inState, m{"a": "1"}), value: text("plain"), encrypted: null},
		{name: "trigger unknown", triggers: m{"a": unknown}, state: rolledTo(inState, m{"a": "1"}), value: open, encrypted: null, modified: true, want: []string{mayBe}},
		{name: "trigger unknown, to nowhere", mode: "none", triggers: m{"a": unknown}, state: rolledTo(inState, m{"a": "1"}), value: null, encrypted: null, modified: true, want: []string{mayBe, mayGo}},
		{name: "trigger unknown, encrypted to nowhere", mode: "none", triggers: m{"a": unknown}, state: &encrypted, value: null, encrypted: null, modified: true, want: []string{mayBe, mayGo}},
		{name: "trigger unknown, imported to nowhere", mode: "none", triggers: m{"a": unknown}, state: &imported, value: null, encrypted: null, modified: true, want: []string{mayBe}},
		{name: "trigger unknown, decrypt", triggers: m{"a": unknown}, state: rolledTo(encrypted, m{"a": "1"}), value: open, encrypted: null, modified: true, want: []string{mayBe}},

		{name: "lost", lost: true, state: &imported, value: null, encrypted: null, want: []string{isLost}},
		{name: "lost, no value among the triggers", lost: true, triggers: m{"a": nil}, state: &imported, value: null, encrypted: null, want: []string{isLost}},
		{name: "lost, triggers empty", lost: true, triggers: m{}, state: &imported, value: null, encrypted: null, want: []string{isLost}},
		{name: "lost, encrypted", lost: true, mode: "encrypted", recipients: []string{ada}, state: &lostSealed, value: null, encrypted: null, want: []string{isLost}},
		{name: "lost, nowhere", lost: true, mode: "none", state: &nowhere, value: null, encrypted: null, want: []string{isLost}},
		{name: "lost, to nowhere", lost: true, mode: "none", state: &imported, value: null, encrypted: null, want: []string{isLost}},
		{name: "lost, any triggers", lost: true, triggers: m{"a": "1"}, state: &imported, value: open, encrypted: null, modified: true, want: []string{rolls}},
		{name: "lost, triggers unknown", lost: true, triggers: m{"a": unknown}, state: &imported, value: open, encrypted: null, modified: true, want: []string{mayBe}},
		{name: "lost, created anew", lost: true, value: open, encrypted: null, modified: true},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			conf := config(fullModel(t))
			wanted := stored(t, test.mode, test.recipients, nil, nil)
			conf.SecretStorage, conf.Recipients, conf.RotateTriggers = wanted.SecretStorage, wanted.Recipients, triggers(t, test.triggers)
			var prior *tokenModel
			if test.state != nil {
				full := fullModel(t)
				full.takeSecretFrom(test.state)
				prior = &full
			}
			process := planner{}
			if test.lost {
				process.private = map[string][]byte{lostSecretKey: []byte("true")}
			}
			got := process.run(t, conf, prior, planNow)
			if diff := cmp.Diff(test.want, got.problems); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			if test.value.IsNull() && test.encrypted.IsNull() && len(test.want) > 0 && test.want[0] == needed {
				return
			}
			if !got.plan.Value.Equal(test.value) || !got.plan.EncryptedValue.Equal(test.encrypted) {
				t.Errorf("value %s, encrypted_value %s; want %s, %s", got.plan.Value, got.plan.EncryptedValue, test.value, test.encrypted)
			}
			if got.plan.ModifiedOn.IsUnknown() != test.modified {
				t.Errorf("modified_on %s, want unknown: %t", got.plan.ModifiedOn, test.modified)
			}
			if len(got.replace) > 0 {
				t.Errorf("replaced for %v", got.replace)
			}
		})
	}
}

// TestPlan_SecretAdvice says what a rotation comes to for whoever uses the token.
func TestPlan_SecretAdvice(t *testing.T) {
	t.Parallel()
	const (
		handOut = "whoever uses it must be given the new one"
		thrown  = "The new one is thrown away"
		before  = "An earlier replacement was not answered"
		again   = "the API does not show the secret again"
		either  = "the new secret is thrown away, and nobody can use the token"
	)
	all := []string{handOut, thrown, before, again, either}
	type m = map[string]any
	for name, test := range map[string]struct {
		mode     any
		triggers m
		lost     bool
		says     []string
	}{
		"kept":                                {triggers: m{"a": "1"}, says: []string{handOut}},
		"kept, perhaps":                       {triggers: m{"a": unknown}, says: []string{handOut}},
		"thrown away":                         {mode: "none", triggers: m{"a": "1"}, says: []string{thrown}},
		"thrown away, or the old one is":      {mode: "none", triggers: m{"a": unknown}, says: []string{thrown, again}},
		"thrown away, perhaps":                {mode: unknown, triggers: m{"a": "1"}, says: []string{handOut, either}},
		"in place of one that is lost":        {triggers: m{"a": "1"}, lost: true, says: []string{handOut, before}},
		"in place of one, and of no use then": {mode: "none", triggers: m{"a": "1"}, lost: true, says: []string{thrown, before}},
	} {
		prior := fullModel(t)
		held := stored(t, nil, nil, "plain", nil)
		prior.takeSecretFrom(&held)
		conf := config(fullModel(t))
		conf.SecretStorage, conf.RotateTriggers = stored(t, test.mode, nil, nil, nil).SecretStorage, triggers(t, test.triggers)
		var details []string
		process := planner{details: &details}
		if test.lost {
			process.private = map[string][]byte{lostSecretKey: []byte("true")}
		}
		process.run(t, conf, &prior, planNow)
		var says []string
		for _, part := range all {
			if strings.Contains(strings.Join(details, "\n"), part) {
				says = append(says, part)
			}
		}
		slices.Sort(says)
		slices.Sort(test.says)
		if diff := cmp.Diff(test.says, says); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}

// TestPlan_SecretOfReplaced plans a token that is replaced: whatever changes of
// the secret, a new one comes without a rotation.
func TestPlan_SecretOfReplaced(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		status string
		change func(*tokenModel)
		want   []string
	}{
		"revoked": {status: "revoked (exposed)", change: func(*tokenModel) {}, want: []string{`WARNING AttributeName("status"): API token was revoked`}},
		"another owner": {status: "active", change: func(m *tokenModel) {
			m.AccountID = types.StringValue(accountA)
			m.Policies = policiesValue(t, map[string]any{"z": pol([]string{"Zone Read"}, obj{"zones": []string{zoneA}})})
		}},
	} {
		prior := fullModel(t)
		prior.Status = types.StringValue(test.status)
		held := stored(t, "encrypted", []string{newIdentity(t).Recipient().String()}, nil, "armored")
		prior.SecretStorage, prior.Recipients, prior.EncryptedValue, prior.Value = held.SecretStorage, held.Recipients, held.EncryptedValue, held.Value
		conf := config(fullModel(t))
		conf.RotateTriggers = triggers(t, map[string]any{"a": "1"})
		test.change(&conf)
		got := runPlan(t, conf, &prior, planNow)
		if diff := cmp.Diff(test.want, got.problems); diff != "" {
			t.Errorf("%s: problems (-want +got):\n%s", name, diff)
		}
		if len(got.replace) != 1 || !got.plan.Value.IsUnknown() || !got.plan.EncryptedValue.IsNull() {
			t.Errorf("%s: replaced for %v, value %s, encrypted_value %s", name, got.replace, got.plan.Value, got.plan.EncryptedValue)
		}
	}
}
