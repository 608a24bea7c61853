// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/ephemeral"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

const (
	// leaseKey is the name of the private data.
	leaseKey = "lease"
	// revokeTimeout bounds a revocation, which goes on when the run is interrupted: a live token is
	// worse than a late end.
	revokeTimeout = 30 * time.Second
	// expirySpread is what an expiry may lie later than the ttl says. Runs that begin at the same time have tokens
	// of the same name and policies; that their expiry differs keeps one whose answer was lost from being taken for
	// the other's.
	expirySpread = time.Minute
)

var (
	_ ephemeral.EphemeralResourceWithConfigure      = &ephemeralToken{}
	_ ephemeral.EphemeralResourceWithValidateConfig = &ephemeralToken{}
	_ ephemeral.EphemeralResourceWithRenew          = &ephemeralToken{}
	_ ephemeral.EphemeralResourceWithClose          = &ephemeralToken{}
)

// ephemeralToken is a token for the length of a run.
type ephemeralToken struct{ tfkit.EphemeralBase }

// NewEphemeral returns the ephemeral resource accesscontrol_api_token.
func NewEphemeral() ephemeral.EphemeralResource { return &ephemeralToken{} }

// ephemeralModel is the ephemeral resource in configuration and result.
type ephemeralModel struct {
	AccountID types.String `tfsdk:"account_id"`
	Name      types.String `tfsdk:"name"`
	Policies  types.Map    `tfsdk:"policies"`
	Condition types.Object `tfsdk:"condition"`
	TTL       types.String `tfsdk:"ttl"`
	ID        types.String `tfsdk:"id"`
	Value     types.String `tfsdk:"value"`
	ExpiresOn types.String `tfsdk:"expires_on"`
}

// lease is what the private data keep of an open token: enough to renew and to revoke it, and not its
// secret.
type lease struct {
	AccountID  string                 `json:"account_id,omitempty"`
	ID         string                 `json:"id"`
	TTL        time.Duration          `json:"ttl"`
	Definition client.TokenDefinition `json:"definition"`
}

// Metadata sets the type.
func (e *ephemeralToken) Metadata(_ context.Context, _ ephemeral.MetadataRequest, resp *ephemeral.MetadataResponse) {
	resp.TypeName = TypeName
}

// ValidateConfig finds every mistake that the configuration alone shows.
func (e *ephemeralToken) ValidateConfig(ctx context.Context, req ephemeral.ValidateConfigRequest, resp *ephemeral.ValidateConfigResponse) {
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	_, diags := config.compile(ctx)
	resp.Diagnostics.Append(tfkit.Pointed(diags)...)
}

// Open makes the token, with the expiry that ends it whatever becomes of this run. Terraform closes only
// what was opened without an error, so on an error nothing must be left.
func (e *ephemeralToken) Open(ctx context.Context, req ephemeral.OpenRequest, resp *ephemeral.OpenResponse) {
	defer e.Data.Cleanup.Hold()()
	var config ephemeralModel
	resp.Diagnostics.Append(req.Config.Get(ctx, &config)...)
	if resp.Diagnostics.HasError() {
		return
	}
	granted, def := e.prepare(ctx, &config, &resp.Diagnostics)
	if resp.Diagnostics.HasError() {
		return
	}
	token, err := e.Data.Client.CreateToken(ctx, granted.owner(), granted.Definition)
	if err != nil {
		resp.Diagnostics.Append(requestFailed("create", err, def)...)
		_, lost := errors.AsType[*client.LostCreateError](err)
		if _, unsettled := client.LostCreateOf(err); lost || unsettled {
			resp.Diagnostics.AddWarning("API token may live on",
				fmt.Sprintf("Should the token %q exist, it ends by itself at %s.", granted.Definition.Name, granted.end()))
		}
		if token != nil {
			granted.ID = token.ID
			e.keepOpen(granted)
			resp.Diagnostics.Append(e.revoke(ctx, granted)...)
		}
		return
	}
	granted.ID = token.ID
	e.keepOpen(granted)
	if token.ExpiresOn == nil {
		resp.Diagnostics.AddError("API ignores the expiry of tokens",
			"The token was made without an expiry, although one was asked for, so that nothing would end it if Terraform cannot. It is revoked.\n\nUse the resource accesscontrol_api_token with this API.")
		resp.Diagnostics.Append(e.revoke(ctx, granted)...)
		return
	}
	if !token.Matches(granted.Definition) {
		resp.Diagnostics.Append(otherThanAsked("created", token))
		resp.Diagnostics.Append(e.revoke(ctx, granted)...)
		return
	}
	config.ID = types.StringValue(token.ID)
	config.Value = types.StringValue(token.Value)
	config.ExpiresOn = types.StringValue(formatTime(*token.ExpiresOn))
	resp.Diagnostics.Append(resp.Result.Set(ctx, &config)...)
	resp.Diagnostics.Append(granted.keep(ctx, resp.Private)...)
	if resp.Diagnostics.HasError() {
		resp.Diagnostics.Append(e.revoke(ctx, granted)...)
		return
	}
	resp.RenewAt = e.renewAt(granted)
}

