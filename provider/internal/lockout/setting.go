// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

// The names of a member's three settings of the API access switch, as configurations write them.
const (
	// SettingEnabled lets the member use the API whatever the account's switch says.
	SettingEnabled = "enabled"
	// SettingDisabled keeps the member from the API whatever the account's switch says.
	SettingDisabled = "disabled"
	// SettingAccountDefault lets the member follow the account; on the wire it is null.
	SettingAccountDefault = "account_default"
)

// Settings lists the names of a member's settings.
func Settings() []string {
	return []string{SettingEnabled, SettingDisabled, SettingAccountDefault}
}

// SettingOf names a member's value of the switch; nil is the account's default.
func SettingOf(value *bool) string {
	switch {
	case value == nil:
		return SettingAccountDefault
	case *value:
		return SettingEnabled
	default:
		return SettingDisabled
	}
}

// ValueOf is the inverse of [SettingOf]. A name that is no setting is false, so that a value that
// slipped through validation can never enable anything.
func ValueOf(setting string) *bool {
	if setting == SettingAccountDefault {
		return nil
	}
	value := setting == SettingEnabled
	return &value
}
