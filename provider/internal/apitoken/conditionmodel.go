// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"context"
	"fmt"
	"net/netip"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// compileCondition turns the configured condition into what it means. An empty
// set or an empty object is refused: read as "no condition" it would open the
// token to every address.
func compileCondition(ctx context.Context, obj types.Object) (cond *condition, complete bool, diags diag.Diagnostics) {
	at := path.Root("condition").AtName("request_ip")
	if obj.IsUnknown() {
		return nil, false, nil
	}
	if obj.IsNull() {
		return nil, true, nil
	}
	outer, ok := tfkit.As[conditionModel](ctx, obj, &diags)
	if !ok || outer.RequestIP.IsUnknown() {
		return nil, false, diags
	}
	if outer.RequestIP.IsNull() {
		refuseEmptyCondition(at, &diags)
		return nil, false, diags
	}
	model, ok := tfkit.As[requestIPModel](ctx, outer.RequestIP, &diags)
	if !ok {
		return nil, false, diags
	}
	if model.In.IsNull() && model.NotIn.IsNull() {
		refuseEmptyCondition(at, &diags)
		return nil, false, diags
	}
	in, inKnown := compileRanges(at.AtName("in"), model.In, &diags)
	notIn, notInKnown := compileRanges(at.AtName("not_in"), model.NotIn, &diags)
	return newCondition(in, notIn), inKnown && notInKnown && !diags.HasError(), diags
}

func refuseEmptyCondition(at path.Path, diags *diag.Diagnostics) {
	diags.AddAttributeError(at, "Condition without addresses",
		"The condition names no address, so it would limit nothing.\n\nSet `in` or `not_in`, or remove condition if the token may be used from everywhere. Check the spelling of its attributes: Terraform drops unknown ones inside `condition` without a message.")
}

func compileRanges(at path.Path, set types.Set, diags *diag.Diagnostics) (ranges []netip.Prefix, complete bool) {
	if set.IsNull() {
		return nil, true
	}
	values, complete := tfkit.KnownStrings(at, set, diags)
	if !set.IsUnknown() && len(set.Elements()) == 0 {
		diags.AddAttributeError(at, "Empty set of IP ranges",
			"An empty set would limit nothing.\n\nName at least one address or range, or remove the attribute.")
		return nil, false
	}
	first := map[netip.Prefix]string{}
	for _, value := range values {
		element := at.AtSetValue(types.StringValue(value))
		prefix, err := parseRange(value)
		if err != nil {
			diags.AddAttributeError(element, "Invalid IP range",
				fmt.Sprintf("%q: %s.\n\nWrite an address such as 198.51.100.7 or 2001:db8::1, or a range such as 198.51.100.0/24 or 2001:db8::/32.", value, err.Error()))
			complete = false
			continue
		}
		if twin, found := first[prefix]; found {
			diags.AddAttributeError(element, "IP range given twice",
				fmt.Sprintf("%q and %q are the same range, %s.\n\nRemove one of them.", twin, value, prefix))
			complete = false
			continue
		}
		first[prefix] = value
		ranges = append(ranges, prefix)
	}
	return ranges, complete
}

// showCondition writes the API's condition, in the spelling that prior holds
// where that means the same.
func showCondition(ctx context.Context, prior types.Object, api *client.IPCondition, diags *diag.Diagnostics) types.Object {
	cond, err := conditionFromAPI(api)
	if err != nil {
		diags.AddAttributeError(path.Root("condition"), "Cannot read the IP condition",
			"The API's reply holds an IP range that is none: "+err.Error()+".\n\nCorrect the token's condition where it was set, then run again.")
		return prior
	}
	if held, known, _ := compileCondition(ctx, prior); known && held.equal(cond) {
		return prior
	}
	if cond == nil {
		return types.ObjectNull(conditionType.AttrTypes)
	}
	return types.ObjectValueMust(conditionType.AttrTypes, map[string]attr.Value{
		"request_ip": types.ObjectValueMust(requestIPType.AttrTypes, map[string]attr.Value{
			"in": showRanges(cond.In), "not_in": showRanges(cond.NotIn),
		}),
	})
}

// showRanges writes ranges; one that holds a single address is written without
// its length.
func showRanges(ranges []netip.Prefix) types.Set {
	if len(ranges) == 0 {
		return types.SetNull(types.StringType)
	}
	elements := make([]attr.Value, 0, len(ranges))
	for _, r := range ranges {
		text := r.String()
		if r.IsSingleIP() {
			text = r.Addr().String()
		}
		elements = append(elements, types.StringValue(text))
	}
	return types.SetValueMust(types.StringType, elements)
}
