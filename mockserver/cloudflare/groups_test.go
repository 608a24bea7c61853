// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"encoding/json"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The permission groups of the catalogue, and the names of the public
// permissions page.
const (
	allGroups = 313
	pageNames = 184
)

// groupCase is what one permission group may do, and what it may not.
type groupCase struct {
	group       *catalog.Group
	may, mayNot *candidate
	// near says how the refused operation is related to the group.
	near string
}

// requests are the bodies of operations with behaviour of their own. Of those
// that a group may do, the ones in this list are tried first: they change what
// the world itself knows.
func requests() map[string]any {
	zoneReader := policy(object{keyCom: "*"}, zoneRead)
	rule := func(address string) object {
		return object{"mode": "block", "configuration": object{"target": "ip", "value": address}}
	}
	return map[string]any{
		"GET /user": nil, "PATCH /user": object{"first_name": "Sam"},
		"GET /user/tokens": nil, "POST /user/tokens": token("made", zoneReader),
		"GET /memberships": nil, "PUT /memberships/{membership_id}": object{"status": "accepted"},
		"GET /accounts/{account_id}": nil, "PUT /accounts/{account_id}": object{"name": "Acme"},
		"GET /accounts/{account_id}/roles":                        nil,
		"GET /accounts/{account_id}/tokens":                       nil,
		"POST /accounts/{account_id}/tokens":                      token("made", zoneReader),
		"GET /accounts/{account_id}/firewall/access_rules/rules":  nil,
		"POST /accounts/{account_id}/firewall/access_rules/rules": rule("198.51.100.1"),
		"GET /zones/{zone_id}":                                    nil,
		"PATCH /zones/{zone_id}":                                  object{"paused": true},
		"GET /zones/{zone_id}/dns_records":                        nil,
		"POST /zones/{zone_id}/dns_records":                       object{"type": "A", "name": "made", "content": "192.0.2.1"},
		"POST /zones/{zone_id}/purge_cache":                       object{"purge_everything": true},
		"GET /zones/{zone_id}/settings":                           nil,
		"PATCH /zones/{zone_id}/settings/{setting_id}":            object{"value": "full"},
		"GET /zones/{zone_id}/firewall/access_rules/rules":        nil,
		"POST /zones/{zone_id}/firewall/access_rules/rules":       rule("198.51.100.2"),
	}
}

// TestEveryPermissionGroup is the proof that every group of the catalogue is
// enforced: a token with this group alone, on the key of its scope, does one
// operation, and is refused another that its owner may do. Both operations are
// chosen by the operations table, as near to each other as it allows.
func TestEveryPermissionGroup(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	bodies := requests()
	cases := loadGroupCases()
	s.giveTokens(cases)
	allowed, refused := 0, 0
	near := make(map[string]int)
	for _, c := range cases {
		name := c.group.Ref()
		if c.may == nil || c.mayNot == nil {
			t.Errorf("%s has no operation that it opens, or none that it does not", name)
			continue
		}
		may := s.requestOf(c.may.Operation, bodies)
		if r := s.do(stranger(c.group), c.may.Method, may.path, may.body); r.status != 403 {
			t.Errorf("%s is proved by %s, which is open to others: %d\n%s", name, c.may.Name(), r.status, r.body)
		}
		if r := s.do(name, c.may.Method, may.path, may.body); r.status != 200 || !r.Success {
			t.Errorf("%s may %s, and got %d\n%s", name, c.may.Name(), r.status, r.body)
		} else {
			allowed++
		}
		mayNot := s.requestOf(c.mayNot.Operation, bodies)
		seq := s.world.Seq()
		r := s.do(name, c.mayNot.Method, mayNot.path, mayNot.body)
		if r.status != 403 || len(r.Errors) != 1 || len(r.Errors[0].Chain) != 1 ||
			!strings.HasPrefix(r.Errors[0].Chain[0].Message, string(authz.ReasonNoMatchingGrant)+": ") {
			t.Errorf("%s may not %s, and got %d\n%s", name, c.mayNot.Name(), r.status, r.body)
		} else {
			refused++
			near[c.near]++
		}
		if s.world.Seq() != seq {
			t.Errorf("%s changed something by %s", name, c.mayNot.Name())
		}
		if r := s.do("key:super", c.mayNot.Method, mayNot.path, mayNot.body); r.status != 200 {
			t.Errorf("%s is refused %s, which its owner cannot do either: %d\n%s", name, c.mayNot.Name(), r.status, r.body)
		}
	}
	if len(cases) != allGroups || allowed != allGroups || refused != allGroups {
		t.Errorf("%d groups, %d operations allowed, %d refused; want %d each", len(cases), allowed, refused, allGroups)
	}
	t.Logf("%d groups, %d operations allowed, %d refused: %v", len(cases), allowed, refused, near)
}

// stranger is a token that cannot do what the group may, whatever that is: its
// own group is of a scope that does not reach as far.
func stranger(g *catalog.Group) string {
	if g.Scope == catalog.ScopeUser {
		return "account:Billing Read"
	}
	return "user:User Details Read"
}

type request struct {
	path string
	body any
}

// requestOf makes a request that succeeds for whoever may make it.
func (s *server) requestOf(o *catalog.Operation, bodies map[string]any) request {
	s.tb.Helper()
	r := request{path: pathTo(o), body: bodies[o.Name()]}
	switch {
	case cloudflare.KeepsDocuments(o):
		s.plant(o)
		if o.Method != http.MethodGet {
			r.body = "{}"
		}
	case strings.Contains(o.Route, "{membership_id}"):
		r.path = "/memberships/" + s.member("acme/super")
	case strings.Contains(o.Route, "{setting_id}"):
		r.path = "/zones/" + zoneCom + "/settings/ssl"
	}
	return r
}

