// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"context"
	"fmt"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// NoSwitchSummary is the headline of what is said of a standard account, and [NoSwitch] its first sentences.
const NoSwitchSummary = "Account has no API access switch"

// NoSwitch says that the switch does not apply to the account, which is a standard one (authorization model §7).
func NoSwitch(accountID string) string {
	return fmt.Sprintf("The account %s is a standard account. Only Enterprise accounts have the switch, and the API refuses to set it on any other.", accountID)
}

// PlanNewSwitch warns where a switch is to be set from now on in a standard account, which the apply will be refused.
// It is no error: the account may become an Enterprise one in between. An account that cannot be read, and one of
// another type, get no warning.
func (g *Guard) PlanNewSwitch(ctx context.Context, accountID string) diag.Diagnostics {
	account, err := g.api.Account(ctx, accountID)
	if err != nil || account.Type != AccountTypeStandard {
		return nil
	}
	return diag.Diagnostics{diag.NewAttributeWarningDiagnostic(path.Root("account_id"), NoSwitchSummary,
		NoSwitch(accountID)+"\n\nThe apply fails unless the account is made an Enterprise one before it. Leave the resource out, or name another account.")}
}
