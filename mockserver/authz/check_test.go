// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"strconv"
	"strings"
	"testing"
	"time"
)

// input makes a policy as a request holds it.
func input(tb testing.TB, effect Effect, groups, keys string) PolicyInput {
	tb.Helper()
	p := PolicyInput{Effect: effect}
	for ref := range strings.SplitSeq(groups, ";") {
		p.Groups = append(p.Groups, groupNamed(tb, ref).ID)
	}
	for short := range strings.SplitSeq(keys, ";") {
		p.Resources = append(p.Resources, key(tb, short))
	}
	return p
}

// TestCheckDefinition_refused holds what §3 refuses at create, one row a rule.
func TestCheckDefinition_refused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	user := Check{Owner: Owner{User: named("super")}, Caller: named("super"), Now: instant}
	account := Check{Owner: Owner{Account: named("ent")}, Caller: named("super"), Now: instant}
	viewer := Check{Owner: Owner{User: named("viewer")}, Caller: named("viewer"), Now: instant}
	pendingCheck := Check{Owner: Owner{User: named("pending")}, Caller: named("pending"), Now: instant}
	token := user
	token.CallerIsToken = true
	good := input(t, Allow, "DNS Write", "zone:z1")
	with := func(change func(*PolicyInput)) PolicyInput {
		p := input(t, Allow, "DNS Write", "zone:z1")
		change(&p)
		return p
	}
	for _, row := range []struct {
		name  string
		check Check
		p     PolicyInput
		want  string
	}{
		{"good", user, good, ""},
		{"effect", user, with(func(p *PolicyInput) { p.Effect = "permit" }), "policies[0], effect: effect must be allow or deny"},
		{"no groups", user, with(func(p *PolicyInput) { p.Groups = nil }), "policies[0], permission_groups: a policy needs at least one permission group"},
		{"no resources", user, with(func(p *PolicyInput) { p.Resources = nil }), "policies[0], resources: a policy needs at least one resource"},
		{"unknown group", user, with(func(p *PolicyInput) { p.Groups = []string{"f0"} }), "policies[0], permission group \"f0\": Permission group is not known"},
		{"zone group without zone", user, input(t, Allow, "DNS Write", "user:super"), "of scope zone"},
		{"account group without account", user, input(t, Allow, "account:Account Settings Read", "zone:z1"), "; add com.cloudflare.api.account.<id>"},
		{"user group without user", user, input(t, Allow, "User Details Read", "zone:z1"), "add com.cloudflare.api.user."},
		{"bucket group without bucket", user, input(t, Allow, "Workers R2 Storage Bucket Item Read", "account:ent"), "add com.cloudflare.edge.r2.bucket."},
		{"a record key serves DNS alone", user, input(t, Allow, "DNS Write;Zone Read", "zone:z1/TXT.*"), "permission group \"Zone Read\": no resource"},
		{"absent zone", user, input(t, Allow, "DNS Write", "zone:none"), unknownID},
		{"foreign zone", user, input(t, Allow, "DNS Write", "zone:zf"), unknownID},
		{"absent account", user, input(t, Allow, "DNS Write", "account:none"), unknownID},
		{"foreign account", user, input(t, Allow, "DNS Write", "account:far/zone:*"), unknownID},
		{"zone of another account", user, input(t, Allow, "DNS Write", "account:ent/zone:z3"), unknownID},
		{"foreign record", user, input(t, Allow, "DNS Write", "zone:zf/TXT.*"), unknownID},
		{"foreign bucket", user, input(t, Allow, "Workers R2 Storage Bucket Item Read", "bucket:far_default_bbb"), unknownID},
		{"another user", user, input(t, Allow, "User Details Read", "user:admin"), unknownID},
		{"user group on an account token", account, input(t, Allow, "User Details Read", "user:super"), "an account-owned token cannot hold user permission groups"},
		{"flat zone.* on an account token", account, input(t, Allow, "DNS Write", "zone:*"), "Must specify a zone for account owned tokens"},
		{"account.* on an account token", account, input(t, Allow, "account:Account Settings Read", "account:*"), "cannot reach other accounts"},
		{"other account on an account token", account, input(t, Allow, "DNS Write", "account:std"), unknownID},
		{"other account's zone on an account token", account, input(t, Allow, "DNS Write", "zone:z3"), unknownID},
		{"own zone on an account token", account, good, ""},
		{"key of no form", user, with(func(p *PolicyInput) { p.Resources[0].Key = "com.cloudflare.api.zone.1" }), "not a resource key"},
		{"repeated key", user, with(func(p *PolicyInput) { p.Resources = append(p.Resources, p.Resources[0]) }), "the key stands twice"},
		{"pattern in capitals", user, input(t, Allow, "DNS Write", "zone:z1/TXT.A"), "must be lower case"},
		{"right the caller lacks", viewer, good, "Failed common permission check against resources. (Permission group: \"DNS Write\")"},
		{"a deny needs no right", viewer, input(t, Deny, "DNS Write", "zone:z1"), ""},
		{"right the caller holds", viewer, input(t, Allow, "DNS Read", "zone:z1"), ""},
		{"deny on an account whose invitation is pending", pendingCheck, input(t, Deny, "DNS Write", "account:ent"), unknownID},
		{"sub-token", token, input(t, Allow, "API Tokens Write", "user:super"), "sub-token is not allowed to have permissions to manage other tokens"},
		{"sub-token of an account", token, input(t, Allow, "account:Account API Tokens Write", "account:ent"), "sub-token is not allowed"},
		{"sub-token may be denied it", token, input(t, Deny, "API Tokens Write", "user:super"), ""},
		{"all zones of a user token", user, input(t, Allow, "DNS Write", "zone:*"), ""},
		{"all accounts of a user token", user, input(t, Allow, "account:Account Settings Read", "account:*"), ""},
		{"token made with a key may manage", user, input(t, Allow, "API Tokens Write", "user:super"), ""},
	} {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			check := row.check
			_, problems := CheckDefinition(w, &check, "n", []PolicyInput{row.p}, nil, nil, time.Time{}, time.Time{})
			text := texts(problems)
			if row.want == "" && text != "" || !strings.Contains(text, row.want) {
				t.Errorf("got %q, want %q", text, row.want)
			}
		})
	}
}

