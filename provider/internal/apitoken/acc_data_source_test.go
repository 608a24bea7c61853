// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"fmt"
	"regexp"
	"testing"

	"github.com/hashicorp/terraform-plugin-testing/helper/resource"
	"github.com/hashicorp/terraform-plugin-testing/knownvalue"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"
	"github.com/hashicorp/terraform-plugin-testing/tfjsonpath"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// TestAccAPIToken_dataSources reads tokens made elsewhere, by id and from the list.
func TestAccAPIToken_dataSources(t *testing.T) {
	t.Parallel()
	w := newWorld(t, mocktest.WithShuffledReplies(9))
	used, secret := w.issue("/user/tokens", "Odd used")
	_, _ = w.issue("/accounts/$acme/tokens", "odd of Acme")
	w.opens(secret)
	const one, list = "data." + apitoken.TypeName + ".one", "data." + apitoken.ListTypeName + ".all"
	config := func(filter string) string {
		return w.ProviderConfig() + w.names.Replace(fmt.Sprintf(`
data %q "one" {
  id = %q
}
data %q "all" {
  %s
}
`, apitoken.TypeName, used, apitoken.ListTypeName, filter))
	}
	instant := knownvalue.StringRegexp(regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$`))
	tokens := tfjsonpath.New("tokens")
	w.Test(
		resource.TestStep{Config: config(`status = "dead"`), ExpectError: regexp.MustCompile(`(?i)status value must be one of`)},
		resource.TestStep{
			Config:      w.ProviderConfig() + "data \"" + apitoken.TypeName + "\" \"none\" {\n  id = \"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"\n}\n",
			ExpectError: regexp.MustCompile(`API token not found`),
		},
		resource.TestStep{
			PreConfig: w.Fresh,
			Config:    config("account_id = \"$acme\"\n  name_contains = \"ODD\""),
			ConfigStateChecks: []statecheck.StateCheck{
				w.ExpectRequests(map[string]int{"GET /user/tokens/{token_id}": 1, "GET /accounts/{account_id}/tokens": 1}),
				statecheck.ExpectKnownValue(one, at("name"), knownvalue.StringExact("Odd used")),
				statecheck.ExpectKnownValue(one, at("account_id"), knownvalue.Null()),
				statecheck.ExpectKnownValue(one, at("status"), knownvalue.StringExact("active")),
				statecheck.ExpectKnownValue(one, at("last_used_on"), instant),
				statecheck.ExpectKnownValue(one, at("issued_on"), instant),
				statecheck.ExpectKnownValue(one, at("modified_on"), instant),
				statecheck.ExpectKnownValue(one, at("condition"), knownvalue.Null()),
				statecheck.ExpectKnownValue(one, at("not_before"), knownvalue.Null()),
				statecheck.ExpectKnownValue(one, at("expires_on"), knownvalue.Null()),
				statecheck.ExpectKnownValue(one, at("grants"), knownvalue.SetSizeExact(4)),
				statecheck.ExpectKnownValue(one, at("policies", "deny_dns_read", "effect"), knownvalue.StringExact("deny")),
				statecheck.ExpectKnownValue(list, tokens, knownvalue.ListSizeExact(1)),
				statecheck.ExpectKnownValue(list, tokens.AtSliceIndex(0).AtMapKey("name"), knownvalue.StringExact("odd of Acme")),
				statecheck.ExpectKnownValue(list, tokens.AtSliceIndex(0).AtMapKey("account_id"), knownvalue.StringExact(w.ID("acme"))),
				statecheck.ExpectKnownValue(list, tokens.AtSliceIndex(0).AtMapKey("last_used_on"), knownvalue.Null()),
				w.ExpectSecretsHidden(),
			},
		},
		resource.TestStep{
			Config:            config("name_contains = \"odd\"\n  status = \"disabled\""),
			ConfigStateChecks: []statecheck.StateCheck{statecheck.ExpectKnownValue(list, tokens, knownvalue.ListSizeExact(0))},
		},
	)
}
