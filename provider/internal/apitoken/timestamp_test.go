// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"strings"
	"testing"
	"time"
)

func TestParseTime(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]time.Time{
		"2030-01-31T12:00:00Z":      time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC),
		"2030-01-31T12:00:00+05:45": time.Date(2030, 1, 31, 6, 15, 0, 0, time.UTC),
		"2030-01-31T12:00:00-00:00": time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC),
		"2030-01-31t12:00:00z":      time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC),
		"2030-01-31t12:00:00+01:00": time.Date(2030, 1, 31, 11, 0, 0, 0, time.UTC),
		"2030-01-31T12:00:00+23:59": time.Date(2030, 1, 30, 12, 1, 0, 0, time.UTC),
		"2030-01-31T12:00:00.000Z":  time.Date(2030, 1, 31, 12, 0, 0, 0, time.UTC),
		"0001-01-01T00:00:01Z":      time.Date(1, 1, 1, 0, 0, 1, 0, time.UTC),
		"9999-12-31T23:59:59Z":      time.Date(9999, 12, 31, 23, 59, 59, 0, time.UTC),
	} {
		if got, err := parseTime(text); err != nil || !got.Equal(want) {
			t.Errorf("%s is read as %s, error %v", text, got, err)
		}
	}
}

func TestParseTime_refused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"tomorrow":                  "is not an RFC 3339 time",
		"2030-01-31":                "is not an RFC 3339 time",
		"2030-01-31T12:00:00":       "is not an RFC 3339 time",
		"2030-01-31T0:00:00Z":       "is not an RFC 3339 time",
		"2030-01-31T00:00:00,000Z":  "is not an RFC 3339 time",
		"2030-01-31T00:00:00.Z":     "is not an RFC 3339 time",
		"2030-01-31T00:00:00+24:00": "is not an RFC 3339 time",
		"2030-01-31T00:00:00+00:60": "is not an RFC 3339 time",
		"2030-01-31T00:00:00+0100":  "is not an RFC 3339 time",
		"2030-01-31T24:00:00Z":      "is not an RFC 3339 time",
		"2030-01-31 12:00:00Z":      "is not an RFC 3339 time",
		"2030-02-30T12:00:00Z":      "is not an RFC 3339 time",
		"2030-01-31T12:00:00Z\n":    "is not an RFC 3339 time",
		"２030-01-31T12:00:00Z":      "is not an RFC 3339 time",
		"2016-12-31T23:59:60Z":      "names a leap second",
		"2030-01-31T12:00:00.5Z":    "has a fraction of a second",
		"0000-12-31T23:59:59Z":      "lies outside the years 1 to 9999 of UTC",
		"0001-01-01T00:00:00Z":      "lies outside the years 1 to 9999 of UTC",
		"0001-01-01T01:00:00+02:00": "lies outside the years 1 to 9999 of UTC",
		"9999-12-31T23:59:59-12:00": "lies outside the years 1 to 9999 of UTC",
	} {
		if got, err := parseTime(text); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s is read as %s, error %v; want an error that says: %s", text, got, err, want)
		}
	}
}
