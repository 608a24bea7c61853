// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"math"
	"math/big"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

const (
	tokenOne  = "cfut_0123456789abcdefghijklmnopqrstuvwxyzABCD89abcdef"
	tokenTwo  = "abcdefghijklmnopqrstuvwxyzABCD_-0123456789"
	keyOne    = "0123456789abcdef0123456789abcdef01234"
	elsewhere = "https://api.example.com/client/v4"
)

// tokenLegacy is a token of the older form: 40 characters.
const tokenLegacy = "0123456789abcdefghijklmnopqrstuvwxyz_-AB"

func environ(pairs ...string) func(string) (string, bool) {
	values := map[string]string{}
	for i := 0; i+1 < len(pairs); i += 2 {
		values[pairs[i]] = pairs[i+1]
	}
	return func(name string) (string, bool) {
		value, ok := values[name]
		return value, ok
	}
}

func number(n float64) types.Number { return types.NumberValue(big.NewFloat(n)) }

// problem is a diagnostic without its prose.
type problem struct{ Path, Summary string }

func problems(diags diag.Diagnostics) []problem {
	out := []problem{}
	for _, d := range diags {
		p := problem{Summary: d.Summary()}
		if withPath, ok := d.(diag.DiagnosticWithPath); ok {
			p.Path = withPath.Path().String()
		}
		out = append(out, p)
	}
	slices.SortFunc(out, func(a, b problem) int { return strings.Compare(a.Path+a.Summary, b.Path+b.Summary) })
	return out
}

