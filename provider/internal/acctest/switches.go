// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// AccountSwitch is the API access switch of the account with that name in the seed, as the world has
// it; nil is never set.
func (e *Env) AccountSwitch(account string) *bool {
	e.t.Helper()
	var value *bool
	e.view(func(tx *state.Tx) error {
		value = tx.AccountByRef(account).APIAccess.Bool()
		return nil
	})
	return value
}

// SetAccountSwitch sets it behind the API, as the dashboard does: no gate is asked, so that it also
// works for whoever locked themselves out.
func (e *Env) SetAccountSwitch(account string, value *bool) {
	e.t.Helper()
	e.update(func(tx *state.Tx) error {
		changed := *tx.AccountByRef(account)
		changed.APIAccess = authz.SwitchOf(value)
		return tx.PutAccount(&changed)
	})
}

// MemberSwitch is the switch of the member with that name in the seed, such as "acme/ci"; nil is the
// account's default.
func (e *Env) MemberSwitch(member string) *bool {
	e.t.Helper()
	var value *bool
	e.view(func(tx *state.Tx) error {
		value = tx.MemberByRef(member).APIAccess.Bool()
		return nil
	})
	return value
}

// SetMemberSwitch sets it behind the API, as the dashboard does.
func (e *Env) SetMemberSwitch(member string, value *bool) {
	e.t.Helper()
	e.update(func(tx *state.Tx) error {
		changed := *tx.MemberByRef(member)
		changed.APIAccess = authz.SwitchOf(value)
		return tx.PutMember(&changed)
	})
}

func (e *Env) view(fn func(*state.Tx) error) {
	e.t.Helper()
	if err := e.Server.World().View(fn); err != nil {
		e.t.Fatalf("acctest: %v", err)
	}
}

func (e *Env) update(fn func(*state.Tx) error) {
	e.t.Helper()
	if err := e.Server.World().Update(fn); err != nil {
		e.t.Fatalf("acctest: %v", err)
	}
}
