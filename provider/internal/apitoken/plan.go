// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"fmt"
	"slices"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// ModifyPlan settles what depends on several attributes: grants, status, the
// secret and the dates, whose spelling is planned, the checks that need the clock or the API, and the warnings.
func (r *tokenResource) ModifyPlan(ctx context.Context, req resource.ModifyPlanRequest, resp *resource.ModifyPlanResponse) {
	var state *tokenModel
	if !req.State.Raw.IsNull() {
		state = &tokenModel{}
		resp.Diagnostics.Append(req.State.Get(ctx, state)...)
	}
	if req.Plan.Raw.IsNull() {
		if state != nil && !resp.Diagnostics.HasError() {
			r.settleSpelling(ctx, false, state, req, resp)
			resp.Diagnostics.Append(r.planGuard(ctx, state, state.AllowSelfLockout, lockout.ChangeDestroy)...)
		}
		return
	}
	p := planning{data: r.Data, state: state}
	resp.Diagnostics.Append(req.Plan.Get(ctx, &p.plan)...)
	resp.Diagnostics.Append(req.Config.GetAttribute(ctx, path.Root("status"), &p.configuredStatus)...)
	lost, diags := secretIsLost(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	p.secretLost = lost
	if resp.Diagnostics.HasError() {
		return
	}
	p.run(ctx)
	resp.Diagnostics.Append(tfkit.Pointed(p.diags)...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("grants"), p.plan.Grants)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("status"), p.plan.Status)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("value"), p.plan.Value)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("encrypted_value"), p.plan.EncryptedValue)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("modified_on"), p.plan.ModifiedOn)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("issued_on"), p.plan.IssuedOn)...)
	resp.Diagnostics.Append(resp.Plan.SetAttribute(ctx, path.Root("id"), p.plan.ID)...)
	resp.RequiresReplace = append(resp.RequiresReplace, p.replace...)
	if state != nil {
		r.settleSpelling(ctx, p.respelled, state, req, resp)
	}
	switch p.change {
	case "":
	case lockout.ChangeDestroy:
		// The destroy of a replacement sees what state holds, not what is planned.
		resp.Diagnostics.Append(r.planGuard(ctx, state, state.AllowSelfLockout, p.change)...)
	default:
		resp.Diagnostics.Append(r.planGuard(ctx, state, p.plan.AllowSelfLockout, p.change)...)
	}
}

// planGuard warns of a change that may lock Terraform out, unless that is allowed.
func (r *tokenResource) planGuard(ctx context.Context, state *tokenModel, allow types.Bool, change string) diag.Diagnostics {
	if r.Data == nil || r.Data.Lockout == nil || r.allowed(allow) || state.isLost() {
		return nil
	}
	return r.Data.Lockout.PlanOwnedToken(ctx, apiOwner(state.owner()), state.ID.ValueString(), change)
}

// planning is one plan of a token that is to exist afterwards.
type planning struct {
	// data is nil while the provider is not configured; checks that need the
	// clock or the API then wait.
	data             *tfkit.ProviderData
	plan             tokenModel
	state            *tokenModel // nil for a create
	configuredStatus types.String
	secretLost       bool // as [secretIsLost] says

	// The results, besides plan itself.
	diags    diag.Diagnostics
	replace  path.Paths
	rotation rotation
	change   string // what the lock-out guard is to judge, empty for nothing
	// respelled says that configuration means what state means.
	respelled bool
}

func (p *planning) run(ctx context.Context) {
	next, diags := p.plan.compile(ctx)
	p.diags.Append(diags...)
	p.diags.Append(p.plan.checkSecret()...)
	if p.diags.HasError() {
		return
	}
	var prior compiled
	if p.state != nil {
		// What state holds was judged when it was written; here it is only
		// compared with.
		prior, _ = p.state.compile(ctx)
	}
	p.respelled = next.respells(prior)
	p.settleGrants(next)
	p.settleStatus(ctx, next, prior)
	creates := p.state == nil || len(p.replace) > 0 || p.changesOwner()
	changes := creates || !next.complete || !prior.complete || !next.equal(prior.definition) || !p.plan.Status.Equal(p.state.Status)
	p.settleSecret(creates)
	p.settleDates(changes || p.rotation != rotationNone)
	p.judgeLockout(creates, next, prior)
	if changes {
		p.warnOfTokenManagement(creates, next, prior)
		p.warnOfRedundancy(next)
	}
	if p.data == nil {
		return
	}
	p.checkTimes(creates)
	if !p.diags.HasError() && changes {
		p.checkUnlisted(ctx, creates, next, prior)
	}
}