// giveTokens makes for every group a token of the Super Administrator with
// nothing else, on the narrowest key of the group's scope, under its name.
func (s *server) giveTokens(cases []groupCase) {
	s.tb.Helper()
	owner, _ := authz.ParseID(s.user("super"))
	keys := map[catalog.Scope]string{
		catalog.ScopeUser:     "com.cloudflare.api.user." + s.user("super"),
		catalog.ScopeAccount:  "com.cloudflare.api.account." + acme,
		catalog.ScopeZone:     keyCom,
		catalog.ScopeR2Bucket: "com.cloudflare.edge.r2.bucket." + acme + "_default_" + planted,
	}
	err := s.world.Update(func(tx *state.Tx) error {
		if err := tx.PutLimits(state.Limits{TokensPerUser: 2 * len(cases), TokensPerAccount: 2}); err != nil {
			return err
		}
		for _, c := range cases {
			secret := tx.NewSecret("cfut_")
			s.learn(c.group.Ref(), secret)
			granted := authz.Policy{
				ID: tx.NewID("policy"), Effect: authz.Allow, Groups: []catalog.GroupIndex{c.group.Index},
				Resources: []authz.Resource{{Key: keys[c.group.Scope]}},
			}
			err := tx.PutToken(&state.Token{
				ID: tx.NewID("token"), Owner: authz.Owner{User: owner}, IssuedOn: noon, ModifiedOn: noon,
				Definition: authz.Definition{Name: c.group.Name, Policies: []authz.Policy{granted}}, SecretHash: tx.HashSecret(secret),
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.tb.Fatal(err)
	}
}

// TestEveryNameOfThePage: every name of the public permissions page, in its
// own spelling and in that of the API, is a group of TestEveryPermissionGroup.
func TestEveryNameOfThePage(t *testing.T) {
	t.Parallel()
	data, err := os.ReadFile("../catalog/data/families.json")
	if err != nil {
		t.Fatal(err)
	}
	var families []struct {
		Family string `json:"family"`
		Scope  string `json:"scope"`
		Levels []struct {
			Name string `json:"name"`
		} `json:"levels"`
	}
	if err := json.Unmarshal(data, &families); err != nil {
		t.Fatal(err)
	}
	covered := make(map[string]bool)
	for _, c := range loadGroupCases() {
		covered[c.group.ID] = true
	}
	found := 0
	for _, family := range families {
		scope, ok := catalog.ParseScope(family.Scope)
		if !ok {
			t.Fatalf("%s has the unknown scope %q", family.Family, family.Scope)
		}
		for _, level := range family.Levels {
			for _, spelling := range []string{level.Name, strings.TrimSuffix(level.Name, " Write") + " Edit"} {
				if spelling != level.Name && !strings.HasSuffix(level.Name, " Write") {
					continue
				}
				g, err := catalog.LookupGroupInScope(scope, spelling)
				if err != nil {
					t.Errorf("%s %q: %v", scope, spelling, err)
					continue
				}
				if !covered[g.ID] {
					t.Errorf("%s %q is not tried", scope, spelling)
				}
			}
			found++
		}
	}
	if found != pageNames || len(covered) != allGroups {
		t.Errorf("%d names and %d groups, want %d and %d", found, len(covered), pageNames, allGroups)
	}
}

// TestPermissionGroupsAreListed: the list of groups holds them all with their
// ids and scopes, and finds each by name and scope. That of an account leaves
// out the groups that no token of an account can hold.
func TestPermissionGroupsAreListed(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	type group struct {
		ID     string   `json:"id"`
		Name   string   `json:"name"`
		Scopes []string `json:"scopes"`
	}
	for path, withUser := range map[string]bool{"/user/tokens/permission_groups": true, "/accounts/" + acme + "/tokens/permission_groups": false} {
		listed := make(map[string]group)
		for _, g := range into[[]group](s.do("all", "GET", path, nil).ok()) {
			listed[g.ID] = g
		}
		scopes := make(map[catalog.Scope]int)
		for _, g := range catalog.Groups() {
			if g.Scope == catalog.ScopeUser && !withUser {
				continue
			}
			scopes[g.Scope]++
			want := group{g.ID, g.Name, []string{g.Scope.Wire()}}
			if got := listed[g.ID]; got.Name != want.Name || !slices.Equal(got.Scopes, want.Scopes) {
				t.Errorf("%s lists %+v, want %+v", path, got, want)
			}
			query := "?name=" + strings.NewReplacer(" ", "%20", "&", "%26", "/", "%2F", "+", "%2B").Replace(g.Name) + "&scope=" + g.Scope.Wire()
			if got := into[[]group](s.do("all", "GET", path+query, nil).ok()); len(got) != 1 || got[0].ID != g.ID {
				t.Errorf("%s%s finds %+v", path, query, got)
			}
		}
		for scope, want := range scopes {
			if got := into[[]group](s.do("all", "GET", path+"?scope="+scope.Wire(), nil).ok()); len(got) != want {
				t.Errorf("%s lists %d groups of scope %s, want %d", path, len(got), scope, want)
			}
		}
		want := allGroups
		if !withUser {
			want -= catalog.ScopeGroups(catalog.ScopeUser).Len()
		}
		if len(listed) != want {
			t.Errorf("%s lists %d groups, want %d", path, len(listed), want)
		}
	}
}
