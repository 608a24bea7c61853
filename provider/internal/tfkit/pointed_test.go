// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

func TestPointed(t *testing.T) {
	t.Parallel()
	policy := path.Root("policies").AtMapKey("dns")
	for _, test := range []struct {
		in         path.Path
		at, detail string
	}{
		{path.Root("name"), "name", "Why."},
		{policy, `policies["dns"]`, "Why."},
		{policy.AtName("permission_groups"), `policies["dns"]`, `In policies["dns"].permission_groups: Why.`},
		{policy.AtName("permission_groups").AtSetValue(types.StringValue("DNS Writ")), `policies["dns"]`, `In policies["dns"].permission_groups: Why.`},
		{policy.AtName("resources").AtName("dns_records").AtSetValue(types.StringValue("x")).AtName("name"), `policies["dns"]`, `In policies["dns"].resources.dns_records.name: Why.`},
		{path.Root("condition").AtName("request_ip").AtName("in"), "condition", "In condition.request_ip.in: Why."},
	} {
		for _, in := range []diag.Diagnostic{diag.NewAttributeErrorDiagnostic(test.in, "What", "Why."), diag.NewAttributeWarningDiagnostic(test.in, "What", "Why.")} {
			got := Pointed(diag.Diagnostics{in})[0]
			if got.Detail() != test.detail || got.Severity() != in.Severity() {
				t.Errorf("%s: %s %q, want %s %q", test.in, got.Severity(), got.Detail(), in.Severity(), test.detail)
			}
			at := ""
			if withPath, ok := got.(diag.DiagnosticWithPath); ok {
				at = withPath.Path().String()
			}
			if at != test.at || got.Summary() != "What" {
				t.Errorf("%s: %q at %q, want it at %q", test.in, got.Summary(), at, test.at)
			}
		}
	}
	plain := diag.NewErrorDiagnostic("What", "Why.")
	if got := Pointed(diag.Diagnostics{plain})[0]; !got.Equal(plain) {
		t.Errorf("a diagnostic without a path became %v", got)
	}
}
