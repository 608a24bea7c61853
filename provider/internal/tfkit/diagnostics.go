// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"syscall"

	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

const (
	// maxSummary is how long a summary may be, in characters.
	maxSummary = 60

	reportDefect = "This is a defect in the provider. Please report it with the text above."
)

// APIError turns a failure of the client into one diagnostic: what could not be done, what the API
// said (its own message, code and request id), and what to do. verb is an infinitive such as
// "create", noun what it was to happen to, such as "API token"; both appear in the text as they are.
func APIError(verb, noun string, err error) diag.Diagnostic {
	return APIErrorNeeding(documented[noun], verb, noun, err)
}

// APIErrorNeeding is APIError for a request that is part of something which needs that permission, such as
// [WritesAccount]; the empty one is none.
func APIErrorNeeding(permission, verb, noun string, err error) diag.Diagnostic {
	summary, detail := phrase(permission, verb, noun, err)
	return diag.NewErrorDiagnostic(summary, detail)
}

// APIErrorAt is APIError on the attribute that is at fault.
func APIErrorAt(p path.Path, verb, noun string, err error) diag.Diagnostic {
	summary, detail := phrase(documented[noun], verb, noun, err)
	return diag.NewAttributeErrorDiagnostic(p, summary, detail)
}

// phrase chooses the class of a failure. The order matters: a lost create and a lost roll wrap the
// failure that caused them.
func phrase(permission, verb, noun string, err error) (summary, detail string) {
	var (
		before     *client.BeforeCreateError
		lost       *client.LostCreateError
		lostRoll   *client.LostRollError
		unexpected *client.UnexpectedReplyError
		transport  *client.TransportError
		api        *client.Error
	)
	switch {
	case errors.As(err, &before):
		return phraseBeforeCreate(noun, before)
	case errors.As(err, &lost):
		return phraseLost(noun, lost)
	case errors.As(err, &lostRoll):
		return fit(fmt.Sprintf("Secret of %s may be lost", noun), "Secret may be lost"), paragraphs(
			fmt.Sprintf("The secret of the %s may have been replaced, but the answer was lost: %v.", noun, lostRoll.Err),
			"The old secret may no longer work, and nobody holds the one in its place. Replace the secret again, once the API can be reached.",
		)
	case errors.As(err, &unexpected):
		return phraseUnexpected(verb, noun, unexpected)
	case errors.As(err, &transport):
		return phraseTransport(verb, noun, transport)
	case errors.As(err, &api):
		return phraseRefusal(permission, verb, noun, api)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return "Interrupted", paragraphs(
			fmt.Sprintf("Terraform stopped before it could %s the %s: %v.", verb, noun, err),
			"Run terraform plan to see where things stand, then apply again.",
		)
	default:
		return fit(fmt.Sprintf("Cannot %s %s", verb, noun), "Request cannot be made"), paragraphs(
			fmt.Sprintf("The request could not be made: %v.", err), reportDefect,
		)
	}
}

// phraseBeforeCreate phrases a create that was not sent. The API explains what the list needs; what the create
// needs is more, and includes it.
func phraseBeforeCreate(noun string, e *client.BeforeCreateError) (summary, detail string) {
	summary, detail = phrase("", "list", noun+"s", e.Err)
	const unsent = "Nothing was created: what exists is listed before the first create, so that a create whose answer is lost can be settled."
	if !client.IsDenied(e.Err) {
		return summary, paragraphs(detail, unsent)
	}
	const never = "An account-owned token manages no tokens, with account_id or without, whatever it is granted."
	if api, ok := errors.AsType[*client.Error](e.Err); ok {
		reason, message := explanation(api)
		if reason == reasonUserRequired {
			return summary, paragraphs(detail, unsent, never)
		}
		if reason != "" && reason != reasonNoGrant {
			return summary, paragraphs(detail, unsent) // no grant would help
		}
		// To list them the API asks for less. Two grants in one message would be one too many.
		if grant, ok := parseGrant(message); ok && grant.toWrite() {
			return summary, paragraphs(refused("list", noun+"s", api), unsent,
				"Creating one needs this grant, which lets Terraform list them too, as a policy of an accesscontrol_api_token:",
				indented(grant.hcl()), "Add it to the user's token that Terraform runs with, or use a credential that has it. "+never)
		}
	}
	return summary, paragraphs(detail, unsent,
		"Creating one needs `API Tokens Write`, or `Account API Tokens Write` for a token with account_id. Either lets Terraform list them too: grant that to a user's token, and no right to read beside it. "+never)
}

