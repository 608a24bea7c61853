// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

//go:build prove

package acctest_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// A thousand tokens against the limits as they are published: 1,200 requests in five minutes for the caller
// and 200 in a second for the address. Creating and deleting them takes more than one window.
func TestProveFleet_published(t *testing.T) {
	t.Parallel()
	applyFleet(t, 1000, 2, "published")
}

// A thousand tokens of one user, whose quota is lifted, against the published ratio in a shorter window.
func TestProveFleet_ofAUser(t *testing.T) {
	t.Parallel()
	applyFleet(t, 1000, 0, "1200/3s")
}

// The CLI plans five thousand tokens of one user, and nothing changes. One is made by an apply; the others are put
// behind the API and into state.
func TestProveFleet_planOfFiveThousand(t *testing.T) {
	t.Parallel()
	const count = 5000
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t, mocktest.WithSeed(acctest.ScaleWorld), mocktest.WithRateLimit("published"))
	configuration := func(count int) string { return fmt.Sprintf(userFleetConfiguration, count, env.ID("account:a")) }
	file := filepath.Join(t.TempDir(), "main.tf")
	if err := os.WriteFile(file, []byte(configuration(1)), 0o600); err != nil {
		t.Fatal(err)
	}
	work := prepare(t, tool, installProvider(t, root), env.Server, []string{file})
	work.run("apply", "-auto-approve")
	work.write("main.tf", configuration(count))
	multiplyState(t, env, filepath.Join(work.directory, "terraform.tfstate"), count)

	env.Fresh()
	begin := time.Now()
	work.run("plan", "-detailed-exitcode")
	t.Logf("plan of %d tokens: %s", count, time.Since(begin).Round(time.Millisecond))
	if err := env.CheckRefresh(count, 0); err != nil {
		t.Error(err)
	}
}

// multiplyState fills a state that holds one token of the fleet with as many as that, and the world behind the API.
func multiplyState(t *testing.T, env *acctest.Env, file string, count int) {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var state map[string]any
	if err := json.Unmarshal(raw, &state); err != nil {
		t.Fatal(err)
	}
	// The first, and those that hold what differs from one token to the next, are fresh for each.
	instance := func() (instance, attributes, identity map[string]any) {
		var fresh struct {
			Resources []struct{ Instances []map[string]any }
		}
		if err := json.Unmarshal(raw, &fresh); err != nil || len(fresh.Resources) != 1 || len(fresh.Resources[0].Instances) != 1 {
			t.Fatalf("the state does not hold one token: %v", err)
		}
		instance = fresh.Resources[0].Instances[0]
		attributes, _ = instance["attributes"].(map[string]any)
		identity, _ = instance["identity"].(map[string]any)
		return instance, attributes, identity
	}
	first, attributes, _ := instance()
	id, _ := attributes["id"].(string)
	names := make([]string, count-1)
	for i := range names {
		names[i] = fmt.Sprintf("token %d", i+1)
	}
	all := []any{first}
	for i, id := range env.Multiply(id, names) {
		next, attributes, identity := instance()
		next["index_key"], attributes["id"], attributes["name"] = i+1, id, names[i]
		if identity != nil {
			identity["id"] = id
		}
		all = append(all, next)
	}
	resources, _ := state["resources"].([]any)
	resource, _ := resources[0].(map[string]any)
	resource["instances"] = all
	if raw, err = json.Marshal(state); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(file, raw, 0o600); err != nil {
		t.Fatal(err)
	}
}
