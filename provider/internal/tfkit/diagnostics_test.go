// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

var update = flag.Bool("update", false, "rewrite the golden files")

const (
	id      = "023e105f4ecef8ad9ca31a8372d0c353"
	account = "01a7362d577a6c3019a474fd6f485823"
)

// golden compares with testdata/diagnostics/<name>.txt, byte for byte.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", "diagnostics", name+".txt")
	if *update {
		if err := os.MkdirAll(filepath.Dir(file), 0o750); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(got), 0o600); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s (-want +got), rewrite with -update:\n%s", file, diff)
	}
}

func refusal(status int, errs ...client.APIError) *client.Error {
	return &client.Error{
		Method: http.MethodPost, Path: "/user/tokens", Status: status, Errors: errs, RequestID: "8f00ba4-AMS", Attempts: 1,
	}
}

func explained(sentence string) *client.Error {
	return refusal(403, client.APIError{
		Code: 10000, Message: "Authentication error",
		Chain: []client.APIError{{Code: 10000, Message: sentence}},
	})
}

// on is the refusal as one of another request.
func on(method, where string, refused *client.Error) *client.Error {
	refused.Method, refused.Path = method, where
	return refused
}

func TestAPIError_golden(t *testing.T) {
	t.Parallel()
	const missing = "no_matching_grant: no allow policy grants this operation; the smallest grant that would allow it: "
	exhausted := refusal(503, client.APIError{Code: 1000, Message: "Service unavailable"})
	exhausted.Attempts = 5
	limited := refusal(429, client.APIError{Code: 10100, Message: "More than 1200 requests per 300 seconds reached."})
	limited.RetryAfter, limited.Attempts = 90*time.Second, 5
	bare := refusal(502)
	bare.Body, bare.RequestID = "<html>bad gateway</html>", ""
	proxied := refusal(404)
	proxied.Body = "404 page not found"
	tests := []struct {
		name, verb, noun string
		err              error
	}{
		{"401", "read", "API token", refusal(401, client.APIError{Code: 1000, Message: "Invalid API Token"})},
		{"403_invalid_token", "create", "API token", refusal(403, client.APIError{Code: 9109, Message: "Invalid access token"})},
		{"403_unknown_key", "read", "zone", refusal(403, client.APIError{Code: 9103, Message: "Unknown X-Auth-Key or X-Auth-Email"})},
		{"400_malformed_credential", "read", "zone", refusal(400, client.APIError{
			Code: 6003, Message: "Invalid request headers",
			Chain: []client.APIError{{Code: 6111, Message: "Invalid format for Authorization header"}},
		})},
		{"403_address", "read", "zone", refusal(403, client.APIError{Code: 9109, Message: "Cannot use the access token from location: 192.0.2.1"})},
		{"403_unexplained", "create", "API token", refusal(403, client.APIError{Code: 9109, Message: "Unauthorized to access requested resource"})},
		{"403_no_envelope", "read", "zone", &client.Error{Status: 403, Body: "forbidden", Attempts: 1}},
		{"403_grant_zone", "create", "API token", explained(missing + `"DNS Write" on com.cloudflare.api.account.zone.` + id)},
		{"403_grant_record", "create", "API token", explained(missing + `"DNS Write" on com.cloudflare.api.account.zone.` + id + ` → com.cloudflare.api.account.zone.dns_record.TXT._acme-challenge.*`)},
		{"403_grant_ambiguous_name", "read", "account", explained(missing + `"Logs Read" on com.cloudflare.api.account.` + account)},
		{"403_grant_documented", "read", "account members", on(http.MethodGet, "/accounts/"+account+"/members?page=1", explained(missing+`"Account Firewall Access Rules Read" on com.cloudflare.api.account.`+account))},
		{"403_grant_documented_zone", "read", "zone", on(http.MethodGet, "/zones/"+id, explained(missing+`"Access: Apps and Policies Read" on com.cloudflare.api.account.zone.`+id))},
		{"403_grant_documented_switch", "change", "account API access switch", on(http.MethodGet, "/accounts/"+account, explained(missing+`"Account Firewall Access Rules Read" on com.cloudflare.api.account.`+account))},
		{"403_grant_not_documented_here", "read", "account", on(http.MethodGet, "/accounts/"+account+"/access/apps", explained(missing+`"Access: Apps and Policies Read" on com.cloudflare.api.account.`+account))},
		{"403_before_create_api_access", "create", "API token", &client.BeforeCreateError{Err: explained("api_access_disabled: API access is off for this member; a Super Administrator can change it")}},
		{"403_before_create", "create", "API token", &client.BeforeCreateError{Err: explained("no_matching_grant: no policy reaches the user with an accepted permission")}},
		{"403_before_create_grant", "create", "API token", &client.BeforeCreateError{Err: explained(missing + `"API Tokens Read" on com.cloudflare.api.user.` + account)}},
		{"403_before_create_no_user", "create", "API token", &client.BeforeCreateError{Err: explained("user_credential_required: this operation needs a credential that acts as a user")}},
		{"403_user_unexplained", "read", "calling user", refusal(403, client.APIError{Code: 9109, Message: "Valid user-level authentication not found"})},
		{"403_denied_by_policy", "update", "account", explained("denied_by_policy: policy 2 denies \"Account Settings Write\"")},
		{"403_owner_lacks_right", "update", "account", explained("owner_lacks_right: the owner does not hold \"DNS Write\" on this zone")},
		{"403_api_access_disabled", "read", "account member", explained("api_access_disabled: API access is off for this member; a Super Administrator can change it")},
		{"403_target_not_found", "read", "zone", explained("target_not_found: no such account or zone")},
		{"403_super_administrator", "update", "account member API access", explained("super_administrator_required: this changes members")},
		{"403_administrator", "create", "API token", explained("administrator_required: this makes tokens of the account")},
		{"403_tenant", "create", "account", explained("tenant_required: only tenants have accounts of their own")},
		{"403_no_matching_grant", "read", "zone", explained("no_matching_grant: no allow policy grants this operation")},
		{"401_explained", "read", "zone", &client.Error{Status: 401, Attempts: 1, Errors: []client.APIError{{
			Code: 10000, Message: "Authentication error", Chain: []client.APIError{{Code: 10000, Message: "no_matching_grant: nothing grants it"}},
		}}}},
		{"403_unknown_reason", "read", "zone", explained("a_reason_of_tomorrow: because")},
		{"404_read", "read", "zone", refusal(404, client.APIError{Code: 1003, Message: "Zone not found"})},
		{"404_list", "list", "account members", refusal(404, client.APIError{Code: 1003, Message: "Account not found"})},
		{"400_list", "list", "zones", refusal(400, client.APIError{Code: 1001, Message: "Unknown filter"})},
		{"404_update", "update", "API token", refusal(404, client.APIError{Code: 1003, Message: "Token not found"})},
		{"404_route", "read", "zone", refusal(404, client.APIError{Code: 7003, Message: "Could not route to /client/v4/zones/x, perhaps your object identifier is invalid?"})},
		{"404_no_envelope", "read", "zone", proxied},
		{"404_beside_api", "create", "API token", refusal(404, client.APIError{Code: 404, Message: "Nothing is served at /user/tokens: the API lies below /client/v4"})},
		{"400_pointers", "create", "API token", refusal(400,
			client.APIError{Code: 1001, Message: "unknown permission group", Pointer: "/policies/0/permission_groups/1/id"},
			client.APIError{Code: 1001, Message: "CIDR does not parse", Pointer: "/condition/request_ip/in/0"},
		)},
		{"400_sub_token", "create", "API token", refusal(400, client.APIError{Code: 1001, Message: "sub-token is not allowed to have permissions to manage other tokens"})},
		{"400_check_failed", "create", "API token", refusal(400, client.APIError{Code: 1001, Message: `Failed common permission check against resources. (Permission group: "DNS Write")`})},
		{"400_unknown_id", "create", "API token", refusal(400, client.APIError{Code: 1001, Message: "no such user, account or zone among those the token's owner belongs to", Pointer: "/policies/0/resources"})},
		{"400_enterprise", "update", "account API access", refusal(400, client.APIError{
			Code: 1001, Message: "Invalid account", Chain: []client.APIError{{Code: 1001, Message: "enterprise_required: only Enterprise accounts have this switch"}},
		})},
		{"400_user_credential", "read", "accounts", refusal(400, client.APIError{
			Code: 1001, Message: "List accounts endpoint does not support account owned tokens.",
			Chain: []client.APIError{{Code: 1001, Message: "user_credential_required: only a user has accounts"}},
		})},
		{"400_flat_zone_key", "create", "API token", refusal(400, client.APIError{
			Code: 1001, Message: "Must specify a zone for account owned tokens, or nest zone under specific account resource",
		})},
		{"400_not_grantable", "create", "API token", refusal(400, client.APIError{Code: 1001, Message: "A selected permission cannot be granted to this token"})},
		{"409", "update", "account", refusal(409, client.APIError{Code: 1001, Message: "The account was changed meanwhile"})},
		{"429", "read", "API token", limited},
		{"429_no_wait", "read", "API token", refusal(429, client.APIError{Code: 10100, Message: "slow down"})},
		{"503", "update", "account", exhausted},
		{"502_no_envelope", "update", "account", bare},
		{"418_no_envelope", "update", "account", &client.Error{Status: 418, Attempts: 1}},
		{"transport", "create", "API token", &client.TransportError{
			Method: "POST", Path: "/user/tokens", Attempts: 5,
			Err: &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")},
		}},
		{"certificate", "read", "zone", &client.TransportError{
			Method: "GET", Path: "/zones", Attempts: 1,
			Err: &tls.CertificateVerificationError{Err: x509.UnknownAuthorityError{}},
		}},
		{"proxy", "read", "zone", &client.TransportError{
			Method: "GET", Path: "/zones", Attempts: 5,
			Err: &net.OpError{Op: "proxyconnect", Net: "tcp", Err: errors.New("connection refused")},
		}},
		{"cancelled_in_flight", "read", "zone", &client.TransportError{Method: "GET", Path: "/zones", Attempts: 1, Err: context.Canceled}},
		{"cancelled_before", "create", "API token", fmt.Errorf("wait for an equal create: %w", context.Canceled)},
		{"lost_create_candidates", "create", "API token", &client.LostCreateError{
			Name: "ci", CandidateIDs: []string{id, account}, Err: errors.New("EOF"),
		}},
		{"lost_create_kept", "create", "API token", &client.LostCreateError{
			Name: "ci", CandidateIDs: []string{id}, KeptID: id, Err: errors.New("EOF"),
		}},
		{"lost_create_another_made", "create", "API token", &client.LostCreateError{
			Name: "ci", CandidateIDs: []string{id}, CreatedID: account, Err: errors.New("EOF"),
		}},
		{"lost_roll", "replace the secret of", "API token", &client.LostRollError{Err: &client.TransportError{
			Method: http.MethodPut, Path: "/user/tokens/" + id + "/value", Attempts: 5, Err: errors.New("connection reset by peer"),
		}}},
		{"lost_create_nothing_known", "create", "API token", &client.LostCreateError{Name: "ci", Err: errors.New("EOF")}},
		{"malformed_reply", "read", "zone", &client.UnexpectedReplyError{
			Method: "GET", Path: "/zones", Status: 200, RequestID: "r-1", Reason: "no JSON envelope came back",
		}},
		{"malformed_request", "delete", "API token", errors.New(`DELETE: id "" cannot be part of a path`)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			for _, err := range []error{tt.err, fmt.Errorf("wrapped: %w", tt.err)} {
				d := APIError(tt.verb, tt.noun, err)
				if d.Severity() != diag.SeverityError {
					t.Errorf("severity = %s", d.Severity())
				}
				checkShape(t, d)
			}
			d := APIError(tt.verb, tt.noun, tt.err)
			golden(t, tt.name, d.Summary()+"\n\n"+d.Detail()+"\n")
		})
	}
}

