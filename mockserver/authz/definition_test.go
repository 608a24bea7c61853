// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// TestCheckDefinition_problems holds which problems a definition has, all of
// them and no others: what one rule finds neither hides what another would find
// nor makes it find more.
func TestCheckDefinition_problems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.members[[2]ID{named("super"), named("nowhere")}] = NewMembership(true, Unset, rolesOf(t, catalog.RoleSuperAdministrator), nil)
	user := Check{Owner: Owner{User: named("super")}, Caller: named("super"), Now: instant}
	account := Check{Owner: Owner{Account: named("ent")}, Caller: named("super"), Now: instant}
	seed := Check{Owner: Owner{User: named("viewer")}, Now: instant, Mode: ModeSeed}
	token := user
	token.CallerIsToken = true
	dnsWrite := groupNamed(t, "DNS Write").ID
	raw := func(effect Effect, groups []string, resources ...Resource) PolicyInput {
		return PolicyInput{Effect: effect, Groups: groups, Resources: resources}
	}
	bad := func(s string) Resource { return Resource{Key: s} }
	const malformed = "not a resource key of a known form with the value \"*\" or one nested map of \"*\""
	const (
		noScopeUser = "no resource of this policy can serve a permission group of scope user: it has only "
		addUser     = "; add com.cloudflare.api.user.<id of the owner>"
	)
	zone := func(name string) string { return zonePrefix + named(name).String() }
	for _, row := range []struct {
		name  string
		check Check
		in    []PolicyInput
		want  []string
	}{
		{"every form of key", user, []PolicyInput{
			input(t, Allow, "account:Account Settings Read;DNS Write", "account:ent;account:*"),
			input(t, Allow, "DNS Write", "account:ent/zone:z1;zone:z1;zone:*"),
			input(t, Allow, "DNS Write", "account:ent/zone:*;zone:z1/TXT.a"),
			input(t, Allow, "Workers R2 Storage Bucket Item Read;User Details Read", "bucket:ent_default_bbb;user:super"),
		}, nil},
		{"every form that an account-owned token may hold", account, []PolicyInput{
			input(t, Allow, "account:Account Settings Read;DNS Write", "account:ent;zone:z1"),
			input(t, Allow, "DNS Write", "account:ent/zone:z1;zone:z1/TXT.a"),
			input(t, Allow, "DNS Write;Workers R2 Storage Bucket Item Read", "account:ent/zone:*;bucket:ent_default_bbb"),
		}, nil},
		{"a user's key of an account-owned token", account, []PolicyInput{raw(Allow, []string{dnsWrite}, key(t, "zone:z1"), key(t, "user:super"))}, []string{
			`policies[0], resource "` + userPrefix + named("super").String() + `": ` + unknownID,
		}},
		{"the zone of another account", user, []PolicyInput{input(t, Deny, "DNS Write", "account:ent/zone:z3")}, []string{
			`policies[0], resource "` + accountPrefix + named("ent").String() + " → " + zone("z3") + `": ` + unknownID,
		}},
		{"a zone that is gone", user, []PolicyInput{input(t, Deny, "DNS Write", "account:ent/zone:none")}, []string{
			`policies[0], resource "` + accountPrefix + named("ent").String() + " → " + zone("none") + `": ` + unknownID,
		}},
		{"the zone of a foreign account", user, []PolicyInput{input(t, Deny, "DNS Write", "account:far/zone:zf")}, []string{
			`policies[0], resource "` + accountPrefix + named("far").String() + " → " + zone("zf") + `": ` + unknownID,
		}},
		{"a membership of an account that is gone", user, []PolicyInput{input(t, Deny, "DNS Write", "account:nowhere")}, []string{
			`policies[0], resource "` + accountPrefix + named("nowhere").String() + `": ` + unknownID,
		}},
		{"an account that is gone, in a seed", seed, []PolicyInput{input(t, Allow, "DNS Write", "account:none")}, []string{
			`policies[0], resource "` + accountPrefix + named("none").String() + `": ` + unknownID,
		}},
		{"groups and keys of one policy", user, []PolicyInput{raw(Deny, []string{"f0", "f1", dnsWrite}, bad("x"), bad("y"), key(t, "zone:none"))}, []string{
			`policies[0], permission group "f0": Permission group is not known`,
			`policies[0], permission group "f1": Permission group is not known`,
			`policies[0], resource "x": ` + malformed,
			`policies[0], resource "y": ` + malformed,
			`policies[0], resource "` + zone("none") + `": ` + unknownID,
		}},
		{"a key that stands twice, and others", user, []PolicyInput{raw(Allow, []string{groupNamed(t, "User Details Read").ID}, key(t, "zone:z1"), key(t, "zone:z1"), key(t, "zone:none"), key(t, "zone:z1"))}, []string{
			`policies[0], resource "` + zone("z1") + `": the key stands twice`,
			`policies[0], resource "` + zone("z1") + `": the key stands twice`,
			`policies[0], resource "` + zone("none") + `": ` + unknownID,
		}},
		{"no resources", user, []PolicyInput{raw(Allow, []string{dnsWrite})}, []string{"policies[0], resources: a policy needs at least one resource"}},
		{"no groups", user, []PolicyInput{raw(Allow, nil, key(t, "zone:zf"))}, []string{
			"policies[0], permission_groups: a policy needs at least one permission group",
			`policies[0], resource "` + zone("zf") + `": ` + unknownID,
		}},
		{"groups that no key serves", user, []PolicyInput{input(t, Allow, "User Details Read;Memberships Read", "zone:z1")}, []string{
			`policies[0], permission group "Memberships Read": ` + noScopeUser + zone("z1") + addUser,
			`policies[0], permission group "User Details Read": ` + noScopeUser + zone("z1") + addUser,
		}},
		{"the keys that serve none of them", user, []PolicyInput{input(t, Deny, "User Details Read", "zone:z1;zone:z2;zone:z3")}, []string{
			`policies[0], permission group "User Details Read": ` + noScopeUser + zone("z1") + ", " + zone("z2") + ", " + zone("z3") + addUser,
		}},
		{"and that there is one more", user, []PolicyInput{input(t, Deny, "User Details Read", "zone:z1;zone:z2;zone:z3;account:ent")}, []string{
			`policies[0], permission group "User Details Read": ` + noScopeUser + zone("z1") + ", " + zone("z2") + ", " + zone("z3") + " and 1 more" + addUser,
		}},
		{"and how many more there are", user, []PolicyInput{input(t, Deny, "User Details Read", "zone:z1;zone:z2;zone:z3;account:ent;account:std")}, []string{
			`policies[0], permission group "User Details Read": ` + noScopeUser + zone("z1") + ", " + zone("z2") + ", " + zone("z3") + " and 2 more" + addUser,
		}},
		{"a zone group that no key serves", user, []PolicyInput{input(t, Allow, "DNS Write", "user:super")}, []string{
			`policies[0], permission group "DNS Write": no resource of this policy can serve a permission group of scope zone: it has only ` +
				userPrefix + named("super").String() + "; add com.cloudflare.api.account.zone.<id>, or an account for all its zones",
		}},
		{"user groups of an account-owned token", account, []PolicyInput{input(t, Allow, "User Details Read;Memberships Read", "account:ent")}, []string{
			`policies[0], permission group "Memberships Read": an account-owned token cannot hold user permission groups`,
			`policies[0], permission group "User Details Read": an account-owned token cannot hold user permission groups`,
		}},
		{"a token that would manage tokens by two keys", token, []PolicyInput{input(t, Allow, "account:Account API Tokens Write", "account:ent;account:std")}, []string{
			`policies[0], permission group "Account API Tokens Write": sub-token is not allowed to have permissions to manage other tokens`,
		}},
		{"a token that manages nothing", token, []PolicyInput{input(t, Allow, "DNS Write", "zone:z1"), input(t, Deny, "API Tokens Write", "user:super")}, nil},
		{"a seed's token may manage", Check{Owner: user.Owner, Now: instant, Mode: ModeSeed, CallerIsToken: true}, []PolicyInput{input(t, Allow, "API Tokens Write", "user:super")}, nil},
		{"problems of several policies", user, []PolicyInput{input(t, Allow, "DNS Write", "zone:z1"), raw("x", []string{dnsWrite}, key(t, "zone:z1")), raw(Deny, []string{dnsWrite}, bad("x"))}, []string{
			"policies[1], effect: effect must be allow or deny",
			`policies[2], resource "x": ` + malformed,
		}},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			check := row.check
			_, problems := CheckDefinition(w, &check, "n", row.in, nil, nil, time.Time{}, time.Time{})
			var got []string
			for _, p := range problems {
				got = append(got, p.Error())
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCheckDefinition_fields holds the limits of name, times and condition.
func TestCheckDefinition_fields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := []PolicyInput{input(t, Allow, "DNS Write", "zone:z1")}
	user := Check{Owner: Owner{User: named("super")}, Caller: named("super"), Now: instant}
	backwards := user
	backwards.Stored = &Definition{Name: "n", NotBefore: instant, ExpiresOn: instant.Add(-time.Hour)}
	seed := user
	seed.Mode = ModeSeed
	const badName = "name: name must have a length between 1 and 120 characters"
	for _, row := range []struct {
		name                 string
		check                Check
		token                string
		in, notIn            []string
		notBefore, expiresOn time.Time
		want                 []string
	}{
		{"longest name", user, strings.Repeat("é", 120), nil, nil, time.Time{}, time.Time{}, nil},
		{"longer name", user, strings.Repeat("é", 121), nil, nil, time.Time{}, time.Time{}, []string{badName}},
		{"shortest name", user, "n", nil, nil, time.Time{}, time.Time{}, nil},
		{"no name", user, "", nil, nil, time.Time{}, time.Time{}, []string{badName}},
		{"ranges", user, "n", []string{"192.0.2.0/24", "x"}, []string{"y", "2001:db8::1"}, time.Time{}, time.Time{}, []string{
			`condition.request_ip.in[1]: "x": not an IP address or CIDR range`, `condition.request_ip.not_in[0]: "y": not an IP address or CIDR range`,
		}},
		{"expires later", user, "n", nil, nil, time.Time{}, instant.Add(time.Nanosecond), nil},
		{"expires now", user, "n", nil, nil, time.Time{}, instant, []string{"expires_on: expires_on is in the past"}},
		{"valid for an instant", user, "n", nil, nil, instant.Add(time.Hour), instant.Add(time.Hour + 1), nil},
		{"valid for none", user, "n", nil, nil, instant.Add(time.Hour), instant.Add(time.Hour), []string{"expires_on: expires_on must be after not_before"}},
		{"valid from later on", user, "n", nil, nil, instant.Add(time.Hour), time.Time{}, nil},
		{"expired before the first year, from no instant on", user, "n", nil, nil, time.Time{}, time.Time{}.Add(-time.Hour), []string{"expires_on: expires_on is in the past"}},
		{"stored times, whatever they are", backwards, "n", nil, nil, instant, instant.Add(-time.Hour), nil},
		{"another begin before the stored end", backwards, "n", nil, nil, instant.Add(-2 * time.Hour), instant.Add(-time.Hour), nil},
		{"another end after the stored begin", backwards, "n", nil, nil, instant, instant.Add(-time.Minute), []string{
			"expires_on: expires_on must be after not_before", "expires_on: expires_on is in the past",
		}},
		{"a seed's times", seed, "n", nil, nil, instant, instant.Add(-time.Hour), nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			check := row.check
			_, problems := CheckDefinition(w, &check, row.token, good, row.in, row.notIn, row.notBefore, row.expiresOn)
			var got []string
			for _, p := range problems {
				if p.Policy != -1 {
					t.Errorf("%s is about policy %d", p.Error(), p.Policy)
				}
				got = append(got, p.Error())
			}
			if diff := cmp.Diff(row.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// TestCheckDefinition_result holds the canonical form that is stored.
func TestCheckDefinition_result(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := &Check{Owner: Owner{User: named("super")}, Caller: named("super"), Now: instant}
	nested := key(t, "zone:z1/TXT.b")
	nested.Nested = append(nested.Nested, key(t, "zone:z1/TXT.a").Nested...)
	in := PolicyInput{Effect: Allow, Resources: []Resource{nested, key(t, "account:std")}}
	read, write := groupNamed(t, "DNS Read"), groupNamed(t, "DNS Write")
	for _, g := range []*catalog.Group{read, write, read} {
		in.Groups = append(in.Groups, g.ID)
	}
	policies, problems := CheckDefinition(w, check, "n", []PolicyInput{in, input(t, Deny, "Zone Read", "zone:z1")}, nil, nil, time.Time{}, time.Time{})
	if problems != nil {
		t.Fatal(texts(problems))
	}
	want := []Policy{
		{
			Effect: Allow, Groups: []catalog.GroupIndex{min(read.Index, write.Index), max(read.Index, write.Index)},
			Resources: []Resource{key(t, "account:std"), {Key: nested.Key, Nested: []string{nested.Nested[1], nested.Nested[0]}}},
		},
		pol(t, Deny, "Zone Read", "zone:z1"),
	}
	if diff := cmp.Diff(want, policies); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if in.Resources[0].Nested[0] == want[0].Resources[1].Nested[0] {
		t.Error("the input was sorted in place")
	}
}

// TestCheckDefinition_stored holds that what the stored token holds is known
// whatever else it holds, and that nothing else counts as held.
func TestCheckDefinition_stored(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	broken := pol(t, Allow, "DNS Write", "zone:zf")
	broken.Resources = append([]Resource{{Key: "no key"}}, broken.Resources...)
	stored := &Definition{Name: "n", Policies: []Policy{broken, pol(t, Allow, "Zone Read", "zone:zf")}}
	check := &Check{Owner: Owner{User: named("viewer")}, Caller: named("viewer"), Now: instant, Stored: stored}
	for _, row := range []struct {
		name string
		in   PolicyInput
		want int // problems
	}{
		{"what it holds", input(t, Allow, "DNS Write", "zone:zf"), 0},
		{"what it holds in two policies, in one", input(t, Allow, "DNS Write;Zone Read", "zone:zf"), 0},
		{"a key beside it", input(t, Allow, "DNS Write", "zone:zf;zone:none"), 2},
		{"a key before it", PolicyInput{Effect: Allow, Groups: []string{groupNamed(t, "DNS Write").ID}, Resources: []Resource{key(t, "zone:zf"), key(t, "zone:none"), key(t, "zone:z9")}}, 4},
		{"another effect", input(t, Deny, "DNS Write", "zone:zf"), 1},
		{"another group", input(t, Allow, "DNS Read", "zone:zf"), 2},
	} {
		if _, problems := CheckDefinition(w, check, "n", []PolicyInput{row.in}, nil, nil, time.Time{}, time.Time{}); len(problems) != row.want {
			t.Errorf("%s: %d problems, want %d\n%s", row.name, len(problems), row.want, texts(problems))
		}
	}
}
