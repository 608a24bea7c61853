// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"errors"
	"fmt"
	"math/big"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// The attributes of the provider block.
const (
	attrBaseURL            = "base_url"
	attrAPIToken           = "api_token"
	attrEmail              = "email"
	attrAPIKey             = "api_key"
	attrMaxRetries         = "max_retries"
	attrRequestsPerMinute  = "requests_per_minute"
	attrRequestTimeout     = "request_timeout"
	attrPropagationTimeout = "propagation_timeout"
	attrWarnBeforeExpiry   = "warn_before_expiry"
	attrAllowSelfLockout   = "allow_self_lockout"
)

const (
	// defaultBaseURL is the local reference server.
	defaultBaseURL = "http://127.0.0.1:8787/client/v4"

	defaultWarnBeforeExpiry = 720 * time.Hour

	maxMaxRetries        = 20
	maxRequestsPerMinute = 100_000
)

// settings is what configuration and environment come to.
type settings struct {
	client           client.Options
	warnBeforeExpiry time.Duration
	allowSelfLockout bool
}

// resolveConfig settles every setting: the configuration wins over ACCESSCONTROL_*, which wins over
// CLOUDFLARE_*; an empty variable counts as unset. It is a pure function of its arguments. All
// problems are reported at once, each on the attribute that can solve it, and never with a secret.
func resolveConfig(config configModel, lookup func(string) (string, bool)) (settings, diag.Diagnostics) {
	r := &resolver{sources: newSources(config, lookup)}
	r.refuseUnknown(config)
	if r.diags.HasError() {
		return settings{}, r.diags
	}
	out := settings{
		client: client.Options{
			MaxRetries:         r.integer(attrMaxRetries, -1, maxMaxRetries),
			RequestsPerMinute:  r.integer(attrRequestsPerMinute, 0, maxRequestsPerMinute),
			RequestTimeout:     r.duration(attrRequestTimeout, 0, time.Millisecond),
			PropagationTimeout: r.duration(attrPropagationTimeout, 0, 0),
		},
		warnBeforeExpiry: r.duration(attrWarnBeforeExpiry, defaultWarnBeforeExpiry, 0),
		allowSelfLockout: r.boolean(attrAllowSelfLockout),
	}
	if _, given := r.value(attrPropagationTimeout); given && out.client.PropagationTimeout == 0 {
		out.client.PropagationTimeout = -1 // The client's word for none; its 0 means the default.
	}
	credential, level := r.credential()
	out.client.Credential = credential
	out.client.BaseURL = r.baseURL(level)
	return out, r.diags
}

// validateConfig reports what the configuration alone shows to be wrong. Unknown values are left for
// Configure, and what is absent may come from the environment.
func validateConfig(config configModel) diag.Diagnostics {
	r := &resolver{sources: newSources(config, func(string) (string, bool) { return "", false })}
	if value, given := r.value(attrBaseURL); given {
		r.checkBaseURL(value)
	}
	r.integer(attrMaxRetries, 0, maxMaxRetries)
	r.integer(attrRequestsPerMinute, 0, maxRequestsPerMinute)
	r.duration(attrRequestTimeout, 0, time.Millisecond)
	r.duration(attrPropagationTimeout, 0, 0)
	r.duration(attrWarnBeforeExpiry, 0, 0)
	r.checkOneKind(levelConfig)
	for _, name := range []string{attrAPIToken, attrAPIKey, attrEmail} {
		if value, given := r.value(name); given {
			r.checkSecretForm(name, value)
		}
	}
	return r.diags
}

// resolver reads settings from their sources and collects what is wrong with them.
type resolver struct {
	sources sources
	diags   diag.Diagnostics
}

func (r *resolver) fail(attribute, summary, detail string) {
	r.diags.AddAttributeError(path.Root(attribute), summary, detail)
}

// value is the setting's text from the first source that has it.
func (r *resolver) value(attribute string) (setting, bool) {
	return r.sources.first(attribute)
}

func (r *resolver) integer(attribute string, unset, limit int) int {
	given, ok := r.value(attribute)
	if !ok {
		return unset
	}
	n, err := strconv.Atoi(given.text)
	if err != nil || n < 0 || n > limit {
		r.fail(attribute, "Invalid "+attribute, fmt.Sprintf(
			"%s is %q, which is no whole number from 0 to %d.\n\nCorrect it or leave it out.", given.origin, given.text, limit))
		return unset
	}
	return n
}

func (r *resolver) duration(attribute string, unset, least time.Duration) time.Duration {
	given, ok := r.value(attribute)
	if !ok {
		return unset
	}
	d, err := time.ParseDuration(given.text)
	if err != nil || d < least {
		r.fail(attribute, "Invalid "+attribute, fmt.Sprintf(
			"%s is %q, which is no duration of at least %s.\n\nWrite a number and a unit, such as \"30s\", \"5m\" or \"720h\", or leave it out.",
			given.origin, given.text, least))
		return unset
	}
	return d
}

func (r *resolver) boolean(attribute string) bool {
	given, ok := r.value(attribute)
	if !ok {
		return false
	}
	b, err := strconv.ParseBool(given.text)
	if err != nil {
		r.fail(attribute, "Invalid "+attribute, fmt.Sprintf(
			"%s is %q.\n\nWrite true or false, or leave it out.", given.origin, given.text))
	}
	return b
}