// Renew moves the expiry on. The definition is written whole, as it was when the token was made.
func (e *ephemeralToken) Renew(ctx context.Context, req ephemeral.RenewRequest, resp *ephemeral.RenewResponse) {
	granted, diags := leaseOf(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	before := granted.end()
	granted.Definition.ExpiresOn = e.expiry(granted.TTL)
	if _, err := e.Data.Client.UpdateToken(ctx, granted.owner(), granted.ID, granted.Definition); err != nil {
		d := tfkit.APIError("renew", noun, err)
		resp.Diagnostics.AddError(d.Summary(), d.Detail()+fmt.Sprintf("\n\nThe token %s works until %s.", granted.ID, before))
		return
	}
	e.keepOpen(granted)
	resp.Diagnostics.Append(granted.keep(ctx, resp.Private)...)
	resp.RenewAt = e.renewAt(granted)
}

// Close revokes the token. Where that fails, the run has still done what it was to do, and the expiry does
// the rest.
func (e *ephemeralToken) Close(ctx context.Context, req ephemeral.CloseRequest, resp *ephemeral.CloseResponse) {
	granted, diags := leaseOf(ctx, req.Private)
	resp.Diagnostics.Append(diags...)
	if resp.Diagnostics.HasError() {
		return
	}
	resp.Diagnostics.Append(e.revoke(ctx, granted)...)
}

// prepare turns the configuration into what is to be requested, and the definition that its problems are
// reported at.
func (e *ephemeralToken) prepare(ctx context.Context, config *ephemeralModel, diags *diag.Diagnostics) (*lease, definition) {
	next, problems := config.compile(ctx)
	diags.Append(tfkit.Pointed(problems)...)
	ttl := defaultTTL
	if !config.TTL.IsNull() {
		// The validator has seen it.
		ttl, _ = parseTTL(config.TTL.ValueString())
	}
	if diags.HasError() {
		return nil, definition{}
	}
	userID := ""
	if next.needsUser() {
		user, err := e.Data.Client.User(ctx)
		if err != nil {
			diags.Append(tfkit.APIError("read", "calling user", err))
			return nil, definition{}
		}
		userID = user.ID
	}
	// What there was before the create has to be read anyway, and tells what time it is for the API.
	if err := e.Data.Client.PrepareCreate(ctx, apiOwner(policyset.OwnerOf(config.AccountID))); err != nil {
		diags.Append(requestFailed("create", err, definition{})...)
		return nil, definition{}
	}
	next.ExpiresOn = e.expiry(ttl)
	return &lease{AccountID: config.AccountID.ValueString(), TTL: ttl, Definition: next.toAPI(userID, "")}, next.definition
}

// expiry is by the API's clock, which ends the token.
func (e *ephemeralToken) expiry(ttl time.Duration) *time.Time {
	spread := rand.N(expirySpread) //nolint:gosec // It is to differ, and no secret.
	end := e.Data.Client.ServerTime().UTC().Add(ttl + spread).Truncate(time.Second)
	return &end
}

// renewAt is half the life from now, by the clock of the CLI, which asks for it.
func (e *ephemeralToken) renewAt(granted *lease) time.Time { return e.Data.Now().Add(granted.TTL / 2) }

// revoke deletes the token, even where the run is being stopped. A failure is a warning.
func (e *ephemeralToken) revoke(ctx context.Context, granted *lease) diag.Diagnostics {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), revokeTimeout)
	defer cancel()
	err := e.Data.Client.DeleteToken(ctx, granted.owner(), granted.ID)
	if err == nil {
		e.Data.Cleanup.Done(granted.ID)
		return nil
	}
	return diag.Diagnostics{diag.NewWarningDiagnostic("API token is not revoked", fmt.Sprintf(
		"%s\n\nThe token %s (%q) works until %s. Delete it, if that is too long.",
		tfkit.APIError("delete", noun, err).Detail(), granted.ID, granted.Definition.Name, granted.end()))}
}

