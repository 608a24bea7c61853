// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"fmt"
	"net/http"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// Codes with which the API answers a credential that it does not accept, whatever was asked for
// (authorization model §6, gates 1 to 4).
const (
	codeInvalidToken     = 1000
	codeMalformedHeaders = 6003
	codeUnknownKey       = 9103
	codeMissingHeaders   = 9106
	codeMissingKey       = 9107
	codeUnauthorized     = 9109
)

// codeBesideAPI is the code of a 404 for a path outside of the API's base path. It is the HTTP status:
// the API itself has codes of its own.
const codeBesideAPI = http.StatusNotFound

// credentialMalformed says whether the API could not make anything of the credential.
func credentialMalformed(api *client.Error) bool {
	switch api.Code() {
	case codeMalformedHeaders, codeMissingHeaders, codeMissingKey:
		return api.Status < http.StatusInternalServerError
	default:
		return false
	}
}

// credentialRejected says whether the credential itself was refused, and not what was asked for. A
// refusal that is explained never is: of credentials the API explains nothing.
func credentialRejected(api *client.Error) bool {
	if reason, _ := explanation(api); reason != "" || api.Status >= http.StatusInternalServerError {
		return false
	}
	if api.Status == http.StatusUnauthorized {
		return true
	}
	switch api.Code() {
	case codeInvalidToken, codeUnknownKey:
		return true
	case codeUnauthorized:
		// One code for many refusals: only the text tells.
		return api.Errors[0].Message == "Invalid access token"
	default:
		return false
	}
}

func addressRejected(api *client.Error) bool {
	return api.Code() == codeUnauthorized && strings.HasPrefix(api.Errors[0].Message, "Cannot use the access token from location")
}

// missedAPI says whether a 404 comes from beside the API: from a server that has nothing at the path,
// or from something that does not speak the API's language at all. An object that is gone never looks
// so; its 404 has a code of the API.
func missedAPI(api *client.Error) bool {
	return api.Status == http.StatusNotFound && (len(api.Errors) == 0 || api.Code() == codeBesideAPI)
}

// reasonUserRequired is the reason of a refusal that no grant to an account-owned token changes.
const reasonUserRequired = "user_credential_required"

// reasonNoGrant is the reason of a refusal that a grant to the token changes.
const reasonNoGrant = "no_matching_grant"

// remedies says what to do about a refusal that the API explains, by the name of its reason
// (authorization model §6). The grant that is missing is added to no_matching_grant.
var remedies = map[string]string{
	reasonNoGrant: "Give the token that Terraform runs with a permission for this operation, which the documentation of the " +
		"resource names, or use a credential that has it.",
	"denied_by_policy": "A deny policy of the token that Terraform runs with takes away what another policy grants. " +
		"Remove or narrow the deny policy that the API names above.",
	"owner_lacks_right": "The user behind the credential does not hold the right, and a token gives no more than its owner has. " +
		"Give the user a role that holds it, or run Terraform with the credential of a member who does.",
	"api_access_disabled": "API access is switched off for this credential in that account. A Super Administrator can enable it " +
		"for the member (`accesscontrol_account_member_api_access`) or for the account (`accesscontrol_account_api_access`).",
	"target_not_found": "The account or zone does not exist, or the owner of the credential is no accepted member of its account; " +
		"the API does not say which. Check the id and the credential.",
	reasonUserRequired: "The API does this for users only. Run Terraform with a user-owned API token or a Global API key " +
		"instead of an account-owned token.",
	"super_administrator_required": "Run Terraform with the credential of a Super Administrator of the account.",
	"administrator_required":       "Run Terraform with the credential of a Super Administrator or Administrator of the account.",
	"enterprise_required":          "The account is no Enterprise account, and only those have this setting. Leave it at its default for this account.",
	"tenant_required":              "Only a tenant administrator may do this. Run Terraform with the credential of one.",
}

// unexplained is the advice where the API gives no reason.
const unexplained = "The API does not say what is missing. Check that the credential holds the permission that this operation needs; " +
	"the documentation of the resource names it."

