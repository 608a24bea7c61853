// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"context"
	"fmt"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// What happens to a token.
const (
	// ChangeDestroy is the deletion of the token.
	ChangeDestroy = "destroy"
	// ChangeDisable gives the token the status disabled.
	ChangeDisable = "disable"
	// ChangeNarrow takes something away that the token may do: a grant, an address, time.
	ChangeNarrow = "narrow"
	// ChangeRoll gives the token a new secret, which ends the old one.
	ChangeRoll = "roll"
	// InvokeRevoke is ChangeDestroy by an action, which has no state.
	InvokeRevoke = "revoke, by an action"
	// InvokeRoll is ChangeRoll by an action.
	InvokeRoll = "roll, by an action"
)

// accountFinding judges a new value of an account's switch. Only off can lock anybody out.
func (g *Guard) accountFinding(ctx context.Context, accountID string, enabled *bool) *finding {
	if enabled == nil || *enabled {
		return nil
	}
	account, unread := g.account(ctx, accountID)
	if account.read && Effective(account.kind, enabled, nil) || !account.mayUse(nil) {
		// The switch does not apply to this account, or is off already.
		return nil
	}
	who := g.callerIn(ctx, accountID)
	found := &finding{
		what:    "Turning API access off for " + account.label(),
		remedy:  remedyForAccount,
		settles: settledByMember,
		who:     who.name(),
	}
	if who.absent(account.read) {
		return nil
	}
	switch who.kind {
	case callerMember:
		if !slices.Contains(g.values(memberKey(accountID, who.memberID), who.value), nil) {
			// The member's own value decides, and stays what it is.
			return nil
		}
		found.why = "That member is on the account's default, so it follows the account."
		return found
	case callerAccountToken:
		found.why = "A token that the account owns has no member, so nothing overrides the account's switch."
		found.remedy, found.settles = remedyForAccountToken, ""
		return found
	default:
		found.remedy = remedyForUnknown + found.remedy
		found.unsure(append(who.unread, unread...))
		return found
	}
}

// memberFinding judges a new value of a member's switch: off, or the default while the account is
// off.
func (g *Guard) memberFinding(ctx context.Context, accountID, memberID string, value *bool) *finding {
	if value != nil && *value {
		return nil
	}
	account, unread := g.account(ctx, accountID)
	if account.mustUse(value) {
		return nil
	}
	who := g.callerIn(ctx, accountID)
	if who.absent(account.read) || who.kind == callerAccountToken {
		return nil
	}
	member, err := g.api.Member(ctx, accountID, memberID)
	switch {
	case client.IsNotFound(err):
		return nil
	case err != nil:
		member = &client.Member{}
		unread = append(unread, "the member: "+reason(err))
	case !slices.ContainsFunc(g.values(memberKey(accountID, memberID), member.APIAccessEnabled), account.mayUse):
		// The member has no API access now, so the change takes nothing away.
		return nil
	}
	found := memberChange(account, member, memberID, value)
	found.who = who.name()
	switch {
	case who.kind == callerUnknown && who.user != nil && member.ID != "" && !isUser(member, who.user):
		// Whatever the lists lack, this member is somebody else.
		return nil
	case who.kind == callerUnknown:
		found.remedy = remedyForUnknown + found.remedy
		found.unsure(append(who.unread, unread...))
		return found
	case member.ID == "" && who.memberID != memberID:
		// Without the member's user, two ids that differ do not prove two people.
		found.unsure(unread)
		return found
	case !who.is(member) && who.memberID != memberID:
		return nil
	case value == nil && !account.read:
		found.unsure(unread)
		return found
	default:
		return found
	}
}

// memberChange describes a member's switch that is turned off or given back to the account.
func memberChange(account switchedAccount, member *client.Member, memberID string, value *bool) *finding {
	label := "member " + memberID
	if member.Email != "" {
		label = member.Email
	}
	if value != nil {
		return &finding{
			what:   "Turning API access off for " + label,
			why:    "A member's own setting overrides the account's.",
			remedy: remedyForMember,
		}
	}
	why := fmt.Sprintf("API access is off for %s, which that member would then follow.", account.label())
	if !account.read {
		why = fmt.Sprintf("That member would then follow %s, where API access may be off.", account.label())
	}
	return &finding{
		what:    fmt.Sprintf("Returning %s to the account's default", label),
		why:     why,
		remedy:  remedyForDefault,
		settles: settledByAccount,
	}
}

// tokenFinding judges a change of a token: only the token Terraform runs with matters.
func (g *Guard) tokenFinding(ctx context.Context, owner client.Owner, tokenID, change string) *finding {
	if !g.api.HasAPIToken() {
		return nil
	}
	found := &finding{
		who:    fmt.Sprintf("the API token %s that Terraform runs with", tokenID),
		remedy: remedyForToken,
	}
	switch change {
	case InvokeRevoke, InvokeRoll:
		found.remedy = remedyForAction
	case ChangeDestroy:
		found.remedy += destroyHint
	}
	switch change {
	case ChangeDestroy, InvokeRevoke:
		found.what = "Deleting API token " + tokenID
		found.why = "Every later request of Terraform would be refused, in this apply and after it."
	case ChangeDisable:
		found.what = "Disabling API token " + tokenID
		found.why = "Every later request of Terraform would be refused, in this apply and after it."
	case ChangeRoll, InvokeRoll:
		found.what = "Replacing the secret of API token " + tokenID
		found.why = "Every later request of Terraform would be refused in this apply, and after it until the provider is given the new secret."
	default:
		found.what, found.partial = "Narrowing API token "+tokenID, true
		found.why = "Terraform may no longer be able to do what it did so far, giving the right back included."
	}
	ownID, _, err := g.ownToken(ctx, owner.AccountID)
	if err != nil {
		found.who = "whoever Terraform runs as"
		found.unsure([]string{"the token's own id: " + reason(err)})
		return found
	}
	if ownID != tokenID {
		return nil
	}
	return found
}

// switchedAccount is what the guard knows of an account.
type switchedAccount struct {
	read     bool
	id, name string
	kind     string
	// values are what the switch may be; see [Guard.values].
	values []*bool
}

func (a switchedAccount) label() string {
	if a.name != "" {
		return fmt.Sprintf("account %s (%s)", a.name, a.id)
	}
	return "account " + a.id
}

// mayUse says whether a member with that value, or none, may perhaps use the API. An account that could not
// be read counts as one where they may, since it is then something that a change can end.
func (a switchedAccount) mayUse(member *bool) bool {
	if !a.read {
		return member == nil || *member
	}
	return slices.ContainsFunc(a.values, func(account *bool) bool { return Effective(a.kind, account, member) })
}

// mustUse says whether a member with that value can use the API for certain.
func (a switchedAccount) mustUse(member *bool) bool {
	return a.read && !slices.ContainsFunc(a.values, func(account *bool) bool { return !Effective(a.kind, account, member) })
}

func (g *Guard) account(ctx context.Context, id string) (found switchedAccount, unread []string) {
	account, err := g.api.Account(ctx, id)
	if err != nil {
		return switchedAccount{id: id}, []string{"the account's settings: " + reason(err)}
	}
	return switchedAccount{
		read:   true,
		id:     id,
		name:   account.Name,
		kind:   account.Type,
		values: g.values(id, account.Settings.APIAccessEnabled),
	}, nil
}

func (f *finding) unsure(unread []string) {
	f.uncertain = true
	f.unread = unread
}