func texts(problems []*Problem) string {
	lines := make([]string, 0, len(problems))
	for _, p := range problems {
		lines = append(lines, p.Error())
	}
	return strings.Join(lines, "\n")
}

// TestCheckDefinition_all holds that every problem comes in one reply.
func TestCheckDefinition_all(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := &Check{Owner: Owner{User: named("super")}, Caller: named("super"), Now: instant}
	_, problems := CheckDefinition(w, check, strings.Repeat("é", 121), []PolicyInput{
		{Effect: "x"},
		input(t, Allow, "DNS Write", "zone:zf;zone:none"),
	}, []string{"1.2.3"}, []string{"a", "10.0.0.0/8"}, instant, instant.Add(-time.Hour))
	text := texts(problems)
	for _, want := range []string{
		"name: name must have a length", "condition.request_ip.in[0]", "condition.request_ip.not_in[0]",
		"expires_on: expires_on must be after not_before", "expires_on: expires_on is in the past",
		"policies[0], effect", "policies[0], permission_groups", "policies[0], resources",
		"zone." + named("zf").String(), "zone." + named("none").String(),
	} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is missing in\n%s", want, text)
		}
	}
	flood := PolicyInput{Effect: Allow, Groups: []string{groupNamed(t, "DNS Write").ID}}
	for i := range 2000 {
		flood.Resources = append(flood.Resources, Resource{Key: zonePrefix + named(strconv.Itoa(i+1)).String()})
	}
	if _, problems = CheckDefinition(w, check, "n", []PolicyInput{flood}, nil, nil, time.Time{}, time.Time{}); len(problems) != 1000 {
		t.Errorf("%d problems", len(problems))
	}
	mixed := input(t, Allow, "DNS Write;User Details Read", "zone:zf")
	mixed.Resources = append(mixed.Resources, Resource{Key: "nonsense"})
	_, problems = CheckDefinition(w, check, "n", []PolicyInput{mixed}, nil, nil, time.Time{}, time.Time{})
	if text := texts(problems); !strings.Contains(text, "nonsense") || !strings.Contains(text, unknownID) || strings.Contains(text, "of scope user") {
		t.Errorf("a key of no form hides the other problems, or makes one up: %s", text)
	}
	if _, problems = CheckDefinition(w, check, "\xff", []PolicyInput{input(t, Allow, "DNS Write", "zone:z1")}, nil, nil, time.Time{}, time.Time{}); problems == nil {
		t.Error("a name that is no text passed")
	}
	_, problems = CheckDefinition(w, check, "", nil, nil, nil, time.Time{}, time.Time{})
	if text := texts(problems); !strings.Contains(text, "name:") || !strings.Contains(text, "policies: a token needs at least one policy") {
		t.Errorf("got %s", text)
	}
	if got := (&Problem{Policy: -1, Message: "m"}).Error(); got != "m" {
		t.Errorf("got %q", got)
	}
}

