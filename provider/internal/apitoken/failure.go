// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// requestFailed phrases a refused write. The API names policies by their place
// in the request; the diagnostic stands at the policy's key.
func requestFailed(verb string, err error, def definition) diag.Diagnostics {
	if errors.Is(err, client.ErrEqualUnsettled) {
		return diag.Diagnostics{diag.NewErrorDiagnostic("Equal API token is not settled",
			"Nothing was created: another resource of the same name and definition may have created a token whose answer was lost, and a second one could not be told from it.\n\nApply again. That settles the first one, and creates both.")}
	}
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

// otherThanAsked reports a write that the API answered with a token of another name, policies or limits than it
// was sent. Such a token may do more than the plan showed.
func otherThanAsked(done string, token *client.Token) diag.Diagnostic {
	policies := make([]policyset.Policy, 0, len(token.Policies))
	for _, p := range token.Policies {
		policies = append(policies, policyset.FromAPI(p))
	}
	shown := []string{"name " + strconv.Quote(token.Name)}
	shown = append(shown, policyset.GrantLines(policies)...)
	if c := token.Condition; c != nil {
		shown = append(shown, fmt.Sprintf("from addresses in %q, not in %q", c.In, c.NotIn))
	}
	if token.NotBefore != nil {
		shown = append(shown, "not before "+formatTime(*token.NotBefore))
	}
	if token.ExpiresOn != nil {
		shown = append(shown, "until "+formatTime(*token.ExpiresOn))
	}
	return diag.NewErrorDiagnostic("API token is not what was asked for", fmt.Sprintf(
		"The API token %s was %s, and the API's answer shows another definition than the one that was sent:\n  - %s\n\n"+
			"Check the token and what it can do. An API that leaves parts of a definition out cannot be used with this resource.", token.ID, done, strings.Join(shown, "\n  - ")))
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
