// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

const policiesAlone = "The policies are judged by themselves, by the engine of the reference server: whether they grant it and do not deny it. " +
	"A token also has to be alive and to be used from an allowed address, API access has to be on, and its owner has to hold the right; " +
	"the data source `accesscontrol_access_simulation` judges all of that.\n\n" +
	"What is missing for a decision is an error and never `false`, so that a condition on it fails either way. A zone that policies on accounts may reach needs `account_id` in `target`, and nothing tells whether it is the right one: " +
	"take both ids from the data source `accesscontrol_zone`. " +
	"An answer about the DNS records of a zone that names no `record` holds for every record of it; where policies name records, and so do not say the same of all, " +
	"the record is needed: ask once for each that matters. `DNS Write` or `DNS Read` by itself is about the zone and all its records. " +
	"A list of records is answered with those that may be seen, and so is allowed where some may be.\n\n" +
	"An answer is about the target that is named: a rule for several zones asks once for each, as with `for`. A token that may make tokens can make one that does what it may not do itself; " +
	"to rule that out, ask for `POST /user/tokens` and `POST /accounts/{account_id}/tokens` as well.\n\n" +
	"No request is made and the provider need not be configured."

var _ function.Function = canFunction{}

type canFunction struct{}

// NewCanFunction returns the function can.
func NewCanFunction() function.Function { return canFunction{} }

// Metadata names the function.
func (canFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "can"
}

// Definition describes the function.
func (canFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "Whether policies allow an operation",
		MarkdownDescription: "Whether the policies of a token allow an operation on a target. " + policiesAlone,
		Parameters:          parameters(),
		Return:              function.BoolReturn{},
	}
}

// Run answers.
func (canFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	args, unknown, problem := read(ctx, req.Arguments)
	if problem != nil {
		resp.Error = problem
		return
	}
	if unknown {
		resp.Error = resp.Result.Set(ctx, types.BoolUnknown())
		return
	}
	v, problem := args.judge()
	if problem != nil {
		resp.Error = problem
		return
	}
	resp.Error = resp.Result.Set(ctx, types.BoolPointerValue(v.policyAllows))
}
