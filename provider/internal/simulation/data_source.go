// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"net/netip"
	"time"

	"github.com/hashicorp/terraform-plugin-framework-validators/datasourcevalidator"
	"github.com/hashicorp/terraform-plugin-framework/datasource"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// TypeName is the name of the data source that simulates.
const TypeName = "accesscontrol_access_simulation"

var (
	_ datasource.DataSourceWithConfigure        = (*dataSource)(nil)
	_ datasource.DataSourceWithConfigValidators = (*dataSource)(nil)
	_ datasource.DataSourceWithValidateConfig   = (*dataSource)(nil)
)

type dataSource struct {
	tfkit.DataSourceBase
}

// simulationModel is the data source in configuration and state.
type simulationModel struct {
	TokenID       types.String   `tfsdk:"token_id"`
	Policies      types.Map      `tfsdk:"policies"`
	AccountID     types.String   `tfsdk:"account_id"`
	Operation     types.String   `tfsdk:"operation"`
	Target        types.Object   `tfsdk:"target"`
	Address       types.String   `tfsdk:"address"`
	At            types.String   `tfsdk:"at"`
	SetsAPIAccess types.String   `tfsdk:"sets_api_access"`
	Allowed       types.Bool     `tfsdk:"allowed"`
	Reason        types.String   `tfsdk:"reason"`
	Explanation   types.String   `tfsdk:"explanation"`
	Remedy        types.String   `tfsdk:"remedy"`
	UnknownFacts  []types.String `tfsdk:"unknown_facts"`
	PolicyAllows  types.Bool     `tfsdk:"policy_allows"`
	ManagesTokens types.Bool     `tfsdk:"manages_tokens"`
	Trace         []stepModel    `tfsdk:"trace"`
}

// stepModel is one gate of the trace.
type stepModel struct {
	Gate    types.Int64  `tfsdk:"gate"`
	Asks    types.String `tfsdk:"asks"`
	Outcome types.String `tfsdk:"outcome"`
	Detail  types.String `tfsdk:"detail"`
}

// NewDataSource returns the data source that simulates, not yet configured.
func NewDataSource() datasource.DataSource { return &dataSource{} }

// Metadata names the data source type.
func (d *dataSource) Metadata(_ context.Context, _ datasource.MetadataRequest, resp *datasource.MetadataResponse) {
	resp.TypeName = TypeName
}

// Schema describes the data source.
func (d *dataSource) Schema(_ context.Context, _ datasource.SchemaRequest, resp *datasource.SchemaResponse) {
	resp.Schema = simulationSchema()
}

// ConfigValidators require that the token is given in one way.
func (d *dataSource) ConfigValidators(context.Context) []datasource.ConfigValidator {
	return []datasource.ConfigValidator{
		datasourcevalidator.ExactlyOneOf(path.MatchRoot("token_id"), path.MatchRoot("policies")),
	}
}

