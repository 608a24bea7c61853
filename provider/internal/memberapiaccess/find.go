// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// search is the outcome of looking a member up by its id, its e-mail or both.
type search struct {
	// member is nil unless exactly one was found.
	member *client.Member
	// absent is set when the API answered and there is no such member.
	absent diag.DiagnosticWithPath
	// conflict is set when the answer contradicts the configuration, whatever is applied before.
	conflict diag.DiagnosticWithPath
	// unread is set when the API could not be asked.
	unread diag.Diagnostic
}

// problem is why there is no member; nil if there is one.
func (s search) problem() diag.Diagnostic {
	switch {
	case s.conflict != nil:
		return s.conflict
	case s.absent != nil:
		return s.absent
	default:
		return s.unread
	}
}

// find looks the member up. The id decides where it is known; an e-mail beside it must agree. A null
// or unknown attribute is not looked at; at least one of the two must be known.
func find(ctx context.Context, api *client.Client, accountID string, memberID, email types.String) search {
	if isKnown(memberID) {
		return findByID(ctx, api, accountID, memberID.ValueString(), email)
	}
	return findByEmail(ctx, api, accountID, email.ValueString())
}

func findByID(ctx context.Context, api *client.Client, accountID, memberID string, email types.String) search {
	member, err := api.Member(ctx, accountID, memberID)
	switch {
	case client.IsNotFound(err):
		return search{absent: diag.NewAttributeErrorDiagnostic(path.Root("member_id"), "No such account member",
			fmt.Sprintf("Account %s has no member with the id %s.\n\nCheck the id, or name the member by its e-mail.",
				accountID, memberID))}
	case err != nil:
		return search{unread: tfkit.APIErrorNeeding(tfkit.WritesAccount, "read", "account member", err)}
	case isKnown(email) && !sameEmail(email, member.Email):
		return search{conflict: diag.NewAttributeErrorDiagnostic(path.Root("email"), "Two members are named",
			fmt.Sprintf("Member %s is %s, and not %s.\n\nSet one of member_id and email, or let both name the same member.",
				memberID, member.Email, email.ValueString()))}
	default:
		return search{member: member}
	}
}

func findByEmail(ctx context.Context, api *client.Client, accountID, email string) search {
	members, err := api.Members(ctx, accountID)
	if err != nil {
		return search{unread: tfkit.APIErrorNeeding(tfkit.WritesAccount, "list", "account members", err)}
	}
	members = slices.DeleteFunc(members, func(m client.Member) bool { return !strings.EqualFold(m.Email, email) })
	switch len(members) {
	case 1:
		return search{member: &members[0]}
	case 0:
		return search{absent: diag.NewAttributeErrorDiagnostic(path.Root("email"), "No such account member",
			fmt.Sprintf("Account %s has no member with the e-mail %s.\n\nCheck the e-mail, or invite the member first.",
				accountID, email))}
	default:
		ids := make([]string, len(members))
		for i := range members {
			ids[i] = members[i].ID
		}
		return search{conflict: diag.NewAttributeErrorDiagnostic(path.Root("email"), "Several members have this e-mail",
			fmt.Sprintf("Account %s has %d members with the e-mail %s: %s.\n\nName one of them by member_id.",
				accountID, len(ids), email, strings.Join(ids, ", ")))}
	}
}