// keepOpen has the process revoke the token before it ends, unless that was done before: the CLIs close no ephemeral
// resource where something that uses it failed, nor where the run is interrupted.
func (e *ephemeralToken) keepOpen(granted *lease) {
	api, owner, id, name, end := e.Data.Client, granted.owner(), granted.ID, granted.Definition.Name, granted.end()
	e.Data.Cleanup.Add(id, func(ctx context.Context) error {
		if err := api.DeleteToken(ctx, owner, id); err != nil {
			return fmt.Errorf("the API token %s (%q) is not revoked, and works until %s: %w", id, name, end, err)
		}
		return nil
	})
}

// compile is what the configuration means, by the rules of the resource. The expiry is not part of it.
func (m *ephemeralModel) compile(ctx context.Context) (compiled, diag.Diagnostics) {
	token := tokenModel{
		AccountID: m.AccountID, Name: m.Name, Policies: m.Policies, Condition: m.Condition,
		NotBefore: timestampNull(), ExpiresOn: timestampNull(),
	}
	return token.compile(ctx)
}

func (l *lease) owner() client.Owner {
	return apiOwner(policyset.OwnerOf(types.StringValue(l.AccountID)))
}

// end is the expiry as it stands.
func (l *lease) end() string { return formatTime(*l.Definition.ExpiresOn) }

// privateData is what the framework keeps for an open ephemeral resource.
type privateData interface {
	GetKey(ctx context.Context, key string) ([]byte, diag.Diagnostics)
	SetKey(ctx context.Context, key string, value []byte) diag.Diagnostics
}

func (l *lease) keep(ctx context.Context, private privateData) diag.Diagnostics {
	text, err := json.Marshal(l)
	if err != nil {
		return diag.Diagnostics{badLease(err)}
	}
	return private.SetKey(ctx, leaseKey, text)
}

func leaseOf(ctx context.Context, private privateData) (*lease, diag.Diagnostics) {
	text, diags := private.GetKey(ctx, leaseKey)
	if diags.HasError() {
		return nil, diags
	}
	var granted lease
	if err := json.Unmarshal(text, &granted); err != nil {
		diags.Append(badLease(err))
		return nil, diags
	}
	if granted.ID == "" || granted.Definition.ExpiresOn == nil {
		diags.Append(badLease(errors.New("they name no token")))
	}
	return &granted, diags
}

func badLease(err error) diag.Diagnostic {
	return diag.NewErrorDiagnostic("Provider bug: unusable private data", fmt.Sprintf(
		"What the provider keeps of an open API token cannot be used: %v.\n\nThe token ends by itself at its expiry. This is a defect in the provider. Please report it with the text above.", err))
}
