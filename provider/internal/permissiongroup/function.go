// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package permissiongroup

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
)

// The places of the function's arguments.
const (
	argScope int64 = iota
	argName
)

var _ function.Function = groupFunction{}

type groupFunction struct{}

// NewFunction returns the function permission_group.
func NewFunction() function.Function { return groupFunction{} }

// Metadata names the function.
func (groupFunction) Metadata(_ context.Context, _ function.MetadataRequest, resp *function.MetadataResponse) {
	resp.Name = "permission_group"
}

// Definition describes the function.
func (groupFunction) Definition(_ context.Context, _ function.DefinitionRequest, resp *function.DefinitionResponse) {
	resp.Definition = function.Definition{
		Summary:             "The id of a permission group",
		MarkdownDescription: "The id of a permission group of API tokens, by its scope and any of its names. " + fromCatalogue,
		Parameters: []function.Parameter{
			function.StringParameter{
				Name:                "scope",
				AllowNullValue:      true,
				MarkdownDescription: "What the group acts on: `user`, `account`, `zone` or `r2`. `null` is any, as long as the name belongs to one group alone.",
			},
			function.StringParameter{
				Name: "name",
				MarkdownDescription: "A name of the group: the API's (`DNS Write`), the dashboard's (`DNS Edit`), one of the public documentation or an old one. " +
					"A name that no group has is an error that lists the nearest ones.",
			},
		},
		Return: function.StringReturn{},
	}
}

// Run looks the group up.
func (groupFunction) Run(ctx context.Context, req function.RunRequest, resp *function.RunResponse) {
	var scope *string
	var name string
	if resp.Error = req.Arguments.Get(ctx, &scope, &name); resp.Error != nil {
		return
	}
	wanted := ""
	if scope != nil {
		if wanted = *scope; !slices.Contains(scopes(), wanted) {
			resp.Error = function.NewArgumentFuncError(argScope, fmt.Sprintf("%q is no scope; there are %s", wanted, strings.Join(scopes(), ", ")))
			return
		}
	}
	group, problem := byName(name, wanted)
	if problem != nil {
		at := argName
		if placed, ok := problem.(diag.DiagnosticWithPath); ok && placed.Path().Equal(path.Root("scope")) {
			at = argScope
		}
		resp.Error = function.NewArgumentFuncError(at, problem.Summary()+": "+strings.TrimSuffix(strings.ReplaceAll(problem.Detail(), "\n\n", " "), "."))
		return
	}
	resp.Error = resp.Result.Set(ctx, group.ID)
}
