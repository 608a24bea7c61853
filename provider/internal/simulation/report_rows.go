// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// reportNotes are what every report has to say of itself.
var reportNotes = []string{
	"Blocking a member does not touch account-owned tokens, those included that the member made: they follow the account's switch alone.",
	"Tokens of other members cannot be listed over the API: the tokens here are the account's and those of the user that Terraform runs as.",
	"Global API keys cannot be listed over the API: a member's key may do what the member may, and follows the member's API access.",
}

// Whose a token of the report is.
const (
	ownerAccount = "account"
	ownerUser    = "user"
)

// tokenReader is what the report reads beside the account and its members.
type tokenReader interface {
	User(ctx context.Context) (*client.User, error)
	Zone(ctx context.Context, id string) (*client.Zone, error)
	ListTokens(ctx context.Context, owner client.Owner) ([]client.Token, error)
}

// reporter makes one report.
type reporter struct {
	api     tokenReader
	now     time.Time
	account *client.Account
	members []client.Member
	// zones says of zones whether they lie in the account; one that could not be read counts as one that
	// may.
	zones  map[authz.ID]bool
	unread []string
}

func (r *reporter) memberRows() []reportMemberModel {
	rows := make([]reportMemberModel, 0, len(r.members))
	for n := range r.members {
		m := &r.members[n]
		rows = append(rows, reportMemberModel{
			MemberID: types.StringValue(m.ID), Email: types.StringValue(m.Email), Status: types.StringValue(m.Status),
			Roles: texts(roleNames(m)), APIAccess: types.StringValue(lockout.SettingOf(m.APIAccessEnabled)),
			EffectiveAPIAccess:       types.BoolValue(r.effective(m)),
			EffectiveAPIAccessReason: types.StringValue(lockout.EffectiveReason(r.account, m)),
		})
	}
	slices.SortFunc(rows, func(a, b reportMemberModel) int {
		return cmp.Or(strings.Compare(a.Email.ValueString(), b.Email.ValueString()), strings.Compare(a.MemberID.ValueString(), b.MemberID.ValueString()))
	})
	return rows
}

func (r *reporter) effective(m *client.Member) bool {
	var own *bool
	if m != nil {
		own = m.APIAccessEnabled
	}
	return lockout.Effective(r.account.Type, r.account.Settings.APIAccessEnabled, own)
}

