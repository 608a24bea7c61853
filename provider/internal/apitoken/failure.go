// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"errors"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// requestFailed phrases a refused write. The API names policies by their place
// in the request; the diagnostic stands at the policy's key.
func requestFailed(verb string, err error, def definition) diag.Diagnostics {
	api, ok := errors.AsType[*client.Error](err)
	if !ok {
		return diag.Diagnostics{tfkit.APIError(verb, noun, err)}
	}
	var keys []string
	for _, item := range api.Errors {
		if i, ok := policyIndex(item.Pointer); ok && i < len(def.Policies) {
			keys = append(keys, def.Policies[i].Key)
		}
	}
	if len(keys) == 0 {
		return diag.Diagnostics{tfkit.APIError(verb, noun, err)}
	}
	at := path.Root("policies").AtMapKey(keys[0])
	d := tfkit.APIErrorAt(at, verb, noun, err)
	return diag.Diagnostics{diag.NewAttributeErrorDiagnostic(at, d.Summary(), d.Detail()+"\n\nPolicies are numbered by the order of their keys: "+numbered(def)+".")}
}

// policyIndex reads the place of a policy from a JSON pointer into the request.
func policyIndex(pointer string) (int, bool) {
	rest, ok := strings.CutPrefix(pointer, "/policies/")
	if !ok {
		return 0, false
	}
	text, _, _ := strings.Cut(rest, "/")
	i, err := strconv.Atoi(text)
	return i, err == nil && i >= 0
}

func numbered(def definition) string {
	parts := make([]string, 0, len(def.Policies))
	for i, p := range def.Policies {
		parts = append(parts, strconv.Itoa(i)+" is "+strconv.Quote(p.Key))
	}
	return strings.Join(parts, ", ")
}
