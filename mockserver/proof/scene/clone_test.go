// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package scene

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// full is a scene with something in every field.
func full() *Scene {
	on, at := true, time.Unix(1_900_000_000, 7).UTC()
	return &Scene{
		World: World{
			Accounts: []Account{{ID: "a", Enterprise: true, APIAccess: &on}},
			Zones:    []Zone{{ID: "z", Account: "a", Name: "z.example"}},
			Members: []Member{{
				User: "u", Account: "a", Status: "accepted", APIAccess: &on, Roles: []string{"r"},
				Policies: []MemberPolicy{{Access: "allow", Roles: []string{"r"}, Zones: []string{"z"}}},
			}},
			TenantAdmins: []string{"u"},
		},
		Credential: &Credential{
			Kind: UserToken, User: "u", NotBefore: &at, ExpiresOn: &at, In: []string{"::/0"}, NotIn: []string{"::1"},
			Policies: []Policy{{Effect: "allow", Groups: []string{"g"}, Resources: map[string]any{"flat": Any, "outer": map[string]any{"inner": Any}}}},
		},
		Request: Request{
			Mode: ModeRecord, Presented: PresentedWell, Operation: "GET /", Targets: []Target{{Kind: OnZone, Zone: "z"}},
			Before: &Target{Kind: OnRecord}, After: &Target{Kind: OnRecord}, Switch: &SwitchChange{To: &on}, Address: "::1", Now: at,
		},
	}
}

// TestClone holds that a copy says the same and shares nothing.
func TestClone(t *testing.T) {
	t.Parallel()
	s := full()
	c := s.Clone()
	if diff := cmp.Diff(s, c); diff != "" {
		t.Fatalf("the copy differs:\n%s", diff)
	}
	*c.World.Accounts[0].APIAccess = false
	c.World.Zones[0].Name = ""
	*c.World.Members[0].APIAccess = false
	c.World.Members[0].Roles[0] = ""
	c.World.Members[0].Policies[0].Roles[0], c.World.Members[0].Policies[0].Zones[0] = "", ""
	c.World.TenantAdmins[0] = ""
	*c.Credential.NotBefore, *c.Credential.ExpiresOn = time.Time{}, time.Time{}
	c.Credential.In[0], c.Credential.NotIn[0] = "", ""
	c.Credential.Policies[0].Groups[0] = ""
	c.Credential.Policies[0].Resources["flat"] = ""
	if nested, ok := c.Credential.Policies[0].Resources["outer"].(map[string]any); ok {
		nested["inner"] = ""
	}
	c.Request.Targets[0].Zone, c.Request.Before.Kind, c.Request.After.Kind = "", "", ""
	*c.Request.Switch.To = false
	if diff := cmp.Diff(full(), s); diff != "" {
		t.Errorf("a change of the copy reached the scene:\n%s", diff)
	}
	var none *Credential
	if none.Clone() != nil {
		t.Error("the copy of nothing is something")
	}
}

// TestScene_json holds that a scene survives its file.
func TestScene_json(t *testing.T) {
	t.Parallel()
	text, err := json.Marshal(full())
	if err != nil {
		t.Fatal(err)
	}
	read := &Scene{}
	if err := json.Unmarshal(text, read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(full(), read); diff != "" {
		t.Errorf("the scene read differs:\n%s", diff)
	}
}
