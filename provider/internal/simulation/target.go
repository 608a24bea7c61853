// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// targetModel is the attribute `target`, and the argument of the functions.
type targetModel struct {
	AccountID types.String `tfsdk:"account_id"`
	ZoneID    types.String `tfsdk:"zone_id"`
	ZoneName  types.String `tfsdk:"zone_name"`
	Record    types.Object `tfsdk:"record"`
	Bucket    types.Object `tfsdk:"bucket"`
	AllZones  types.Bool   `tfsdk:"all_zones"`
	User      types.Bool   `tfsdk:"user"`
}

type recordModel struct {
	Type types.String `tfsdk:"type"`
	Name types.String `tfsdk:"name"`
}

type bucketModel struct {
	Name         types.String `tfsdk:"name"`
	Jurisdiction types.String `tfsdk:"jurisdiction"`
}

// The object types of the target; a test holds them against the schema.
var (
	recordType = types.ObjectType{AttrTypes: map[string]attr.Type{"type": types.StringType, "name": types.StringType}}
	bucketType = types.ObjectType{AttrTypes: map[string]attr.Type{"name": types.StringType, "jurisdiction": types.StringType}}
	targetType = types.ObjectType{AttrTypes: map[string]attr.Type{
		"account_id": types.StringType, "zone_id": types.StringType, "zone_name": types.StringType,
		"record": recordType, "bucket": bucketType, "all_zones": types.BoolType, "user": types.BoolType,
	}}
)

// target is a target as configuration gives it.
type target struct {
	inquiry.Target
	// zoneName is the name of the zone in stored form; empty where it was not given.
	zoneName string
	// zone is the target's zone, and account the one that it is said to lie in, whether the target or the
	// operation's path names them; see [target.locate].
	zone, account authz.ID
	// below is set where the operation's path holds an account, under which it names the zone.
	below bool
}

// locate finds the zone and the account in the target or in the operation's path. Where both name one and
// contradict each other the engine refuses the question, so that which of them is taken does not matter.
func (t *target) locate(operation inquiry.Operation) {
	named := func(given authz.ID, placeholder string) authz.ID {
		if !given.IsZero() {
			return given
		}
		id, _ := authz.ParseID(operation.Params.Get(placeholder))
		return id
	}
	t.zone, t.account = named(t.Zone, "zone_id"), named(t.Account, "account_id")
	t.below = operation.Row != nil && slices.Contains(operation.Row.Placeholders(), "account_id")
}

// readTarget reads a target that is known in full; null is one that names nothing.
func readTarget(ctx context.Context, at path.Path, obj types.Object, diags *diag.Diagnostics) (out target) {
	if obj.IsNull() {
		return target{}
	}
	model, ok := tfkit.As[targetModel](ctx, obj, diags)
	if !ok {
		return target{}
	}
	id := func(name, noun string, value types.String, to *authz.ID) {
		if value.IsNull() {
			return
		}
		if *to, ok = authz.ParseID(value.ValueString()); !ok {
			diags.Append(tfkit.InvalidID(at.AtName(name), noun, value.ValueString()))
		}
	}
	id("account_id", "account", model.AccountID, &out.Account)
	id("zone_id", "zone", model.ZoneID, &out.Zone)
	out.zoneName = strings.ToLower(strings.TrimSuffix(model.ZoneName.ValueString(), "."))
	out.AllZones, out.User = model.AllZones.ValueBool(), model.User.ValueBool()
	if !model.Record.IsNull() {
		if record, ok := tfkit.As[recordModel](ctx, model.Record, diags); ok {
			out.RecordType, out.RecordName = record.Type.ValueString(), record.Name.ValueString()
			if out.RecordType == "" || out.RecordName == "" {
				diags.AddAttributeError(at.AtName("record"), "Record without type or name",
					"A record is named by its type and its name.\n\nWrite both, as in { type = \"TXT\", name = \"_acme-challenge.example.com\" }.")
			}
		}
	}
	if !model.Bucket.IsNull() {
		if bucket, ok := tfkit.As[bucketModel](ctx, model.Bucket, diags); ok {
			out.Bucket, out.Jurisdiction = bucket.Name.ValueString(), bucket.Jurisdiction.ValueString()
		}
	}
	return out
}

// knownZone puts into the world what configuration says of the target's zone: its name, which completes
// names of records, and, where trusted, the account that it lies in: functions read nothing. Where no name was
// given, that of the record is taken for the whole one; see [target.bare].
func (t *target) knownZone(k *knowledge, trusted bool) {
	if t.zone.IsZero() {
		return
	}
	name := t.zoneName
	switch {
	case name != "":
	case t.bare():
		name = "zone.invalid"
	default:
		name = strings.ToLower(strings.TrimSuffix(t.RecordName, "."))
	}
	k.names[t.zone] = name
	if trusted && !t.account.IsZero() {
		k.zones[t.zone] = &authz.Zone{ID: t.zone, Account: t.account, Name: name}
	}
}

