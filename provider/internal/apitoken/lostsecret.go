// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// A secret is lost where it may have been replaced and nobody has received the new one. State then holds no
// secret and no triggers either, so that whatever rotate_triggers are configured bring another one: with those
// of before the loss, taking the change back would end in an empty plan and a token that nobody can use. Where
// none are configured nothing may roll, and every plan says what is missing. State alone cannot tell such a
// token from one that was imported, so the loss is remembered in private data, until a new secret arrives. A
// token that replaces this one is not given it.

// lostSecretKey is the name of the private data of a token whose secret is lost.
const lostSecretKey = "lost_secret"

// secretIsLost says whether the secret of the token is lost.
func secretIsLost(ctx context.Context, private privateReader) (bool, diag.Diagnostics) {
	text, diags := private.GetKey(ctx, lostSecretKey)
	return len(text) > 0, diags
}

// loseSecret leaves nothing of the secret in the model, nor of what brought it.
func (m *tokenModel) loseSecret(ctx context.Context, private privateWriter) diag.Diagnostics {
	m.dropSecret()
	m.RotateTriggers = types.MapNull(types.StringType)
	return private.SetKey(ctx, lostSecretKey, []byte("true"))
}

// warnOfLostSecret says that the secret is lost where the plan brings no new one.
func warnOfLostSecret() diag.Diagnostic {
	return diag.NewAttributeWarningDiagnostic(path.Root("rotate_triggers"), "Secret is lost",
		"The secret of this token may have been replaced in an earlier apply, and the answer to that was lost. The old secret may no longer work, and nobody holds the one in its place. This plan changes nothing about that, because rotate_triggers holds no value.\n\n"+
			"Set a value in rotate_triggers, whichever it is: the token then gets a new secret.")
}
