// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"fmt"
	"sync"
	"testing"
)

// TestLastSuperAdministratorOnEveryPath: neither by roles nor by policies, of
// the member or of a resource group, nor by leaving (authorization model §8).
func TestLastSuperAdministratorOnEveryPath(t *testing.T) {
	t.Parallel()
	own := members + "/"
	deny := byPolicy("allow", roleSuper, acme)
	policies, _ := deny["policies"].([]object)
	deny["policies"] = append(policies, object{"access": "deny", "permission_groups": []object{{"id": roleDomainDNS}}, "resource_groups": []object{{"id": zoneCom}}})
	for _, c := range []struct {
		name, method, path string
		body               any
	}{
		{"another role", "PUT", own, object{"roles": []object{{"id": roleAdmin}}}},
		{"another role, by PATCH", "PATCH", own, object{"roles": []object{{"id": roleAdmin}}}},
		{"a policy that allows less", "PUT", own, byPolicy("allow", roleAdmin, acme)},
		{"a policy over a zone alone", "PUT", own, byPolicy("allow", roleSuper, zoneCom)},
		{"a policy over all zones", "PUT", own, byPolicy("allow", roleSuper, zoneCom, zoneOrg)},
		{"a policy that denies", "PUT", own, byPolicy("deny", roleSuper, acme)},
		{"a deny beside", "PUT", own, deny},
		{"removed", "DELETE", own, nil},
		{"leaving", "DELETE", "/memberships/", nil},
		{"rejecting", "PUT", "/memberships/", object{"status": "rejected"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			last := s.member("acme/super")
			s.do("all", "DELETE", members+"/"+s.member("acme/second"), nil).ok()
			before := s.digest()
			s.do("key:super", c.method, c.path+last, c.body).refused(400, 1001).says("last Super Administrator")
			if s.digest() != before {
				t.Error("something was changed")
			}
			// An invited one is none yet.
			s.do("all", "POST", members, object{"email": "stranger@example.com", "roles": []string{roleSuper}}).ok()
			s.do("key:super", c.method, c.path+last, c.body).refused(400, 1001).says("last Super Administrator")
			invite := into[[]object](s.do("key:stranger", "GET", "/user/invites", nil).ok())[0].text("id")
			s.do("key:stranger", "PATCH", "/user/invites/"+invite, object{"status": "accepted"}).ok()
			s.do("key:super", c.method, c.path+last, c.body).ok()
		})
	}

	t.Run("by a policy, and by its resource group", func(t *testing.T) {
		t.Parallel()
		s := newServer(t)
		s.do("all", "DELETE", members+"/"+s.member("acme/second"), nil).ok()
		group := into[object](s.do("all", "POST", resourceGroups, over("All", "*")).ok()).text("id")
		s.do("all", "PUT", own+s.member("acme/super"), byPolicy("allow", roleSuper, group)).ok()
		before := s.digest()
		s.do("all", "PUT", resourceGroups+"/"+group, over("All", keyCom)).refused(400, 1001).says("last Super Administrator")
		s.do("all", "DELETE", own+s.member("acme/super"), nil).refused(400, 1001).says("last Super Administrator")
		if s.digest() != before {
			t.Error("something was changed")
		}
	})
}

// TestDemotionsRace: of demotions of all Super Administrators at once, on
// several paths, one is always left.
func TestDemotionsRace(t *testing.T) {
	t.Parallel()
	for round := range 8 {
		s := newServer(t)
		super, second := s.member("acme/super"), s.member("acme/second")
		attempts := []func() *response{
			func() *response {
				return s.do("key:second", "PUT", members+"/"+super, byPolicy("allow", roleSuper, zoneCom))
			},
			func() *response { return s.do("key:super", "DELETE", members+"/"+second, nil) },
			func() *response { return s.do("key:super", "DELETE", "/memberships/"+super, nil) },
			func() *response {
				return s.do("key:second", "PUT", "/memberships/"+second, object{"status": "rejected"})
			},
		}
		var all sync.WaitGroup
		for i := range attempts {
			all.Go(func() { attempts[(i+round)%len(attempts)]() })
		}
		all.Wait()
		left := 0
		for _, ref := range []string{"key:super", "key:second"} {
			if s.do(ref, "PATCH", members+"/"+s.member("acme/dns"), object{}).Success {
				left++
			}
		}
		if left != 1 {
			t.Fatalf("round %d leaves %d Super Administrators", round, left)
		}
	}
}