// checkShape holds what every diagnostic must keep.
func checkShape(t *testing.T, d diag.Diagnostic) {
	t.Helper()
	if n := len([]rune(d.Summary())); n == 0 || n > maxSummary {
		t.Errorf("summary of %d characters: %q", n, d.Summary())
	}
	if strings.HasSuffix(d.Summary(), ".") {
		t.Errorf("summary ends with a period: %q", d.Summary())
	}
	if parts := strings.Split(d.Detail(), "\n\n"); len(parts) < 2 {
		t.Errorf("detail says what happened but not what to do: %q", d.Detail())
	}
}

func TestAPIErrorAt(t *testing.T) {
	t.Parallel()
	at := path.Root("policies").AtMapKey("dns")
	d := APIErrorAt(at, "create", "API token", refusal(400, client.APIError{Code: 1001, Message: "no"}))
	withPath, ok := d.(diag.DiagnosticWithPath)
	if !ok || !withPath.Path().Equal(at) {
		t.Errorf("diagnostic = %#v, want one at %s", d, at)
	}
	plain := APIError("create", "API token", refusal(400, client.APIError{Code: 1001, Message: "no"}))
	if d.Summary() != plain.Summary() || d.Detail() != plain.Detail() {
		t.Error("the text depends on the path")
	}
}