// phraseRefusal phrases an answer of the API that is not success.
func phraseRefusal(permission, verb, noun string, api *client.Error) (summary, detail string) {
	said := refused(verb, noun, api)
	switch {
	case credentialMalformed(api):
		return "API credential rejected", paragraphs(said,
			"The API could not read the credential as it was sent.",
			"Check that `api_token` (or `email` and `api_key`) of the provider is the whole secret, without quotes, blanks or a word before it, then run again.")
	case credentialRejected(api):
		return "API credential rejected", paragraphs(said,
			"The API does not know the credential, or the credential has expired, was disabled, or is not valid yet; the API does not say which.",
			"Check that `api_token` (or `email` and `api_key`) of the provider is the current secret and has not expired or been revoked, then run again.")
	case addressRejected(api):
		return "API credential not usable from here", paragraphs(said,
			"The credential is limited to addresses that this machine's is not one of.",
			"Run Terraform from an allowed address, or let the owner of the credential change its IP condition.")
	case api.Status == http.StatusUnauthorized, api.Status == http.StatusForbidden:
		return fit(fmt.Sprintf("Not permitted to %s %s", verb, noun), "Not permitted"), paragraphs(said, explainRefusal(api, permission))
	case client.IsNotFound(api) && reads(verb):
		return fit(capital(noun)+" not found", "Not found"), paragraphs(said,
			"Check the id, and that the credential is one for the account that it belongs to.")
	case client.IsNotFound(api):
		return fit(capital(noun)+" no longer exists", "Object no longer exists"), paragraphs(said,
			"Run terraform plan to see what changed outside Terraform and to create it anew.")
	case missedAPI(api):
		return "API not found at base_url", paragraphs(said,
			fmt.Sprintf("What answered serves nothing at this path. That says nothing about the %s itself.", noun),
			"Check that `base_url` ends in the API's base path, for example https://host/client/v4. Check also that no proxy answers in its place.")
	case api.HasCode(client.CodeNoRoute):
		return "API does not know this path", paragraphs(said,
			"Check that every id in the configuration is one (32 lower-case hexadecimal digits), and that `base_url` of the provider is the root of the API, such as https://host/client/v4.")
	case api.Status == http.StatusMethodNotAllowed, api.Status == http.StatusNotImplemented:
		return "Operation not supported by the API", paragraphs(said,
			"The endpoint knows the path, but not what was to be done there.",
			"Check that `base_url` of the provider is the root of an API that speaks Cloudflare's v4 dialect, and that no proxy limits the methods that may be used.")
	case api.Status == http.StatusConflict, api.Status == http.StatusPreconditionFailed:
		return fit("Conflict over "+noun, "Conflict"), paragraphs(said,
			"Something else changed it at the same time, or what is asked for contradicts what exists.",
			"Run terraform plan to see where things stand, then apply again.")
	case api.Status == http.StatusTooManyRequests:
		return "API rate limit reached", paragraphs(said, retryAdvice(api))
	case api.Status >= http.StatusInternalServerError, api.Status == http.StatusRequestTimeout:
		return "API failed", paragraphs(said,
			"The failure is on the API's side and lasted through all attempts. Check the endpoint's status and try again; nothing needs to change in the configuration.")
	case len(api.Errors) == 0:
		return "Unexpected reply from the API", paragraphs(said,
			"Check that `base_url` of the provider is the root of an API that speaks Cloudflare's v4 dialect, such as https://host/client/v4, and that no proxy answers in its place.")
	case reads(verb):
		return fit(fmt.Sprintf("Cannot %s %s", verb, noun), "Cannot "+verb), paragraphs(said, adviseInvalid(verb, api))
	default:
		return fit(fmt.Sprintf("Invalid %s configuration", noun), "Invalid configuration"), paragraphs(said, adviseInvalid(verb, api))
	}
}

func phraseTransport(verb, noun string, e *client.TransportError) (summary, detail string) {
	said := fmt.Sprintf("Could not %s the %s: %s %s got no complete reply after %s. The last attempt failed with: %v.",
		verb, noun, e.Method, e.Path, attempts(e.Attempts), e.Err)
	switch {
	case errors.Is(e.Err, context.Canceled):
		return "Interrupted", paragraphs(said, "Run terraform plan to see where things stand, then apply again.")
	case errors.Is(e.Err, http.ErrSchemeMismatch):
		return "API does not speak https", paragraphs(said,
			"What answers at `base_url` speaks plain http. The credential was not sent.",
			"Check host and port of `base_url`. Plain http is accepted for loopback addresses alone.")
	case proxyFailed(e.Err):
		return "Cannot reach the proxy", paragraphs(said,
			"Requests go through the proxy that `HTTPS_PROXY` names in the environment of Terraform.",
			"Check that variable, or name the API's host in `NO_PROXY`.")
	case certificateRejected(e.Err):
		return "API certificate not trusted", paragraphs(said,
			"The peer could not prove that it is the endpoint in `base_url`. The credential was not sent.",
			"Check `base_url`, and that this machine trusts the authority that signed the endpoint's certificate.")
	case errors.Is(e.Err, syscall.ECONNREFUSED):
		return "Cannot reach the API", paragraphs(said,
			"Nothing listens there. Check host and port of `base_url`; where that is the reference server, start it.")
	default:
		return "Cannot reach the API", paragraphs(said,
			"Check `base_url` of the provider and your network, then run again. Where the API is slow, raise `request_timeout`.")
	}
}