func TestResolveConfig_sources(t *testing.T) {
	t.Parallel()
	token := func(value string) client.Credential { return client.Credential{APIToken: value} }
	key := client.Credential{Email: "a@example.com", APIKey: keyOne}
	tests := []struct {
		name       string
		config     configModel
		env        func(string) (string, bool)
		credential client.Credential
		baseURL    string
		want       []problem
	}{
		{
			name:   "configuration alone, built-in address",
			config: configModel{APIToken: types.StringValue(tokenOne)}, env: environ(),
			credential: token(tokenOne), baseURL: defaultBaseURL,
		},
		{
			name: "own variables alone, built-in address", env: environ("ACCESSCONTROL_API_TOKEN", tokenLegacy),
			credential: token(tokenLegacy), baseURL: defaultBaseURL,
		},
		{
			name:       "configuration beats own variables beats the SDK's",
			config:     configModel{APIToken: types.StringValue(tokenOne)},
			env:        environ("ACCESSCONTROL_API_TOKEN", tokenLegacy, "CLOUDFLARE_API_TOKEN", "x", "ACCESSCONTROL_BASE_URL", elsewhere, "CLOUDFLARE_BASE_URL", "https://third.example"),
			credential: token(tokenOne), baseURL: elsewhere,
		},
		{
			name:       "own variables beat the SDK's",
			env:        environ("ACCESSCONTROL_API_TOKEN", tokenLegacy, "CLOUDFLARE_API_TOKEN", tokenOne, "CLOUDFLARE_BASE_URL", elsewhere),
			credential: token(tokenLegacy), baseURL: elsewhere,
		},
		{
			name:       "an empty variable is unset",
			env:        environ("ACCESSCONTROL_API_TOKEN", "", "CLOUDFLARE_API_TOKEN", tokenOne, "ACCESSCONTROL_BASE_URL", "", "CLOUDFLARE_BASE_URL", elsewhere),
			credential: token(tokenOne), baseURL: elsewhere,
		},
		{
			name: "a credential of the SDK's variables never goes to the built-in address",
			env:  environ("CLOUDFLARE_API_TOKEN", tokenOne),
			want: []problem{{attrBaseURL, "Missing base_url"}},
		},
		{
			name: "neither does a key",
			env:  environ("CLOUDFLARE_EMAIL", "a@example.com", "CLOUDFLARE_API_KEY", keyOne),
			want: []problem{{attrBaseURL, "Missing base_url"}},
		},
		{
			name:   "nor a key of which only the e-mail address is our own",
			config: configModel{Email: types.StringValue("a@example.com")},
			env:    environ("CLOUDFLARE_API_KEY", keyOne),
			want:   []problem{{attrBaseURL, "Missing base_url"}},
		},
		{
			name:       "to the same address it goes where somebody wrote it down",
			config:     configModel{BaseURL: types.StringValue(defaultBaseURL)},
			env:        environ("CLOUDFLARE_API_TOKEN", tokenOne),
			credential: token(tokenOne), baseURL: defaultBaseURL,
		},
		{
			name:       "key and e-mail address from two levels",
			config:     configModel{Email: types.StringValue("a@example.com")},
			env:        environ("ACCESSCONTROL_API_KEY", keyOne),
			credential: key, baseURL: defaultBaseURL,
		},
		{
			name:       "the other kind on a lower level does not count",
			config:     configModel{Email: types.StringValue("a@example.com"), APIKey: types.StringValue(keyOne)},
			env:        environ("ACCESSCONTROL_API_TOKEN", tokenOne),
			credential: key, baseURL: defaultBaseURL,
		},
		{
			name:   "both kinds in the configuration",
			config: configModel{APIToken: types.StringValue(tokenOne), APIKey: types.StringValue(keyOne)}, env: environ(),
			want: []problem{{attrAPIKey, "Two kinds of API credential"}},
		},
		{
			name:   "token and e-mail address in the configuration",
			config: configModel{APIToken: types.StringValue(tokenOne), Email: types.StringValue("a@example.com")}, env: environ(),
			want: []problem{{attrEmail, "Two kinds of API credential"}},
		},
		{
			name: "both kinds in own variables",
			env:  environ("ACCESSCONTROL_API_TOKEN", tokenOne, "ACCESSCONTROL_API_KEY", keyOne),
			want: []problem{{attrAPIKey, "Two kinds of API credential"}},
		},
		{
			name:       "an e-mail address beside a token in own variables is no credential",
			env:        environ("ACCESSCONTROL_API_TOKEN", tokenOne, "ACCESSCONTROL_EMAIL", "no address at all"),
			credential: token(tokenOne), baseURL: defaultBaseURL,
		},
		{
			name:       "nor is one in the SDK's variables",
			env:        environ("CLOUDFLARE_API_TOKEN", tokenOne, "CLOUDFLARE_EMAIL", "a@example.com", "CLOUDFLARE_BASE_URL", elsewhere),
			credential: token(tokenOne), baseURL: elsewhere,
		},
		{
			name: "both kinds in the SDK's variables",
			env:  environ("CLOUDFLARE_API_TOKEN", tokenOne, "CLOUDFLARE_EMAIL", "a@example.com", "CLOUDFLARE_API_KEY", keyOne, "CLOUDFLARE_BASE_URL", elsewhere),
			want: []problem{{attrAPIKey, "Two kinds of API credential"}},
		},
		{name: "no credential", env: environ(), want: []problem{{attrAPIToken, "Missing API credential"}}},
		{name: "e-mail address alone", env: environ("ACCESSCONTROL_EMAIL", "a@example.com"), want: []problem{{attrAPIKey, "Missing api_key"}}},
		{name: "key alone", env: environ("ACCESSCONTROL_API_KEY", keyOne), want: []problem{{attrEmail, "Missing email"}}},
		{
			name: "all problems at once", config: configModel{MaxRetries: number(-1)},
			env: environ("ACCESSCONTROL_BASE_URL", "http://api.example.com", "ACCESSCONTROL_REQUEST_TIMEOUT", "soon"),
			want: []problem{
				{attrAPIToken, "Missing API credential"},
				{attrBaseURL, "Invalid base_url"},
				{attrMaxRetries, "Invalid max_retries"},
				{attrRequestTimeout, "Invalid request_timeout"},
			},
		},
		{
			name: "variables that are not ours", env: environ("API_TOKEN", tokenOne, "CLOUDFLARE_MAX_RETRIES", "many", "ACCESSCONTROL_API_TOKEN", tokenOne),
			credential: token(tokenOne), baseURL: defaultBaseURL,
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, diags := resolveConfig(tt.config, tt.env)
			want := tt.want
			if want == nil {
				want = []problem{}
			}
			if diff := cmp.Diff(want, problems(diags)); diff != "" {
				t.Fatalf("problems (-want +got):\n%s", diff)
			}
			if len(want) > 0 {
				return
			}
			if got.client.Credential != tt.credential || got.client.BaseURL != tt.baseURL {
				t.Errorf("wrong credential, or base URL %q instead of %q", got.client.BaseURL, tt.baseURL)
			}
		})
	}
}

