// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// TestAccAPIToken_lostCreateUnseen loses the answer to a create, and nothing can be read afterwards: state
// keeps a tainted resource for a token whose id nobody knows, and the next apply finds the token by what it is,
// deletes it and makes one anew. A token that looks the same and was there before stays.
func TestAccAPIToken_lostCreateUnseen(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	twin, _ := w.issue("/user/tokens", "lost")
	config := w.config(`name = "lost"` + "\n" + `policies = { dns = { permission_groups = ["DNS Write"], resources = { zones = ["$zone"] } } }`)
	lose := func() {
		w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true, Times: 1})
		w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens", Status: http.StatusForbidden, Skip: 1})
	}
	left := func(want int) {
		t.Helper()
		if n := count(w.tokenNames(), "lost"); n != want {
			t.Errorf("%d tokens of that name, want %d", n, want)
		}
	}
	w.Test(
		resource.TestStep{PreConfig: lose, Config: config, ExpectError: regexp.MustCompile("API token may have been created")},
		resource.TestStep{
			PreConfig: func() { w.Server.ClearFaults(); left(2) },
			Config:    config, ConfigPlanChecks: isReplace,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, at("value"), knownvalue.NotNull())},
		},
		resource.TestStep{PreConfig: func() { left(2) }, Config: config, ConfigPlanChecks: isEmpty},
	)
	left(1)
	w.requests(http.MethodDelete, "/user/tokens/"+twin, 0)
}

// TestAccAPIToken_lostCreateDestroyed destroys what state holds for such a token.
func TestAccAPIToken_lostCreateDestroyed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "lost"` + "\n" + dnsPolicy)
	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true, Times: 1})
	w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens", Status: http.StatusForbidden, Skip: 1})
	w.Test(
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile("API token may exist that is not in state|API token may have been created")},
		resource.TestStep{PreConfig: func() { w.Server.ClearFaults() }, Config: w.ProviderConfig()},
	)
	if n := count(w.tokenNames(), "lost"); n != 0 {
		t.Errorf("%d tokens are left after the destroy", n)
	}
}

// TestAccAPIToken_lostCreateWithdrawn loses the answer to a create, makes the token anew, and cannot see then whether
// the first was carried out after all: the second is deleted again, and the next apply ends with one token.
func TestAccAPIToken_lostCreateWithdrawn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "lost"` + "\n" + dnsPolicy)
	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropBefore: true, Times: 1})
	// The list before the first create and two looks for what became of it come first.
	w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens", Status: http.StatusForbidden, Skip: 3})
	alive := func(want int) {
		t.Helper()
		if n := count(w.tokenNames(), "lost"); n != want {
			t.Errorf("%d tokens of that name, want %d", n, want)
		}
	}
	w.Test(
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile("API token may exist that is not in state|API token may have been created")},
		resource.TestStep{
			PreConfig: func() {
				w.Server.ClearFaults()
				alive(0)
				w.requests(http.MethodPost, "/user/tokens", 2)
			},
			Config:            config,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, at("value"), knownvalue.NotNull())},
		},
		resource.TestStep{PreConfig: func() { alive(1) }, Config: config, ConfigPlanChecks: isEmpty},
	)
	alive(0)
}
