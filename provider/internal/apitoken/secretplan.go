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
	p.warnOfRotation(due)
	if p.rotation != rotationNone {
		p.expectSecret()
		return
	}
	switch p.plan.secretMove(p.state) {
	case secretStays:
		p.plan.Value, p.plan.EncryptedValue = p.state.Value, p.state.EncryptedValue
	case secretGoes:
		p.plan.dropSecret()
		if !p.state.Value.IsNull() || !p.state.EncryptedValue.IsNull() {
			p.diags.AddAttributeWarning(path.Root("secret_storage"), "Secret will be forgotten",
				"Applying this plan removes the secret of this token from state. The API does not show it again, and the token goes on working.\n\nKeep a copy first, if there is no other and it is still needed.")
		}
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

// warnOfRotation says that a secret in use is about to die: the plan shows that in no other place where
// the secret is not kept.
func (p *planning) warnOfRotation(due []string) {
	at := path.Root("rotate_triggers")
	const advice = "The old secret stops working at once, so whoever uses it must be given the new one. For a rotation in which the old secret goes on working use two tokens."
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