// claimed reports whether an account is named beside the zone, which is then said to lie there, or a name of it.
// Where the path holds the account, the two are what the request names, and whether the zone lies there is for gate
// 5 to find out.
func (t *target) claimed() bool {
	return !t.below && !t.zone.IsZero() && (!t.account.IsZero() || t.zoneName != "")
}

// refuseMisnamed reports a zone that was read and has another name than the target gives it.
func (t *target) refuseMisnamed(k *knowledge, diags *diag.Diagnostics) {
	known := k.zones[t.zone]
	if known == nil || known.Name == "" || t.zoneName == "" || known.Name == t.zoneName {
		return
	}
	diags.AddAttributeError(path.Root("target").AtName("zone_name"), "Zone has another name", fmt.Sprintf(
		"It is %q, but the name of zone %s is %q.\n\nCorrect target.zone_name, or leave it out: it is read.", t.zoneName, t.zone, known.Name))
}

// bare reports whether the name of the record is nothing without the zone's.
func (t *target) bare() bool {
	return t.RecordName != "" && (t.RecordName == "@" || !strings.Contains(t.RecordName, "."))
}

// refuseUnnamed reports a record whose name could not be completed, since the zone could not be read.
func (t *target) refuseUnnamed(k *knowledge, diags *diag.Diagnostics) {
	why, unread := k.unread[fact{factZone, t.zone}]
	if !unread || t.RecordName == "" || t.zoneName != "" {
		return
	}
	diags.AddAttributeError(path.Root("target").AtName("zone_name"), "Name of the zone is needed", fmt.Sprintf(
		"The name of the record is completed with the zone's, which could not be read: %s.\n\nSet target.zone_name, or use a credential that may read the zone.", why))
}

// mayLieIn are the accounts that the target's zone may lie in where nobody knows: the one that is named
// beside it, or any.
func (t *target) mayLieIn(policies []policyset.Keyed) []authz.ID {
	if !t.account.IsZero() {
		return []authz.ID{t.account}
	}
	return anywhere(policies)
}

// anywhere are the accounts that a zone may lie in of which nothing is known: each that the policies name, and one
// that none does.
func anywhere(policies []policyset.Keyed) []authz.ID {
	out := []authz.ID{elsewhere}
	seen := map[authz.ID]bool{}
	for _, id := range accountsNamed(policies) {
		if !seen[id] {
			seen[id] = true
			out = append(out, id)
		}
	}
	return out
}

// fieldPaths are the places of the engine's names for parts of a question.
var fieldPaths = map[string][]string{
	inquiry.FieldAccount:      {"target", "account_id"},
	inquiry.FieldZone:         {"target", "zone_id"},
	inquiry.FieldRecordType:   {"target", "record", "type"},
	inquiry.FieldRecordName:   {"target", "record", "name"},
	inquiry.FieldBucket:       {"target", "bucket", "name"},
	inquiry.FieldJurisdiction: {"target", "bucket", "jurisdiction"},
	inquiry.FieldAllZones:     {"target", "all_zones"},
	inquiry.FieldUser:         {"target", "user"},
	inquiry.FieldSwitch:       {"sets_api_access"},
	inquiry.FieldOperation:    {"operation"},
}

// targetProblems is what is wrong with a target, one diagnostic for each problem.
func targetProblems(err error) diag.Diagnostics {
	wrong, ok := errors.AsType[*inquiry.TargetError](err)
	if !ok {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Question cannot be answered", "The engine does not accept the question: "+err.Error()+".")}
	}
	var out diag.Diagnostics
	for _, p := range wrong.Problems {
		steps := fieldPaths[p.Field]
		at := path.Root(steps[0])
		for _, step := range steps[1:] {
			at = at.AtName(step)
		}
		out.AddAttributeError(at, "Target does not fit the operation", fmt.Sprintf(
			"The operation %q does not fit: %s %s.", wrong.Operation, p.Field, p.Message))
	}
	return out
}

// operationProblem is what is wrong with the words for an operation.
func operationProblem(err error) (summary, detail string) {
	detail = err.Error()
	if !strings.HasSuffix(detail, "?") {
		detail += "."
	}
	if _, ambiguous := errors.AsType[*catalog.AmbiguousGroupError](err); ambiguous {
		return "Ambiguous permission group", detail
	}
	return "Unknown operation", detail + "\n\nWrite the name or the id of a permission group, such as \"DNS Write\", or a method and a path, such as \"POST /zones/{zone_id}/dns_records\"."
}
