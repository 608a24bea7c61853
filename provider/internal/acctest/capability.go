// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"fmt"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// Capability is something that a CLI learned after the oldest version that the provider works with. The
// provider offers it to every CLI; one that does not know it goes on without.
type Capability struct {
	// Name is the name of the Go variable, by which the golden file of what is passed over lists it.
	Name string
	// What says what the capability is, and how it is tested where the CLI lacks it.
	What string
	// Terraform and OpenTofu are the first versions that have it, such as "1.12"; empty is none of
	// those that there are.
	Terraform, OpenTofu string
}

// The capabilities that tests and examples ask for.
var (
	// Move is a moved block from a resource of another type and provider.
	Move = Capability{
		Name: "Move", Terraform: "1.8", OpenTofu: "1.10",
		What: "moved blocks across resource types; tested over the plugin protocol as well",
	}
	// Ephemeral is an ephemeral resource.
	Ephemeral = Capability{
		Name: "Ephemeral", Terraform: "1.10", OpenTofu: "1.11",
		What: "ephemeral resources; tested over the plugin protocol as well",
	}
	// Identity is the identity of resources, and import by it.
	Identity = Capability{
		Name: "Identity", Terraform: "1.12", OpenTofu: "1.12",
		What: "resource identity and import by it; tested over the plugin protocol as well",
	}
	// Query is the list resource.
	Query = Capability{
		Name: "Query", Terraform: "1.14",
		What: "list resources, which the query command runs; tested over the plugin protocol as well",
	}
	// Actions are actions.
	Actions = Capability{
		Name: "Actions", Terraform: "1.14",
		What: "actions; tested over the plugin protocol as well",
	}
	// Encryption is the encryption of state and saved plans as a whole, of which the provider notices nothing.
	Encryption = Capability{
		Name: "Encryption", OpenTofu: "1.7",
		What: "encryption of state and saved plans, which a guide shows; there is no plugin protocol in it",
	}
)

// Capabilities lists all of them, in the order of their arrival. The slice is fresh.
func Capabilities() []Capability {
	return []Capability{Move, Ephemeral, Identity, Query, Actions, Encryption}
}

// In says whether the CLI has the capability.
func (c Capability) In(tool cli.Tool) (bool, error) {
	first := c.Terraform
	if tool.Engine == cli.OpenTofu {
		first = c.OpenTofu
	}
	if first == "" {
		return false, nil
	}
	version, err := cli.ParseVersion(first + ".0")
	if err != nil {
		return false, fmt.Errorf("capability %s: %w", c.Name, err)
	}
	return tool.Version.Compare(version) >= 0, nil
}

// Needs is the gate of tests that a CLI without the capability cannot run. It returns the CLI, and passes
// the test over where that one lacks the capability, or where acceptance tests are switched off. It is
// called with one of the variables of this package, by its name: a test reads the calls out of the sources
// and holds them against testdata/skipped.golden, so that nothing is passed over unseen.
func Needs(tb testing.TB, capability Capability) cli.Tool {
	tb.Helper()
	tool := NeedsCLI(tb)
	has, err := capability.In(tool)
	if err != nil {
		tb.Fatalf("acctest: %v", err)
	}
	if !has {
		tb.Skipf("%s lacks the capability %s: %s", tool, capability.Name, capability.What)
	}
	return tool
}
