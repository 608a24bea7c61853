// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package conformance_test

import (
	"encoding/json"
	"errors"
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/cloudflare/cloudflare-go"
)

// options point the client at the server, without retries, and without the pause that it makes between
// requests by itself.
func options(s *mocktest.Server) []cloudflare.Option {
	return []cloudflare.Option{
		cloudflare.BaseURL(s.BaseURL), cloudflare.UsingRetryPolicy(0, 0, 0), cloudflare.UsingRateLimit(10_000),
	}
}

// as returns a client that presents the credential with that ref: a token, or a user's Global key.
func as(t *testing.T, s *mocktest.Server, ref string) *cloudflare.API {
	t.Helper()
	c := s.Credential(ref)
	if c.Kind != mocktest.GlobalKey {
		return withToken(t, s, c.Value)
	}
	api, err := cloudflare.New(c.Value, c.Email, options(s)...)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// withToken returns a client that presents a token.
func withToken(t *testing.T, s *mocktest.Server, value string) *cloudflare.API {
	t.Helper()
	api, err := cloudflare.NewWithAPIToken(value, options(s)...)
	if err != nil {
		t.Fatal(err)
	}
	return api
}

// must returns the value of a call that is allowed.
func must[T any](t *testing.T) func(value T, err error) T {
	t.Helper()
	return func(value T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatalf("refused: %v", err)
		}
		return value
	}
}

// The kinds of error that the client tells apart by the status: 400, 401, 403 and 404. It names 401 and 403
// the other way round than is usual.
const (
	badRequest      = cloudflare.ErrorTypeRequest
	unauthenticated = cloudflare.ErrorTypeAuthorization
	forbidden       = cloudflare.ErrorTypeAuthentication
	notFound        = cloudflare.ErrorTypeNotFound
)

// refused fails the test unless the client reports an error of that kind with that code.
func refused(t *testing.T, err error, kind cloudflare.ErrorType, code int) {
	t.Helper()
	var reported interface {
		error
		Type() cloudflare.ErrorType
		ErrorCodes() []int
	}
	if !errors.As(err, &reported) {
		t.Errorf("got %v, want an error of the API with code %d", err, code)
		return
	}
	if reported.Type() != kind || !slices.Contains(reported.ErrorCodes(), code) {
		t.Errorf("got %s %v (%v), want %s %d", reported.Type(), reported.ErrorCodes(), err, kind, code)
	}
}

// unchanged fails the test if the function changes the world: a refused request must not.
func unchanged(t *testing.T, s *mocktest.Server, during func()) {
	t.Helper()
	before := must[string](t)(s.World().Digest())
	during()
	if after := must[string](t)(s.World().Digest()); after != before {
		t.Error("a refused request changed the world")
	}
}

// raw sends a request that the client has no method for and reads its result.
func raw[T any](t *testing.T, api *cloudflare.API, method, path string, body any) (T, error) {
	t.Helper()
	var result T
	reply, err := api.Raw(t.Context(), method, path, body, nil)
	if err != nil {
		return result, err
	}
	if err := json.Unmarshal(reply.Result, &result); err != nil {
		t.Fatalf("%s %s: %v", method, path, err)
	}
	return result, nil
}

// groups looks permission groups up by name and scope, as users of the client do.
func groups(t *testing.T, api *cloudflare.API, scope string, names ...string) []cloudflare.APITokenPermissionGroups {
	t.Helper()
	all := must[[]cloudflare.APITokenPermissionGroups](t)(api.ListAPITokensPermissionGroups(t.Context()))
	var found []cloudflare.APITokenPermissionGroups
	for _, name := range names {
		i := slices.IndexFunc(all, func(g cloudflare.APITokenPermissionGroups) bool {
			return g.Name == name && slices.Contains(g.Scopes, scope)
		})
		if i < 0 {
			t.Fatalf("the server lists no permission group %q of scope %s", name, scope)
		}
		found = append(found, cloudflare.APITokenPermissionGroups{ID: all[i].ID})
	}
	return found
}

// The scopes of permission groups, and what keys of resources start with.
const (
	userScope    = "com.cloudflare.api.user"
	accountScope = "com.cloudflare.api.account"
	zoneScope    = "com.cloudflare.api.account.zone"
)

// allow is a policy that allows some groups on one resource.
func allow(key string, groups []cloudflare.APITokenPermissionGroups) cloudflare.APITokenPolicies {
	return cloudflare.APITokenPolicies{
		Effect: "allow", Resources: map[string]any{key: "*"}, PermissionGroups: groups,
	}
}

// tokenOf makes a token of the user super with these policies and returns a client that presents it.
func tokenOf(t *testing.T, s *mocktest.Server, policies ...cloudflare.APITokenPolicies) *cloudflare.API {
	t.Helper()
	token := must[cloudflare.APIToken](t)(as(t, s, "super").CreateAPIToken(t.Context(), cloudflare.APIToken{
		Name: "made for a test", Policies: policies,
	}))
	return withToken(t, s, token.Value)
}
