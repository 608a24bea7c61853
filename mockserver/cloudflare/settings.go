// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// zoneSetting is a setting that every zone has.
type zoneSetting struct {
	id       string
	standard string   // the default value as JSON
	words    []string // what it can be; nil for settings that are no word
	fixed    bool     // it cannot be changed
}

var onOff = []string{"on", "off"}

// zoneSettings are the settings, sorted by id. A setting without words takes
// values of the kind of its default.
var zoneSettings = []zoneSetting{
	{id: "0rtt", standard: `"off"`, words: onOff},
	{id: "advanced_ddos", standard: `"on"`, words: onOff, fixed: true},
	{id: "always_online", standard: `"off"`, words: onOff},
	{id: "always_use_https", standard: `"off"`, words: onOff},
	{id: "automatic_https_rewrites", standard: `"on"`, words: onOff},
	{id: "brotli", standard: `"on"`, words: onOff},
	{id: "browser_cache_ttl", standard: `14400`},
	{id: "browser_check", standard: `"on"`, words: onOff},
	{id: "cache_level", standard: `"aggressive"`, words: []string{"aggressive", "basic", "simplified"}},
	{id: "challenge_ttl", standard: `1800`},
	{id: "ciphers", standard: `[]`},
	{id: "development_mode", standard: `"off"`, words: onOff},
	{id: "early_hints", standard: `"off"`, words: onOff},
	{id: "email_obfuscation", standard: `"on"`, words: onOff},
	{id: "h2_prioritization", standard: `"off"`, words: []string{"on", "off", "custom"}},
	{id: "hotlink_protection", standard: `"off"`, words: onOff},
	{id: "http2", standard: `"on"`, words: onOff},
	{id: "http3", standard: `"on"`, words: onOff},
	{id: "image_resizing", standard: `"off"`, words: []string{"on", "off", "open"}},
	{id: "ip_geolocation", standard: `"on"`, words: onOff},
	{id: "ipv6", standard: `"on"`, words: onOff},
	{id: "max_upload", standard: `100`},
	{id: "min_tls_version", standard: `"1.0"`, words: []string{"1.0", "1.1", "1.2", "1.3"}},
	{id: "mirage", standard: `"off"`, words: onOff},
	{id: "nel", standard: `{"enabled":true}`},
	{id: "opportunistic_encryption", standard: `"on"`, words: onOff},
	{id: "opportunistic_onion", standard: `"on"`, words: onOff},
	{id: "orange_to_orange", standard: `"off"`, words: onOff},
	{id: "origin_error_page_pass_thru", standard: `"off"`, words: onOff},
	{id: "polish", standard: `"off"`, words: []string{"off", "lossless", "lossy"}},
	{id: "prefetch_preload", standard: `"off"`, words: onOff},
	{id: "privacy_pass", standard: `"on"`, words: onOff},
	{id: "pseudo_ipv4", standard: `"off"`, words: []string{"off", "add_header", "overwrite_header"}},
	{id: "response_buffering", standard: `"off"`, words: onOff},
	{id: "rocket_loader", standard: `"off"`, words: onOff},
	{id: "security_header", standard: `{"strict_transport_security":{"enabled":false,"max_age":0,"include_subdomains":false,"nosniff":false}}`},
	{id: "security_level", standard: `"medium"`, words: []string{"off", "essentially_off", "low", "medium", "high", "under_attack"}},
	{id: "server_side_exclude", standard: `"on"`, words: onOff},
	{id: "sort_query_string_for_cache", standard: `"off"`, words: onOff},
	{id: "ssl", standard: `"full"`, words: []string{"off", "flexible", "full", "strict", "origin_pull"}},
	{id: "tls_1_3", standard: `"on"`, words: []string{"on", "off", "zrt"}},
	{id: "tls_client_auth", standard: `"off"`, words: onOff},
	{id: "true_client_ip_header", standard: `"off"`, words: onOff},
	{id: "waf", standard: `"off"`, words: onOff},
	{id: "webp", standard: `"off"`, words: onOff},
	{id: "websockets", standard: `"on"`, words: onOff},
}

// findSetting finds a setting by its id; nil when there is none.
func findSetting(id string) *zoneSetting {
	for i := range zoneSettings {
		if zoneSettings[i].id == id {
			return &zoneSettings[i]
		}
	}
	return nil
}