func phraseUnexpected(verb, noun string, e *client.UnexpectedReplyError) (summary, detail string) {
	return "Unexpected reply from the API", paragraphs(
		fmt.Sprintf("Could not %s the %s: %s %s was answered with HTTP status %d%s: %s.",
			verb, noun, e.Method, e.Path, e.Status, requestNote(e.RequestID), e.Reason),
		"Check that `base_url` of the provider is the root of an API that speaks Cloudflare's v4 dialect, such as https://host/client/v4, and that no proxy answers in its place.",
	)
}

func phraseLost(noun string, e *client.LostCreateError) (summary, detail string) {
	said := fmt.Sprintf("The answer to creating the %s %q was lost, and with it the secret: %v.", noun, e.Name, e.Err)
	if e.CreatedID != "" {
		said += fmt.Sprintf("\n\nAnother was created in its place, %s; it is kept in state, tainted, so that the next apply replaces it. "+
			"What follows is about the first.", e.CreatedID)
	}
	if len(e.CandidateIDs) == 0 {
		return fit(capital(noun)+" may have been created", "Object may have been created"), paragraphs(said,
			"Whether it exists could not be found out.",
			fmt.Sprintf("Look among your %ss for one of that name which you did not expect, delete it, and apply again.", noun))
	}
	if e.KeptID != "" && e.CreatedID == "" {
		return fit(capital(noun)+" may have been created", "Object may have been created"), paragraphs(said,
			fmt.Sprintf("It is %s, which could not be deleted. Nobody holds its secret. State keeps it, tainted.", e.KeptID),
			"Apply again: that deletes it and creates one whose secret is known.")
	}
	return fit(capital(noun)+" may have been created", "Object may have been created"), paragraphs(said,
		"It may be one of these, of which none was deleted because that could not be told for certain:\n"+bullets(e.CandidateIDs),
		"Nobody holds the secret of the one that was created. Find out which of them you do not know, delete it, and apply again.")
}

// refused says what the API answered, every message with its code and place.
func refused(verb, noun string, api *client.Error) string {
	where := fmt.Sprintf("HTTP status %d%s", api.Status, requestNote(api.RequestID))
	if api.Attempts > 1 {
		where += ", after " + attempts(api.Attempts)
	}
	act := "refused"
	if api.Status >= http.StatusInternalServerError {
		act = "failed"
	}
	intro := fmt.Sprintf("The API %s to %s the %s (%s)", act, verb, noun, where)
	switch {
	case len(api.Errors) > 0:
		var lines []string
		for _, item := range api.Errors {
			lines = append(lines, entry(item))
			for _, nested := range item.Chain {
				lines = append(lines, "  "+entry(nested))
			}
		}
		return intro + ":\n" + bullets(lines)
	case api.Body != "":
		return fmt.Sprintf("%s without the API's usual error form; the reply begins: %q.", intro, api.Body)
	default:
		return intro + " without the API's usual error form."
	}
}

func entry(item client.APIError) string {
	text := fmt.Sprintf("%s (code %d)", item.Message, item.Code)
	if item.Pointer != "" {
		text += " at " + item.Pointer
	}
	return text
}

func retryAdvice(api *client.Error) string {
	when := "in a few minutes"
	if api.RetryAfter > 0 {
		when = "after " + api.RetryAfter.String()
	}
	return "Run again " + when + ", with a lower -parallelism or with `requests_per_minute` of the provider set below the API's limit."
}

// proxyFailed says whether the way to a proxy is what failed.
func proxyFailed(err error) bool {
	var op *net.OpError
	return errors.As(err, &op) && op.Op == "proxyconnect"
}

func certificateRejected(err error) bool {
	var verification *tls.CertificateVerificationError
	return errors.As(err, &verification)
}

func attempts(n int) string {
	if n == 1 {
		return "1 attempt"
	}
	return fmt.Sprintf("%d attempts", n)
}

func requestNote(id string) string {
	if id == "" {
		return ""
	}
	return ", request id " + id
}

// fit is the text, or the shorter one where the text is too long for a summary.
func fit(text, shorter string) string {
	if len([]rune(text)) > maxSummary {
		return shorter
	}
	return text
}

func capital(noun string) string {
	if noun == "" {
		return noun
	}
	return strings.ToUpper(noun[:1]) + noun[1:]
}

func bullets(lines []string) string {
	var b strings.Builder
	for i, line := range lines {
		if i > 0 {
			b.WriteByte('\n')
		}
		trimmed := strings.TrimLeft(line, " ")
		b.WriteString(strings.Repeat(" ", len(line)-len(trimmed)+2) + "- " + trimmed)
	}
	return b.String()
}

func paragraphs(texts ...string) string {
	var kept []string
	for _, text := range texts {
		if text != "" {
			kept = append(kept, text)
		}
	}
	return strings.Join(kept, "\n\n")
}