// roleNames are the roles of a member, or those that its policies allow, sorted.
func roleNames(m *client.Member) []string {
	var names []string
	for _, role := range m.Roles {
		names = append(names, role.Name)
	}
	for _, p := range m.Policies {
		if p.Access != client.EffectAllow {
			continue
		}
		for _, role := range p.Roles {
			names = append(names, role.Name)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// tokenRows are the tokens of the account, and those of the calling user that reach it.
func (r *reporter) tokenRows(ctx context.Context) []reportTokenModel {
	rows := []reportTokenModel{}
	owned, err := r.api.ListTokens(ctx, client.Owner{AccountID: r.account.ID})
	if err != nil {
		r.unread = append(r.unread, "the tokens that the account owns ("+reasonOf(err)+")")
	}
	for n := range owned {
		row := r.row(&owned[n], ownerAccount, r.reach(ctx, &owned[n], policyset.Owner{Known: true, AccountID: r.account.ID}))
		r.judgeRow(&row, &owned[n], nil)
		rows = append(rows, row)
	}
	own, err := r.api.ListTokens(ctx, client.Owner{})
	if err != nil {
		r.unread = append(r.unread, "the tokens of the user that Terraform runs as ("+reasonOf(err)+")")
	}
	rows = append(rows, r.userRows(ctx, own)...)
	slices.SortFunc(rows, func(a, b reportTokenModel) int {
		return cmp.Or(strings.Compare(a.Owner.ValueString(), b.Owner.ValueString()),
			strings.Compare(a.Name.ValueString(), b.Name.ValueString()), strings.Compare(a.TokenID.ValueString(), b.TokenID.ValueString()))
	})
	return rows
}

// userRows are those of the caller's own tokens that reach the account. Who the caller is, is read only
// where there is one.
func (r *reporter) userRows(ctx context.Context, tokens []client.Token) []reportTokenModel {
	var rows []reportTokenModel
	var caller *client.Member
	asked, known := false, false
	for n := range tokens {
		reach := r.reach(ctx, &tokens[n], policyset.Owner{Known: true})
		if !reach.allowed {
			continue
		}
		if !asked {
			caller, known = r.caller(ctx)
			asked = true
		}
		row := r.row(&tokens[n], ownerUser, reach)
		if known {
			r.judgeRow(&row, &tokens[n], caller)
		}
		rows = append(rows, row)
	}
	return rows
}

// caller is the member that the caller's own tokens act as; it is not known where the user or its member
// cannot be found.
func (r *reporter) caller(ctx context.Context) (member *client.Member, known bool) {
	user, err := r.api.User(ctx)
	if err != nil {
		r.unread = append(r.unread, "the user that Terraform runs as ("+reasonOf(err)+")")
		return nil, false
	}
	for n := range r.members {
		if isMember(&r.members[n], user) {
			return &r.members[n], true
		}
	}
	r.unread = append(r.unread, "the membership of the user that Terraform runs as, who is not among the members")
	return nil, false
}

// isMember reports whether the member is that user.
func isMember(m *client.Member, user *client.User) bool {
	if m.UserID != "" && user.ID != "" {
		return m.UserID == user.ID
	}
	return user.Email != "" && strings.EqualFold(m.Email, user.Email)
}

// row is a token of which it is not yet judged whether it works.
func (r *reporter) row(t *client.Token, owner string, reach reach) reportTokenModel {
	row := reportTokenModel{
		TokenID: types.StringValue(t.ID), Name: types.StringValue(t.Name), Owner: types.StringValue(owner), Status: types.StringValue(t.Status),
		ExpiresOn: types.StringNull(), ReachesBy: texts(reach.lines), ManagesTokens: types.BoolValue(reach.managesTokens),
		EffectiveAPIAccess: types.BoolNull(), EffectiveAPIAccessReason: types.StringNull(), Usable: types.BoolNull(),
	}
	if !r.alive(t) {
		row.Usable = types.BoolValue(false) // whoever it acts as
	}
	if t.ExpiresOn != nil {
		row.ExpiresOn = types.StringValue(t.ExpiresOn.UTC().Format(time.RFC3339))
	}
	return row
}

// judgeRow says whether the token works on the account now; member is nil for one that the account owns.
func (r *reporter) judgeRow(row *reportTokenModel, t *client.Token, member *client.Member) {
	effective := r.effective(member)
	row.EffectiveAPIAccess = types.BoolValue(effective)
	row.EffectiveAPIAccessReason = types.StringValue(lockout.EffectiveReason(r.account, member))
	row.Usable = types.BoolValue(r.alive(t) && effective && (member == nil || member.Status == statusAccepted))
}

// alive reports whether the token is active and within its times.
func (r *reporter) alive(t *client.Token) bool {
	return t.Status == client.StatusActive &&
		(t.ExpiresOn == nil || r.now.Before(*t.ExpiresOn)) && (t.NotBefore == nil || !r.now.Before(*t.NotBefore))
}

// reach is what of a token's policies concerns the account.
type reach struct {
	lines []string
	// allowed is set where something is allowed there, managesTokens where tokens can be made that reach the
	// account: the user's own, which reach whatever the user does, or the account's.
	allowed, managesTokens bool
}

func (r *reporter) reach(ctx context.Context, t *client.Token, own policyset.Owner) reach {
	out := reach{lines: []string{}}
	for _, item := range policyset.Named(t.Policies) {
		for _, group := range item.Policy.Groups {
			for _, k := range item.Policy.Keys {
				line, serves := policyset.GrantLine(item.Policy.Effect, group, k)
				manages := !own.IsAccount() && managesTokens(group)
				if !serves || (!manages || !onUser(k)) && !r.concerns(ctx, k, own) {
					continue
				}
				out.lines = append(out.lines, line)
				if item.Policy.Effect != client.EffectDeny {
					out.allowed = true
					out.managesTokens = out.managesTokens || manages
				}
			}
		}
	}
	slices.Sort(out.lines)
	out.lines = slices.Compact(out.lines)
	return out
}

// managesTokens reports whether the group can make and change tokens.
func managesTokens(id string) bool {
	g, ok := catalog.GroupByID(id)
	return ok && authz.TokenManagementGroups().Has(g.Index)
}

// onUser reports whether the key is that of the token's user. Who makes tokens with it makes ones that reach
// whatever the user does; with a key on an account, ones of that account.
func onUser(k policyset.Key) bool {
	key, known := k.Parse()
	return known && key.Form == authz.KeyUser
}

// concerns reports whether the key may reach the account or something in it (authorization model §4). A
// key of no known form is taken for one that may.
func (r *reporter) concerns(ctx context.Context, k policyset.Key, own policyset.Owner) bool {
	key, known := k.Parse()
	if !known {
		return true
	}
	switch key.Form {
	case authz.KeyAllAccounts, authz.KeyAllZones:
		return true
	case authz.KeyAccount, authz.KeyAccountAllZones, authz.KeyAccountZone, authz.KeyBucket:
		return key.Account.String() == r.account.ID
	case authz.KeyZone, authz.KeyRecord:
		return own.IsAccount() || r.holdsZone(ctx, key.Zone)
	default:
		return false
	}
}

// holdsZone reports whether the zone lies in the account; each zone is read once.
func (r *reporter) holdsZone(ctx context.Context, id authz.ID) bool {
	if holds, known := r.zones[id]; known {
		return holds
	}
	zone, err := r.api.Zone(ctx, id.String())
	if err != nil {
		r.unread = append(r.unread, fact{factZone, id}.String()+" ("+reasonOf(err)+")")
		r.zones[id] = true
		return true
	}
	r.zones[id] = zone.Account.ID == r.account.ID
	return r.zones[id]
}
