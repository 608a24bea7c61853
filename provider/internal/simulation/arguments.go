// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/function"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// The places of the functions' arguments.
const (
	argPolicies int64 = iota
	argOperation
	argTarget
)

// parameters are those of both functions.
func parameters() []function.Parameter {
	return []function.Parameter{
		function.DynamicParameter{
			Name: "policies",
			MarkdownDescription: "The policies of a token: `accesscontrol_api_token.example.policies`, or an object of that form, in which attributes may be left out. " +
				"They are read as those of a user-owned token. An attribute that a policy does not have is an error.",
		},
		function.StringParameter{
			Name: "operation",
			MarkdownDescription: "What the token would do: a permission by a name or the id of its group (`DNS Write`), or a method and a path, with the route's placeholders " +
				"(`POST /zones/{zone_id}/dns_records`) or with ids in their places.",
		},
		function.DynamicParameter{
			Name:           "target",
			AllowNullValue: true,
			MarkdownDescription: "What the operation would act on, as far as its path does not say: an object with `account_id`, `zone_id`, `zone_name`, `record` (`{ type, name }`), " +
				"`bucket` (`{ name, jurisdiction }`), `all_zones` and `user`, each of which may be left out. The name of a record is the whole name unless `zone_name` is given. " +
				"Without `record`, an operation on records is one on every record of the zone; a `*` in it is no pattern, as in policies, but the wildcard record of that name. With `all_zones` a permission is asked for on every zone of the account; where policies name zones, and so do not say the same of all, `zone_id` is needed. `null` or `{}` where there is nothing to say.",
		},
	}
}

// arguments are what a function was called with.
type arguments struct {
	subject  *subject
	question question
	target   target
}

// read reads the arguments. unknown is true where they hold a value that is not known yet, and then the
// result is not known either.
func read(ctx context.Context, in function.ArgumentsData) (args *arguments, unknown bool, problem *function.FuncError) {
	var policies, on types.Dynamic
	var words string
	if problem := in.Get(ctx, &policies, &words, &on); problem != nil {
		return nil, false, problem
	}
	list, unknown, problem := readPolicies(ctx, policies)
	if unknown || problem != nil {
		return nil, unknown, problem
	}
	args = &arguments{}
	var err error
	if args.subject, err = newSubject(list, policyset.Owner{Known: true}); err != nil {
		return nil, false, refuse(argPolicies, "policies cannot be judged: "+err.Error())
	}
	if args.question.operation, err = inquiry.ParseOperation(words); err != nil {
		_, detail := operationProblem(err)
		return nil, false, refuse(argOperation, detail)
	}
	object, unknown, problem := readObject(ctx, on)
	if unknown || problem != nil {
		return nil, unknown, problem
	}
	var diags diag.Diagnostics
	args.target = readTarget(ctx, path.Root("target"), object, &diags)
	if diags.HasError() {
		return nil, false, refuse(argTarget, sentences(diags))
	}
	args.target.locate(args.question.operation)
	if args.target.bare() && args.target.zoneName == "" {
		return nil, false, refuse(argTarget, fmt.Sprintf(
			"target.record.name: %q is completed with the name of the zone; write the whole name of the record, or give zone_name", args.target.RecordName))
	}
	args.question.target, args.question.zone, args.question.accounts = args.target.Target, args.target.zone, args.target.mayLieIn(list)
	return args, false, nil
}

func readPolicies(ctx context.Context, in types.Dynamic) (list []policyset.Keyed, unknown bool, problem *function.FuncError) {
	value, err := tfkit.Coerce(ctx, path.Root("policies"), in, types.MapType{ElemType: policyset.PolicyType})
	if err != nil {
		return nil, false, refuse(argPolicies, err.Error())
	}
	policies, ok := value.(types.Map)
	if !ok || !knownAll(ctx, value) {
		return nil, true, nil
	}
	list, complete, diags := policyset.Compile(ctx, policies, policyset.Owner{Known: true})
	if diags.HasError() || !complete {
		return nil, false, refuse(argPolicies, sentences(diags))
	}
	return list, false, nil
}

func readObject(ctx context.Context, in types.Dynamic) (out types.Object, unknown bool, problem *function.FuncError) {
	value, err := tfkit.Coerce(ctx, path.Root("target"), in, targetType)
	if err != nil {
		return out, false, refuse(argTarget, err.Error())
	}
	out, ok := value.(types.Object)
	return out, !ok || !knownAll(ctx, value), nil
}

// refuse is the error of an argument. The CLIs put a full stop behind its text.
func refuse(argument int64, text string) *function.FuncError {
	return function.NewArgumentFuncError(argument, strings.TrimSuffix(text, "."))
}

// knownAll reports whether no part of a value is unknown. A CLI may pass nested values that are.
func knownAll(ctx context.Context, value attr.Value) bool {
	raw, err := value.ToTerraformValue(ctx)
	return err == nil && raw.IsFullyKnown()
}

// sentences writes diagnostics on lines, each with its place: the error of a function has none of its own.
func sentences(diags diag.Diagnostics) string {
	lines := make([]string, 0, len(diags))
	for _, d := range diags.Errors() {
		line := d.Summary() + ": " + strings.ReplaceAll(d.Detail(), "\n\n", " ")
		if placed, ok := d.(diag.DiagnosticWithPath); ok {
			line = tfkit.PathText(placed.Path()) + ": " + line
		}
		lines = append(lines, line)
	}
	return strings.Join(lines, "\n")
}

// judge asks what the policies say, in a world of which nothing more is known than the target tells. What
// the answer depends on and is missing is an error.
func (a *arguments) judge() (verdict, *function.FuncError) {
	k := newKnowledge()
	a.target.knownZone(k, true)
	v, err := a.question.policies(a.subject, k)
	if err != nil {
		if wrong, ok := errors.AsType[*inquiry.TargetError](err); ok {
			return verdict{}, refuse(argTarget, wrong.Error())
		}
		return verdict{}, function.NewFuncError(err.Error())
	}
	switch {
	case v.byRecord != nil && v.byRecord.named:
		return verdict{}, refuse(argOperation, "the answer depends on "+v.byRecord.dependsOn()+". "+v.byRecord.advice())
	case v.byRecord != nil:
		return verdict{}, refuse(argTarget, "record is missing: the answer depends on "+v.byRecord.dependsOn()+
			"; give record = { type, name }, and ask once for each record that matters")
	case v.byZone != nil:
		return verdict{}, refuse(argTarget, "zone_id is missing: the answer depends on "+v.byZone.dependsOn()+
			"; give zone_id in place of all_zones, and ask once for each zone that matters")
	case v.policyAllows != nil:
		return v, nil
	}
	if doubts := append(a.subject.doubtful(true, a.question.accepts()), a.subject.doubtful(false, a.question.accepts())...); len(doubts) > 0 {
		return verdict{}, refuse(argPolicies, "it cannot be told "+strings.Join(doubts, "; nor "))
	}
	return verdict{}, refuse(argTarget,
		"account_id is missing: whether the policies reach the zone depends on the account that it lies in")
}