// baseURL settles the endpoint. A credential that the environment holds for another service must not
// go to whatever listens on the default address.
func (r *resolver) baseURL(credentialLevel level) string {
	given, ok := r.value(attrBaseURL)
	if !ok {
		if credentialLevel == levelCloudflare {
			r.fail(attrBaseURL, "Missing base_url", "The credential comes from a CLOUDFLARE_* environment variable, and the endpoint is the built-in default, "+
				defaultBaseURL+". Such a credential is never sent there.\n\nSet `base_url` (or ACCESSCONTROL_BASE_URL or CLOUDFLARE_BASE_URL) to the endpoint "+
				"that the credential is for, or give the provider a credential of its own with ACCESSCONTROL_API_TOKEN.")
		}
		return defaultBaseURL
	}
	r.checkBaseURL(given)
	return given.text
}

func (r *resolver) checkBaseURL(given setting) {
	_, err := client.ParseBaseURL(given.text)
	if err == nil {
		return
	}
	advice := "Write the root URL of the API, such as https://host/client/v4."
	if errors.Is(err, client.ErrPlainHTTP) {
		advice = "Every request carries the credential, so use https."
	}
	r.fail(attrBaseURL, "Invalid base_url", fmt.Sprintf("%s cannot be used: %s.\n\n%s", given.origin, err, advice))
}

// refuseUnknown reports every attribute whose value is not known yet: the provider cannot do without,
// since what it would read or write with a guess is somebody's access.
func (r *resolver) refuseUnknown(config configModel) {
	for _, name := range config.unknown() {
		r.fail(name, "Unknown "+name, fmt.Sprintf(
			"The value of `%s` is known only after apply, and the provider needs it to plan.\n\n"+
				"Apply the source of the value first with -target, or set it statically or with an environment variable.", name))
	}
}

// level is where a setting comes from, the most specific first.
type level int

const (
	levelConfig level = iota
	levelOwn
	levelCloudflare
	levelCount
)

// setting is a value as text, with a name for where it came from.
type setting struct {
	text   string
	origin string
	level  level
}

// sources holds the settings that each level gives, by attribute.
type sources [levelCount]map[string]setting

// cloudflareAttributes are the attributes that the official SDK's variables can give.
var cloudflareAttributes = []string{attrBaseURL, attrAPIToken, attrEmail, attrAPIKey}

func newSources(config configModel, lookup func(string) (string, bool)) sources {
	var s sources
	for i := range s {
		s[i] = map[string]setting{}
	}
	for name, value := range config.texts() {
		s[levelConfig][name] = setting{text: value, origin: "`" + name + "`", level: levelConfig}
	}
	for name := range config.values() {
		s.fromEnv(levelOwn, name, "ACCESSCONTROL_"+strings.ToUpper(name), lookup)
	}
	for _, name := range cloudflareAttributes {
		s.fromEnv(levelCloudflare, name, "CLOUDFLARE_"+strings.ToUpper(name), lookup)
	}
	return s
}

func (s *sources) fromEnv(from level, attribute, variable string, lookup func(string) (string, bool)) {
	if value, ok := lookup(variable); ok && value != "" {
		s[from][attribute] = setting{text: value, origin: "The environment variable " + variable, level: from}
	}
}

func (s *sources) first(attribute string) (setting, bool) {
	for _, settings := range s {
		if given, ok := settings[attribute]; ok {
			return given, true
		}
	}
	return setting{}, false
}

// values lists the attributes of the block with their values.
func (m configModel) values() map[string]attr.Value {
	return map[string]attr.Value{
		attrBaseURL:            m.BaseURL,
		attrAPIToken:           m.APIToken,
		attrEmail:              m.Email,
		attrAPIKey:             m.APIKey,
		attrMaxRetries:         m.MaxRetries,
		attrRequestsPerMinute:  m.RequestsPerMinute,
		attrRequestTimeout:     m.RequestTimeout,
		attrPropagationTimeout: m.PropagationTimeout,
		attrWarnBeforeExpiry:   m.WarnBeforeExpiry,
		attrAllowSelfLockout:   m.AllowSelfLockout,
	}
}

// texts lists the attributes that are known and set, as text.
func (m configModel) texts() map[string]string {
	out := map[string]string{}
	for name, value := range m.values() {
		if value.IsNull() || value.IsUnknown() {
			continue
		}
		switch v := value.(type) {
		case types.String:
			out[name] = v.ValueString()
		case types.Number:
			out[name] = numberText(v.ValueBigFloat())
		case types.Bool:
			out[name] = strconv.FormatBool(v.ValueBool())
		}
	}
	return out
}

// numberText writes a number as a person would, a fraction or one of many digits in short.
func numberText(n *big.Float) string {
	if whole, exact := n.Int64(); exact == big.Exact {
		return strconv.FormatInt(whole, 10)
	}
	const digits = 10
	return n.Text('g', digits)
}

// unknown lists the attributes whose values are unknown, in the order of the schema's names.
func (m configModel) unknown() []string {
	var names []string
	for name, value := range m.values() {
		if value.IsUnknown() {
			names = append(names, name)
		}
	}
	return sorted(names)
}

func (m configModel) hasUnknown() bool { return len(m.unknown()) > 0 }
