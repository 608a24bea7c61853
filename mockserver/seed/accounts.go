// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"fmt"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// account reads one entry of accounts, without its members.
func (l *loader) account(e entry) {
	f := l.form(e.node, e.path, "id", "name", "type", "settings", "members", "created_on", "access_rules")
	if f == nil {
		return
	}
	before := len(l.problems)
	a := state.Account{
		ID: f.id("account", e.ref), Ref: e.ref, Name: f.text("name", e.ref),
		Type:      f.choice("type", state.TypeStandard, state.TypeEnterprise),
		CreatedOn: f.instant("created_on", deriveTime("account", e.ref)),
	}
	if n := f.get("settings"); n != nil {
		l.accountSettings(n, f.at("settings"), &a)
	}
	if !f.unusedID(a.ID, l.tx.AccountByID(a.ID) != nil) || len(l.problems) > before {
		return
	}
	if l.tx.AccountByRef(e.ref) != nil {
		l.problem(e.line, e.path, "an account with the ref %q already exists", e.ref)
		return
	}
	if l.stored(f.line("name"), e.path, l.tx.PutAccount(&a)) {
		l.accessRules(f, state.ScopeAccount, a.ID, "account/"+e.ref, a.CreatedOn)
	}
}

func (l *loader) accountSettings(n *node, path string, a *state.Account) {
	f := l.form(n, path, "api_access_enabled", "enforce_twofactor", "abuse_contact_email", "access_approval_expiry", "oauth_app_access_enabled")
	if f == nil {
		return
	}
	a.APIAccess = f.switchValue("api_access_enabled")
	if a.APIAccess != authz.Unset && !a.IsEnterprise() {
		f.problem("api_access_enabled", "can be set on Enterprise accounts only: leave it null or make the account's type %s", state.TypeEnterprise)
	}
	a.EnforceTwofactor = f.boolean("enforce_twofactor")
	a.OAuthAppAccess = f.boolean("oauth_app_access_enabled")
	if f.get("abuse_contact_email") != nil {
		email := f.text("abuse_contact_email", "")
		a.AbuseContactEmail = &email
		if !authz.IsEmailForm(email) {
			f.problem("abuse_contact_email", "must be an e-mail address")
		}
	}
	if f.get("access_approval_expiry") != nil {
		expiry := f.instant("access_approval_expiry", time.Time{})
		a.AccessApprovalExpiry = &expiry
	}
}

// members reads the members of one account.
func (l *loader) members(e entry) {
	account := l.tx.AccountByRef(e.ref)
	if e.node.kind != object {
		return // Reported with the account.
	}
	f := &form{l: l, node: e.node, path: e.path}
	for i, m := range f.named("members") {
		l.member(account, e.ref, m, i)
	}
}

// member reads one member. The account is nil when it has problems of its own;
// then the member is only checked for form and refs.
func (l *loader) member(account *state.Account, accountRef string, e entry, position int) {
	f := l.form(e.node, e.path, "id", "status", "roles", "policies", "api_access_enabled", "created_on", "modified_on")
	if f == nil {
		return
	}
	before := len(l.problems)
	ref := accountRef + "/" + e.ref
	m := state.Member{
		ID: f.id("member", ref), Ref: ref,
		Status:    f.choice("status", state.StatusAccepted, state.StatusPending, state.StatusRejected),
		APIAccess: f.switchValue("api_access_enabled"),
	}
	user := l.userRef(e.ref, e.line, e.path)
	m.Roles = l.roles(f, "roles", catalog.RoleLevelAccount)
	for i, it := range f.list("policies") {
		if p, ok := l.memberPolicy(it, account, fmt.Sprintf("%s/%d", ref, i)); ok {
			m.Policies = append(m.Policies, p)
		}
	}
	if f.get("roles") != nil && f.get("policies") != nil {
		f.problem("policies", "a member has roles or policies, not both")
	}
	if account != nil && m.APIAccess != authz.Unset && !account.IsEnterprise() {
		f.problem("api_access_enabled", "can be set on members of Enterprise accounts only: leave it null")
	}
	if account == nil || user == nil {
		return
	}
	m.Account, m.User = account.ID, user.ID
	m.CreatedOn = f.instant("created_on", after(account.CreatedOn, position))
	m.ModifiedOn = f.instant("modified_on", m.CreatedOn)
	if !f.unusedID(m.ID, l.tx.MemberByID(m.ID) != nil) || len(l.problems) > before {
		return
	}
	l.stored(e.line, e.path, l.tx.PutMember(&m))
}

// roles reads names or ids of roles. With a level given, roles of another one
// are refused.
func (l *loader) roles(f *form, key, level string) []string {
	var ids []string
	seen := make(map[string]bool)
	for _, it := range f.list(key) {
		name, ok := l.text(it.node, it.path)
		if !ok {
			continue
		}
		role, err := catalog.LookupRole(name)
		switch {
		case err != nil:
			l.problem(it.line, it.path, "%v", err)
		case level != "" && role.Level != level:
			l.problem(it.line, it.path, "the role %q is of level %s: give it by a policy", role.Name, role.Level)
		case seen[role.ID]:
			l.problem(it.line, it.path, "the role %q stands twice", role.Name)
		default:
			seen[role.ID] = true
			ids = append(ids, role.ID)
		}
	}
	return ids
}

func (l *loader) memberPolicy(it item, account *state.Account, ref string) (state.MemberPolicy, bool) {
	f := l.form(it.node, it.path, "id", "access", "roles", "zones")
	if f == nil {
		return state.MemberPolicy{}, false
	}
	p := state.MemberPolicy{
		ID:     f.id("member_policy", ref),
		Access: authz.Effect(f.choice("access", string(authz.Allow), string(authz.Deny))),
		Roles:  l.roles(f, "roles", ""),
	}
	if n := f.get("roles"); n == nil || n.kind == list && len(n.items) == 0 {
		f.problem("roles", "a policy needs at least one role")
	}
	if n := f.node.get("zones"); n != nil && (n.isNull() || n.kind == list && len(n.items) == 0) {
		// Read as absent, an empty list or null would mean the whole account.
		f.problem("zones", "the list is empty: name zones, or leave it out for the whole account")
	}
	for _, z := range f.list("zones") {
		name, ok := l.text(z.node, z.path)
		if !ok {
			continue
		}
		zone := l.zoneRef(name, z.line, z.path)
		if zone == nil {
			continue
		}
		if account != nil && zone.Account != account.ID {
			l.problem(z.line, z.path, "the zone %q is not one of the account", name)
		}
		p.Zones = append(p.Zones, zone.ID)
	}
	return p, true
}