// TestCheckDefinition_update holds §3: an update is judged only on what the
// stored token does not already hold.
func TestCheckDefinition_update(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	past := instant.Add(-time.Hour)
	stored := &Definition{
		Name: "n", ExpiresOn: past, NotBefore: instant.Add(-2 * time.Hour),
		Policies: []Policy{pol(t, Allow, "API Tokens Write", "user:viewer"), pol(t, Allow, "DNS Write", "zone:z1;zone:zf"), pol(t, Deny, "Zone Read", "zone:z1")},
	}
	stored.Policies = append(stored.Policies, Policy{Effect: Allow, Resources: []Resource{{Key: "no key"}}})
	check := &Check{Owner: Owner{User: named("viewer")}, Caller: named("viewer"), CallerIsToken: true, Now: instant, Stored: stored}
	same := []PolicyInput{
		input(t, Allow, "API Tokens Write", "user:viewer"),
		input(t, Allow, "DNS Write", "zone:z1;zone:zf"),
	}
	if _, problems := CheckDefinition(w, check, "renamed", same, nil, nil, stored.NotBefore, past); problems != nil {
		t.Errorf("what it holds is not judged again: %s", texts(problems))
	}
	if _, problems := CheckDefinition(w, check, "n", same, nil, nil, stored.NotBefore.Add(time.Minute), past); problems != nil {
		t.Errorf("an unchanged expiry is not judged: %s", texts(problems))
	}
	if _, problems := CheckDefinition(w, check, "n", same, nil, nil, instant, past); !strings.Contains(texts(problems), "after not_before") {
		t.Errorf("a new not_before is: %s", texts(problems))
	}
	if _, problems := CheckDefinition(w, check, "n", same, nil, nil, stored.NotBefore, past.Add(time.Minute)); !strings.Contains(texts(problems), "in the past") {
		t.Errorf("a new expiry is: %s", texts(problems))
	}
	wider := []PolicyInput{input(t, Allow, "DNS Write", "zone:z1;zone:z2")}
	if _, problems := CheckDefinition(w, check, "n", wider, nil, nil, time.Time{}, time.Time{}); !strings.Contains(texts(problems), "Failed common permission check") {
		t.Errorf("a new key is: %s", texts(problems))
	}
	wider = []PolicyInput{input(t, Allow, "DNS Write;DNS Read", "zone:zf")}
	if _, problems := CheckDefinition(w, check, "n", wider, nil, nil, time.Time{}, time.Time{}); !strings.Contains(texts(problems), unknownID) {
		t.Errorf("a new group on an old key is: %s", texts(problems))
	}
	manager := &Definition{Name: "n", Policies: []Policy{pol(t, Allow, "API Tokens Write;DNS Read", "user:viewer;zone:z1")}}
	widened := []PolicyInput{input(t, Allow, "API Tokens Write;DNS Read", "user:viewer;zone:z1;zone:z2")}
	if _, problems := CheckDefinition(w, &Check{Owner: check.Owner, Caller: check.Caller, CallerIsToken: true, Now: instant, Stored: manager},
		"n", widened, nil, nil, time.Time{}, time.Time{}); problems != nil {
		t.Errorf("a key that does not serve the management group is no new management: %s", texts(problems))
	}
	swapped := []PolicyInput{input(t, Allow, "Zone Write", "zone:z1")}
	if _, problems := CheckDefinition(w, check, "n", swapped, nil, nil, time.Time{}, time.Time{}); !strings.Contains(texts(problems), "Failed common permission check") {
		t.Errorf("the effect is part of what is held: %s", texts(problems))
	}
}

// TestCheckDefinition_seed holds what a seed is not judged on.
func TestCheckDefinition_seed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	check := &Check{Owner: Owner{User: named("viewer")}, Now: instant, Mode: ModeSeed}
	in := []PolicyInput{input(t, Allow, "API Tokens Write", "user:viewer"), input(t, Allow, "DNS Write", "zone:zf")}
	policies, problems := CheckDefinition(w, check, "n", in, nil, nil, time.Time{}, instant.Add(-time.Hour))
	if problems != nil {
		t.Fatal(texts(problems))
	}
	if _, err := Compile(policies); err != nil {
		t.Fatal(err)
	}
	if _, problems = CheckDefinition(w, check, "n", []PolicyInput{input(t, Allow, "DNS Write", "zone:none")}, nil, nil, time.Time{}, time.Time{}); problems == nil {
		t.Error("ids are judged in a seed too")
	}
}