// TestPublishedTokenQuotas: 50 tokens a user and 500 an account, and not one
// more, though many ask at once (authorization model §3).
func TestPublishedTokenQuotas(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, base string
		most       int
	}{{"user", "/user/tokens", 50}, {"account", "/accounts/" + acme + "/tokens", 500}} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newSeeded(t, `
users: {u: {email: u@example.com}}
accounts: {a: {id: "`+acme+`", name: A, type: standard, members: {u: {roles: [Super Administrator - All Privileges]}}}}
`)
			body := token("x", policy(object{keyAcme: "*"}, accountSettingsR))
			var wait sync.WaitGroup
			made := make(chan bool, c.most+64)
			for range 8 {
				wait.Go(func() {
					for range c.most/8 + 8 {
						r := s.do("key:u", "POST", c.base, body)
						made <- r.Success
						if !r.Success && (r.status != 400 || r.Errors[0].Code != 1001) {
							t.Errorf("over the limit it got %d:\n%s", r.status, r.body)
						}
					}
				})
			}
			wait.Wait()
			close(made)
			n := 0
			for ok := range made {
				if ok {
					n++
				}
			}
			if n != c.most {
				t.Errorf("%d tokens were made, want %d", n, c.most)
			}
			s.do("key:u", "POST", c.base, body).refused(400, 1001).says(fmt.Sprintf("can have %d", c.most))
			list := s.do("key:u", "GET", c.base+"?per_page=1", nil).ok()
			if list.Info.TotalCount != c.most {
				t.Errorf("the list counts %d", list.Info.TotalCount)
			}
			s.do("key:u", "DELETE", c.base+"/"+into[[]object](list)[0].text("id"), nil).ok()
			s.do("key:u", "POST", c.base, body).ok()
		})
	}
}

// TestMixedScopes: a policy with a group that none of its keys can serve is
// refused at create and update, naming group and key (authorization model §3).
func TestMixedScopes(t *testing.T) {
	t.Parallel()
	s := newServer(t)
	const user, account = "/user/tokens", "/accounts/" + acme + "/tokens"
	for _, c := range []struct {
		name, base string
		policy     object
		says       []string
	}{
		{"an account group on a zone", user, policy(object{keyCom: "*"}, zoneRead, accountSettingsR), []string{"Account Settings Read", keyCom, "scope account"}},
		{"an account group on a zone, of an account", account, policy(object{keyCom: "*"}, zoneRead, accountSettingsR), []string{"Account Settings Read", keyCom, "scope account"}},
		{"a zone group on a bucket", user, policy(object{"com.cloudflare.edge.r2.bucket." + acme + "_default_logs": "*"}, zoneRead), []string{"Zone Read", acme + "_default_logs", "scope zone"}},
		{"a zone group on a bucket, of an account", account, policy(object{"com.cloudflare.edge.r2.bucket." + acme + "_default_logs": "*"}, zoneRead), []string{"Zone Read", acme + "_default_logs", "scope zone"}},
		{"a user group on an account", user, policy(object{keyAcme: "*"}, accountSettingsR, groupID(t, "user:User Details Read")), []string{"User Details Read", keyAcme, "scope user"}},
		{"a user group for an account", account, policy(object{keyAcme: "*"}, accountSettingsR, groupID(t, "user:User Details Read")), []string{"User Details Read", "account-owned"}},
		{"an account group on nested zones", account, policy(object{keyAcme: object{keyCom: "*"}}, zoneRead, accountSettingsR), []string{"Account Settings Read", keyCom, "scope account"}},
		{"a group on records that is none of DNS", user, policy(object{keyCom: object{keyRec + "TXT.x": "*"}}, dnsRead, zoneRead), []string{"Zone Read", keyRec + "TXT.x"}},
		{"a zone group on all accounts", user, policy(object{"com.cloudflare.api.account.*": "*"}, accountSettingsR, zoneRead), []string{"Zone Read", "com.cloudflare.api.account.*"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := newServer(t)
			before := s.digest()
			r := s.do("key:super", "POST", c.base, token("x", c.policy)).refused(400, 1001)
			for _, text := range c.says {
				r.says(text)
			}
			r.says("policies[0]")
			if s.digest() != before {
				t.Error("something was changed")
			}
		})
	}
	path := user + "/" + s.id("zone_read")
	s.do("key:super", "PUT", path, token("x", policy(object{keyCom: "*"}, zoneRead, accountSettingsR))).refused(400, 1001).says("Account Settings Read")
}
