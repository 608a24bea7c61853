// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestSettingOf_isTheInverseOfValueOf(t *testing.T) {
	t.Parallel()
	for setting, value := range map[string]*bool{
		SettingEnabled: on, SettingDisabled: off, SettingAccountDefault: nil,
	} {
		if got := SettingOf(value); got != setting {
			t.Errorf("got %q, want %q", got, setting)
		}
		if diff := cmp.Diff(value, ValueOf(setting)); diff != "" {
			t.Errorf("%s: %s", setting, diff)
		}
	}
	if got := Settings(); len(got) != 3 {
		t.Errorf("settings %v", got)
	}
}

func TestValueOf_unknownNamesEnableNothing(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"", "Enabled", "on", "true"} {
		if got := ValueOf(name); got == nil || *got {
			t.Errorf("%q: got %v, want false", name, got)
		}
	}
}