// remedyFor says what to do about a refusal that carries an explanation: the remedy for its reason
// and, where the API names the smallest grant that would do, that grant in this provider's own
// language, or in its place the permission that is documented, if any. It reports false where there is
// no explanation.
func remedyFor(api *client.Error, permission string) (string, bool) {
	reason, message := explanation(api)
	if reason == "" {
		return "", false
	}
	if grant, ok := parseGrant(message); ok {
		intro, smallest := "The smallest grant that would allow it", ""
		documented, other := grant.preferring(permission, api)
		if other {
			intro = "The API names the smallest grant for this request alone. What the documentation asks for"
			smallest = fmt.Sprintf(" Where a policy of that token denies it, or its owner does not hold it, %q is enough for this request.", grant.group)
		}
		return intro + ", as a policy of an accesscontrol_api_token:\n\n" +
			indented(documented.hcl()) + "\n\nAdd that grant to the token that Terraform runs with, or use a credential that has it." + smallest, true
	}
	return remedies[reason], true
}

// explanation finds the first reason of a refusal that is known here, and the whole message that names it. Both
// are empty where there is none. One reason is told by an API that explains nothing, too: by its own words.
func explanation(api *client.Error) (reason, message string) {
	for _, item := range api.Chain() {
		name, _, found := strings.Cut(item.Message, ":")
		name = strings.TrimSpace(name)
		if _, known := remedies[name]; found && known {
			return name, item.Message
		}
	}
	for _, item := range api.Errors {
		if item.Code == codeUnauthorized && item.Message == "Valid user-level authentication not found" {
			return reasonUserRequired, item.Message
		}
	}
	return "", ""
}

// refusedInFront is the advice where a refusal does not have the API's form.
const refusedInFront = "The API refuses in another form, so this may come from a proxy or firewall in front of it. Check that `base_url` " +
	"of the provider is the root of the API and can be reached from here. Otherwise check that the credential holds the permission that " +
	"this operation needs; the documentation of the resource names it."

// explainRefusal says what to do about a 401 or 403 whose credential is good.
func explainRefusal(api *client.Error, permission string) string {
	if len(api.Errors) == 0 {
		return refusedInFront
	}
	if remedy, ok := remedyFor(api, permission); ok {
		return remedy
	}
	return unexplained
}

// invalidAdvice maps what the API is known to say about a definition that it refuses to what can be
// done about it. The first text that the message contains counts.
var invalidAdvice = []struct{ contains, advice string }{
	{
		"sub-token is not allowed",
		"A token made by another token cannot manage tokens. Run Terraform with a Global API key, or leave out the permission groups " +
			"\"API Tokens Write\" and \"Account API Tokens Write\".",
	},
	{
		"no such user, account or zone",
		"Check the ids in the policy's resources. The API says the same of one that does not exist and of one that the token's owner has " +
			"nothing to do with: an account that the owner is no accepted member of, or a zone in one.",
	},
	{
		"Failed common permission check",
		"The owner of the credential that Terraform runs with does not hold that permission on that resource, and nobody can give away " +
			"what they do not hold. Narrow the policy, or give the owner a role that holds it.",
	},
	{
		"A selected permission cannot be granted",
		"The owner of the credential that Terraform runs with does not hold that permission, and nobody can give away what they do not " +
			"hold. Narrow the policy, or give the owner a role that holds it.",
	},
	{
		"Enterprise",
		"The setting exists on Enterprise accounts only. Leave it out for this account.",
	},
	{
		"nest zone under",
		"An account-owned token must name the account whose zones it reaches: use `all_zones_of_accounts` instead of `all_zones`.",
	},
}

// adviseInvalid says what to do about a request that the API refuses for its content. A request that only reads
// has none of a definition's.
func adviseInvalid(verb string, api *client.Error) string {
	if remedy, ok := remedyFor(api, ""); ok {
		return remedy
	}
	if reads(verb) {
		return "What was refused only reads. Check the ids that the configuration names, and that `base_url` of the provider is the root of " +
			"an API that speaks Cloudflare's v4 dialect. If both are right, the failure is the API's: run again later."
	}
	for _, known := range invalidAdvice {
		for _, item := range append(api.Chain(), api.Errors...) {
			if strings.Contains(item.Message, known.contains) {
				return known.advice
			}
		}
	}
	return "Correct what the API names above, then run again."
}

// reads says whether the verb is one of a request that changes nothing.
func reads(verb string) bool { return verb == "read" || verb == "list" }