// TestHolds holds §3 and §8: on none of the targets that the key reaches now.
func TestHolds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	domain := rolesOf(t, "Domain DNS")
	w.grants("zoner", "ent", MemberGrant{Effect: Allow, Roles: domain, Zones: []ID{named("z1"), named("gone"), named("z3")}})
	w.grants("ghost", "ent", MemberGrant{Effect: Allow, Roles: domain, Zones: []ID{named("gone")}})
	w.grants("denied", "ent", MemberGrant{Effect: Allow, Roles: domain, Zones: []ID{named("z1")}}, MemberGrant{Effect: Deny, Roles: domain, Zones: []ID{named("z1")}})
	w.grants("stray", "ent", MemberGrant{Effect: Allow, Roles: domain, Zones: []ID{named("z3")}})
	w.members[[2]ID{named("lost"), named("nowhere")}] = NewMembership(true, Unset, domain, nil)
	for _, row := range []struct {
		user, group, key string
		want             bool
	}{
		{"super", "DNS Write", "zone:z1", true},
		{"super", "DNS Write", "zone:zf", false},
		{"super", "DNS Write", "zone:none", false},
		{"super", "DNS Write", "zone:*", true},
		{"super", "DNS Write", "account:ent", true},
		{"super", "DNS Write", "account:far", false},
		{"super", "DNS Write", "account:ent/zone:z1", true},
		{"super", "DNS Write", "zone:z1/TXT.*", true},
		{"super", "account:Account Settings Write", "account:*", true},
		{"super", "account:Account Settings Write", "zone:z1", false},
		{"super", "API Tokens Write", "user:super", true},
		{"super", "API Tokens Write", "user:admin", false},
		{"super", "Workers R2 Storage Bucket Item Read", "bucket:ent_default_bbb", true},
		{"minimal", "Workers R2 Storage Bucket Item Read", "bucket:ent_default_bbb", false},
		{"dns", "account:Account Settings Write", "account:ent", false},
		{"zoner", "DNS Write", "zone:z1", true},
		{"zoner", "DNS Write", "zone:z2", false},
		{"zoner", "DNS Write", "account:ent", true},
		{"zoner", "DNS Write", "zone:*", true},
		{"ghost", "DNS Write", "account:ent", false},
		{"denied", "DNS Write", "account:ent", false},
		{"stray", "DNS Write", "account:ent", false},
		{"pending", "DNS Write", "zone:z1", false},
		{"lost", "DNS Write", "zone:*", false},
	} {
		keys, err := ParseResource(key(t, row.key))
		if err != nil {
			t.Fatal(err)
		}
		if got := Holds(w, named(row.user), groupNamed(t, row.group), keys[0]); got != row.want {
			t.Errorf("%s holds %s on %s: %t, want %t", row.user, row.group, row.key, got, row.want)
		}
	}
	if Holds(w, ID{}, groupNamed(t, "DNS Write"), Key{Form: KeyZone, Zone: named("z1")}) {
		t.Error("nobody holds nothing")
	}
	all := []Policy{pol(t, Deny, "Cache Purge", "zone:z1"), pol(t, Allow, "DNS Write", "zone:z1;zone:none;account:none;zone:*")}
	if ok, _, _ := HoldsAll(w, named("dns"), all); !ok {
		t.Error("a deny and what is gone are no rights")
	}
	if ok, _, _ := HoldsAll(w, named("super"), []Policy{pol(t, Allow, "account:Account Settings Write;DNS Write", "account:ent;zone:z1")}); !ok {
		t.Error("a group is asked only on the keys that serve it")
	}
	if ok, group, k := HoldsAll(w, named("dns"), []Policy{pol(t, Allow, "Cache Purge", "zone:z1")}); ok || group != "Cache Purge" || k.Zone != named("z1") {
		t.Errorf("got %t %s %s", ok, group, k)
	}
	if ok, _, _ := HoldsAll(w, named("super"), []Policy{{Effect: Allow, Resources: []Resource{{Key: "x"}}}}); ok {
		t.Error("a key of no form is held by nobody")
	}
}
