// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

func stamp(s string) timestamp { return timestamp{StringValue: types.StringValue(s)} }

func instant(t *testing.T, s string) *time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return &parsed
}

func TestTimestamp_SameInstant(t *testing.T) {
	t.Parallel()
	tests := []struct {
		a, b timestamp
		want bool
	}{
		{stamp("2030-01-01T00:00:00Z"), stamp("2030-01-01T01:00:00+01:00"), true},
		{stamp("2030-01-01T00:00:00Z"), stamp("2030-01-01t00:00:00z"), true},
		{stamp("2030-01-01T00:00:00Z"), stamp("2030-01-01T00:00:01Z"), false},
		{stamp("2030-01-01T00:00:00Z"), timestampNull(), false},
		{timestampNull(), timestampNull(), true},
		{timestamp{StringValue: types.StringUnknown()}, timestamp{StringValue: types.StringUnknown()}, false},
		{stamp("nonsense"), stamp("nonsense"), false},
	}
	for _, test := range tests {
		if got, _ := test.a.StringSemanticEquals(t.Context(), test.b); got != test.want {
			t.Errorf("%s and %s: equal = %v, want %v", test.a, test.b, got, test.want)
		}
	}
}

func TestTimestamp_Validate(t *testing.T) {
	t.Parallel()
	for in, wantError := range map[string]bool{
		"2030-01-01T00:00:00Z": false, "2030-01-01T00:00:00-05:30": false,
		"2030-01-01": true, "2030-01-01T00:00:00": true, "2030-13-01T00:00:00Z": true, "2030-01-01T00:00:00.5Z": true, "": true,
	} {
		var resp xattr.ValidateAttributeResponse
		stamp(in).ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{Path: path.Root("expires_on")}, &resp)
		if resp.Diagnostics.HasError() != wantError {
			t.Errorf("%q: error = %v, want %v", in, resp.Diagnostics.HasError(), wantError)
		}
	}
	var resp xattr.ValidateAttributeResponse
	timestampNull().ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{}, &resp)
	timestamp{StringValue: types.StringUnknown()}.ValidateAttribute(t.Context(), xattr.ValidateAttributeRequest{}, &resp)
	if resp.Diagnostics.HasError() {
		t.Errorf("null or unknown is refused: %v", resp.Diagnostics)
	}
}

func TestTimestampType(t *testing.T) {
	t.Parallel()
	value, err := timestampType{}.ValueFromTerraform(t.Context(), tftypes.NewValue(tftypes.String, "2030-01-01T00:00:00Z"))
	if err != nil || !value.Equal(stamp("2030-01-01T00:00:00Z")) {
		t.Errorf("got %v (%v)", value, err)
	}
	if !value.Type(t.Context()).Equal(timestampType{}) || (timestampType{}).Equal(types.StringType) {
		t.Error("the type is not told apart from a string")
	}
}

func TestDefinition_EqualAndNarrows(t *testing.T) {
	t.Parallel()
	base := func() definition {
		return definition{
			Name: "ci", ExpiresOn: instant(t, "2030-06-01T00:00:00Z"), NotBefore: instant(t, "2030-01-01T00:00:00Z"),
			Policies: []policyset.Keyed{
				{Key: "a", Policy: mustCompile(t, pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []string{zoneA}}))},
				{Key: "b", Policy: mustCompile(t, pol([]string{"API Tokens Read"}, obj{"user": true}))},
			},
		}
	}
	set := func(p obj) func(*definition) {
		return func(d *definition) { d.Policies[0].Policy = mustCompile(t, p) }
	}
	tests := []struct {
		name           string
		change         func(*definition)
		equal, narrows bool
	}{
		{"nothing", func(*definition) {}, true, false},
		{"keys", func(d *definition) { d.Policies[0].Key, d.Policies[1].Key = "z", "y" }, true, false},
		{"offset", func(d *definition) { d.ExpiresOn = instant(t, "2030-06-01T02:00:00+02:00") }, true, false},
		{"name", func(d *definition) { d.Name = "x" }, false, false},
		{"group gone", set(pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}})), false, true},
		{"group more", set(pol([]string{"DNS Write", "Zone Read", "Cache Purge"}, obj{"zones": []string{zoneA}})), false, false},
		{"zone gone", set(pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []string{zoneB}})), false, true},
		{"zone more", set(pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []string{zoneA, zoneB}})), false, false},
		{"wider key", set(pol([]string{"DNS Write", "Zone Read"}, obj{"all_zones": true})), false, false},
		{"wider key for one of the groups", func(d *definition) {
			d.Policies = append(d.Policies, policyset.Keyed{Key: "c", Policy: mustCompile(t, pol([]string{"DNS Write"}, obj{"all_zones": true}))})
			d.Policies[0].Policy = mustCompile(t, pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []string{zoneB}}))
		}, false, true},
		{"wider key of another scope", set(pol([]string{"DNS Write", "Zone Read"}, obj{"all_zones_of_accounts": []string{accountA}})), false, true},
		{"wider key denied", set(obj{"effect": "deny", "permission_groups": []string{"DNS Write", "Zone Read"}, "resources": obj{"all_zones": true}}), false, true},
		{"policy gone", func(d *definition) { d.Policies = d.Policies[:1] }, false, true},
		{"allow turned deny", set(obj{"effect": "deny", "permission_groups": []string{"DNS Write", "Zone Read"}, "resources": obj{"zones": []string{zoneA}}}), false, true},
		{"deny added", func(d *definition) {
			d.Policies = append(d.Policies, policyset.Keyed{Key: "c", Policy: mustCompile(t, obj{"effect": "deny", "permission_groups": []string{"Cache Purge"}, "resources": obj{"zones": []string{zoneA}}})})
		}, false, true},
		{"condition added", func(d *definition) {
			d.Condition, _ = conditionFromAPI(&client.IPCondition{In: []string{"10.0.0.0/8"}})
		}, false, true},
		{"expiry sooner", func(d *definition) { d.ExpiresOn = instant(t, "2030-05-31T23:59:59Z") }, false, true},
		{"expiry later", func(d *definition) { d.ExpiresOn = instant(t, "2031-01-01T00:00:00Z") }, false, false},
		{"expiry gone", func(d *definition) { d.ExpiresOn = nil }, false, false},
		{"begins later", func(d *definition) { d.NotBefore = instant(t, "2030-02-01T00:00:00Z") }, false, true},
		{"begins sooner", func(d *definition) { d.NotBefore = nil }, false, false},
	}
	for _, test := range tests {
		next := base()
		test.change(&next)
		if got := next.equal(base()); got != test.equal {
			t.Errorf("%s: equal = %v, want %v", test.name, got, test.equal)
		}
		if got := next.narrows(base()); got != test.narrows {
			t.Errorf("%s: narrows = %v, want %v", test.name, got, test.narrows)
		}
	}
	deny := func(resources obj) definition {
		d := base()
		d.Policies = append(d.Policies, policyset.Keyed{Key: "c", Policy: mustCompile(t, obj{"effect": "deny", "permission_groups": []string{"Cache Purge"}, "resources": resources})})
		return d
	}
	wide, narrow := deny(obj{"all_zones": true}), deny(obj{"zones": []string{zoneA}})
	if narrow.narrows(wide) || !wide.narrows(narrow) {
		t.Error("a deny of less counts as narrowing, or one of more does not")
	}
	first := base()
	first.ExpiresOn, first.NotBefore = nil, nil
	if !base().narrows(first) {
		t.Error("a first expiry does not count as narrowing")
	}
}
