// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/provider"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-framework/resource"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// probe is a provider with this resource alone.
type probe struct{ data *tfkit.ProviderData }

func (probe) Metadata(_ context.Context, _ provider.MetadataRequest, resp *provider.MetadataResponse) {
	resp.TypeName = "accesscontrol"
}
func (probe) Schema(context.Context, provider.SchemaRequest, *provider.SchemaResponse) {}
func (p probe) Configure(_ context.Context, _ provider.ConfigureRequest, resp *provider.ConfigureResponse) {
	resp.ResourceData = p.data
}
func (probe) DataSources(context.Context) []func() datasource.DataSource { return nil }
func (probe) Resources(context.Context) []func() resource.Resource {
	return []func() resource.Resource{NewResource}
}

func tokenSchema(t *testing.T) resource.SchemaResponse {
	t.Helper()
	var resp resource.SchemaResponse
	NewResource().Schema(t.Context(), resource.SchemaRequest{}, &resp)
	return resp
}

// raw is a model as the protocol carries it; nil is a resource that does not exist.
func raw(t *testing.T, m *tokenModel) *tfprotov6.DynamicValue {
	t.Helper()
	schema := tokenSchema(t).Schema
	kind := schema.Type().TerraformType(t.Context())
	state := tfsdk.State{Schema: schema, Raw: tftypes.NewValue(kind, nil)}
	if m != nil {
		if diags := state.Set(t.Context(), m); diags.HasError() {
			t.Fatal(diags)
		}
	}
	value, err := tfprotov6.NewDynamicValue(kind, state.Raw)
	if err != nil {
		t.Fatal(err)
	}
	return &value
}

// config is the model without what only the API and the provider set. Status is
// part of it only where the test sets it afterwards.
func config(m tokenModel) tokenModel {
	m.ID, m.IssuedOn, m.ModifiedOn = types.StringNull(), types.StringNull(), types.StringNull()
	m.dropSecret()
	m.Grants, m.Status = types.SetNull(types.StringType), types.StringNull()
	return m
}

// proposed is what Terraform hands to the plan: the configuration, with prior
// values where the provider may decide.
func proposed(conf tokenModel, prior *tokenModel) tokenModel {
	if prior == nil {
		return conf
	}
	conf.ID, conf.IssuedOn, conf.ModifiedOn, conf.Grants = prior.ID, prior.IssuedOn, prior.ModifiedOn, prior.Grants
	conf.Value, conf.EncryptedValue = prior.Value, prior.EncryptedValue
	if conf.Status.IsNull() {
		conf.Status = prior.Status
	}
	return conf
}

type planResult struct {
	plan     tokenModel
	replace  []string
	problems []string // "severity path: summary"
}

// planner is what a plan meets besides configuration and state. The zero value is a process that has read
// nothing.
type planner struct {
	read    *tfkit.Marks      // the tokens that were read, by id
	past    []string          // what [pastMark] knows tokens by that were read past their expiry
	private map[string][]byte // the private data of the resource
	details *[]string         // receives the details of the problems, unless nil
}

// runPlan plans through the plugin protocol, without a CLI and without an API, what was read before.
func runPlan(t *testing.T, conf tokenModel, prior *tokenModel, now string) planResult {
	t.Helper()
	var read tfkit.Marks
	if prior != nil {
		read.Add(prior.ID.ValueString())
	}
	return planner{read: &read}.run(t, conf, prior, now)
}

// runPlanIn is runPlan in a process that has read the tokens which are marked.
func runPlanIn(t *testing.T, read *tfkit.Marks, conf tokenModel, prior *tokenModel, now string) planResult {
	t.Helper()
	return planner{read: read}.run(t, conf, prior, now)
}

