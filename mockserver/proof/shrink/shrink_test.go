// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package shrink

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/worlds"
)

// TestMinimal holds that everything goes that what is shown does not need, and that the scene given stays.
func TestMinimal(t *testing.T) {
	t.Parallel()
	shown := 0
	for n := range uint64(60) {
		b := worlds.New(5, n).Batches()[0]
		s := b.Scene(0)
		// What is shown: a policy that denies, and a member with an allow policy over zones.
		shows := func(s *scene.Scene) bool {
			denies, zonal := false, false
			if s.Credential != nil {
				for _, p := range s.Credential.Policies {
					denies = denies || p.Effect == "deny" && len(p.Groups) > 0
				}
			}
			for _, m := range s.World.Members {
				for _, p := range m.Policies {
					zonal = zonal || p.Access == "allow" && len(p.Zones) > 0
				}
			}
			return denies && zonal
		}
		if !shows(s) {
			continue
		}
		shown++
		before := s.Clone()
		got := Minimal(s, shows)
		if diff := cmp.Diff(before, s); diff != "" {
			t.Fatalf("the scene given was changed:\n%s", diff)
		}
		p := got.Credential.Policies[0]
		m := got.World.Members[0]
		if len(got.World.Accounts)+len(got.World.Zones)+len(got.World.TenantAdmins) > 0 || len(got.World.Members) != 1 || len(m.Policies) != 1 ||
			len(m.Policies[0].Roles) > 0 || len(m.Policies[0].Zones) != 1 || m.APIAccess != nil {
			t.Errorf("world %d: the world is not minimal: %+v", n, got.World)
		}
		if len(got.Credential.Policies) != 1 || len(p.Groups) != 1 || len(p.Resources) != 1 || len(got.Credential.In)+len(got.Credential.NotIn) > 0 || got.Credential.ExpiresOn != nil {
			t.Errorf("world %d: the credential is not minimal: %+v", n, got.Credential)
		}
	}
	if shown == 0 {
		t.Error("no world shows what is to be shown")
	}
}
