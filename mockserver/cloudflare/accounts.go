// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// accountView is an account on the wire.
type accountView struct {
	ID          string          `json:"id"`
	Name        string          `json:"name"`
	Type        string          `json:"type"`
	Settings    accountSettings `json:"settings"`
	LegacyFlags legacyFlags     `json:"legacy_flags"`
	CreatedOn   instant         `json:"created_on"`
}

type accountSettings struct {
	EnforceTwofactor     bool     `json:"enforce_twofactor"`
	APIAccessEnabled     *bool    `json:"api_access_enabled"`
	AccessApprovalExpiry *instant `json:"access_approval_expiry"`
	AbuseContactEmail    *string  `json:"abuse_contact_email"`
	OAuthAppAccess       bool     `json:"oauth_app_access_enabled"`
}

type legacyFlags struct {
	Quota zoneQuota `json:"enterprise_zone_quota"`
}

// zoneQuota counts the Enterprise zones that an account may have; this server
// sells none.
type zoneQuota struct {
	Maximum   int `json:"maximum"`
	Current   int `json:"current"`
	Available int `json:"available"`
}

func viewAccount(a *state.Account) accountView {
	v := accountView{
		ID: a.ID.String(), Name: a.Name, Type: a.Type, CreatedOn: instant(a.CreatedOn),
		Settings: accountSettings{
			EnforceTwofactor: a.EnforceTwofactor, APIAccessEnabled: a.APIAccess.Bool(),
			AbuseContactEmail: a.AbuseContactEmail, OAuthAppAccess: a.OAuthAppAccess,
		},
	}
	if a.AccessApprovalExpiry != nil {
		v.Settings.AccessApprovalExpiry = optionalInstant(*a.AccessApprovalExpiry)
	}
	return v
}

// accountInput is what a create or an update of an account sends. What is not
// sent is left as it is.
type accountInput struct {
	id, accountType, name *string
	settings              *accountSettingsInput
}

type accountSettingsInput struct {
	twofactor, oauth   *bool
	access             *bool
	accessSent         bool
	abuseEmail         *string
	abuseSent          bool
	approvalExpiry     time.Time
	approvalExpirySent bool
}

func readAccount(o *object) accountInput {
	o.ignore("legacy_flags", "created_on", "managed_by", "unit")
	in := accountInput{id: o.optionalText("id"), name: o.optionalText("name"), accountType: o.optionalText("type")}
	s := o.child("settings")
	if s == nil {
		return in
	}
	s.ignore("default_nameservers", "use_account_custom_ns_by_default")
	in.settings = &accountSettingsInput{
		twofactor: s.optionalBool("enforce_twofactor"), oauth: s.optionalBool("oauth_app_access_enabled"),
		abuseEmail: s.optionalText("abuse_contact_email"), abuseSent: s.has("abuse_contact_email"),
		approvalExpiry: s.time("access_approval_expiry"), approvalExpirySent: s.has("access_approval_expiry"),
	}
	in.settings.access, in.settings.accessSent = s.triState("api_access_enabled")
	s.end()
	return in
}

// changesSwitch adds what a change of the account's API access switch asks. A
// value that is stored already is no change (authorization model §6, §7).
func (in accountInput) changesSwitch(stored authz.Switch, r *authz.Request) {
	if in.settings == nil || !in.settings.accessSent {
		return
	}
	if to := authz.SwitchOf(in.settings.access); to != stored {
		r.ChangesSwitch(to)
	}
}

// adjustAccount compares with the stored account; one that does not exist has
// no value and is refused at gate 5 anyway.
func adjustAccount(x *exchange, in accountInput, r *authz.Request) {
	stored := authz.Unset
	if a := x.tx.AccountByID(x.account()); a != nil {
		stored = a.APIAccess
	}
	in.changesSwitch(stored, r)
}

// adjustNewAccount: an account that does not exist yet has no stored value.
func adjustNewAccount(_ *exchange, in accountInput, r *authz.Request) {
	in.changesSwitch(authz.Unset, r)
}

// apply writes the sent settings into an account.
func (s *accountSettingsInput) apply(a *state.Account) {
	if s == nil {
		return
	}
	if s.twofactor != nil {
		a.EnforceTwofactor = *s.twofactor
	}
	if s.oauth != nil {
		a.OAuthAppAccess = *s.oauth
	}
	if s.abuseSent {
		a.AbuseContactEmail = s.abuseEmail
	}
	if s.approvalExpirySent {
		a.AccessApprovalExpiry = nil
		if on := s.approvalExpiry; !on.IsZero() {
			a.AccessApprovalExpiry = &on
		}
	}
	if s.accessSent {
		a.APIAccess = authz.SwitchOf(s.access)
	}
}

// listAccounts answers the accounts that the caller may see, each decided by
// the gates (authorization model §6 "Lists").
func listAccounts(x *exchange) (*reply, error) {
	f, err := newFilter[*state.Account](x)
	if err != nil {
		return nil, err
	}
	if name := x.query.Get("name"); name != "" {
		test := textTest("equal:" + name)
		f.where(func(a *state.Account) bool { return test(a.Name) })
	}
	var seen []*state.Account
	for _, a := range f.apply(x.tx.AccountsOf(x.user())) {
		if x.visible(authz.AccountTarget(a.ID)) {
			seen = append(seen, a)
		}
	}
	if err := ordering[*state.Account](x, seen, nil); err != nil {
		return nil, err
	}
	views := make([]accountView, 0, len(seen))
	for _, a := range seen {
		views = append(views, viewAccount(a))
	}
	return page(x, views, ordinaryPages)
}

func getAccount(x *exchange) (*reply, error) {
	return result(viewAccount(x.tx.AccountByID(x.account()))), nil
}

// createAccount makes an account with its creator as Super Administrator:
// without one nobody could ever enter it.
func createAccount(x *exchange, in accountInput) (*reply, error) {
	if in.name == nil {
		return nil, invalid("/name", "/name: is required")
	}
	a := &state.Account{ID: x.tx.NewID("account"), Name: *in.name, Type: state.TypeStandard, CreatedOn: x.now}
	if in.accountType != nil {
		a.Type = *in.accountType
	}
	in.settings.apply(a)
	if err := x.tx.PutAccount(a); err != nil {
		return nil, err
	}
	m := &state.Member{
		ID: x.tx.NewID("member"), Account: a.ID, User: x.user(), Status: state.StatusAccepted,
		Roles: []string{catalog.RoleSuperAdministrator}, CreatedOn: x.now, ModifiedOn: x.now,
	}
	if err := x.tx.PutMember(m); err != nil {
		return nil, err
	}
	return result(viewAccount(a)), nil
}

func updateAccount(x *exchange, in accountInput) (*reply, error) {
	a := *x.tx.AccountByID(x.account())
	if in.id != nil && *in.id != a.ID.String() {
		return nil, invalid("/id", "/id: is not the id in the path")
	}
	if in.accountType != nil && *in.accountType != a.Type {
		return nil, invalid("/type", "account type is not supported: the type of an account cannot be changed")
	}
	if in.name != nil {
		a.Name = *in.name
	}
	in.settings.apply(&a)
	if err := x.tx.PutAccount(&a); err != nil {
		return nil, err
	}
	return result(viewAccount(&a)), nil
}

func deleteAccount(x *exchange) (*reply, error) {
	id := x.account()
	if err := x.tx.DeleteAccount(id); err != nil {
		return nil, err
	}
	return result(deleted{id.String()}), nil
}
