// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// Pointed moves each diagnostic to the deepest place that the CLIs can show,
// and says in words where exactly it is. They find the line of an attribute and
// of an element of a map, such as policies["dns"]; for anything deeper they
// would show the first line of the resource, and never the path.
func Pointed(diags diag.Diagnostics) diag.Diagnostics {
	out := make(diag.Diagnostics, 0, len(diags))
	for _, d := range diags {
		out = append(out, point(d))
	}
	return out
}

func point(d diag.Diagnostic) diag.Diagnostic {
	withPath, ok := d.(diag.DiagnosticWithPath)
	if !ok {
		return d
	}
	shown, full, deeper := split(withPath.Path())
	if !deeper {
		return d
	}
	detail := "In " + full.String() + ": " + d.Detail()
	if d.Severity() == diag.SeverityWarning {
		return diag.NewAttributeWarningDiagnostic(shown, d.Summary(), detail)
	}
	return diag.NewAttributeErrorDiagnostic(shown, d.Summary(), detail)
}

// PathText is a path in words, without elements of sets: their text would be as long as what they name, and may
// hold what is not to be shown.
func PathText(p path.Path) string {
	_, full, _ := split(p)
	return full.String()
}

// split returns the part of a path that the CLIs can show, and the path without
// elements of sets, whose text would be as long as what it names.
func split(p path.Path) (shown, full path.Path, deeper bool) {
	for i, step := range p.Steps() {
		switch step := step.(type) {
		case path.PathStepAttributeName:
			if i == 0 {
				shown = path.Root(string(step))
				full = shown
				continue
			}
			full, deeper = full.AtName(string(step)), true
		case path.PathStepElementKeyString:
			full = full.AtMapKey(string(step))
			if i == 1 {
				shown = full
			}
		case path.PathStepElementKeyInt:
			full, deeper = full.AtListIndex(int(step)), true
		default:
			deeper = true
		}
	}
	return shown, full, deeper
}
