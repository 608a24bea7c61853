// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	framework "github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// stateWriter stands in for the official provider: its resources keep in state what is configured, in the
// schema of that provider's version 5, so that a test has a state to move from. It makes no request.
type stateWriter struct{}

func (stateWriter) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "cloudflare"
}
func (stateWriter) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (stateWriter) Configure(context.Context, provider.ConfigureRequest, *provider.ConfigureResponse) {
}
func (stateWriter) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (stateWriter) Resources(context.Context) []func() framework.Resource {
	return []func() framework.Resource{
		func() framework.Resource { return officialToken{"cloudflare_api_token"} },
		func() framework.Resource { return officialToken{"cloudflare_account_token"} },
	}
}

type officialToken struct{ typeName string }

func (o officialToken) Metadata(_ context.Context, _ framework.MetadataRequest, resp *framework.MetadataResponse) {
	resp.TypeName = o.typeName
}

func (o officialToken) Schema(_ context.Context, _ framework.SchemaRequest, resp *framework.SchemaResponse) {
	text := schema.StringAttribute{Optional: true}
	ranges := schema.ListAttribute{Optional: true, ElementType: types.StringType}
	resp.Schema = schema.Schema{Version: 501, Attributes: map[string]schema.Attribute{
		"id": text, "name": text, "status": text, "not_before": text, "expires_on": text, "issued_on": text,
		"modified_on": text, "last_used_on": text,
		"value": schema.StringAttribute{Optional: true, Sensitive: true},
		"condition": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{
			"request_ip": schema.SingleNestedAttribute{Optional: true, Attributes: map[string]schema.Attribute{"in": ranges, "not_in": ranges}},
		}},
		"policies": schema.SetNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
			"id": text, "effect": text, "resources": text,
			"permission_groups": schema.SetNestedAttribute{Optional: true, NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{"id": text}}},
		}}},
	}}
	if o.typeName == "cloudflare_account_token" {
		resp.Schema.Attributes["account_id"] = text
	}
}

func (officialToken) Create(_ context.Context, req framework.CreateRequest, resp *framework.CreateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (officialToken) Read(context.Context, framework.ReadRequest, *framework.ReadResponse) {}
func (officialToken) Update(_ context.Context, req framework.UpdateRequest, resp *framework.UpdateResponse) {
	resp.State.Raw = req.Plan.Raw
}
func (officialToken) Delete(context.Context, framework.DeleteRequest, *framework.DeleteResponse) {}

// TestAccAPIToken_moved moves a token in one plan: it keeps its id and secret, and nothing is written.
func TestAccAPIToken_moved(t *testing.T) {
	t.Parallel()
	acctest.Needs(t, acctest.Move)
	w := newWorld(t)
	w.ProtoV6ProviderFactories["cloudflare"] = providerserver.NewProtocol6WithError(stateWriter{})
	id, secret := w.issue("/user/tokens", "odd")
	zone := w.ID("example.com")
	w.change("/user/tokens/"+id, func(d map[string]any) {
		d["policies"] = []any{map[string]any{
			"effect": "allow", "permission_groups": []any{map[string]any{"id": "4755a26eedb94da69e1066d98aa820be"}},
			"resources": map[string]any{"com.cloudflare.api.account.zone." + zone: "*"},
		}}
	})
	old := fmt.Sprintf(`
resource "cloudflare_api_token" "old" {
  id     = %q
  name   = "odd"
  status = "active"
  value  = %q
  policies = [{
    id                = "f267e341f3dd4697bd3b9f71dd96247f"
    effect            = "allow"
    permission_groups = [{ id = "4755a26eedb94da69e1066d98aa820be" }]
    resources         = jsonencode({ "com.cloudflare.api.account.zone.%s" = "*" })
  }]
}
`, id, secret, zone)
	moved := w.with("moved {\n from = cloudflare_api_token.old\n to = "+address+"\n}\n", "name = \"odd\"\n"+dnsPolicy)
	key := w.Server.CredentialOf(mocktest.GlobalKey, "dns")
	asOther := strings.Replace(moved, w.ProviderConfig(), fmt.Sprintf("provider \"accesscontrol\" {\n  base_url = %q\n  email = %q\n  api_key = %q\n}\n",
		w.Server.BaseURL, key.Email, key.Value), 1)
	keeps := []statecheck.StateCheck{
		statecheck.ExpectKnownValue(address, at("id"), knownvalue.StringExact(id)),
		statecheck.ExpectKnownValue(address, at("value"), knownvalue.StringExact(secret)),
		statecheck.ExpectSensitiveValue(address, at("value")),
		w.ExpectWrites(map[string]int{}),
	}
	w.Test(
		resource.TestStep{Config: w.ProviderConfig() + old},
		// To another user the API answers as if there were no such token.
		resource.TestStep{Config: asOther, ExpectError: regexp.MustCompile("Moved API token is not found")},
		resource.TestStep{
			PreConfig: w.Fresh, Config: moved, ConfigStateChecks: keeps,
			ConfigPlanChecks: action(plancheck.ResourceActionNoop),
		},
		resource.TestStep{Config: moved, ConfigPlanChecks: isEmpty, ConfigStateChecks: keeps},
	)
}
