// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"fmt"
	"net/netip"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/schema/validator"
)

// addressValidator refuses what is no IP address.
type addressValidator struct{}

// Description says what is accepted.
func (addressValidator) Description(context.Context) string {
	return "The value must be an IP address."
}

// MarkdownDescription is Description.
func (v addressValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses a known value of another form.
func (addressValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := netip.ParseAddr(req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid IP address", fmt.Sprintf(
			"%s is no IP address.\n\nWrite one address, such as 198.51.100.7 or 2001:db8::1; a range is no address.", req.ConfigValue))
	}
}

// instantValidator refuses what is no instant.
type instantValidator struct{}

// Description says what is accepted.
func (instantValidator) Description(context.Context) string {
	return "The value must be an instant in RFC 3339."
}

// MarkdownDescription is Description.
func (v instantValidator) MarkdownDescription(ctx context.Context) string { return v.Description(ctx) }

// ValidateString refuses a known value of another form.
func (instantValidator) ValidateString(_ context.Context, req validator.StringRequest, resp *validator.StringResponse) {
	if req.ConfigValue.IsNull() || req.ConfigValue.IsUnknown() {
		return
	}
	if _, err := time.Parse(time.RFC3339, req.ConfigValue.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid instant", fmt.Sprintf(
			"%s is no instant in RFC 3339.\n\nWrite it with a date, a time and an offset, such as 2030-01-31T12:00:00Z.", req.ConfigValue))
	}
}
