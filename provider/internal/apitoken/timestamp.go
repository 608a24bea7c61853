// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/attr/xattr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/types/basetypes"
	"github.com/hashicorp/terraform-plugin-go/tftypes"
)

var (
	_ basetypes.StringTypable                    = timestampType{}
	_ basetypes.StringValuableWithSemanticEquals = timestamp{}
	_ xattr.ValidateableAttribute                = timestamp{}
)

// timestampType is the type of an RFC 3339 time of whole seconds. Two values
// that name the same instant are equal, whatever their offset.
type timestampType struct{ basetypes.StringType }

// Equal reports whether the other type is this one.
func (t timestampType) Equal(other attr.Type) bool {
	_, ok := other.(timestampType)
	return ok
}

// String names the type in framework messages.
func (t timestampType) String() string { return "apitoken.timestampType" }

// ValueFromString wraps a string value.
func (t timestampType) ValueFromString(_ context.Context, in basetypes.StringValue) (basetypes.StringValuable, diag.Diagnostics) {
	return timestamp{StringValue: in}, nil
}

// ValueFromTerraform reads the wire value; a value that is not a string is an error.
func (t timestampType) ValueFromTerraform(ctx context.Context, in tftypes.Value) (attr.Value, error) {
	value, err := t.StringType.ValueFromTerraform(ctx, in)
	if err != nil {
		return nil, err
	}
	text, ok := value.(basetypes.StringValue)
	if !ok {
		return nil, fmt.Errorf("unexpected value type %T", value)
	}
	return timestamp{StringValue: text}, nil
}

// ValueType returns the zero value of the type's values.
func (t timestampType) ValueType(context.Context) attr.Value { return timestamp{} }

// timestamp is an RFC 3339 time of whole seconds; it may be null or unknown.
type timestamp struct{ basetypes.StringValue }

func timestampNull() timestamp { return timestamp{StringValue: basetypes.NewStringNull()} }

// timestampFrom writes the instant in UTC; nil is null.
func timestampFrom(t *time.Time) timestamp {
	if t == nil {
		return timestampNull()
	}
	return timestamp{StringValue: basetypes.NewStringValue(formatTime(*t))}
}

// formatTime is how times of the API are shown: UTC, whole seconds.
func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339) }

// lastYear is the last that RFC 3339 can write.
const lastYear = 9999

// rfc3339 is the form of such a time, whose letters may be small: [time.Parse]
// is more lenient in some places, and stricter in that one.
var rfc3339 = regexp.MustCompile(`^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d+)?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)$`)

// secondsAt is where the seconds stand in it.
const secondsAt = len("2006-01-02T15:04:")

// parseTime reads an RFC 3339 time. The API keeps whole seconds, so a fraction
// is refused rather than dropped, and so is a leap second, of which Go knows none. Times travel in UTC, where an offset can take
// one out of the years that can be written; the first instant of year 1 is
// what programs take for no time at all.
func parseTime(s string) (time.Time, error) {
	if rfc3339.MatchString(s) && s[secondsAt:secondsAt+2] == "60" {
		return time.Time{}, fmt.Errorf("%q names a leap second; the API knows none", s)
	}
	t, err := time.Parse(time.RFC3339, strings.ToUpper(s))
	if err != nil || !rfc3339.MatchString(s) {
		return time.Time{}, fmt.Errorf("%q is not an RFC 3339 time such as 2030-01-31T12:00:00Z", s)
	}
	if t.Nanosecond() != 0 {
		return time.Time{}, fmt.Errorf("%q has a fraction of a second; the API keeps whole seconds", s)
	}
	if year := t.UTC().Year(); year < 1 || year > lastYear || t.IsZero() {
		return time.Time{}, fmt.Errorf("%q lies outside the years 1 to 9999 of UTC, or at their first instant", s)
	}
	return t, nil
}

// time returns the instant. It is nil where the value is null, unknown or not
// a time; known tells null and unknown apart.
func (v timestamp) time() (t *time.Time, known bool) {
	if v.IsUnknown() {
		return nil, false
	}
	if v.IsNull() {
		return nil, true
	}
	parsed, err := parseTime(v.ValueString())
	if err != nil {
		return nil, false
	}
	return &parsed, true
}

// Type returns [timestampType].
func (v timestamp) Type(context.Context) attr.Type { return timestampType{} }

// Equal compares the spelling; instants are compared by StringSemanticEquals.
func (v timestamp) Equal(other attr.Value) bool {
	o, ok := other.(timestamp)
	return ok && v.StringValue.Equal(o.StringValue)
}

// StringSemanticEquals reports whether both values name the same instant.
func (v timestamp) StringSemanticEquals(_ context.Context, other basetypes.StringValuable) (bool, diag.Diagnostics) {
	o, ok := other.(timestamp)
	if !ok {
		return false, nil
	}
	return v.sameInstant(o), nil
}

// sameInstant reports whether both are known times of one instant, or both null.
func (v timestamp) sameInstant(o timestamp) bool {
	a, aKnown := v.time()
	b, bKnown := o.time()
	return aKnown && bKnown && equalInstants(a, b)
}

// ValidateAttribute refuses what is not an RFC 3339 time of whole seconds.
func (v timestamp) ValidateAttribute(_ context.Context, req xattr.ValidateAttributeRequest, resp *xattr.ValidateAttributeResponse) {
	if v.IsNull() || v.IsUnknown() {
		return
	}
	if _, err := parseTime(v.ValueString()); err != nil {
		resp.Diagnostics.AddAttributeError(req.Path, "Invalid time",
			"The value "+err.Error()+".\n\nWrite the time in RFC 3339 with whole seconds and an offset, such as 2030-01-31T12:00:00Z or 2030-01-31T13:00:00+01:00.")
	}
}