// changesOwner says whether the token of state is replaced, or may be, for another owner.
func (p *planning) changesOwner() bool { return !p.plan.AccountID.Equal(p.state.AccountID) }

func (p *planning) settleGrants(next compiled) {
	p.plan.Grants = types.SetUnknown(types.StringType)
	if next.policiesKnown {
		p.plan.Grants = policyset.GrantSet(next.policies())
	}
}

func (p *planning) settleStatus(ctx context.Context, next, prior compiled) {
	if p.state == nil || p.changesOwner() {
		// What there is of status is a new token's. A dead one that goes with its owner is no reason to keep it.
		p.diags.Append(refuseVerdict(p.configuredStatus)...)
		p.plan.Status = p.configuredStatus
		if p.configuredStatus.IsNull() {
			p.plan.Status = types.StringUnknown()
		}
		if p.state != nil {
			p.diags.Append(warnOfRevoked(p.state.Status)...)
		}
		return
	}
	past := p.data != nil && p.data.Client != nil && hasExpired(p.data.Client.ServerTime(), p.state)
	status, replace, diags := planStatus(p.configuredStatus, past, &p.plan, p.state, func() obstacle {
		return p.hinders(ctx, next, prior)
	})
	p.diags.Append(diags...)
	p.plan.Status = status
	p.replace.Append(replace...)
	if p.state.isLost() {
		p.plan.ID = types.StringUnknown() // The CLIs replace for nothing that stays as it is.
		p.replace.Append(path.Root("id")) // Untainted by hand, it still is no token.
	}
}

// hinders says why the token of state could not be made anew: its expiry is
// past, or the API no longer lists a permission group that it holds. What
// configuration changes in the same plan is judged by the plan of the new token.
func (p *planning) hinders(ctx context.Context, next, prior compiled) obstacle {
	if p.data == nil {
		return obstacle{}
	}
	expires, known := p.plan.ExpiresOn.time()
	if known && expires != nil && p.plan.ExpiresOn.sameInstant(p.state.ExpiresOn) && !expires.After(p.data.Now()) {
		return obstacle{"a new one would be past its expires_on, " + p.state.ExpiresOn.ValueString(), "Set expires_on to a later time"}
	}
	held := slices.DeleteFunc(policyset.Unlisted(next.Policies), func(g policyset.UnlistedGroup) bool { return !prior.holds(g.ID) })
	listed, err := p.listGroups(ctx, held)
	for _, ref := range held {
		if _, ok := listed[ref.ID]; err == nil && listed != nil && !ok {
			return obstacle{"the API lists no permission group with the id " + ref.ID + " any more, which a new one would need", "Name another permission group in its place"}
		}
	}
	return obstacle{}
}

// settleDates plans what the API's answer to a write brings. That state has no issued_on is so of a token that was
// moved and not read since.
func (p *planning) settleDates(changes bool) {
	p.plan.ModifiedOn = types.StringUnknown()
	if !changes {
		p.plan.ModifiedOn = p.state.ModifiedOn
	}
	if changes && p.state != nil && p.state.IssuedOn.IsNull() {
		p.plan.IssuedOn = types.StringUnknown()
	}
}

// judgeLockout names the change that the guard has to judge. Where values are
// unknown nothing is said; the apply judges again with all of them.
func (p *planning) judgeLockout(creates bool, next, prior compiled) {
	switch {
	case p.state == nil:
	case creates:
		p.change = lockout.ChangeDestroy
	case p.plan.Status.ValueString() == client.StatusDisabled && !p.plan.Status.Equal(p.state.Status):
		p.change = lockout.ChangeDisable
	case next.complete && prior.complete && next.narrows(prior.definition):
		p.change = lockout.ChangeNarrow
	case p.rotation == rotationDue:
		p.change = lockout.ChangeRoll
	}
}

func (p *planning) checkTimes(creates bool) {
	before := p.state
	if creates {
		before = nil
	}
	now := p.data.Now()
	problems := checkExpiry(now, p.plan.ExpiresOn, before)
	if mark, past := pastMark(now, p.plan.Name, p.plan.ExpiresOn); past && creates && p.data.PastTokens.Has(mark) {
		// An error would keep a destroy from everything else too. The apply still refuses to make such a token.
		problems = diag.Diagnostics{warnOfRefusal(now, p.plan.ExpiresOn, p.state != nil)}
	}
	p.diags.Append(problems...)
	p.diags.Append(warnOfExpiry(now, p.plan.ExpiresOn, p.data.WarnBeforeExpiry)...)
}