func TestSummariesStayShort(t *testing.T) {
	t.Parallel()
	noun := strings.Repeat("very ", 20) + "long noun"
	for _, err := range []error{
		refusal(403, client.APIError{Code: 10000, Message: "no"}),
		refusal(404, client.APIError{Code: 1003, Message: "no"}),
		refusal(400, client.APIError{Code: 1001, Message: "no"}),
		&client.LostCreateError{Name: "x", Err: errors.New("y")},
		errors.New("z"),
	} {
		for _, verb := range []string{"read", "update"} {
			checkShape(t, APIError(verb, noun, err))
		}
	}
}

// Whatever class a failure is of, an endpoint that echoes the request makes no secret visible.
func TestAPIError_neverShowsSecrets(t *testing.T) {
	t.Parallel()
	const (
		credential = "cfut_0123456789abcdefghijklmnopqrstuvwxyzABCD89abcdef"
		value      = "cfut_SECRETSECRETSECRETSECRETSECRETSECRETSECR01234567"
	)
	for _, status := range []int{200, 301, 400, 401, 403, 404, 500} {
		for _, form := range []string{`{"success":false,"result":{"value":%[2]q},"errors":[{"code":1001,"message":%[1]q}]}`, "%s %s"} {
			t.Run(fmt.Sprintf("%d %.9s", status, form), func(t *testing.T) {
				t.Parallel()
				server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
					w.Header().Set("X-Request-Id", r.Header.Get("Authorization"))
					w.Header().Set("Location", "https://other.example/"+value)
					w.WriteHeader(status)
					fmt.Fprintf(w, form, r.Header.Get("Authorization"), value)
				}))
				t.Cleanup(server.Close)
				c, err := client.New(client.Options{BaseURL: server.URL, Credential: client.Credential{APIToken: credential}})
				if err != nil {
					t.Fatal(err)
				}
				_, err = c.UpdateToken(t.Context(), client.Owner{}, id, client.TokenDefinition{Name: "ci"})
				if err == nil {
					t.Fatal("the call succeeded")
				}
				d := APIError("update", "API token", err)
				for _, secret := range []string{credential, value} {
					if strings.Contains(d.Summary()+d.Detail(), secret) {
						t.Errorf("a secret is visible: %s", strings.ReplaceAll(d.Detail(), secret, "<<SECRET>>"))
					}
				}
			})
		}
	}
}