// ValidateConfig finds every mistake that the configuration alone shows: in policies, in the words of
// the operation, and in a target that cannot be the operation's.
func (d *dataSource) ValidateConfig(ctx context.Context, req datasource.ValidateConfigRequest, resp *datasource.ValidateConfigResponse) {
	var config simulationModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	policies, complete := config.policies(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || config.Operation.IsUnknown() || !knownInFull(ctx, config.Target) || config.SetsAPIAccess.IsUnknown() {
		return
	}
	q, t := config.question(ctx, policies, time.Time{}, &resp.Diagnostics)
	if resp.Diagnostics.HasError() || !complete {
		return
	}
	anyone, err := newSubject(nil, policyset.OwnerOf(config.AccountID))
	if err != nil {
		return // the validator of the attribute says it
	}
	k := newKnowledge()
	t.knownZone(k, false)
	if _, _, err := q.under(anyone, k, best.in(q.accounts[0])); err != nil {
		resp.Diagnostics.Append(targetProblems(err)...)
	}
}

// Read answers the question.
func (d *dataSource) Read(ctx context.Context, req datasource.ReadRequest, resp *datasource.ReadResponse) {
	var config simulationModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	policies, complete := config.policies(ctx, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	if !complete {
		resp.Diagnostics.AddError("Provider bug: unknown value in a read", "The policies are not known in full while the data source is read.\n\nThis is a defect in the provider. Please report it with the text above.")
		return
	}
	subject, policies := d.subject(ctx, &config, policies, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	// The API's clock decides; reading the token has told what it shows. Policies by themselves have no times.
	q, t := config.question(ctx, policies, d.Data.Client.ServerTime(), &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	asked := &inquirer{api: d.Data.Client, subject: subject, knowledge: newKnowledge()}
	t.knownZone(asked.knowledge, false)
	if t.claimed() {
		asked.locate(ctx, &q, policies)
	}
	v, err := asked.answer(ctx, &q)
	if err != nil {
		resp.Diagnostics.Append(targetProblems(err)...)
	}
	t.refuseUnnamed(asked.knowledge, &resp.Diagnostics)
	t.refuseMisnamed(asked.knowledge, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	config.take(subject, &v)
	resp.Diagnostics.Append(resp.State.Set(ctx, &config)...)
}

// policies are the inline ones, with their problems; none where the token exists.
func (m *simulationModel) policies(ctx context.Context, diags *diag.Diagnostics) ([]policyset.Keyed, bool) {
	if m.Policies.IsNull() {
		return nil, true
	}
	list, complete, ds := policyset.Compile(ctx, m.Policies, policyset.OwnerOf(m.AccountID))
	diags.Append(tfkit.Pointed(ds)...)
	return list, complete
}

// subject is the token that is asked about, and its policies.
func (d *dataSource) subject(ctx context.Context, config *simulationModel, policies []policyset.Keyed, diags *diag.Diagnostics) (*subject, []policyset.Keyed) {
	own := policyset.OwnerOf(config.AccountID)
	if config.TokenID.IsNull() {
		s, err := newSubject(policies, own)
		if err != nil {
			diags.AddAttributeError(path.Root("policies"), "Policies cannot be judged", "The engine does not accept the policies: "+err.Error()+".")
		}
		return s, policies
	}
	token, err := d.Data.Client.GetToken(ctx, client.Owner{AccountID: own.AccountID}, config.TokenID.ValueString())
	if err != nil {
		diags.Append(tfkit.APIErrorAt(path.Root("token_id"), "read", "API token", err))
		return nil, nil
	}
	s, err := subjectOf(token, own)
	if err != nil {
		diags.AddAttributeError(path.Root("token_id"), "Token cannot be judged",
			"The API's reply holds something that cannot be judged: "+err.Error()+".\n\nCorrect the token where it was written, then run again.")
	}
	return s, policyset.Named(token.Policies)
}

// question reads what is asked. All of it is known but, in a validation, the address and the instant,
// which then do not matter.
func (m *simulationModel) question(ctx context.Context, policies []policyset.Keyed, now time.Time, diags *diag.Diagnostics) (question, target) {
	operation, err := inquiry.ParseOperation(m.Operation.ValueString())
	if err != nil {
		summary, detail := operationProblem(err)
		diags.AddAttributeError(path.Root("operation"), summary, detail)
	}
	t := readTarget(ctx, path.Root("target"), m.Target, diags)
	t.locate(operation)
	q := question{operation: operation, target: t.Target, zone: t.zone, now: now, accounts: t.mayLieIn(policies)}
	if owner, owned := authz.ParseID(m.AccountID.ValueString()); owned && t.account.IsZero() {
		q.accounts = []authz.ID{owner} // A token reaches nothing outside the account that owns it.
	}
	if at, err := time.Parse(time.RFC3339, m.At.ValueString()); err == nil {
		q.now = at
	}
	if address, err := netip.ParseAddr(m.Address.ValueString()); err == nil {
		q.address = address
	}
	if !m.SetsAPIAccess.IsNull() {
		q.change = &inquiry.SwitchChange{To: authz.SwitchOf(lockout.ValueOf(m.SetsAPIAccess.ValueString()))}
	}
	return q, t
}

// take fills in the answer.
func (m *simulationModel) take(s *subject, v *verdict) {
	m.Allowed = types.BoolValue(v.allowed)
	m.Reason = nullIfEmpty(v.reason())
	m.Explanation = types.StringValue(v.explanation(s))
	m.Remedy = nullIfEmpty(v.remedy())
	m.PolicyAllows = types.BoolPointerValue(v.policyAllows)
	m.ManagesTokens = types.BoolValue(inquiry.ManagesTokens(s.credential))
	m.UnknownFacts = make([]types.String, 0, len(v.unknown))
	for _, u := range v.unknown {
		m.UnknownFacts = append(m.UnknownFacts, types.StringValue(u.fact))
	}
	m.Trace = make([]stepModel, 0, len(v.steps))
	for _, step := range v.steps {
		m.Trace = append(m.Trace, stepModel{
			Gate: types.Int64Value(int64(step.Gate)), Asks: types.StringValue(asks[step.Gate]),
			Outcome: types.StringValue(string(step.Outcome)), Detail: nullIfEmpty(s.words(step.Detail)),
		})
	}
}

func nullIfEmpty(s string) types.String {
	if s == "" {
		return types.StringNull()
	}
	return types.StringValue(s)
}

// knownInFull reports whether no part of an object is unknown.
func knownInFull(ctx context.Context, obj types.Object) bool {
	value, err := obj.ToTerraformValue(ctx)
	return err == nil && value.IsFullyKnown()
}
