// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"context"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// block is a provider block with these attributes; the others are null. A nil value is unknown.
func block(t *testing.T, attributes map[string]any) tftypes.Value {
	t.Helper()
	kind := configSchema().Type().TerraformType(t.Context())
	object, ok := kind.(tftypes.Object)
	if !ok {
		t.Fatalf("the provider block is a %T", kind)
	}
	values := map[string]tftypes.Value{}
	for name, attributeType := range object.AttributeTypes {
		values[name] = tftypes.NewValue(attributeType, nil)
		if value, set := attributes[name]; set {
			if value == nil {
				value = tftypes.UnknownValue
			}
			values[name] = tftypes.NewValue(attributeType, value)
		}
	}
	return tftypes.NewValue(object, values)
}

func configure(t *testing.T, p provider.Provider, attributes map[string]any, deferral bool) provider.ConfigureResponse {
	t.Helper()
	var resp provider.ConfigureResponse
	p.Configure(t.Context(), provider.ConfigureRequest{
		TerraformVersion:   "1.11.4",
		Config:             tfsdk.Config{Raw: block(t, attributes), Schema: configSchema()},
		ClientCapabilities: provider.ConfigureProviderClientCapabilities{DeferralAllowed: deferral},
	}, &resp)
	return resp
}

func testProvider(env ...string) *accessControlProvider {
	return &accessControlProvider{version: "1.2.3", lookup: environ(env...), now: time.Now}
}

func TestConfigure(t *testing.T) {
	t.Parallel()
	var agent, credential string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		agent, credential = r.Header.Get("User-Agent"), r.Header.Get("Authorization")
		if _, err := w.Write([]byte(`{"success":true,"result":{"id":"u1","email":"a@example.com"}}`)); err != nil {
			t.Error(err)
		}
	}))
	t.Cleanup(server.Close)
	resp := configure(t, testProvider("ACCESSCONTROL_API_TOKEN", tokenOne), map[string]any{
		"base_url": server.URL, "warn_before_expiry": "48h", "allow_self_lockout": true,
	}, false)
	if resp.Diagnostics.HasError() {
		t.Fatalf("diagnostics = %v", resp.Diagnostics)
	}
	if agent != "" {
		t.Error("Configure made a request")
	}
	data, ok := resp.ResourceData.(*tfkit.ProviderData)
	if !ok || resp.DataSourceData != resp.ResourceData {
		t.Fatalf("data = %T and %T, want the same *tfkit.ProviderData", resp.ResourceData, resp.DataSourceData)
	}
	if data.WarnBeforeExpiry != 48*time.Hour || !data.AllowSelfLockout || data.Lockout == nil || data.Now == nil {
		t.Errorf("data = %+v", data)
	}
	if _, err := data.Client.User(t.Context()); err != nil {
		t.Fatal(err)
	}
	if agent != "terraform-provider-accesscontrol/1.2.3 terraform/1.11.4" || credential != "Bearer "+tokenOne {
		t.Errorf("user agent %q, or the wrong credential", agent)
	}
}

func TestConfigure_refuses(t *testing.T) {
	t.Parallel()
	resp := configure(t, testProvider(), nil, false)
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != "Missing API credential" {
		t.Errorf("diagnostics = %v", resp.Diagnostics)
	}
	if resp.ResourceData != nil || resp.DataSourceData != nil {
		t.Error("resources got a client all the same")
	}
}

func TestConfigure_unknownValues(t *testing.T) {
	t.Parallel()
	unknown := map[string]any{"api_token": nil}
	resp := configure(t, testProvider(), unknown, false)
	if len(resp.Diagnostics) != 1 || resp.Diagnostics[0].Summary() != "Unknown api_token" || resp.Deferred != nil {
		t.Errorf("without deferral: diagnostics = %v, deferred = %v", resp.Diagnostics, resp.Deferred)
	}
	resp = configure(t, testProvider(), unknown, true)
	if resp.Diagnostics.HasError() || resp.Deferred == nil || resp.Deferred.Reason != provider.DeferredReasonProviderConfigUnknown {
		t.Errorf("with deferral: diagnostics = %v, deferred = %v", resp.Diagnostics, resp.Deferred)
	}
}

// The provider over the plugin protocol, as Terraform sees it.
func TestProtocol(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schema, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for _, d := range schema.Diagnostics {
		t.Errorf("schema: %s: %s", d.Summary, d.Detail)
	}
	if len(schema.ResourceSchemas) != 3 || len(schema.DataSourceSchemas) != 12 || len(schema.Functions) != 3 {
		t.Errorf("resources, data sources, functions = %d, %d, %d; want 3, 12, 3",
			len(schema.ResourceSchemas), len(schema.DataSourceSchemas), len(schema.Functions))
	}
	validate := func(attributes map[string]any) string {
		value := block(t, attributes)
		config, err := tfprotov6.NewDynamicValue(value.Type(), value)
		if err != nil {
			t.Fatal(err)
		}
		resp, err := server.ValidateProviderConfig(context.WithoutCancel(t.Context()), &tfprotov6.ValidateProviderConfigRequest{Config: &config})
		if err != nil {
			t.Fatal(err)
		}
		var found []string
		for _, d := range resp.Diagnostics {
			found = append(found, d.Attribute.String()+": "+d.Summary)
		}
		return strings.Join(found, "; ")
	}
	tests := []struct {
		name       string
		attributes map[string]any
		want       string
	}{
		{"empty block", nil, ""},
		{"unknown values", map[string]any{"api_token": nil, "base_url": nil, "max_retries": nil}, ""},
		{"bad URL", map[string]any{"base_url": "ftp://x"}, `AttributeName("base_url"): Invalid base_url`},
		{"empty token", map[string]any{"api_token": ""}, `AttributeName("api_token")`},
		{"too many retries", map[string]any{"max_retries": 21}, `AttributeName("max_retries"): Invalid max_retries`},
		{"half a request a minute", map[string]any{"requests_per_minute": 0.5}, `AttributeName("requests_per_minute"): Invalid requests_per_minute`},
		{"a fraction of a retry", map[string]any{"max_retries": 2.5}, `AttributeName("max_retries"): Invalid max_retries`},
	}
	for _, tt := range tests {
		got := validate(tt.attributes)
		if (tt.want == "" && got != "") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: %q, want %q", tt.name, got, tt.want)
		}
	}
}

func TestUserAgent(t *testing.T) {
	t.Parallel()
	if got := userAgent("1.0.0", ""); got != "terraform-provider-accesscontrol/1.0.0" {
		t.Errorf("user agent = %q", got)
	}
}