func TestResolveConfig_secretForms(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, variable, value string
		advice                string // empty: accepted
	}{
		{"token", "API_TOKEN", tokenOne, ""},
		{"account-owned token", "API_TOKEN", "cfat_" + tokenOne[5:], ""},
		{"legacy token", "API_TOKEN", tokenLegacy, ""},
		{"with the scheme before it", "API_TOKEN", "Bearer " + tokenOne, "without quotes, blanks or a word before it"},
		{"in quotes", "API_TOKEN", `"` + tokenOne + `"`, "without quotes"},
		{"with a line break", "API_TOKEN", tokenOne + "\n", "without quotes"},
		{"cut short", "API_TOKEN", tokenOne[:50], "Copy the secret again"},
		{"42 characters", "API_TOKEN", tokenTwo, "Copy the secret again"},
		{"a key as token", "API_TOKEN", keyOne, "set it as `api_key`"},
		{"a new key as token", "API_TOKEN", "cfk_" + tokenOne[5:], "set it as `api_key`"},
		{"key", "API_KEY", keyOne, ""},
		{"new key", "API_KEY", "cfk_" + tokenOne[5:], ""},
		{"a token as key", "API_KEY", tokenOne, "set it as `api_token`"},
		{"key cut short", "API_KEY", keyOne[:30], "Copy the key again"},
		{"e-mail address", "EMAIL", "first.last+tag@example.com", ""},
		{"not an e-mail address", "EMAIL", "first.last", "signs in"},
		{"e-mail address with a blank", "EMAIL", "a b@example.com", "signs in"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			pairs := []string{"ACCESSCONTROL_" + tt.variable, tt.value}
			switch tt.variable {
			case "API_KEY":
				pairs = append(pairs, "ACCESSCONTROL_EMAIL", "a@example.com")
			case "EMAIL":
				pairs = append(pairs, "ACCESSCONTROL_API_KEY", keyOne)
			}
			_, diags := resolveConfig(configModel{}, environ(pairs...))
			if tt.advice == "" {
				if diags.HasError() {
					t.Errorf("diagnostics = %v, want none", problems(diags))
				}
				return
			}
			attribute := strings.ToLower(tt.variable)
			if diff := cmp.Diff([]problem{{attribute, "Invalid " + attribute}}, problems(diags)); diff != "" {
				t.Fatalf("problems (-want +got):\n%s", diff)
			}
			detail := diags[0].Detail()
			if !strings.Contains(detail, tt.advice) || !strings.Contains(detail, "ACCESSCONTROL_"+tt.variable) {
				t.Errorf("detail = %q, want the variable and %q in it", detail, tt.advice)
			}
			if tt.variable != "EMAIL" && strings.Contains(detail, tt.value[8:20]) {
				t.Errorf("a secret is visible: %q", detail)
			}
		})
	}
}

