// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"maps"

	"github.com/hashicorp/terraform-plugin-framework-validators/stringvalidator"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// withSecretAttributes adds the attributes that say where the secret goes and when it changes. None has a
// type with semantic equality: the framework logs what such a type compares.
func withSecretAttributes(attributes map[string]schema.Attribute) map[string]schema.Attribute {
	maps.Copy(attributes, map[string]schema.Attribute{
		"secret_storage": schema.StringAttribute{
			Optional: true,
			MarkdownDescription: "Where the secret is kept: `state` as the sensitive attribute `value`, `encrypted` as `encrypted_value` for the holders of `recipients` alone, or `none`, nowhere. Left out, it is `state`. " +
				"A change that needs the secret in plain, which only `state` keeps, is refused unless `rotate_triggers` changes too and so brings a new one.",
			Validators: []validator.String{stringvalidator.OneOf(storageState, storageEncrypted, storageNone)},
		},
		"recipients": schema.SetAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Who can read the secret: age X25519 recipients, each beginning with `age1`. Each of them can read it alone. " +
				"Needed with `secret_storage = \"encrypted\"`, at least one, and refused without it. A change needs a new secret, so `rotate_triggers` has to change too.",
		},
		"rotate_triggers": schema.MapAttribute{
			Optional:    true,
			ElementType: types.StringType,
			MarkdownDescription: "Values of your choice that give the token a new secret when one is added or changed; the old secret stops working at once. " +
				"A removed one does nothing, nor do those that a new token begins with. With `secret_storage` as `none` the new secret is thrown away, which ends the old one and leaves nobody with any. One that is known only during the apply counts if it differs then. " +
				"For a rotation in which the old secret goes on working use two tokens.",
		},
		"value": schema.StringAttribute{
			Computed:  true,
			Sensitive: true,
			MarkdownDescription: "The secret of the token, in plain. It is null unless `secret_storage` is `state`, and after an import, because the API shows a secret once. " +
				"It is null as well after a rotation whose answer was lost: then state holds no `rotate_triggers` either, so that the next apply brings a new secret, whatever they are set to. Without any, every plan warns.",
		},
		"encrypted_value": schema.StringAttribute{
			Computed: true,
			MarkdownDescription: "The secret of the token as ASCII-armored age text for `recipients`; `age --decrypt` with the key of one of them shows it. " +
				"It is null unless `secret_storage` is `encrypted`, and after a rotation whose answer was lost, as `value` is.",
		},
	})
	return attributes
}
