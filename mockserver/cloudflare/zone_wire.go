// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// zoneView is a zone on the wire.
type zoneView struct {
	ID                  string      `json:"id"`
	Name                string      `json:"name"`
	Status              string      `json:"status"`
	Paused              bool        `json:"paused"`
	Type                string      `json:"type"`
	DevelopmentMode     int         `json:"development_mode"`
	NameServers         []string    `json:"name_servers"`
	OriginalNameServers []string    `json:"original_name_servers"`
	OriginalRegistrar   *string     `json:"original_registrar"`
	OriginalDNSHost     *string     `json:"original_dnshost"`
	ModifiedOn          instant     `json:"modified_on"`
	CreatedOn           instant     `json:"created_on"`
	ActivatedOn         *instant    `json:"activated_on"`
	VanityNameServers   []string    `json:"vanity_name_servers"`
	Meta                zoneMeta    `json:"meta"`
	Owner               zoneOwner   `json:"owner"`
	Account             accountName `json:"account"`
	Permissions         []string    `json:"permissions"`
	Plan                planView    `json:"plan"`
}

type zoneMeta struct {
	Step                   int  `json:"step"`
	CustomCertificateQuota int  `json:"custom_certificate_quota"`
	PageRuleQuota          int  `json:"page_rule_quota"`
	PhishingDetected       bool `json:"phishing_detected"`
}

type zoneOwner struct {
	ID   *string `json:"id"`
	Type string  `json:"type"`
	Name *string `json:"name"`
}

type planView struct {
	ID                string `json:"id"`
	Name              string `json:"name"`
	Price             int    `json:"price"`
	Currency          string `json:"currency"`
	Frequency         string `json:"frequency"`
	IsSubscribed      bool   `json:"is_subscribed"`
	CanSubscribe      bool   `json:"can_subscribe"`
	LegacyID          string `json:"legacy_id"`
	LegacyDiscount    bool   `json:"legacy_discount"`
	ExternallyManaged bool   `json:"externally_managed"`
}

// plans are the published plans by the name that the world stores.
var plans = map[string]planView{
	"free":       {ID: "0feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", Name: "Free Website", Currency: "USD", LegacyID: "free", IsSubscribed: true},
	"pro":        {ID: "1feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", Name: "Pro Website", Price: 20, Currency: "USD", Frequency: "monthly", LegacyID: "pro", IsSubscribed: true},
	"business":   {ID: "2feeeeeeeeeeeeeeeeeeeeeeeeeeeeee", Name: "Business Website", Price: 200, Currency: "USD", Frequency: "monthly", LegacyID: "business", IsSubscribed: true},
	"enterprise": {ID: "94f3b7b768b0458b56d2cac4fe5ec0f9", Name: "Enterprise Website", Currency: "USD", Frequency: "monthly", LegacyID: "enterprise", IsSubscribed: true, ExternallyManaged: true},
}

func planOf(z *state.Zone) planView {
	if p, ok := plans[z.Plan]; ok {
		return p
	}
	return plans["free"]
}

func (x *exchange) viewZone(z *state.Zone) zoneView {
	v := zoneView{
		ID: z.ID.String(), Name: z.Name, Status: z.Status, Paused: z.Paused, Type: z.Type,
		DevelopmentMode: z.DevelopmentMode, NameServers: orEmpty(z.NameServers),
		OriginalNameServers: z.OriginalNameServers, VanityNameServers: orEmpty(z.VanityNameServers),
		ModifiedOn: instant(z.ModifiedOn), CreatedOn: instant(z.CreatedOn), ActivatedOn: optionalInstant(z.ActivatedOn),
		Meta: zoneMeta{Step: 2, PageRuleQuota: 3}, Owner: zoneOwner{Type: "organization"},
		Account: accountName{ID: z.Account.String()}, Permissions: x.zonePermissions(z.ID), Plan: planOf(z),
	}
	if a := x.tx.AccountByID(z.Account); a != nil {
		id := a.ID.String()
		v.Account.Name, v.Owner.ID, v.Owner.Name = a.Name, &id, &a.Name
	}
	return v
}

// orEmpty writes an absent list as [].
func orEmpty(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// ownZones lists the zones of the accounts that the credential can see at
// all: the owner's accepted memberships, or the account of an account-owned
// token. A given account narrows it to that one.
func (x *exchange) ownZones(account authz.ID) []*state.Zone {
	var list []*state.Zone
	c := x.request.Credential
	if c.Kind == authz.AccountToken {
		if account.IsZero() || account == c.Account {
			list = append(list, x.tx.ZonesIn(c.Account)...)
		}
		return list
	}
	for _, a := range x.tx.AccountsOf(c.User) {
		if account.IsZero() || account == a.ID {
			list = append(list, x.tx.ZonesIn(a.ID)...)
		}
	}
	return list
}
