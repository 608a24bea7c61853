// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"fmt"
	"net/http"
	"strings"
)

// ErrorCase is one row of the error table: what clients receive, and when.
// This file is the only place where codes, statuses and texts stand.
type ErrorCase struct {
	// Status is the HTTP status.
	Status int
	// Code is the code in the reply's errors[].
	Code int
	// Message is the text; "%s" and "%d" stand for details of the request.
	Message string
	// When says in which situation the reply is given.
	When string
}

// Errors returns the error table, in the order in which a request meets it.
// The slice is fresh.
func Errors() []ErrorCase {
	return []ErrorCase{
		errNoRoute, errMalformedID, errMethod, errLimited,
		errMissing, errMissingKey, errMalformed,
		errUnknown, errUnknownKey, errVerifyUnknown, errVerifyBearer, errLocation,
		errUserRequired, errListAccounts, errRefused, errAuthentication, errZoneList, errZoneCreate,
		errEnterprise, errTenant,
		errSyntax, errInvalid, errNotFound,
		errZoneExists, errZoneName, errZoneSubdomain,
		errRecordMissing, errRecordInvalid, errRecordIdentical, errRecordExists, errRecordHost,
		errRuleDuplicate, errInternal,
	}
}

var (
	errNoRoute = ErrorCase{
		http.StatusBadRequest, 7003, "Could not route to %s, perhaps your object identifier is invalid?",
		"no operation has this path",
	}
	errMalformedID = ErrorCase{
		http.StatusNotFound, 7003, errNoRoute.Message,
		"the id of an account or a zone in the path is not 32 lower-case hexadecimal digits",
	}
	errMethod = ErrorCase{
		http.StatusMethodNotAllowed, 7001, "Method %s not available for that URI.",
		"operations have this path, none with this method",
	}

	errLimited = ErrorCase{
		http.StatusTooManyRequests, 10100,
		"More than %d requests per %d seconds reached. Please wait and consider throttling your request speed",
		"the rate limit: a request too many of one caller, or from one address",
	}

	errMissing = ErrorCase{
		http.StatusBadRequest, 9106, "Missing X-Auth-Key, X-Auth-Email or Authorization headers",
		"gate 1: no credential",
	}
	errMissingKey = ErrorCase{
		http.StatusBadRequest, 9107, "Missing X-Auth-Key header",
		"gate 1: an e-mail address without a key",
	}
	errMalformed = ErrorCase{
		http.StatusBadRequest, 6003, "Invalid request headers",
		"gate 1: a credential that is not of its form, or a repeated credential header",
	}
	errUnknown = ErrorCase{
		http.StatusForbidden, 9109, "Invalid access token",
		"gates 2 and 3: a token or Origin CA key that is unknown, disabled, expired or not yet valid",
	}
	errUnknownKey = ErrorCase{
		http.StatusForbidden, 9103, "Unknown X-Auth-Key or X-Auth-Email",
		"gate 2: an unknown Global API key",
	}
	errVerifyUnknown = ErrorCase{
		http.StatusUnauthorized, 1000, "Invalid API Token",
		"verify: a token that is unknown, or not one of this path",
	}
	errVerifyBearer = ErrorCase{
		http.StatusBadRequest, 1001, "Missing \"Authorization\" header",
		"verify: a key instead of a token",
	}
	errLocation = ErrorCase{
		http.StatusForbidden, 9109, "Cannot use the access token from location: %s",
		"gate 4: the IP condition does not hold",
	}

	errUserRequired = ErrorCase{
		http.StatusForbidden, 9109, "Valid user-level authentication not found",
		"gates 5 and 10: an account-owned token where a user is asked for",
	}
	errListAccounts = ErrorCase{
		http.StatusBadRequest, 1001, "List accounts endpoint does not support account owned tokens.",
		"gate 5: an account-owned token on GET /accounts",
	}
	errRefused = ErrorCase{
		http.StatusForbidden, 9109, "Unauthorized to access requested resource",
		"gate 5: no such target; gates 7 to 9 on users, accounts, tokens, members and single zones; gate 10: a role",
	}
	errAuthentication = ErrorCase{
		http.StatusForbidden, 10000, "Authentication error",
		"gate 6: API access is off; gates 7 to 9 on all other operations",
	}
	errZoneList = ErrorCase{
		http.StatusForbidden, 0, "Actor '%s' requires permission 'com.cloudflare.api.account.zone.list' to list zones",
		"gates 7 to 9 on GET /zones",
	}
	errZoneCreate = ErrorCase{
		http.StatusForbidden, 0, "Requires permission \"com.cloudflare.api.account.zone.create\" to create zones for the selected account",
		"gates 7 to 9 on POST /zones",
	}
	errEnterprise = ErrorCase{
		http.StatusBadRequest, 1001, "api_access_enabled can only be set on Enterprise accounts",
		"gate 10: an API access switch on a standard account",
	}
	errTenant = ErrorCase{
		http.StatusForbidden, 1002, "Accounts can only be created and deleted by tenant administrators",
		"gate 10: creating or deleting an account",
	}

	errSyntax = ErrorCase{
		http.StatusBadRequest, 1198, "Could not decode the request body: %s",
		"the body is not one JSON value, is too large, or repeats a key",
	}
	errInvalid = ErrorCase{
		http.StatusBadRequest, 1001, "%s",
		"a field that is unknown, of the wrong type, or holds what cannot be",
	}
	errNotFound = ErrorCase{
		http.StatusNotFound, 1003, "%s not found",
		"an object below a user, an account or a zone that does not exist",
	}

	errZoneExists = ErrorCase{
		http.StatusBadRequest, 1061, "%s already exists",
		"POST /zones: a zone of that name exists",
	}
	errZoneName = ErrorCase{
		http.StatusBadRequest, 1002, "Invalid domain: %s",
		"POST /zones: the name is not a domain name",
	}

	errZoneSubdomain = ErrorCase{
		http.StatusBadRequest, 1116, "Please ensure you are providing the root domain and not any subdomains (e.g., example.com, not subdomain.example.com)",
		"POST /zones: a subdomain, outside of an Enterprise account",
	}

	errRecordMissing = ErrorCase{
		http.StatusNotFound, 81044, "Record does not exist.",
		"a DNS record that is absent, or that the caller may not read",
	}
	errRecordInvalid = ErrorCase{
		http.StatusBadRequest, 1004, "DNS Validation Error",
		"a DNS record whose content, TTL or data cannot be; the error chain says what",
	}
	errRecordIdentical = ErrorCase{
		http.StatusBadRequest, 81058, "An identical record already exists.",
		"a new DNS record that equals another one",
	}
	errRecordExists = ErrorCase{
		http.StatusBadRequest, 81057, "The record already exists.",
		"a change that would make a DNS record equal to another one",
	}
	errRecordHost = ErrorCase{
		http.StatusBadRequest, 81053, "%s",
		"a CNAME beside A, AAAA or CNAME, or NS beside other types, on one name",
	}

	errRuleDuplicate = ErrorCase{
		http.StatusBadRequest, 10009, "firewallaccessrules.api.duplicate_of_existing",
		"an access rule whose configuration another rule of the same owner has",
	}

	errInternal = ErrorCase{
		http.StatusInternalServerError, 500, "Internal server error",
		"a fault of this server; nothing was changed",
	}
)

