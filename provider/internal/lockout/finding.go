// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
)

// What to do about a finding. The names of resources are those of this provider.
const (
	allowHint = "or set `allow_self_lockout = true` on this resource or on the provider, if that is what you want."

	// destroyHint follows where a destroy is what is refused, or may be.
	destroyHint = " A destroy sees only what is in state: apply the attribute first, or set it on the provider."

	remedyForAccount = "First give that member `api_access = \"enabled\"` with an " +
		"accesscontrol_account_member_api_access resource, and let this resource depend on it (`depends_on`), " +
		"so that one apply does both in that order; " + allowHint

	remedyForAccountToken = "Run Terraform as a member whose API access is enabled; " + allowHint

	remedyForMember = "Let another member of the account make this change, " + allowHint

	remedyForDefault = "First turn API access on for the account, or keep `api_access = \"enabled\"` for that member; " +
		"where another resource keeps it, let this one go with a `moved` block, or a `removed` block that does not destroy; " +
		allowHint + destroyHint

	remedyForToken = "Run Terraform with another credential for this change, " + allowHint

	remedyForAction = "Run Terraform with another credential for this, or set `allow_self_lockout = true` in the `config` of this action " +
		"or on the provider, if that is what you want."

	// remedyForUnknown goes before the others where the provider could not find out who it is.
	remedyForUnknown = "Let the provider see whom it runs as: give its token `User Details Read` and `Memberships Read`. Or: "

	settledByMember = "If an override made earlier in the same apply gives that member `enabled`, this is settled: " +
		"the apply looks again right before it writes."

	settledByAccount = "If the account's switch is turned on earlier in the same apply, this is settled: " +
		"the apply looks again right before it writes."
)

// finding is a change that ends, or may end, the caller's access. The nil finding is none.
type finding struct {
	// what is done and who would lose access by it: "Turning API access off for account Acme".
	what, who string
	// why it follows, as a sentence.
	why string
	// uncertain is set when something needed for the answer could not be read; unread lists it.
	uncertain bool
	unread    []string
	// partial is set where what is lost may be a part of the access only.
	partial bool
	// settles says what else in the same apply would make the change harmless; empty if nothing can.
	settles string
	remedy  string
}

func (f *finding) warning() diag.Diagnostics {
	if f == nil {
		return nil
	}
	paragraphs := []string{f.consequence()}
	if f.settles != "" {
		paragraphs = append(paragraphs, f.settles, "Otherwise the apply refuses this change. "+f.remedy)
	} else {
		paragraphs = append(paragraphs, "The apply refuses this change. "+f.remedy)
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic(
		"Change may lock Terraform out", strings.Join(paragraphs, "\n\n"))}
}

func (f *finding) refusal() diag.Diagnostics {
	if f == nil {
		return nil
	}
	return diag.Diagnostics{diag.NewErrorDiagnostic(
		"Change would lock Terraform out",
		f.consequence()+"\n\nNothing was changed. "+f.remedy)}
}

// consequence says what happens to whom and why.
func (f *finding) consequence() string {
	verb := "would end"
	switch {
	case f.uncertain:
		verb = "may end"
	case f.partial:
		verb = "would limit"
	}
	text := fmt.Sprintf("%s %s the API access of %s.", f.what, verb, f.who)
	if f.why != "" {
		text += " " + f.why
	}
	if f.uncertain && len(f.unread) > 0 {
		text += " It counts as a change that may lock out, because this could not be read:\n  - " +
			strings.Join(f.unread, "\n  - ")
	}
	return text
}
