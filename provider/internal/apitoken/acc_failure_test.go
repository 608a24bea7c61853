// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

func parse(t *testing.T, s string) time.Time {
	t.Helper()
	parsed, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// refusals are replies to a read that prove nothing about the token.
var refusals = map[string]struct {
	fault mocktest.Fault
	want  string
}{
	"401":                   {mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/*", Status: http.StatusUnauthorized}, "API credential rejected"},
	"403":                   {mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/*", Status: http.StatusForbidden}, "Not permitted to read API token"},
	"404 without envelope":  {mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/*", Status: http.StatusNotFound, Body: "404 page not found"}, "(?s)API not found at base_url.*base path"},
	"404 beside the API":    {mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/*", Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":404,"message":"Nothing is served there"}],"messages":[],"result":null}`}, "API not found at base_url"},
	"404 of another reason": {mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/*", Status: http.StatusNotFound, Body: `{"success":false,"errors":[{"code":7003,"message":"Could not route"}],"messages":[],"result":null}`}, "API does not know this path"},
}

// answerRevoked makes the API say, once for each read of a plan, that a token was revoked.
func (w *world) answerRevoked(id string) {
	w.t.Helper()
	var token map[string]any
	if err := w.Must(owner, http.MethodGet, "/user/tokens/"+id, nil).Decode(&token); err != nil {
		w.t.Fatal(err)
	}
	token["status"] = "revoked (exposed)"
	w.answer("/user/tokens/"+id, token)
}

// answer makes the API answer a read with the result.
func (w *world) answer(path string, result any) {
	w.t.Helper()
	body, err := json.Marshal(map[string]any{"success": true, "errors": []any{}, "messages": []any{}, "result": result})
	if err != nil {
		w.t.Fatal(err)
	}
	w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: path, Status: http.StatusOK, Body: string(body)})
}

// tokenNames reads the names of all tokens of the user.
func (w *world) tokenNames() []string {
	w.t.Helper()
	var tokens []wireToken
	if err := w.Must(owner, http.MethodGet, "/user/tokens?per_page=50", nil).Decode(&tokens); err != nil {
		w.t.Fatal(err)
	}
	var names []string
	for _, token := range tokens {
		names = append(names, token.Name)
	}
	return names
}

func count(list []string, s string) int {
	n := 0
	for _, e := range list {
		if e == s {
			n++
		}
	}
	return n
}

// TestAccAPIToken_lostCreate loses the answer to a create: the token that nobody
// has the secret of is deleted, and one is made anew.
func TestAccAPIToken_lostCreate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "lost"` + "\n" + dnsPolicy)
	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true, Times: 1})
	w.Test(
		resource.TestStep{
			Config: config,
			ConfigStateChecks: []statecheck.StateCheck{
				statecheck.ExpectKnownValue(address, at("value"), knownvalue.NotNull()),
			},
		},
		resource.TestStep{
			PreConfig: func() {
				if n := count(w.tokenNames(), "lost"); n != 1 {
					t.Errorf("%d tokens of that name, want 1", n)
				}
			},
			Config: config, ConfigPlanChecks: isEmpty,
		},
	)
}

// TestAccAPIToken_lostCreateUnsettled loses the answer, and the delete that
// would settle it is refused: the token stays in state, tainted, and the next
// apply replaces it.
func TestAccAPIToken_lostCreateUnsettled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "lost"` + "\n" + dnsPolicy)
	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true, Times: 1})
	w.Server.Fault(mocktest.Fault{Method: http.MethodDelete, Path: "/user/tokens/*", Status: http.StatusForbidden, Times: 1})
	w.Test(
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile("API token may have been created")},
		resource.TestStep{
			Config: config, ConfigPlanChecks: isReplace,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, at("value"), knownvalue.NotNull())},
		},
	)
	if n := count(w.tokenNames(), "lost"); n != 0 {
		t.Errorf("%d tokens are left after the destroy", n)
	}
}

// TestAccAPIToken_lostCreateSecondKept loses a create, makes another, and then
// can neither find out what became of the first nor delete the second: that is
// kept in state, where the next apply replaces it, and not left alive unknown to
// anybody.
func TestAccAPIToken_lostCreateSecondKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "lost"` + "\n" + dnsPolicy)
	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", Status: http.StatusBadGateway, Times: 1})
	w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens", Status: http.StatusForbidden, Skip: 3, Times: 1})
	w.Server.Fault(mocktest.Fault{Method: http.MethodDelete, Path: "/user/tokens/*", Status: http.StatusForbidden, Times: 1})
	w.Test(
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile(`(?s)API token may have been created.*created in its\s+place`)},
		resource.TestStep{
			Config: config, ConfigPlanChecks: isReplace,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, at("value"), knownvalue.NotNull())},
		},
	)
	if n := count(w.tokenNames(), "lost"); n != 0 {
		t.Errorf("%d tokens are left after the destroy", n)
	}
}

// TestAccAPIToken_statusFails makes a token and fails to disable it: state has
// the token, tainted, so that it is not lost.
func TestAccAPIToken_statusFails(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	config := w.config(`name = "half"` + "\n" + `status = "disabled"` + "\n" + dnsPolicy)
	w.Server.Fault(mocktest.Fault{Method: http.MethodPut, Path: "/user/tokens/*", Status: http.StatusForbidden, Times: 1})
	w.Test(
		resource.TestStep{Config: config, ExpectError: regexp.MustCompile("Not permitted to set the status of API token")},
		resource.TestStep{
			Config: config, ConfigPlanChecks: isReplace,
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(address, at("status"), knownvalue.StringExact("disabled"))},
		},
	)
}

// TestAccAPIToken_refusedByAPI shows what the API refuses at the policy's key.
func TestAccAPIToken_refusedByAPI(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.Test(
		resource.TestStep{
			Config: w.config(`
	name     = "foreign"
	policies = {
		good  = { permission_groups = ["DNS Write"], resources = { zones = ["$zone"] } }
		wrong = { permission_groups = ["DNS Write"], resources = { zones = ["ffffffffffffffffffffffffffffffff"] } }
	}`),
			ExpectError: regexp.MustCompile(`(?s)Invalid API token configuration.*1001.*Policies are numbered`),
		},
	)
}

// TestAccAPIToken_goneOnUpdate finds out at the write that the token is gone.
func TestAccAPIToken_goneOnUpdate(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	gone := mocktest.Fault{
		Method: http.MethodPut, Path: "/user/tokens/*", Status: http.StatusNotFound,
		Body: `{"success":false,"errors":[{"code":1003,"message":"API Token not found"}],"messages":[],"result":null}`,
	}
	w.Test(
		resource.TestStep{Config: w.config(`name = "a"` + "\n" + dnsPolicy)},
		resource.TestStep{
			PreConfig:   func() { w.Server.Fault(gone) },
			Config:      w.config(`name = "b"` + "\n" + dnsPolicy),
			ExpectError: regexp.MustCompile("API token no longer exists"),
		},
		resource.TestStep{PreConfig: func() { w.Server.ClearFaults() }, Config: w.config(`name = "b"` + "\n" + dnsPolicy), ConfigPlanChecks: isUpdate},
	)
}

// ownPolicies are the policies that the built-in world gives Terraform's token.
const ownPolicies = `policies = {
	user     = { permission_groups = ["API Tokens Write", "Memberships Write", "User Details Read"], resources = { user = true } }
	accounts = { permission_groups = ["Account Settings Write", "Account API Tokens Write", "Account Firewall Access Rules Write"], resources = { accounts = ["$acme", "$globex"] } }
	zones    = { permission_groups = ["Zone Write", "Zone Read", "DNS Write", "DNS Read", "Zone Settings Write", "Cache Purge", "Firewall Services Write"], resources = { all_zones_of_accounts = ["$acme", "$globex"] } }
}
`

// TestAccAPIToken_lockout keeps Terraform from narrowing, disabling and
// destroying the token that it runs with, until that is allowed.
func TestAccAPIToken_lockout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.Server.Credential(acctest.Terraform).ID
	config := func(attributes string) string {
		return w.with(fmt.Sprintf("import {\n to = %s\n id = %q\n}\n", address, own), "name = \"mine\"\n"+attributes)
	}
	limit := "condition = { request_ip = { in = [\"127.0.0.0/8\"] } }\n"
	refused := regexp.MustCompile("(?s)Change would lock Terraform out.*allow_self_lockout")
	forget := acctest.Forget(t, address)
	w.Test(
		resource.TestStep{Config: config(dnsPolicy), ExpectError: refused},
		resource.TestStep{Config: config(ownPolicies + limit), ExpectError: refused},
		resource.TestStep{Config: config(ownPolicies + `status = "disabled"`), ExpectError: refused},
		resource.TestStep{
			PreConfig: func() {
				w.requests(http.MethodPut, "/user/tokens/*", 0)
			},
			Config: w.ProviderConfig(), ExpectError: refused, // a destroy
		},
		resource.TestStep{
			PreConfig: func() {
				w.requests(http.MethodDelete, "/user/tokens/*", 0)
			},
			Config: config(ownPolicies + limit + "allow_self_lockout = true"), ConfigPlanChecks: isUpdate,
		},
		resource.TestStep{
			// Wider than before is no danger.
			Config: config(ownPolicies), ConfigPlanChecks: isUpdate,
		},
		resource.TestStep{Config: w.ProviderConfig() + forget},
	)
}

// TestAccAPIToken_lockoutForbiddenByResource keeps the guard for one resource
// where the provider lifts it.
func TestAccAPIToken_lockoutForbiddenByResource(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	imported := w.names.Replace(fmt.Sprintf("import {\n to = %s\n id = %q\n}\nresource %q \"test\" {\n name = \"mine\"\n%s\n}\n",
		address, w.Server.Credential(acctest.Terraform).ID, apitoken.TypeName, dnsPolicy+"\nallow_self_lockout = false"))
	w.Test(resource.TestStep{
		Config:      w.ProviderConfigFor(acctest.Terraform, "allow_self_lockout = true") + imported,
		ExpectError: regexp.MustCompile("Change would lock Terraform out"),
	})
	w.requests(http.MethodPut, "/user/tokens/*", 0)
}

// TestAccAPIToken_lockoutAllowedByProvider lifts the guard for all resources.
func TestAccAPIToken_lockoutAllowedByProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	imported := w.names.Replace(fmt.Sprintf("import {\n to = %s\n id = %q\n}\nresource %q \"test\" {\n name = \"mine\"\n%s\n}\n",
		address, w.Server.Credential(acctest.Terraform).ID, apitoken.TypeName, ownPolicies+`not_before = "2026-01-01T00:00:00Z"`))
	// The test ends with a destroy of Terraform's own token, which the provider allows as well.
	w.Test(resource.TestStep{Config: w.ProviderConfigFor(acctest.Terraform, "allow_self_lockout = true") + imported, ConfigPlanChecks: isUpdate})
	w.requests(http.MethodDelete, "/user/tokens/*", 1)
}