// run plans through the plugin protocol, without a CLI and without an API.
func (p planner) run(t *testing.T, conf tokenModel, prior *tokenModel, now string) planResult {
	t.Helper()
	data := &tfkit.ProviderData{Now: func() time.Time { return *instant(t, now) }, WarnBeforeExpiry: 30 * 24 * time.Hour, ReadTokens: p.read}
	for _, mark := range p.past {
		data.PastTokens.Add(mark)
	}
	var private []byte
	if p.private != nil {
		var err error
		if private, err = json.Marshal(p.private); err != nil {
			t.Fatal(err)
		}
	}
	server := providerserver.NewProtocol6(probe{data: data})()
	empty, err := tfprotov6.NewDynamicValue(tftypes.Object{}, tftypes.NewValue(tftypes.Object{}, map[string]tftypes.Value{}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := server.ConfigureProvider(t.Context(), &tfprotov6.ConfigureProviderRequest{Config: &empty}); err != nil {
		t.Fatal(err)
	}
	next := proposed(conf, prior)
	resp, err := server.PlanResourceChange(t.Context(), &tfprotov6.PlanResourceChangeRequest{
		TypeName: TypeName, Config: raw(t, &conf), PriorState: raw(t, prior), ProposedNewState: raw(t, &next),
		PriorPrivate: private,
	})
	if err != nil {
		t.Fatal(err)
	}
	var out planResult
	for _, d := range resp.Diagnostics {
		at := ""
		if d.Attribute != nil {
			at = " " + d.Attribute.String()
		}
		out.problems = append(out.problems, d.Severity.String()+at+": "+d.Summary)
		if p.details != nil {
			*p.details = append(*p.details, d.Detail)
		}
	}
	for _, p := range resp.RequiresReplace {
		out.replace = append(out.replace, p.String())
	}
	if resp.PlannedState == nil {
		return out
	}
	schema := tokenSchema(t).Schema
	value, err := resp.PlannedState.Unmarshal(schema.Type().TerraformType(t.Context()))
	if err != nil {
		t.Fatal(err)
	}
	plan := tfsdk.Plan{Schema: schema, Raw: value}
	if diags := plan.Get(t.Context(), &out.plan); diags.HasError() {
		t.Fatal(diags)
	}
	return out
}

var byEqual = cmp.Comparer(func(a, b attr.Value) bool { return a.Equal(b) })

const planNow = "2030-01-01T00:00:00Z"

func TestPlan_Create(t *testing.T) {
	t.Parallel()
	full := fullModel(t)
	got := runPlan(t, config(full), nil, planNow)
	want := config(full)
	want.ID, want.Value, want.IssuedOn, want.ModifiedOn, want.Status = types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown(), types.StringUnknown()
	want.Grants = full.Grants
	if diff := cmp.Diff(planResult{plan: want}, got, cmp.AllowUnexported(planResult{}), byEqual); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

// TestPlan_Respelled holds that what means the same plans nothing, whatever it
// is spelled like.
func TestPlan_Respelled(t *testing.T) {
	t.Parallel()
	full := fullModel(t)
	conf := config(full)
	conf.Policies = policiesValue(t, map[string]any{
		"self": obj{"effect": "allow", "permission_groups": []string{"user:API Tokens Read"}, "resources": obj{"user": true, "zones": []string{}}},
		"dns":  pol([]string{dnsWrite}, obj{"zones": []string{zoneA}}),
	})
	conf.Condition = conditionValue(t, requestIP([]string{"198.51.100.7/32"}, []string{"203.0.113.0/24"}))
	conf.NotBefore, conf.ExpiresOn = stamp("2030-01-01T00:00:00Z"), stamp("2030-12-31T19:00:00-05:00")
	got := runPlan(t, conf, &full, planNow)
	if diff := cmp.Diff(planResult{plan: full}, got, cmp.AllowUnexported(planResult{}), byEqual); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

// TestPlan_RenamedKey changes state alone: modified_on stays known.
func TestPlan_RenamedKey(t *testing.T) {
	t.Parallel()
	full := fullModel(t)
	conf := config(full)
	elements := conf.Policies.Elements()
	conf.Policies = types.MapValueMust(policyset.PolicyType, map[string]attr.Value{"renamed": elements["dns"], "self": elements["self"]})
	got := runPlan(t, conf, &full, planNow)
	want := full
	want.Policies = conf.Policies
	if diff := cmp.Diff(planResult{plan: want}, got, cmp.AllowUnexported(planResult{}), byEqual); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func TestPlan_PolicyChanged(t *testing.T) {
	t.Parallel()
	full := fullModel(t)
	conf := config(full)
	conf.Policies = policiesValue(t, map[string]any{
		"dns":  pol([]string{"DNS Write"}, obj{"zones": []string{zoneA}}), // respelled, which the update takes over
		"self": pol([]string{"API Tokens Read", "User Details Read"}, obj{"user": true}),
	})
	got := runPlan(t, conf, &full, planNow)
	want := full
	want.Policies = conf.Policies
	want.ModifiedOn = types.StringUnknown()
	want.Grants = types.SetValueMust(types.StringType, append(full.Grants.Elements(), types.StringValue("allow User Details Read on the token's user")))
	if diff := cmp.Diff(planResult{plan: want}, got, cmp.AllowUnexported(planResult{}), byEqual); diff != "" {
		t.Errorf("plan (-want +got):\n%s", diff)
	}
}

func TestPlan_Diagnostics(t *testing.T) {
	t.Parallel()
	past := stamp("2029-12-01T00:00:00Z")
	tests := []struct {
		name    string
		prior   func(*tokenModel)
		conf    func(*tokenModel)
		create  bool
		want    []string
		replace []string
	}{
		{
			name: "created past its expiry", create: true, conf: func(m *tokenModel) { m.ExpiresOn, m.NotBefore = past, timestampNull() },
			want: []string{`ERROR AttributeName("expires_on"): Expiry lies in the past`},
		},
		{
			name: "created as expired", create: true, conf: func(m *tokenModel) { m.Status = types.StringValue("expired") },
			want: []string{`ERROR AttributeName("status"): Invalid Attribute Value Match`},
		},
		{
			name: "created as revoked", create: true, conf: func(m *tokenModel) { m.Status = types.StringValue("revoked (exposed)") },
			want: []string{`ERROR AttributeName("status"): Invalid Attribute Value Match`},
		},
		{
			name: "changed to the past", conf: func(m *tokenModel) { m.ExpiresOn, m.NotBefore = past, timestampNull() },
			want: []string{`ERROR AttributeName("expires_on"): Expiry lies in the past`},
		},
		{
			name: "past and unchanged", prior: func(m *tokenModel) { m.ExpiresOn, m.NotBefore = past, timestampNull() },
			conf: func(m *tokenModel) { m.ExpiresOn, m.NotBefore = past, timestampNull() },
		},
		{
			name: "expired and unchanged", prior: func(m *tokenModel) {
				m.ExpiresOn, m.NotBefore, m.Status = past, timestampNull(), types.StringValue("expired")
			}, conf: func(m *tokenModel) { m.ExpiresOn, m.NotBefore = past, timestampNull() },
			want: []string{`WARNING AttributeName("expires_on"): API token has expired`},
		},
		{
			name: "expired, new expiry", prior: func(m *tokenModel) {
				m.ExpiresOn, m.NotBefore, m.Status = past, timestampNull(), types.StringValue("expired")
			}, conf: func(*tokenModel) {},
			want:    []string{`WARNING AttributeName("status"): API token has expired`},
			replace: []string{`AttributeName("expires_on")`, `AttributeName("status")`},
		},
		{
			name: "revoked", prior: func(m *tokenModel) { m.Status = types.StringValue("revoked (exposed)") }, conf: func(*tokenModel) {},
			want:    []string{`WARNING AttributeName("status"): API token was revoked`},
			replace: []string{`AttributeName("status")`},
		},
		{
			name: "disabled by hand", prior: func(m *tokenModel) { m.Status = types.StringValue("disabled") }, conf: func(*tokenModel) {},
			want: []string{`WARNING AttributeName("status"): API token is disabled`},
		},
		{
			name: "expires soon", prior: func(m *tokenModel) { m.ExpiresOn = stamp("2030-01-20T00:00:00Z") }, conf: func(m *tokenModel) { m.ExpiresOn = stamp("2030-01-20T00:00:00Z") },
			want: []string{`WARNING AttributeName("expires_on"): API token expires soon`},
		},
		{name: "account changes", conf: func(m *tokenModel) {
			m.AccountID = types.StringValue(accountA)
			m.Policies = policiesValue(t, map[string]any{"z": pol([]string{"Zone Read"}, obj{"zones": []string{zoneA}})})
		}, replace: []string{`AttributeName("account_id")`}},
		{name: "manages tokens", conf: func(m *tokenModel) {
			m.Policies = policiesValue(t, map[string]any{"t": pol([]string{"API Tokens Write"}, obj{"user": true})})
		}, want: []string{`WARNING AttributeName("policies").ElementKeyString("t"): Token may manage tokens`}},
		{name: "denied to manage tokens", conf: func(m *tokenModel) {
			m.Policies = policiesValue(t, map[string]any{"t": obj{"effect": "deny", "permission_groups": []string{"API Tokens Write"}, "resources": obj{"user": true}}})
		}},
		{name: "unknown group", conf: func(m *tokenModel) {
			m.Policies = policiesValue(t, map[string]any{"t": pol([]string{"DNS Wrte"}, obj{"zones": []string{zoneA}})})
		}, want: []string{`ERROR AttributeName("policies").ElementKeyString("t"): Unknown permission group`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			prior, conf := fullModel(t), config(fullModel(t))
			if test.prior != nil {
				test.prior(&prior)
			}
			test.conf(&conf)
			state := &prior
			if test.create {
				state = nil
			}
			got := runPlan(t, conf, state, planNow)
			if diff := cmp.Diff(test.want, got.problems); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(test.replace, got.replace); diff != "" {
				t.Errorf("replace (-want +got):\n%s", diff)
			}
		})
	}
}

// TestPlan_Unknown plans with values that an apply will know.
func TestPlan_Unknown(t *testing.T) {
	t.Parallel()
	full := fullModel(t)
	for name, change := range map[string]func(*tokenModel){
		"policies": func(m *tokenModel) { m.Policies = types.MapUnknown(policyset.PolicyType) },
		"a group": func(m *tokenModel) {
			m.Policies = policiesValue(t, map[string]any{"dns": obj{"permission_groups": []any{unknown}, "resources": obj{"zones": []string{zoneA}}}})
		},
		"a zone": func(m *tokenModel) {
			m.Policies = policiesValue(t, map[string]any{"dns": pol([]string{"DNS Write"}, obj{"zones": []any{unknown}})})
		},
		"condition": func(m *tokenModel) { m.Condition = types.ObjectUnknown(conditionType.AttrTypes) },
		"expiry":    func(m *tokenModel) { m.ExpiresOn = timestamp{StringValue: types.StringUnknown()} },
		"name":      func(m *tokenModel) { m.Name = types.StringUnknown() },
		"account":   func(m *tokenModel) { m.AccountID = types.StringUnknown() },
	} {
		for _, prior := range []*tokenModel{nil, &full} {
			conf := config(full)
			change(&conf)
			got := runPlan(t, conf, prior, planNow)
			if len(got.problems) > 0 || !got.plan.ModifiedOn.IsUnknown() {
				t.Errorf("%s (update %v): problems %v, modified_on %s", name, prior != nil, got.problems, got.plan.ModifiedOn)
			}
			known, _ := got.plan.compile(t.Context())
			if got.plan.Grants.IsUnknown() == known.policiesKnown {
				t.Errorf("%s (update %v): grants %s", name, prior != nil, got.plan.Grants)
			}
		}
	}
}

// TestPlan_ExpiredToAnotherOwner replaces a dead token for another owner with its expiry unchanged: nothing says
// that nothing is planned, and the refusal that the apply comes to is told beforehand. It is no error, because a
// destroy is planned in the same way first.
func TestPlan_ExpiredToAnotherOwner(t *testing.T) {
	t.Parallel()
	past := stamp("2029-12-01T00:00:00Z")
	const (
		refused = `WARNING AttributeName("expires_on"): Expiry lies in the past`
		revoked = `WARNING AttributeName("status"): API token was revoked`
	)
	for name, test := range map[string]struct {
		held       string
		configured types.String
		account    types.String
		expires    timestamp
		want       []string
		status     types.String
		destroys   bool
	}{
		"expired":                     {"expired", types.StringNull(), types.StringValue(accountA), past, []string{refused}, types.StringUnknown(), true},
		"expired, account not known":  {"expired", types.StringNull(), types.StringUnknown(), past, []string{refused}, types.StringUnknown(), true},
		"expired, disabled asked for": {"expired", types.StringValue("disabled"), types.StringValue(accountA), past, []string{refused}, types.StringValue("disabled"), true},
		"expired, new expiry":         {"expired", types.StringNull(), types.StringValue(accountA), stamp("2040-01-01T00:00:00Z"), nil, types.StringUnknown(), false},
		"revoked and expired":         {"revoked (exposed)", types.StringNull(), types.StringValue(accountA), past, []string{revoked, refused}, types.StringUnknown(), true},
		"as it was imported": {
			"expired", types.StringValue("expired"), types.StringValue(accountA), past,
			[]string{`ERROR AttributeName("status"): Invalid Attribute Value Match`, refused},
			types.StringValue("expired"), true,
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			prior, conf := fullModel(t), config(fullModel(t))
			policies := policiesValue(t, map[string]any{"z": pol([]string{"Zone Read"}, obj{"zones": []string{zoneA}})})
			prior.Policies, conf.Policies = policies, policies
			prior.ExpiresOn, prior.NotBefore, prior.Status = past, timestampNull(), types.StringValue(test.held)
			conf.ExpiresOn, conf.NotBefore, conf.Status, conf.AccountID = test.expires, timestampNull(), test.configured, test.account
			mark, isPast := pastMark(*instant(t, planNow), prior.Name, prior.ExpiresOn)
			if !isPast {
				t.Fatal("the expiry is not past")
			}
			var details []string
			got := planner{past: []string{mark}, details: &details}.run(t, conf, &prior, planNow)
			if diff := cmp.Diff(test.want, got.problems); diff != "" {
				t.Errorf("diagnostics (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff([]string{`AttributeName("account_id")`}, got.replace); diff != "" {
				t.Errorf("replace (-want +got):\n%s", diff)
			}
			if !got.plan.Status.Equal(test.status) {
				t.Errorf("status %s, want %s", got.plan.Status, test.status)
			}
			all := strings.Join(details, "\n")
			if strings.Contains(all, "Nothing is planned") {
				t.Errorf("says that nothing is planned:\n%s", all)
			}
			if told := strings.Contains(all, "an apply refuses to create it. By then it has destroyed the token"); told != test.destroys {
				t.Errorf("told what the apply does: %v, want %v:\n%s", told, test.destroys, all)
			}
		})
	}
}