// managesTokens reports whether the group can make and change tokens.
func managesTokens(id string) bool {
	g, ok := catalog.GroupByID(id)
	if !ok {
		return false
	}
	return g.Scope == catalog.ScopeUser && g.Name == "API Tokens Write" || g.Scope == catalog.ScopeAccount && g.Name == "Account API Tokens Write"
}

// warnOfTokenManagement says what a right to write tokens is worth, and who
// cannot give it away (authorization model §3).
func (p *planning) warnOfTokenManagement(creates bool, next, prior compiled) {
	for _, item := range next.Policies {
		if item.Policy.Effect == client.EffectDeny {
			continue
		}
		for _, id := range item.Policy.Groups {
			if !managesTokens(id) {
				continue
			}
			detail := fmt.Sprintf("The policy %q allows %s. Whoever holds such a token can make tokens with every right its owner has, without this token's own limits of address and time: it is worth all its owner's rights.", item.Key, policyset.GroupName(id))
			if p.data != nil && p.data.Client != nil && p.data.Client.HasAPIToken() && (creates || !prior.holds(id)) {
				detail += "\n\nThe API refuses to give this right away when the caller is a token itself, as it is here. Run Terraform with a Global API key for this change, or leave the right out."
			}
			p.diags.AddAttributeWarning(path.Root("policies").AtMapKey(item.Key).AtName("permission_groups"), "Token may manage tokens", detail)
		}
	}
}

// warnOfRedundancy names policies without effect: what a misspelled deny is for Terraform.
func (p *planning) warnOfRedundancy(next compiled) {
	for _, r := range policyset.FindRedundant(next.Policies) {
		p.diags.AddAttributeWarning(path.Root("policies").AtMapKey(r.Key), "Policy adds nothing",
			fmt.Sprintf("Everything that the policy %q allows, %q allows already.\n\nIf it is to make an exception, write `effect = \"deny\"`, and check the spelling: Terraform drops unknown attributes inside `policies` without a message. Otherwise remove it.", r.Key, r.By))
	}
}

// checkUnlisted looks up the groups that only an endpoint can know, where the
// token does not hold them already.
func (p *planning) checkUnlisted(ctx context.Context, creates bool, next, prior compiled) {
	refs := policyset.Unlisted(next.Policies)
	if !creates {
		refs = slices.DeleteFunc(refs, func(g policyset.UnlistedGroup) bool {
			return prior.holds(g.ID)
		})
	}
	listed, err := p.listGroups(ctx, refs)
	for _, ref := range refs {
		switch {
		case err != nil:
			p.diags.AddAttributeWarning(ref.At, "Permission group could not be checked",
				fmt.Sprintf("The id %s is not one that this version of the provider knows, and the API's list could not be read. It is passed on as it is.\n\n%s", ref.ID, tfkit.APIError("list", "permission groups", err).Detail()))
		case listed == nil:
		default:
			if summary, detail := judgeUnlisted(ref, listed); summary == "" {
				continue
			} else if creates {
				p.diags.AddAttributeError(ref.At, summary, detail)
			} else {
				p.diags.AddAttributeWarning(ref.At, summary, detail)
			}
		}
	}
}

// judgeUnlisted says what is wrong with a permission group that only the API's list knows, or nothing.
func judgeUnlisted(ref policyset.UnlistedGroup, listed map[string]client.PermissionGroup) (summary, detail string) {
	group, ok := listed[ref.ID]
	switch {
	case !ok:
		return "Unknown permission group", unlistedDetail(ref.ID)
	case ref.OnAccounts && slices.Contains(group.Scopes, catalog.ScopeZone.Wire()):
		return policyset.ZoneOnAccounts(group.Name + " (" + ref.ID + ")")
	default:
		return "", ""
	}
}

// listGroups are all permission groups that the API lists for the planned owner, by their ids. It is nil where there is nothing to look up, or nowhere.
func (p *planning) listGroups(ctx context.Context, refs []policyset.UnlistedGroup) (map[string]client.PermissionGroup, error) {
	own := p.plan.owner()
	if len(refs) == 0 || !own.Known || p.data.Client == nil {
		return nil, nil //nolint:nilnil // Nothing was asked for.
	}
	groups, err := p.data.Client.TokenPermissionGroups(ctx, apiOwner(own))
	if err != nil {
		return nil, err
	}
	listed := make(map[string]client.PermissionGroup, len(groups))
	for _, g := range groups {
		listed[g.ID] = g
	}
	return listed, nil
}

func unlistedDetail(id string) string {
	return fmt.Sprintf("The API lists no permission group with the id %s for tokens of this owner.\n\nWrite the name or the id of an existing group; the data source accesscontrol_permission_groups lists them.", id)
}
