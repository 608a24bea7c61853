// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/tfsdk"
	"github.com/hashicorp/terraform-plugin-framework/types"
	"github.com/hashicorp/terraform-plugin-go/tftypes"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// TestPlan_FinalKeepsWhatTheFirstShowed plans as a CLI does: once for the user, who reads it while some values
// are unknown, and once more for the apply, which knows them all. What was unknown turns out to be what state
// holds, and something beside it is spelled in other words. Terraform refuses a second plan that changes a
// known value of the first.
func TestPlan_FinalKeepsWhatTheFirstShowed(t *testing.T) {
	t.Parallel()
	type m = map[string]any
	state := m{
		"dns": obj{"permission_groups": []string{"DNS Write", "Zone Read"}, "resources": obj{"zones": []string{zoneA, zoneB}}},
		"txt": obj{"effect": "allow", "permission_groups": []string{"DNS Read"}, "resources": obj{
			"zones": []string{}, "all_zones": false, "dns_records": []any{obj{"zone_id": zoneA, "type": "TXT", "name": "*"}},
		}},
	}
	txt := pol([]string{"DNS Read"}, obj{"dns_records": []any{obj{"zone_id": zoneA, "type": "TXT", "name": "*"}}})
	ranges := []string{"198.51.100.7", "2001:db8::/32"}
	for name, test := range map[string]struct {
		policies  func(m, any, any) // given a name or zone that may be unknown
		condition func(any) any
		name      bool // whether the token's name is unknown
	}{
		"effect written out": {policies: func(p m, _, zone any) {
			p["dns"] = obj{"effect": "allow", "permission_groups": []string{"DNS Write", "Zone Read"}, "resources": obj{"zones": []any{zoneA, zone}}}
		}},
		"effect left out": {policies: func(p m, _, zone any) {
			p["txt"] = txt
			p["dns"] = obj{"permission_groups": []string{"DNS Write", "Zone Read"}, "resources": obj{"zones": []any{zone, zoneA}}}
		}},
		"empty set beside an unknown one": {policies: func(p m, _, zone any) {
			p["dns"] = pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []any{zoneA, zone}, "accounts": []string{}, "user": false})
		}},
		"set left out of another policy": {policies: func(p m, group, _ any) {
			p["txt"] = obj{"effect": "allow", "permission_groups": []string{"DNS Read"}, "resources": txt["resources"]}
			p["dns"] = obj{"permission_groups": []any{"DNS Write", group}, "resources": obj{"zones": []string{zoneA, zoneB}}}
		}},
		"alias beside an unknown group": {policies: func(p m, group, _ any) {
			p["dns"] = obj{"permission_groups": []any{"DNS Edit", group}, "resources": obj{"zones": []string{zoneA, zoneB}}}
		}},
		"scope beside an unknown zone": {policies: func(p m, _, zone any) {
			p["dns"] = obj{"permission_groups": []any{"zone:DNS Write", "Zone Read"}, "resources": obj{"zones": []any{zone, zoneA}}}
		}},
		"unknown record": {policies: func(p m, _, zone any) {
			p["txt"] = pol([]string{"zone:DNS Read"}, obj{"dns_records": []any{obj{"zone_id": zoneA, "type": "TXT", "name": "*"}}})
			p["dns"] = obj{"permission_groups": []string{"DNS Edit", "Zone Read"}, "resources": obj{"zones": []any{zoneA, zone}, "dns_records": []any{}}}
		}},
		"range beside an unknown one":        {condition: func(r any) any { return requestIPOf([]any{"198.51.100.7/32", r}) }},
		"policy and range, the name unknown": {name: true, policies: func(p m, _, _ any) { p["txt"] = txt }, condition: func(any) any { return requestIPOf([]any{"198.51.100.7/32", "2001:db8::/32"}) }},
		"nothing but the unknown": {policies: func(p m, _, zone any) {
			p["dns"] = pol([]string{"DNS Write", "Zone Read"}, obj{"zones": []any{zoneA, zone}})
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			prior := fullModel(t)
			prior.Policies, prior.Condition = policiesValue(t, state), conditionValue(t, requestIP(ranges, nil))
			compiledPrior, _ := prior.compile(t.Context())
			prior.Grants = policyset.GrantSet(compiledPrior.policies())
			configured := func(known bool) tokenModel {
				group, zone, address := unknown, unknown, unknown
				if known {
					group, zone, address = "Zone Read", zoneB, "2001:db8::/32"
				}
				conf := config(prior)
				policies := m{"dns": state["dns"], "txt": state["txt"]}
				if test.policies != nil {
					test.policies(policies, group, zone)
				}
				conf.Policies = policiesValue(t, policies)
				if test.condition != nil {
					conf.Condition = conditionValue(t, test.condition(address))
				}
				if test.name && !known {
					conf.Name = types.StringUnknown()
				}
				return conf
			}
			check := func(kind string, first, final planResult) {
				t.Helper()
				if lost := contradictions(t, first.plan, final.plan); len(lost) > 0 || len(first.problems)+len(final.problems) > 0 {
					t.Errorf("%s: the final plan takes back %q; problems %v, %v", kind, lost, first.problems, final.problems)
				}
			}
			id := prior.ID.ValueString()
			// Each command of a CLI is a process of its own.
			var planned tfkit.Marks
			planned.Add(id)
			first := runPlanIn(t, &planned, configured(false), &prior, planNow)
			check("two processes", first, runPlanIn(t, nil, configured(true), &prior, planNow))
			// One process for both, as with a provider in a debugger.
			check("one process", first, runPlanIn(t, &planned, configured(true), &prior, planNow))
			// Without a refresh.
			check("no refresh", runPlanIn(t, nil, configured(false), &prior, planNow), runPlanIn(t, nil, configured(true), &prior, planNow))

			// Had all been known, the plan would have been empty.
			if got := runPlan(t, configured(true), &prior, planNow); cmp.Diff(planResult{plan: prior}, got, cmp.AllowUnexported(planResult{}), byEqual) != "" {
				t.Error("a mere respelling is planned")
			}
			// And an apply for another reason shows and writes what is configured.
			other := configured(true)
			other.Name = types.StringValue("another")
			planned.Add(id)
			firstOther := runPlanIn(t, &planned, other, &prior, planNow)
			check("another change", firstOther, runPlanIn(t, nil, other, &prior, planNow))
			if !firstOther.plan.Policies.Equal(other.Policies) || !firstOther.plan.Condition.Equal(other.Condition) {
				t.Error("an update does not take over the configured spelling")
			}
		})
	}
}