// refusal is the error that ends a request with an error reply. Every error
// of a transaction that is no refusal becomes errInternal.
type refusal struct {
	status int
	items  []errorItem
	// allow is the Allow header of a 405.
	allow []string
}

// Error names the codes and texts of the reply.
func (r *refusal) Error() string {
	parts := make([]string, len(r.items))
	for i, item := range r.items {
		parts[i] = fmt.Sprintf("%d %s", item.Code, item.Message)
	}
	return strings.Join(parts, "; ")
}

// refuse makes a refusal of this case; details fill the message.
func (c ErrorCase) refuse(details ...any) *refusal {
	return &refusal{status: c.Status, items: []errorItem{c.item(details...)}}
}

func (c ErrorCase) item(details ...any) errorItem {
	message := c.Message
	if len(details) > 0 {
		message = fmt.Sprintf(message, details...)
	}
	return errorItem{Code: c.Code, Message: message}
}

// chained adds a chain entry to a refusal of one item. The entry has the
// item's own code.
func (r *refusal) chained(message string) *refusal {
	for i := range r.items {
		r.items[i].Chain = append(r.items[i].Chain, chainItem{Code: r.items[i].Code, Message: message})
	}
	return r
}

// invalid refuses one field of a request with a sentence.
func invalid(pointer, format string, args ...any) *refusal {
	return refuseProblems([]problem{{pointer: pointer, message: fmt.Sprintf(format, args...)}})
}

// refuseProblems answers several problems in one reply, one item each, up to
// maxProblems.
func refuseProblems(problems []problem) *refusal {
	r := &refusal{status: http.StatusBadRequest}
	for _, p := range problems[:min(len(problems), maxProblems)] {
		c := errInvalid
		if p.syntax {
			c = errSyntax
		}
		item := c.item(p.message)
		if p.pointer != "" || p.syntax {
			item.Source = &errorSource{Pointer: p.pointer}
		}
		r.items = append(r.items, item)
	}
	return r
}