func TestResolveConfig_numbersAndDurations(t *testing.T) {
	t.Parallel()
	base := func(change func(*configModel)) configModel {
		config := configModel{APIToken: types.StringValue(tokenOne)}
		change(&config)
		return config
	}
	tests := []struct {
		name   string
		config configModel
		env    func(string) (string, bool)
		check  func(settings) bool
		want   []problem
	}{
		{"defaults", base(func(*configModel) {}), environ(), func(s settings) bool {
			return s.client.MaxRetries == -1 && s.client.RequestsPerMinute == 0 && s.client.RequestTimeout == 0 &&
				s.client.PropagationTimeout == 0 && s.warnBeforeExpiry == 720*time.Hour && !s.allowSelfLockout
		}, nil},
		{"configuration", base(func(c *configModel) {
			c.MaxRetries, c.RequestsPerMinute = number(0), number(600)
			c.RequestTimeout, c.PropagationTimeout = types.StringValue("5s"), types.StringValue("2m")
			c.WarnBeforeExpiry, c.AllowSelfLockout = types.StringValue("24h"), types.BoolValue(true)
		}), environ("ACCESSCONTROL_MAX_RETRIES", "9", "ACCESSCONTROL_ALLOW_SELF_LOCKOUT", "false"), func(s settings) bool {
			return s.client.MaxRetries == 0 && s.client.RequestsPerMinute == 600 && s.client.RequestTimeout == 5*time.Second &&
				s.client.PropagationTimeout == 2*time.Minute && s.warnBeforeExpiry == 24*time.Hour && s.allowSelfLockout
		}, nil},
		{
			"environment", base(func(*configModel) {}), environ(
				"ACCESSCONTROL_MAX_RETRIES", "9", "ACCESSCONTROL_REQUESTS_PER_MINUTE", "30", "ACCESSCONTROL_REQUEST_TIMEOUT", "1m",
				"ACCESSCONTROL_PROPAGATION_TIMEOUT", "10s", "ACCESSCONTROL_WARN_BEFORE_EXPIRY", "0s", "ACCESSCONTROL_ALLOW_SELF_LOCKOUT", "1"),
			func(s settings) bool {
				return s.client.MaxRetries == 9 && s.client.RequestsPerMinute == 30 && s.client.RequestTimeout == time.Minute &&
					s.client.PropagationTimeout == 10*time.Second && s.warnBeforeExpiry == 0 && s.allowSelfLockout
			}, nil,
		},
		{
			"false in the configuration beats true in the environment", base(func(c *configModel) { c.AllowSelfLockout = types.BoolValue(false) }),
			environ("ACCESSCONTROL_ALLOW_SELF_LOCKOUT", "true"), func(s settings) bool { return !s.allowSelfLockout }, nil,
		},
		{
			"no patience", base(func(c *configModel) { c.PropagationTimeout = types.StringValue("0s") }), environ(),
			func(s settings) bool { return s.client.PropagationTimeout < 0 }, nil,
		},
		{"no number", base(func(*configModel) {}), environ("ACCESSCONTROL_MAX_RETRIES", "many"), nil, []problem{{attrMaxRetries, "Invalid max_retries"}}},
		{"number too large", base(func(*configModel) {}), environ("ACCESSCONTROL_MAX_RETRIES", "21"), nil, []problem{{attrMaxRetries, "Invalid max_retries"}}},
		{"no boolean", base(func(*configModel) {}), environ("ACCESSCONTROL_ALLOW_SELF_LOCKOUT", "yes"), nil, []problem{{attrAllowSelfLockout, "Invalid allow_self_lockout"}}},
		{
			"duration without unit", base(func(c *configModel) { c.RequestTimeout = types.StringValue("30") }), environ(), nil,
			[]problem{{attrRequestTimeout, "Invalid request_timeout"}},
		},
		{
			"no time at all for a request", base(func(c *configModel) { c.RequestTimeout = types.StringValue("0s") }), environ(), nil,
			[]problem{{attrRequestTimeout, "Invalid request_timeout"}},
		},
		{
			"negative duration", base(func(c *configModel) { c.WarnBeforeExpiry = types.StringValue("-1h") }), environ(), nil,
			[]problem{{attrWarnBeforeExpiry, "Invalid warn_before_expiry"}},
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, diags := resolveConfig(tt.config, tt.env)
			want := tt.want
			if want == nil {
				want = []problem{}
			}
			if diff := cmp.Diff(want, problems(diags)); diff != "" {
				t.Fatalf("problems (-want +got):\n%s", diff)
			}
			if tt.check != nil && !tt.check(got) {
				got.client.Credential = client.Credential{}
				t.Errorf("settings = %+v", got)
			}
		})
	}
}

func TestResolveConfig_unknown(t *testing.T) {
	t.Parallel()
	unknown := configModel{
		BaseURL: types.StringUnknown(), APIToken: types.StringUnknown(), Email: types.StringUnknown(), APIKey: types.StringUnknown(),
		MaxRetries: types.NumberUnknown(), RequestsPerMinute: types.NumberUnknown(), RequestTimeout: types.StringUnknown(),
		PropagationTimeout: types.StringUnknown(), WarnBeforeExpiry: types.StringUnknown(), AllowSelfLockout: types.BoolUnknown(),
	}
	// Even where the environment has a value: the configuration would win, and nobody knows with what.
	_, diags := resolveConfig(unknown, environ("ACCESSCONTROL_API_TOKEN", tokenOne))
	var want []problem
	for name := range unknown.values() {
		want = append(want, problem{name, "Unknown " + name})
	}
	slices.SortFunc(want, func(a, b problem) int { return strings.Compare(a.Path, b.Path) })
	if diff := cmp.Diff(want, problems(diags)); diff != "" {
		t.Errorf("problems (-want +got):\n%s", diff)
	}
	if !unknown.hasUnknown() || (configModel{}).hasUnknown() {
		t.Error("hasUnknown is wrong")
	}
	if diags := validateConfig(unknown); diags.HasError() {
		t.Errorf("validate judges unknown values: %v", problems(diags))
	}
}

