// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"errors"
	"net/http"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// TestRequestFailed holds that an error in a policy stands at the policy's key.
func TestRequestFailed(t *testing.T) {
	t.Parallel()
	def := definition{Policies: []policyset.Keyed{{Key: "alpha"}, {Key: "beta"}}}
	refusal := func(pointers ...string) error {
		err := &client.Error{Method: http.MethodPost, Path: "/user/tokens", Status: http.StatusBadRequest}
		for _, p := range pointers {
			err.Errors = append(err.Errors, client.APIError{Code: client.CodeInvalid, Message: "no such zone", Pointer: p})
		}
		return err
	}
	for name, test := range map[string]struct {
		err  error
		want string
		text string
	}{
		"a policy":         {refusal("/policies/1/resources"), `policies["beta"]: Invalid API token configuration`, `0 is "alpha", 1 is "beta"`},
		"the first of two": {refusal("/name", "/policies/0", "/policies/1"), `policies["alpha"]: Invalid API token configuration`, "no such zone"},
		"no policy":        {refusal("/name"), "Invalid API token configuration", "/name"},
		"beyond the list":  {refusal("/policies/7"), "Invalid API token configuration", "/policies/7"},
		"not a number":     {refusal("/policies/x"), "Invalid API token configuration", "/policies/x"},
		"no reply":         {&client.TransportError{Method: http.MethodPost, Path: "/user/tokens", Attempts: 1, Err: errors.New("reset")}, "Cannot reach the API", "reset"},
	} {
		diags := requestFailed("create", test.err, def)
		if diff := cmp.Diff([]string{test.want}, problems(diags)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		if !strings.Contains(diags[0].Detail(), test.text) {
			t.Errorf("%s: the detail does not say %q:\n%s", name, test.text, diags[0].Detail())
		}
	}
}
