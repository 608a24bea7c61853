// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package acctest supports acceptance tests: every test gets a reference server with a world of its
// own in the test's process, the provider beside it, and the configuration that joins them.
//
// It is for tests alone; no program links it. A test of a noun lives in an external test package,
// since this package imports the provider and the provider imports the nouns. Start reading at [New].
package acctest

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-testing/helper/resource"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider"
)

// Terraform is the seed's name of the token that the built-in world gives Terraform.
const Terraform = "terraform"

// Env is what one acceptance test works with. Its methods may be called from the test's goroutine
// and from checks, which run there too.
type Env struct {
	// Server is the API that the provider talks to, with a world that no other test sees.
	Server *mocktest.Server
	// ProtoV6ProviderFactories serves the provider in the test's process.
	ProtoV6ProviderFactories map[string]func() (tfprotov6.ProviderServer, error)

	t *testing.T
}

// New starts a server, with the built-in world unless an option says otherwise, and prepares the
// provider. The server is closed when the test ends. Where acceptance tests are switched on and the
// environment names no CLI, the test fails at once: the framework would download one.
func New(t *testing.T, opts ...mocktest.Option) *Env {
	t.Helper()
	if os.Getenv(resource.EnvTfAcc) != "" {
		if err := checkEnvironment(t.Context()); err != nil {
			t.Fatalf("acctest: %v", err)
		}
	}
	return &Env{
		Server: mocktest.New(t, opts...),
		ProtoV6ProviderFactories: map[string]func() (tfprotov6.ProviderServer, error){
			provider.TypeName: providerserver.NewProtocol6WithError(provider.New("test")()),
		},
		t: t,
	}
}

// ID is the id of the user, account, zone, token or member with that name in the seed.
func (e *Env) ID(ref string) string {
	e.t.Helper()
	return e.Server.ID(ref)
}

// ProviderConfig is the provider block for the token that Terraform is to run with.
func (e *Env) ProviderConfig() string {
	e.t.Helper()
	return e.ProviderConfigFor(Terraform)
}

// ProviderConfigFor is the provider block for the credential with that name in the seed: a token, or
// the user of a Global API key. Further lines go into the block as they are.
func (e *Env) ProviderConfigFor(ref string, lines ...string) string {
	e.t.Helper()
	credential := e.Server.Credential(ref)
	block := []string{fmt.Sprintf("base_url = %q", e.Server.BaseURL)}
	if credential.Kind == mocktest.GlobalKey {
		block = append(block, fmt.Sprintf("email = %q", credential.Email), fmt.Sprintf("api_key = %q", credential.Value))
	} else {
		block = append(block, fmt.Sprintf("api_token = %q", credential.Value))
	}
	return providerBlock(append(block, lines...))
}

func providerBlock(lines []string) string {
	return fmt.Sprintf("provider %q {\n  %s\n}\n", provider.TypeName, strings.Join(lines, "\n  "))
}

// ConfigOfNewToken is the provider block for a token that the user with that ref makes now, with one permission group
// on one zone.
func (e *Env) ConfigOfNewToken(user, group, zone string) string {
	e.t.Helper()
	found, err := catalog.LookupGroup(group)
	if err != nil {
		e.t.Fatal(err)
	}
	var made struct{ Value string }
	err = e.Must(user, http.MethodPost, "/user/tokens", map[string]any{"name": user + " of a test", "policies": []map[string]any{{
		"effect": "allow", "permission_groups": []map[string]any{{"id": found.ID}},
		"resources": map[string]any{"com.cloudflare.api.account.zone." + e.ID(zone): "*"},
	}}}).Decode(&made)
	if err != nil {
		e.t.Fatal(err)
	}
	return providerBlock([]string{fmt.Sprintf("base_url = %q", e.Server.BaseURL), fmt.Sprintf("api_token = %q", made.Value)})
}

// Config is a whole configuration: the provider block for Terraform's token and the given blocks.
func (e *Env) Config(blocks ...string) string {
	e.t.Helper()
	return e.ProviderConfig() + strings.Join(blocks, "\n")
}

// Test runs the steps with this provider. Whether other tests run meanwhile is the caller's choice.
func (e *Env) Test(steps ...resource.TestStep) {
	e.t.Helper()
	e.TestCase(resource.TestCase{Steps: steps})
}

// TestCase is Test for a case with more than steps, such as a CheckDestroy.
func (e *Env) TestCase(testCase resource.TestCase) {
	e.t.Helper()
	testCase.ProtoV6ProviderFactories = e.ProtoV6ProviderFactories
	resource.Test(e.t, testCase)
}

// Must sends a request as the credential with that name and fails the test unless it succeeds. It is
// how a test changes the world behind Terraform's back.
func (e *Env) Must(ref, method, path string, body any) mocktest.Envelope {
	e.t.Helper()
	status, envelope := e.Server.Do(ref, method, path, body)
	if !envelope.Success {
		e.t.Fatalf("acctest: %s %s as %s: status %d, %+v", method, path, ref, status, envelope.Errors)
	}
	return envelope
}
