// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/schema/validator"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// secretForm is what every credential of the API holds, and every age key: tokens have 40 characters or more, a
// Global API key 37, a Vultr key 36, and Origin CA keys begin alike. Ids have 32.
var secretForm = regexp.MustCompile(`[A-Za-z0-9_-]{36,}|v1\.0-[0-9a-f]+-`)

// Shown is a value of the configuration as a message shows it: in quotes, unless it has the form of a secret. Who
// pastes a secret in the place of an id, as one does in a hurry to revoke it, must not find it in a log, and Terraform
// does not hide what a provider says of a sensitive value.
func Shown(value string) string {
	if secretForm.MatchString(value) {
		return fmt.Sprintf("(%d characters that look like a secret and are not shown)", utf8.RuneCountInString(value))
	}
	return fmt.Sprintf("%q", value)
}

// NotAnID says that a value is no id of an object of that kind, such as "zone" or "account", and where to get one.
func NotAnID(noun, value string) string {
	what := "an id is 32 lower-case hexadecimal digits"
	if value == strings.Repeat("0", 32) {
		what = "no object has the id that is all zeros"
	}
	return fmt.Sprintf("%s is no %s id: %s.\n\nTake the id from the %s's data source or resource.", Shown(value), noun, what, noun)
}

// InvalidID is [NotAnID] as an error at the attribute.
func InvalidID(at path.Path, noun, value string) diag.Diagnostic {
	return diag.NewAttributeErrorDiagnostic(at, "Invalid "+noun+" id", NotAnID(noun, value))
}

// IDOf is a validator that refuses a known value which does not have the form of an id of an object of that kind.
func IDOf(noun string) validator.String { return idValidator{noun} }

type idValidator struct{ noun string }

// Description says what is accepted.
func (v idValidator) Description(context.Context) string {
	return "The value must be the id of an object: 32 lower-case hexadecimal digits."
}

// MarkdownDescription is Description.
func (v idValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses a known value of another form.
func (v idValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, ok := authz.ParseID(req.ConfigValue.ValueString()); !ok {
		resp.Diagnostics.Append(InvalidID(req.Path, v.noun, req.ConfigValue.ValueString()))
	}
}

// Matches is a validator that refuses a known value which is not of the form; the hint says which that is.
func Matches(form *regexp.Regexp, hint string) validator.String { return formValidator{form, hint} }

type formValidator struct {
	form *regexp.Regexp
	hint string
}

// Description says what is accepted.
func (v formValidator) Description(context.Context) string { return "The value " + v.hint + "." }

// MarkdownDescription is Description.
func (v formValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses a known value of another form.
func (v formValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() || v.form.MatchString(req.ConfigValue.ValueString()) {
		return
	}
	resp.Diagnostics.AddAttributeError(req.Path, "Invalid Attribute Value Match",
		fmt.Sprintf("Attribute %s %s, got: %s.", req.Path, v.hint, Shown(req.ConfigValue.ValueString())))
}