func TestValidateConfig(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		config configModel
		want   []problem
	}{
		{"nothing set: the environment may have it", configModel{}, []problem{}},
		{"sound", configModel{BaseURL: types.StringValue(elsewhere), APIToken: types.StringValue(tokenOne)}, []problem{}},
		{"plain http", configModel{BaseURL: types.StringValue("http://api.example.com")}, []problem{{attrBaseURL, "Invalid base_url"}}},
		{"no URL", configModel{BaseURL: types.StringValue("api.example.com")}, []problem{{attrBaseURL, "Invalid base_url"}}},
		{"two kinds", configModel{APIToken: types.StringValue(tokenOne), Email: types.StringValue("a@example.com")}, []problem{{attrEmail, "Two kinds of API credential"}}},
		{"malformed token", configModel{APIToken: types.StringValue("x")}, []problem{{attrAPIToken, "Invalid api_token"}}},
		{"malformed key", configModel{APIKey: types.StringValue("x")}, []problem{{attrAPIKey, "Invalid api_key"}}},
		{"malformed address", configModel{Email: types.StringValue("x")}, []problem{{attrEmail, "Invalid email"}}},
		{"as many as there may be", configModel{MaxRetries: number(20), RequestsPerMinute: number(100_000)}, []problem{}},
		{"half a request a minute", configModel{RequestsPerMinute: number(0.5)}, []problem{{attrRequestsPerMinute, "Invalid requests_per_minute"}}},
		{"a fraction of a retry", configModel{MaxRetries: number(1.5)}, []problem{{attrMaxRetries, "Invalid max_retries"}}},
		{"less than no requests", configModel{RequestsPerMinute: number(-1)}, []problem{{attrRequestsPerMinute, "Invalid requests_per_minute"}}},
		{"too many requests", configModel{RequestsPerMinute: number(100_001)}, []problem{{attrRequestsPerMinute, "Invalid requests_per_minute"}}},
		{"more than an integer holds", configModel{MaxRetries: number(math.MaxFloat64)}, []problem{{attrMaxRetries, "Invalid max_retries"}}},
		{"malformed duration", configModel{PropagationTimeout: types.StringValue("x")}, []problem{{attrPropagationTimeout, "Invalid propagation_timeout"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			diags := validateConfig(tt.config)
			if diff := cmp.Diff(tt.want, problems(diags)); diff != "" {
				t.Errorf("problems (-want +got):\n%s", diff)
			}
			for _, d := range diags {
				if len([]rune(d.Summary())) > 60 || len(strings.Split(d.Detail(), "\n\n")) < 2 {
					t.Errorf("diagnostic says not what to do, or has a long summary: %q\n%s", d.Summary(), d.Detail())
				}
			}
		})
	}
}

// A number that is none of those which there may be is quoted as a person would write it.
func TestValidateConfig_wholeNumbers(t *testing.T) {
	t.Parallel()
	for want, given := range map[string]float64{
		"`requests_per_minute` is \"0.5\", which is no whole number from 0 to 100000.":   0.5,
		"`requests_per_minute` is \"-3\", which is no whole number from 0 to 100000.":    -3,
		"`requests_per_minute` is \"1e+30\", which is no whole number from 0 to 100000.": 1e30,
	} {
		diags := validateConfig(configModel{RequestsPerMinute: number(given)})
		if len(diags) != 1 || !strings.HasPrefix(diags[0].Detail(), want) {
			t.Errorf("%g: diagnostics = %v, want %q", given, diags, want)
		}
	}
}

// The plain-http diagnostic says why, and sits on the attribute that can change it.
func TestResolveConfig_plainHTTPSaysWhy(t *testing.T) {
	t.Parallel()
	_, diags := resolveConfig(configModel{BaseURL: types.StringValue("http://api.example.com"), APIToken: types.StringValue(tokenOne)}, environ())
	if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "Every request carries the credential, so use https.") {
		t.Fatalf("diagnostics = %v", diags)
	}
	withPath, ok := diags[0].(diag.DiagnosticWithPath)
	if !ok || !withPath.Path().Equal(path.Root(attrBaseURL)) {
		t.Errorf("diagnostic is not on base_url")
	}
}

// An endpoint without a scheme is the likeliest slip, so the diagnostic says what is missing.
func TestResolveConfig_noScheme(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"127.0.0.1:18099/client/v4", "localhost:18099/client/v4", "api.example.com/client/v4"} {
		_, diags := resolveConfig(configModel{BaseURL: types.StringValue(raw), APIToken: types.StringValue(tokenOne)}, environ())
		if len(diags) != 1 || !strings.Contains(diags[0].Detail(), "https:// or http://") {
			t.Errorf("%s: diagnostics = %v", raw, diags)
		}
	}
}

// Every attribute of the schema has a place in the model's list, else its variable would be ignored.
func TestConfigModel_values(t *testing.T) {
	t.Parallel()
	listed := configModel{}.values()
	for name := range configSchema().Attributes {
		if _, ok := listed[name]; !ok {
			t.Errorf("attribute %q is not listed", name)
		}
	}
	if len(listed) != len(configSchema().Attributes) {
		t.Errorf("listed %d, schema has %d", len(listed), len(configSchema().Attributes))
	}
}
