// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import "github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"

// Limits are the quotas of a world.
type Limits struct {
	// TokensPerUser and TokensPerAccount are how many tokens an owner may
	// have when one more is created.
	TokensPerUser    int `json:"tokens_per_user"`
	TokensPerAccount int `json:"tokens_per_account"`
}

// DefaultLimits are the published quotas.
func DefaultLimits() Limits { return Limits{TokensPerUser: 50, TokensPerAccount: 500} }

// settings are what a world has once.
type settings struct {
	Limits       Limits   `json:"limits"`
	VultrAccount authz.ID `json:"vultr_account,omitzero"`
}

// settingsID is the key of the one row of settings.
var settingsID = authz.ID{15: 1}

func (tx *Tx) settings() settings {
	if s := tx.w.settings.rows[settingsID]; s != nil {
		return *s
	}
	return settings{Limits: DefaultLimits()}
}

// Limits returns the world's quotas; [DefaultLimits] unless they were put.
func (tx *Tx) Limits() Limits { return tx.settings().Limits }

// PutLimits sets the world's quotas, which must not be negative.
func (tx *Tx) PutLimits(l Limits) error {
	if l.TokensPerUser < 0 || l.TokensPerAccount < 0 {
		return invalid("limits must not be negative")
	}
	s := tx.settings()
	s.Limits = l
	return put(tx, &tx.w.settings, &s)
}

// VultrAccount returns the account that the Vultr dialect shows, zero when it
// shows none.
func (tx *Tx) VultrAccount() authz.ID { return tx.settings().VultrAccount }

// PutVultrAccount sets the account that the Vultr dialect shows, which must
// be an Enterprise account; zero is none.
func (tx *Tx) PutVultrAccount(id authz.ID) error {
	if !id.IsZero() {
		account := tx.w.accounts.rows[id]
		if account == nil {
			return unknown("the account of the Vultr dialect does not exist")
		}
		if !account.IsEnterprise() {
			return broken(RuleEnterpriseOnly, "the Vultr dialect shows Enterprise accounts only")
		}
	}
	s := tx.settings()
	s.VultrAccount = id
	return put(tx, &tx.w.settings, &s)
}