// requestIPOf is a condition of addresses of which some may be unknown.
func requestIPOf(in []any) obj { return obj{"request_ip": obj{"in": in}} }

// contradictions lists the known values of the first plan that the final one does not hold, as core does.
func contradictions(t *testing.T, first, final tokenModel) []string {
	t.Helper()
	rawOf := func(m tokenModel) tftypes.Value {
		schema := tokenSchema(t).Schema
		plan := tfsdk.Plan{Schema: schema, Raw: tftypes.NewValue(schema.Type().TerraformType(t.Context()), nil)}
		if diags := plan.Set(t.Context(), m); diags.HasError() {
			t.Fatal(diags)
		}
		return plan.Raw
	}
	return compareKnown("", rawOf(first), rawOf(final))
}

func compareKnown(at string, first, final tftypes.Value) []string {
	switch {
	case !first.IsKnown():
		return nil
	case !final.IsKnown() || first.IsNull() != final.IsNull():
		return []string{at}
	case first.IsNull():
		return nil
	case first.Type().Is(tftypes.Set{}):
		var a, b []tftypes.Value
		if first.As(&a) != nil || final.As(&b) != nil || len(a) < len(b) {
			return []string{at}
		}
		var lost []string
		for _, element := range a {
			if !slices.ContainsFunc(b, func(v tftypes.Value) bool { return len(compareKnown(at, element, v)) == 0 }) {
				lost = append(lost, fmt.Sprintf("%s[%s]", at, element))
			}
		}
		return lost
	case first.Type().Is(tftypes.Object{}), first.Type().Is(tftypes.Map{}):
		var a, b map[string]tftypes.Value
		if first.As(&a) != nil || final.As(&b) != nil || len(a) != len(b) {
			return []string{at}
		}
		var lost []string
		for name, value := range a {
			lost = append(lost, compareKnown(at+"."+name, value, b[name])...)
		}
		return lost
	case !first.Equal(final):
		return []string{at}
	default:
		return nil
	}
}
