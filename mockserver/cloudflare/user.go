// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"unicode/utf8"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// userView is the calling user on the wire.
type userView struct {
	ID              string             `json:"id"`
	Email           string             `json:"email"`
	FirstName       *string            `json:"first_name"`
	LastName        *string            `json:"last_name"`
	Username        string             `json:"username"`
	Telephone       *string            `json:"telephone"`
	Country         *string            `json:"country"`
	Zipcode         *string            `json:"zipcode"`
	TwoFactor       bool               `json:"two_factor_authentication_enabled"`
	TwoFactorLocked bool               `json:"two_factor_authentication_locked"`
	CreatedOn       instant            `json:"created_on"`
	ModifiedOn      instant            `json:"modified_on"`
	Organizations   []organizationView `json:"organizations"`
	HasPro          bool               `json:"has_pro_zones"`
	HasBusiness     bool               `json:"has_business_zones"`
	HasEnterprise   bool               `json:"has_enterprise_zones"`
	Suspended       bool               `json:"suspended"`
	Betas           []string           `json:"betas"`
}

// organizationView is an account as the user's own record lists it, a form
// older than memberships.
type organizationView struct {
	ID          string   `json:"id"`
	Name        string   `json:"name"`
	Status      string   `json:"status"`
	Permissions []string `json:"permissions"`
	Roles       []string `json:"roles"`
}

// optionalText is null for the empty text.
func optionalText(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func (x *exchange) viewUser(u *state.User) userView {
	v := userView{
		ID: u.ID.String(), Email: u.Email, FirstName: optionalText(u.FirstName), LastName: optionalText(u.LastName),
		Username: u.Username, Telephone: optionalText(u.Telephone), Country: optionalText(u.Country),
		Zipcode: optionalText(u.Zipcode), TwoFactor: u.TwoFactor, CreatedOn: instant(u.CreatedOn),
		ModifiedOn: instant(u.ModifiedOn), Organizations: []organizationView{}, Betas: []string{},
	}
	for _, m := range x.tx.MembershipsOf(u.ID) {
		o := organizationView{
			ID: m.Account.String(), Name: x.accountNameOf(m), Status: organizationStatus(m.Status),
			Permissions: []string{}, Roles: x.viewMembership(m).Roles,
		}
		v.Organizations = append(v.Organizations, o)
	}
	return v
}

// organizationStatus is a membership's status in the older form's words.
func organizationStatus(status string) string {
	switch status {
	case state.StatusAccepted:
		return "member"
	case state.StatusPending:
		return "invited"
	default:
		return status
	}
}

func getUser(x *exchange) (*reply, error) {
	return result(x.viewUser(x.tx.User(x.user()))), nil
}

// userInput is what a user may change about itself; nil is not sent.
type userInput struct {
	firstName, lastName, country, telephone, zipcode *string
}

func readUser(o *object) userInput {
	o.ignore("id", "email", "username", "two_factor_authentication_enabled", "two_factor_authentication_locked",
		"created_on", "modified_on", "organizations", "has_pro_zones", "has_business_zones", "has_enterprise_zones",
		"suspended", "betas")
	sent := func(name string) *string {
		if !o.has(name) {
			return nil
		}
		s := o.text(name) // null clears
		if utf8.RuneCountInString(s) > maxPersonalText {
			o.fault(name, "has at most %d characters", maxPersonalText)
		}
		return &s
	}
	return userInput{
		firstName: sent("first_name"), lastName: sent("last_name"), country: sent("country"),
		telephone: sent("telephone"), zipcode: sent("zipcode"),
	}
}

const maxPersonalText = 60

func updateUser(x *exchange, in userInput) (*reply, error) {
	u := *x.tx.User(x.user())
	for _, f := range []struct{ to, from *string }{
		{&u.FirstName, in.firstName},
		{&u.LastName, in.lastName},
		{&u.Country, in.country},
		{&u.Telephone, in.telephone},
		{&u.Zipcode, in.zipcode},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	u.ModifiedOn = x.now
	if err := x.tx.PutUser(&u); err != nil {
		return nil, err
	}
	return result(x.viewUser(&u)), nil
}

// listOrganizations answers the user's accounts in the older form.
func listOrganizations(x *exchange) (*reply, error) {
	return page(x, x.viewUser(x.tx.User(x.user())).Organizations, ordinaryPages)
}