// problem says what is wrong with a value; "" is nothing.
func (s *zoneSetting) problem(v value) string {
	if s.fixed {
		return "cannot be changed"
	}
	if s.words != nil {
		if v.kind != kindString || !slices.Contains(s.words, v.text) {
			return "must be one of " + strings.Join(s.words, ", ")
		}
		return ""
	}
	standard, wrong := parseJSON([]byte(s.standard))
	if wrong != nil || v.kind != standard.kind {
		return "must be " + standard.kind.String() + ", not " + v.kind.String()
	}
	if v.kind == kindNumber {
		if n, err := strconv.ParseInt(v.text, 10, 32); err != nil || n < 0 {
			return "must be a whole number from 0"
		}
	}
	return ""
}

// settingView is a setting on the wire.
type settingView struct {
	ID         string          `json:"id"`
	Value      json.RawMessage `json:"value"`
	ModifiedOn *instant        `json:"modified_on"`
	Editable   bool            `json:"editable"`
}

func viewSetting(z *state.Zone, s *zoneSetting) settingView {
	v := settingView{ID: s.id, Value: json.RawMessage(s.standard), Editable: !s.fixed}
	if stored, ok := z.Settings[s.id]; ok {
		v.Value, v.ModifiedOn = stored, optionalInstant(z.ModifiedOn)
	}
	return v
}

func viewSettings(z *state.Zone) []settingView {
	views := make([]settingView, 0, len(zoneSettings))
	for i := range zoneSettings {
		views = append(views, viewSetting(z, &zoneSettings[i]))
	}
	return views
}

func listSettings(x *exchange) (*reply, error) {
	return result(viewSettings(x.tx.ZoneByID(x.zone()))), nil
}

func getSetting(x *exchange) (*reply, error) {
	s := findSetting(x.param("setting_id"))
	if s == nil {
		return nil, errNotFound.refuse("zone setting")
	}
	return result(viewSetting(x.tx.ZoneByID(x.zone()), s)), nil
}

// settingInput is a new value of one setting.
type settingInput struct {
	id    string
	value value
	sent  bool
}

func readSetting(o *object) settingInput {
	o.ignore("modified_on", "editable", "time_remaining", "certificate_status")
	in := settingInput{id: o.text("id")}
	in.value, in.sent = o.get("value")
	if !in.sent {
		o.fault("value", "is required")
	}
	return in
}

func readSettings(o *object) []settingInput {
	items := o.objects("items")
	if len(items) == 0 {
		o.fault("items", "must hold at least one setting")
	}
	list := make([]settingInput, 0, len(items))
	for _, item := range items {
		list = append(list, readSetting(item))
		item.end()
	}
	return list
}

func editSetting(x *exchange, in settingInput) (*reply, error) {
	s := findSetting(x.param("setting_id"))
	if s == nil {
		return nil, errNotFound.refuse("zone setting")
	}
	if in.id != "" && in.id != s.id {
		return nil, invalid("/id", "/id: is not the setting in the path")
	}
	in.id = s.id
	z, err := x.storeSettings([]settingInput{in})
	if err != nil {
		return nil, err
	}
	return result(viewSetting(z, s)), nil
}

func editSettings(x *exchange, in []settingInput) (*reply, error) {
	z, err := x.storeSettings(in)
	if err != nil {
		return nil, err
	}
	return result(viewSettings(z)), nil
}

// storeSettings checks all values before it stores any.
func (x *exchange) storeSettings(list []settingInput) (*state.Zone, error) {
	z := *x.tx.ZoneByID(x.zone())
	settings := maps.Clone(z.Settings)
	if settings == nil {
		settings = make(map[string]json.RawMessage, len(list))
	}
	var problems []problem
	seen := make(map[string]bool, len(list))
	for _, in := range list {
		s := findSetting(in.id)
		message := "no zone setting has the id " + strconv.Quote(in.id)
		switch {
		case s != nil && seen[in.id]:
			message = strconv.Quote(in.id) + " stands twice"
		case s != nil:
			message = s.problem(in.value)
		}
		seen[in.id] = true
		if message != "" {
			problems = append(problems, problem{pointer: in.value.pointer(), message: in.value.pointer() + ": " + message})
			continue
		}
		settings[in.id] = in.value.json()
	}
	if len(problems) > 0 {
		return nil, refuseProblems(problems)
	}
	z.Settings, z.ModifiedOn = settings, x.now
	if err := x.tx.PutZone(&z); err != nil {
		return nil, err
	}
	return &z, nil
}
