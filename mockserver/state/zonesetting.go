// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"bytes"
	"encoding/json"
	"math"
	"slices"
	"strings"
)

// ZoneSetting is a setting that every zone has.
type ZoneSetting struct {
	// ID is its name on the wire.
	ID string
	// Default is the value that a zone has unless it was given another one,
	// as JSON.
	Default string
	// Words are what the value can be. Nil is for settings that are no word:
	// they take any value of the default's kind.
	Words []string
	// Fixed settings cannot be changed.
	Fixed bool
}

var onOff = []string{"on", "off"}

// zoneSettings are the settings, sorted by id.
var zoneSettings = []ZoneSetting{
	{ID: "0rtt", Default: `"off"`, Words: onOff},
	{ID: "advanced_ddos", Default: `"on"`, Words: onOff, Fixed: true},
	{ID: "always_online", Default: `"off"`, Words: onOff},
	{ID: "always_use_https", Default: `"off"`, Words: onOff},
	{ID: "automatic_https_rewrites", Default: `"on"`, Words: onOff},
	{ID: "brotli", Default: `"on"`, Words: onOff},
	{ID: "browser_cache_ttl", Default: `14400`},
	{ID: "browser_check", Default: `"on"`, Words: onOff},
	{ID: "cache_level", Default: `"aggressive"`, Words: []string{"aggressive", "basic", "simplified"}},
	{ID: "challenge_ttl", Default: `1800`},
	{ID: "ciphers", Default: `[]`},
	{ID: "development_mode", Default: `"off"`, Words: onOff},
	{ID: "early_hints", Default: `"off"`, Words: onOff},
	{ID: "email_obfuscation", Default: `"on"`, Words: onOff},
	{ID: "h2_prioritization", Default: `"off"`, Words: []string{"on", "off", "custom"}},
	{ID: "hotlink_protection", Default: `"off"`, Words: onOff},
	{ID: "http2", Default: `"on"`, Words: onOff},
	{ID: "http3", Default: `"on"`, Words: onOff},
	{ID: "image_resizing", Default: `"off"`, Words: []string{"on", "off", "open"}},
	{ID: "ip_geolocation", Default: `"on"`, Words: onOff},
	{ID: "ipv6", Default: `"on"`, Words: onOff},
	{ID: "max_upload", Default: `100`},
	{ID: "min_tls_version", Default: `"1.0"`, Words: []string{"1.0", "1.1", "1.2", "1.3"}},
	{ID: "mirage", Default: `"off"`, Words: onOff},
	{ID: "nel", Default: `{"enabled":true}`},
	{ID: "opportunistic_encryption", Default: `"on"`, Words: onOff},
	{ID: "opportunistic_onion", Default: `"on"`, Words: onOff},
	{ID: "orange_to_orange", Default: `"off"`, Words: onOff},
	{ID: "origin_error_page_pass_thru", Default: `"off"`, Words: onOff},
	{ID: "polish", Default: `"off"`, Words: []string{"off", "lossless", "lossy"}},
	{ID: "prefetch_preload", Default: `"off"`, Words: onOff},
	{ID: "privacy_pass", Default: `"on"`, Words: onOff},
	{ID: "pseudo_ipv4", Default: `"off"`, Words: []string{"off", "add_header", "overwrite_header"}},
	{ID: "response_buffering", Default: `"off"`, Words: onOff},
	{ID: "rocket_loader", Default: `"off"`, Words: onOff},
	{ID: "security_header", Default: `{"strict_transport_security":{"enabled":false,"max_age":0,"include_subdomains":false,"nosniff":false}}`},
	{ID: "security_level", Default: `"medium"`, Words: []string{"off", "essentially_off", "low", "medium", "high", "under_attack"}},
	{ID: "server_side_exclude", Default: `"on"`, Words: onOff},
	{ID: "sort_query_string_for_cache", Default: `"off"`, Words: onOff},
	{ID: "ssl", Default: `"full"`, Words: []string{"off", "flexible", "full", "strict", "origin_pull"}},
	{ID: "tls_1_3", Default: `"on"`, Words: []string{"on", "off", "zrt"}},
	{ID: "tls_client_auth", Default: `"off"`, Words: onOff},
	{ID: "true_client_ip_header", Default: `"off"`, Words: onOff},
	{ID: "waf", Default: `"off"`, Words: onOff},
	{ID: "webp", Default: `"off"`, Words: onOff},
	{ID: "websockets", Default: `"on"`, Words: onOff},
}

// ZoneSettings lists the settings of zones, sorted by id. The slice is fresh;
// its Words are shared and read-only.
func ZoneSettings() []ZoneSetting { return slices.Clone(zoneSettings) }

// FindZoneSetting returns the setting with that id, and whether there is one.
func FindZoneSetting(id string) (ZoneSetting, bool) {
	i, ok := slices.BinarySearchFunc(zoneSettings, id, func(s ZoneSetting, id string) int { return strings.Compare(s.ID, id) })
	if !ok {
		return ZoneSetting{}, false
	}
	return zoneSettings[i], true
}

// Problem says what is wrong with a value, which must be JSON; "" is nothing.
// Whether the setting can be changed at all is not asked.
func (s *ZoneSetting) Problem(value json.RawMessage) string {
	var v, standard any
	if json.Unmarshal(value, &v) != nil || json.Unmarshal([]byte(s.Default), &standard) != nil {
		return "must be JSON"
	}
	if s.Words != nil {
		if word, ok := v.(string); !ok || !slices.Contains(s.Words, word) {
			return "must be one of " + strings.Join(s.Words, ", ")
		}
		return ""
	}
	if kind, want := kindOfJSON(v), kindOfJSON(standard); kind != want {
		return "must be " + want + ", not " + kind
	}
	if n, ok := v.(float64); ok && (n != math.Trunc(n) || n < 0 || n > math.MaxInt32 || bytes.ContainsAny(value, ".eE")) {
		return "must be a whole number from 0"
	}
	return ""
}

// kindOfJSON names the kind of a decoded value for an error message.
func kindOfJSON(v any) string {
	switch v.(type) {
	case nil:
		return "null"
	case bool:
		return "a boolean"
	case float64:
		return "a number"
	case string:
		return "a string"
	case []any:
		return "an array"
	default:
		return "an object"
	}
}
