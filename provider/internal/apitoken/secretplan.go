// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// settleSecret plans value and encrypted_value: null where secret_storage leaves one out, unknown where a
// new one comes or may come, and else as state has it. Nothing rolls by surprise: what needs a new secret
// and is not asked for by rotate_triggers is an error.
func (p *planning) settleSecret(creates bool) {
	if creates {
		p.expectSecret()
		return
	}
	var due []string
	p.rotation, due = rotationOf(p.plan.RotateTriggers, p.state.RotateTriggers)
	move := p.plan.secretMove(p.state)
	p.warnOfRotation(due)
	p.warnOfForgetting(move)
	if p.rotation != rotationNone {
		p.expectSecret()
		return
	}
	if p.secretLost {
		p.diags.Append(warnOfLostSecret())
	}
	switch move {
	case secretStays:
		p.plan.Value, p.plan.EncryptedValue = p.state.Value, p.state.EncryptedValue
	case secretGoes:
		p.plan.dropSecret()
	case secretEncrypts, secretOpen:
		p.expectSecret()
	case secretNeeded:
		p.diags.Append(secretUnplanned())
	}
}

// expectSecret plans a secret that only the apply knows.
func (p *planning) expectSecret() {
	p.plan.dropSecret()
	mode, known := p.plan.storage()
	if !known || mode == storageState {
		p.plan.Value = types.StringUnknown()
	}
	if !known || mode == storageEncrypted {
		p.plan.EncryptedValue = types.StringUnknown()
	}
}

// warnOfForgetting says that state is to lose a secret, or may, which works on while nobody else may hold it.
// A rotation that is due ends that secret, so that there is nothing left to keep.
func (p *planning) warnOfForgetting(move secretMove) {
	if p.state.Value.IsNull() && p.state.EncryptedValue.IsNull() {
		return
	}
	const advice = "\n\nKeep a copy first, if there is no other and it is still needed."
	at := path.Root("secret_storage")
	switch _, known := p.plan.storage(); {
	case !known && p.rotation == rotationDue:
		p.diags.AddAttributeWarning(at, "Secret may be forgotten",
			"Where the secret of this token is kept is known only during the apply. If secret_storage is \"none\" then, the new secret is thrown away, and nobody can use the token any more.\n\nSet secret_storage to a value that is known while planning, if that is not meant.")
	case !known:
		p.diags.AddAttributeWarning(at, "Secret may be forgotten",
			"Where the secret of this token is kept is known only during the apply. If secret_storage is \"none\" then, the apply removes the secret from state. The API does not show it again, and the token goes on working."+advice)
	case move == secretGoes && p.rotation == rotationOpen:
		p.diags.AddAttributeWarning(at, "Secret may be forgotten",
			"Applying this plan removes the secret of this token from state. Unless a value in rotate_triggers turns out to differ, which ends that secret, the token goes on working, and the API does not show the secret again."+advice)
	case move == secretGoes && p.rotation == rotationNone:
		p.diags.AddAttributeWarning(at, "Secret will be forgotten",
			"Applying this plan removes the secret of this token from state. The API does not show it again, and the token goes on working."+advice)
	}
}

// warnOfRotation says that a secret in use is about to die: the plan shows that in no other place where
// the secret is not kept. Where no secret is to be kept, nobody receives the new one.
func (p *planning) warnOfRotation(due []string) {
	at := path.Root("rotate_triggers")
	advice := "The old secret stops working at once, so whoever uses it must be given the new one. For a rotation in which the old secret goes on working use two tokens."
	if mode, known := p.plan.storage(); known && mode == storageNone {
		advice = "The old secret stops working at once. The new one is thrown away, because secret_storage is \"none\": nobody can use the token from then on. For a new secret to use, set secret_storage to \"encrypted\" or \"state\" in the same plan."
	}
	if p.secretLost {
		advice = "An earlier replacement was not answered, so the old secret may no longer work already. " + advice
	}
	switch p.rotation {
	case rotationNone:
	case rotationOpen:
		p.diags.AddAttributeWarning(at, "Secret may be replaced",
			"A value in rotate_triggers is known only during the apply. If it differs from the one in state, the apply replaces the secret of this token.\n\n"+advice)
	case rotationDue:
		quoted := make([]string, 0, len(due))
		for _, key := range due {
			quoted = append(quoted, strconv.Quote(key))
		}
		p.diags.AddAttributeWarning(at, "Secret will be replaced",
			"Applying this plan replaces the secret of this token, because rotate_triggers adds or changes "+strings.Join(quoted, ", ")+".\n\n"+advice)
	}
}
