// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

var _ function.Function = explainFunction{}

type explainFunction struct{}

// NewExplainFunction returns the function explain.
func NewExplainFunction() function.Function { return explainFunction{} }

// Metadata names the function.
func (explainFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "explain"
}

// Definition describes the function.
func (explainFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary: "Why policies allow an operation, or refuse it",
		MarkdownDescription: "Why the policies of a token allow an operation on a target, or refuse it: the policy, permission and resource that decide, " +
			"or the smallest grant that is missing. It also says when the token could make others, and so is worth all its owner's rights. " + policiesAlone,
		Parameters: parameters(),
		Return:     function.StringReturn{},
	}
}

// Run answers.
func (explainFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	args, unknown, problem := read(ctx, req.Arguments)
	if problem != nil {
		resp.Error = problem
		return
	}
	if unknown {
		resp.Error = resp.Result.Set(ctx, types.StringUnknown())
		return
	}
	v, problem := args.judge()
	if problem != nil {
		resp.Error = problem
		return
	}
	text := strings.Join(append([]string{decided(args.subject, &v.answer)}, notes(args.subject, &v.answer)...), " ")
	resp.Error = resp.Result.Set(ctx, types.StringValue(text))
}
