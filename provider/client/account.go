// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

// AccountSettings are the settings of an account that the provider reads.
type AccountSettings struct {
	// EnforceTwofactor says whether members need a second factor.
	EnforceTwofactor bool
	// APIAccessEnabled is the account's API access switch; nil means never set, which counts as on
	// (authorization model §7).
	APIAccessEnabled *bool
}

// Account is an account as the API shows it.
type Account struct {
	ID, Name string
	// Type is "standard" or "enterprise".
	Type      string
	CreatedOn time.Time
	Settings  AccountSettings
}

type wireAccount struct {
	ID        string     `json:"id"`
	Name      string     `json:"name"`
	Type      string     `json:"type"`
	CreatedOn *time.Time `json:"created_on"`
	Settings  struct {
		EnforceTwofactor bool  `json:"enforce_twofactor"`
		APIAccessEnabled *bool `json:"api_access_enabled"`
	} `json:"settings"`
}

func (w wireAccount) account() *Account {
	out := &Account{
		ID: w.ID, Name: w.Name, Type: w.Type,
		Settings: AccountSettings{
			EnforceTwofactor: w.Settings.EnforceTwofactor,
			APIAccessEnabled: w.Settings.APIAccessEnabled,
		},
	}
	if w.CreatedOn != nil {
		out.CreatedOn = *w.CreatedOn
	}
	return out
}

// Account reads one account.
func (c *Client) Account(ctx context.Context, id string) (*Account, error) {
	wire, err := read[wireAccount](ctx, c, get("accounts", id))
	if err != nil {
		return nil, err
	}
	return wire.account(), nil
}

// SetAccountAPIAccess sets the account's API access switch; nil gives it back its default. The API
// takes whole accounts only, so the account is read first and goes back with nothing else changed,
// fields included that this client does not know. Two such writes to one account do not overlap
// within a client. A switch that the API acknowledges and does not show is an
// [UnexpectedReplyError].
func (c *Client) SetAccountAPIAccess(ctx context.Context, id string, enabled *bool) (*Account, error) {
	unlock, err := c.writers.lock(ctx, "account/"+id)
	if err != nil {
		return nil, fmt.Errorf("wait for another write to account %s: %w", id, err)
	}
	defer unlock()

	before := get("accounts", id)
	r, err := c.do(ctx, before)
	if err != nil {
		return nil, err
	}
	var whole, settings map[string]json.RawMessage
	if err := r.decode(before, &whole); err != nil {
		return nil, err
	}
	if raw, ok := whole["settings"]; ok {
		if err := json.Unmarshal(raw, &settings); err != nil {
			return nil, r.unexpected(before, "settings are no object")
		}
	}
	if settings == nil {
		settings = map[string]json.RawMessage{}
	}
	settings["api_access_enabled"] = wireSwitch(enabled)
	if whole["settings"], err = json.Marshal(settings); err != nil {
		return nil, fmt.Errorf("encode account settings: %w", err)
	}

	write := call{method: http.MethodPut, segments: []string{"accounts", id}, body: whole}
	if r, err = c.do(ctx, write); err != nil {
		return nil, err
	}
	var after wireAccount
	if err := r.decode(write, &after); err != nil {
		return nil, err
	}
	if !sameSwitch(after.Settings.APIAccessEnabled, enabled) {
		return nil, r.unexpected(write, switchMismatch(after.Settings.APIAccessEnabled, enabled))
	}
	return after.account(), nil
}

// wireSwitch writes a switch; its default is an explicit null, since a field left out stays as it
// is.
func wireSwitch(enabled *bool) json.RawMessage {
	switch {
	case enabled == nil:
		return json.RawMessage("null")
	case *enabled:
		return json.RawMessage("true")
	default:
		return json.RawMessage("false")
	}
}

func sameSwitch(a, b *bool) bool {
	if a == nil || b == nil {
		return a == b
	}
	return *a == *b
}

func switchMismatch(got, want *bool) string {
	return fmt.Sprintf("the change was acknowledged but api_access_enabled is %s instead of %s", wireSwitch(got), wireSwitch(want))
}
