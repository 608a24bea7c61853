// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestState_form holds the form of every resource's state, and of its identity, against a golden file of its
// version. A release writes states of this form, so a change of it needs another version and an upgrade from
// this one; the file of the old version stays. Adding an optional or computed attribute needs neither: a state
// without it reads as null.
func TestState_form(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	identities, err := server.GetResourceIdentitySchemas(t.Context(), &tfprotov6.GetResourceIdentitySchemasRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range schemas.ResourceSchemas {
		identity := identities.IdentitySchemas[name]
		got := fmt.Sprintf("identity version %d: %s\n", identity.Version, identity.ValueType())
		var lines []string
		for _, attribute := range schema.Block.Attributes {
			lines = append(lines, fmt.Sprintf("%s: %s\n", attribute.Name, attribute.ValueType()))
		}
		slices.Sort(lines)
		got += strings.Join(lines, "")
		golden := filepath.Join("testdata", "state", fmt.Sprintf("%s.v%d.form", name, schema.Version))
		if *update {
			if err := os.WriteFile(golden, []byte(got), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(golden)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got); diff != "" {
			t.Errorf("%s: released (-), now (+). Raise the schema's version and add an upgrade, unless an optional or computed attribute was added:\n%s", name, diff)
		}
	}
}

// TestState_upgrade reads a state of every version that ever was, as the CLI hands it over after an update of the
// provider, and finds in it what the state says.
func TestState_upgrade(t *testing.T) {
	t.Parallel()
	server, err := providerserver.NewProtocol6WithError(New("test")())()
	if err != nil {
		t.Fatal(err)
	}
	schemas, err := server.GetProviderSchema(t.Context(), &tfprotov6.GetProviderSchemaRequest{})
	if err != nil {
		t.Fatal(err)
	}
	for name, schema := range schemas.ResourceSchemas {
		for version := range schema.Version + 1 {
			state, err := os.ReadFile(filepath.Join("testdata", "state", fmt.Sprintf("%s.v%d.json", name, version)))
			if err != nil {
				t.Error(err)
				continue
			}
			resp, err := server.UpgradeResourceState(t.Context(), &tfprotov6.UpgradeResourceStateRequest{
				TypeName: name, Version: version, RawState: &tfprotov6.RawState{JSON: state},
			})
			if err != nil || len(resp.Diagnostics) > 0 {
				t.Errorf("%s, version %d: %v, %v", name, version, err, resp.Diagnostics)
				continue
			}
			upgraded, err := resp.UpgradedState.Unmarshal(schema.ValueType())
			if err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"account_id", "name"} {
				var given map[string]any
				if err := json.NewDecoder(bytes.NewReader(state)).Decode(&given); err != nil {
					t.Fatal(err)
				}
				if text, ok := given[key].(string); ok && !strings.Contains(upgraded.String(), text) {
					t.Errorf("%s, version %d: %s is lost", name, version, key)
				}
			}
		}
	}
}
