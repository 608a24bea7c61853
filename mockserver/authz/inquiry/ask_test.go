// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// The rows of the tests.
const (
	listRecords  = "GET /zones/{zone_id}/dns_records"
	addRecord    = "POST /zones/{zone_id}/dns_records"
	getRecord    = "GET /zones/{zone_id}/dns_records/{dns_record_id}"
	putRecord    = "PUT /zones/{zone_id}/dns_records/{dns_record_id}"
	deleteRecord = "DELETE /zones/{zone_id}/dns_records/{dns_record_id}"
	importRoute  = "POST /zones/{zone_id}/dns_records/import"
	batchRoute   = "POST /zones/{zone_id}/dns_records/batch"
)

func record(zone, recordType, name string) inquiry.Target {
	return inquiry.Target{Zone: id(zone), RecordType: recordType, RecordName: name}
}

// TestAsk goes through the shapes of operations and the gates (authorization
// model §4 to §6).
func TestAsk(t *testing.T) {
	t.Parallel()
	z1 := inquiry.Target{Zone: id("z1")}
	acme := pol(t, authz.Allow, "DNS Write", recordKey("z1", "TXT", "_acme-challenge.*"))
	challenge := record("z1", "TXT", "_acme-challenge.www")
	tests := []struct {
		name      string
		operation string
		target    inquiry.Target
		policies  []authz.Policy
		owner     string
		// want is the reason; empty for an allowance.
		want authz.Reason
		// policies is what the policies say alone.
		policyAllows bool
		// remedy is the smallest grant; empty for none.
		remedy string
	}{
		{
			name: "a zone's key opens the zone", operation: "GET /zones/{zone_id}", target: z1,
			policies: []authz.Policy{pol(t, authz.Allow, "Zone Read", zoneKey("z1"))}, policyAllows: true,
		},
		{
			name: "and not another", operation: "zone:Zone Read", target: inquiry.Target{Zone: id("z2")},
			policies: []authz.Policy{pol(t, authz.Allow, "Zone Read", zoneKey("z1"))},
			want:     authz.ReasonNoMatchingGrant, remedy: `"Zone Read" on ` + zoneKey("z2").String(),
		},
		{
			name: "a deny strikes", operation: "GET /zones/{zone_id}", target: z1,
			policies: []authz.Policy{
				pol(t, authz.Allow, "Zone Read", zoneKey("z1")),
				pol(t, authz.Deny, "Zone Read", accountKey("ent")),
			},
			want: authz.ReasonDeniedByPolicy,
		},
		{
			name: "the owner must hold it too", operation: "zone:DNS Write", target: z1, owner: "viewer",
			policies: []authz.Policy{pol(t, authz.Allow, "DNS Write", zoneKey("z1"))},
			want:     authz.ReasonOwnerLacksRight, policyAllows: true,
		},
		{
			name: "a foreign zone is not found", operation: "GET /zones/{zone_id}", target: inquiry.Target{Zone: id("zf")},
			policies: []authz.Policy{pol(t, authz.Allow, "Zone Read", authz.Key{Form: authz.KeyAllZones})},
			want:     authz.ReasonTargetNotFound,
		},
		{
			name: "the role is asked after the grant", operation: "DELETE /accounts/{account_id}/members/{member_id}",
			target: inquiry.Target{Account: id("ent")}, owner: "admin",
			policies: []authz.Policy{pol(t, authz.Allow, "Account Settings Write;Account Settings Read", accountKey("ent"))},
			want:     authz.ReasonSuperAdministratorRequired, policyAllows: true,
		},
		{
			name: "an operation on the user", operation: "GET /user",
			policies: []authz.Policy{pol(t, authz.Allow, "User Details Read", userKey("super"))}, policyAllows: true,
		},
		{
			name: "all zones of an account", operation: "POST /zones", target: inquiry.Target{Account: id("ent")},
			policies: []authz.Policy{pol(t, authz.Allow, "Zone Write", accountKey("ent"))}, policyAllows: true,
		},
		{
			name: "all zones are more than one", operation: "zone:Zone Write",
			target:   inquiry.Target{Account: id("ent"), AllZones: true},
			policies: []authz.Policy{pol(t, authz.Allow, "Zone Write", zoneKey("z1"))},
			want:     authz.ReasonNoMatchingGrant,
			remedy:   `"Zone Write" on ` + authz.Key{Form: authz.KeyAccountAllZones, Account: id("ent")}.String(),
		},
		{
			name: "a bucket", operation: "r2:Workers R2 Storage Bucket Item Read",
			target: inquiry.Target{Account: id("ent"), Bucket: "logs"},
			policies: []authz.Policy{pol(t, authz.Allow, "Workers R2 Storage Bucket Item Read", authz.Key{
				Form: authz.KeyBucket, Account: id("ent"), Bucket: "default_logs",
			})}, policyAllows: true,
		},
		{
			name: "the operation on it", operation: "GET /accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}",
			target: inquiry.Target{Account: id("ent"), Bucket: "logs"},
			policies: []authz.Policy{pol(t, authz.Allow, "Workers R2 Storage Bucket Item Read", authz.Key{
				Form: authz.KeyBucket, Account: id("ent"), Bucket: "default_logs",
			})}, policyAllows: true,
		},
		{
			name: "an account's group on the account", operation: "account:Account Settings Read", target: inquiry.Target{Account: id("ent")},
			policies: []authz.Policy{pol(t, authz.Allow, "account:Account Settings Read", accountKey("ent"))}, policyAllows: true,
		},
		{
			name: "a user's group", operation: "user:User Details Read", target: inquiry.Target{User: true},
			policies: []authz.Policy{pol(t, authz.Allow, "User Details Read", userKey("super"))}, policyAllows: true,
		},
		{
			name: "an account that is none", operation: "GET /accounts/{account_id}", target: inquiry.Target{Account: id("none")},
			policies: []authz.Policy{pol(t, authz.Allow, "account:Account Settings Read", authz.Key{Form: authz.KeyAllAccounts})},
			want:     authz.ReasonTargetNotFound,
		},
		{
			name: "a record of a zone that is none", operation: addRecord, target: record("none", "A", "www"),
			policies: []authz.Policy{pol(t, authz.Allow, "DNS Write", authz.Key{Form: authz.KeyAllZones})},
			want:     authz.ReasonTargetNotFound,
		},
		{
			name: "a bucket elsewhere", operation: "GET /accounts/{account_id}/r2/buckets/logs/objects/{key}",
			target: inquiry.Target{Account: id("ent"), Jurisdiction: "eu"},
			policies: []authz.Policy{pol(t, authz.Allow, "Workers R2 Storage Bucket Item Read", authz.Key{
				Form: authz.KeyBucket, Account: id("ent"), Bucket: "default_logs",
			})},
			want:   authz.ReasonNoMatchingGrant,
			remedy: `"Workers R2 Storage Bucket Item Read" on ` + authz.Key{Form: authz.KeyBucket, Account: id("ent"), Bucket: "eu_logs"}.String(),
		},
		{
			name: "a zone below the wrong account", target: inquiry.Target{Account: id("std"), Zone: id("z1")},
			operation: "PUT /accounts/{account_id}/addressing/address_maps/{address_map_id}/zones/{zone_id}",
			policies:  []authz.Policy{pol(t, authz.Allow, "Address Maps Write", accountKey("std"))},
			want:      authz.ReasonTargetNotFound,
		},

		// Records (authorization model §5).
		{name: "a record is made by its key", operation: addRecord, target: challenge, policies: []authz.Policy{acme}, policyAllows: true},
		{name: "and changed", operation: putRecord, target: challenge, policies: []authz.Policy{acme}, policyAllows: true},
		{name: "and deleted", operation: deleteRecord, target: challenge, policies: []authz.Policy{acme}, policyAllows: true},
		{name: "and listed", operation: listRecords, target: challenge, policies: []authz.Policy{acme}, policyAllows: true},
		{name: "and imported", operation: importRoute, target: challenge, policies: []authz.Policy{acme}, policyAllows: true},
		{name: "and in a batch", operation: batchRoute, target: challenge, policies: []authz.Policy{acme}, policyAllows: true},
		{name: "its zone's list is answered", operation: listRecords, target: z1, policies: []authz.Policy{acme}, policyAllows: true},
		{name: "as a permission", operation: "DNS Write", target: challenge, policies: []authz.Policy{acme}, policyAllows: true},
		{
			name: "a permission on the zone is more than a record", operation: "DNS Write", target: z1, policies: []authz.Policy{acme},
			want: authz.ReasonNoMatchingGrant, remedy: `"DNS Write" on ` + zoneKey("z1").String(),
		},
		{
			name: "another record of the zone is not listed", operation: listRecords, target: record("z1", "a", "www"),
			policies: []authz.Policy{acme}, want: authz.ReasonNoMatchingGrant,
			remedy: `"DNS Read" on ` + recordKey("z1", "A", "www.z1.example").String(),
		},
		{
			name: "nor changed", operation: putRecord, target: record("z1", "A", "@"),
			policies: []authz.Policy{acme}, want: authz.ReasonNoMatchingGrant,
			remedy: `"DNS Write" on ` + recordKey("z1", "A", "z1.example").String(),
		},
		{
			name: "without any grant the record's key is named", operation: putRecord, target: record("z1", "A", "WWW.z1.example."),
			policies: []authz.Policy{pol(t, authz.Allow, "Zone Read", zoneKey("z1"))}, want: authz.ReasonNoMatchingGrant,
			remedy: `"DNS Write" on ` + recordKey("z1", "A", "www.z1.example").String(),
		},
		{
			name: "what may be read may not be written", operation: deleteRecord, target: record("z1", "A", "www"),
			policies: []authz.Policy{pol(t, authz.Allow, "DNS Read", zoneKey("z1"))}, want: authz.ReasonNoMatchingGrant,
			remedy: `"DNS Write" on ` + recordKey("z1", "A", "www.z1.example").String(),
		},
		{
			// Denying reads strikes the write among the groups that read, so
			// no grant makes the record visible; creating is not reading.
			name: "a deny of reads hides what a grant of writes would change", operation: putRecord, target: challenge,
			policies: []authz.Policy{pol(t, authz.Allow, "Zone Read", zoneKey("z1")), pol(t, authz.Deny, "DNS Read", zoneKey("z1"))},
			want:     authz.ReasonNoMatchingGrant,
		},
		{
			name: "with the grant it is denied", operation: putRecord, target: challenge,
			policies: []authz.Policy{acme, pol(t, authz.Deny, "DNS Read", zoneKey("z1"))},
			want:     authz.ReasonDeniedByPolicy,
		},
		{
			name: "and a create is not", operation: addRecord, target: challenge,
			policies: []authz.Policy{acme, pol(t, authz.Deny, "DNS Read", zoneKey("z1"))}, policyAllows: true,
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			owner := tc.owner
			if owner == "" {
				owner = "super"
			}
			w := newWorld(t)
			answer := ask(t, w, token(t, owner, tc.policies...), tc.operation, tc.target)
			if got := answer.Explanation.Decision.Reason; got != tc.want || answer.Allowed() != (tc.want == "") {
				t.Fatalf("reason %q, want %q: %s", got, tc.want, answer.Explanation.Sentence)
			}
			if answer.PolicyAllows != tc.policyAllows {
				t.Errorf("policy allows: %t", answer.PolicyAllows)
			}
			remedy := ""
			if answer.Remedy != nil {
				remedy = answer.Remedy.String()
				// Authorization model §9: the grant is enough.
				with := append(tc.policies, authz.Policy{ //nolint:gocritic // A longer list of its own is meant.
					Effect: authz.Allow, Groups: []catalog.GroupIndex{answer.Remedy.Group.Index},
					Resources: []authz.Resource{answer.Remedy.Key.Resource()},
				})
				if again := ask(t, w, token(t, owner, with...), tc.operation, tc.target); !again.Allowed() {
					t.Errorf("with %s: %s", remedy, again.Explanation.Chain())
				}
			}
			if diff := cmp.Diff(tc.remedy, remedy); diff != "" {
				t.Errorf("remedy (-want +got):\n%s\n%s", diff, answer.Explanation.Sentence)
			}
		})
	}
}

// TestAskKinds asks for credentials of other kinds (authorization model §2).
func TestAskKinds(t *testing.T) {
	t.Parallel()
	key := &authz.Credential{Kind: authz.GlobalKey, User: id("dns")}
	ca := &authz.Credential{Kind: authz.OriginCAKey, User: id("super")}
	owned := accountToken(t, "ent", pol(t, authz.Allow, "Zone Read", accountKey("ent")))
	expired := token(t, "super", pol(t, authz.Allow, "Zone Read", accountKey("ent")))
	expired.ExpiresOn = now
	z1 := inquiry.Target{Zone: id("z1")}
	tests := []struct {
		name         string
		c            *authz.Credential
		operation    string
		target       inquiry.Target
		want         authz.Reason
		policyAllows bool
	}{
		{"a key holds what its user holds", key, "DNS Write", z1, "", true},
		{"and nothing else", key, "account:Account Settings Write", inquiry.Target{Account: id("ent")}, authz.ReasonOwnerLacksRight, true},
		{"an Origin CA key is for certificates", ca, "zone:SSL and Certificates Write", z1, authz.ReasonNoMatchingGrant, false},
		{"and good for them", ca, "POST /certificates", z1, "", true},
		{"an account's token", owned, "GET /zones/{zone_id}", z1, "", true},
		{"acts as no user", owned, "GET /user", inquiry.Target{User: true}, authz.ReasonUserCredentialRequired, false},
		{"nobody", nil, "GET /zones/{zone_id}", z1, authz.ReasonCredentialUnknown, false},
		{"an expired token's policies still say what they say", expired, "GET /zones/{zone_id}", z1, authz.ReasonCredentialExpired, true},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			answer := ask(t, newWorld(t), tc.c, tc.operation, tc.target)
			if got := answer.Explanation.Decision.Reason; got != tc.want || answer.Allowed() != (tc.want == "") {
				t.Errorf("reason %q, want %q", got, tc.want)
			}
			if answer.PolicyAllows != tc.policyAllows {
				t.Errorf("policy allows: %t", answer.PolicyAllows)
			}
		})
	}
}

// TestAskLists asks about the two lists that span accounts, as such and about
// an item (authorization model §6 "Lists").
func TestAskLists(t *testing.T) {
	t.Parallel()
	reader := token(t, "super", pol(t, authz.Allow, "Zone Read", zoneKey("z1")))
	other := token(t, "super", pol(t, authz.Allow, "DNS Read", zoneKey("z1")))
	for _, tc := range []struct {
		name, operation string
		c               *authz.Credential
		target          inquiry.Target
		want            authz.Reason
		remedy          bool
		notes           int
	}{
		{"the list is answered", "GET /zones", reader, inquiry.Target{}, "", false, 1},
		{"and holds the zone", "GET /zones", reader, inquiry.Target{Zone: id("z1")}, "", false, 0},
		{"and not the other", "GET /zones", reader, inquiry.Target{Zone: id("z2"), Account: id("ent")}, authz.ReasonNoMatchingGrant, true, 0},
		{"the list is refused", "GET /zones", other, inquiry.Target{}, authz.ReasonNoMatchingGrant, false, 1},
		{"and a grant on the item opens it", "GET /zones", other, inquiry.Target{Zone: id("z1")}, authz.ReasonNoMatchingGrant, true, 0},
		{"accounts", "GET /accounts", &authz.Credential{Kind: authz.GlobalKey, User: id("dns")}, inquiry.Target{Account: id("ent")}, "", false, 0},
		{"accounts of others", "GET /accounts", &authz.Credential{Kind: authz.GlobalKey, User: id("dns")}, inquiry.Target{Account: id("std")}, authz.ReasonTargetNotFound, false, 0},
		{"no accounts for an account", "GET /accounts", accountToken(t, "ent", pol(t, authz.Allow, "Account Settings Read", accountKey("ent"))), inquiry.Target{}, authz.ReasonUserCredentialRequired, false, 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			answer := ask(t, newWorld(t), tc.c, tc.operation, tc.target)
			if got := answer.Explanation.Decision.Reason; got != tc.want {
				t.Errorf("reason %q, want %q", got, tc.want)
			}
			if (answer.Remedy != nil) != tc.remedy || len(answer.Notes) != tc.notes {
				t.Errorf("remedy %v, notes %q", answer.Remedy, answer.Notes)
			}
		})
	}
}

// TestAskVerify asks the verify operations (authorization model §6 "Verify").
func TestAskVerify(t *testing.T) {
	t.Parallel()
	mine := token(t, "super", pol(t, authz.Allow, "Zone Read", zoneKey("z1")))
	mine.ExpiresOn = now.Add(-time.Hour)
	owned := accountToken(t, "ent", pol(t, authz.Allow, "Zone Read", accountKey("ent")))
	const user, account = "GET /user/tokens/verify", "GET /accounts/{account_id}/tokens/verify"
	ent := inquiry.Target{Account: id("ent")}
	for _, tc := range []struct {
		name, operation string
		c               *authz.Credential
		target          inquiry.Target
		note            string
	}{
		{"an expired token verifies", user, mine, inquiry.Target{}, "Verify answers status expired."},
		{"an account's token on its path", account, owned, ent, "Verify answers status active."},
		{"and not on the user's", user, owned, inquiry.Target{}, ""},
		{"nor on another account's", account, owned, inquiry.Target{Account: id("std")}, ""},
		{"nor a user's token on an account's", account, mine, ent, ""},
		{"a key is no token", user, &authz.Credential{Kind: authz.GlobalKey, User: id("super")}, inquiry.Target{}, ""},
		{"the account of zeros is none", "GET /accounts/00000000000000000000000000000000/tokens/verify", mine, inquiry.Target{}, ""},
		{"nobody", user, nil, inquiry.Target{}, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			answer := ask(t, newWorld(t), tc.c, tc.operation, tc.target)
			if answer.Allowed() != (tc.note != "") {
				t.Fatalf("allowed %t: %q", answer.Allowed(), answer.Explanation.Sentence)
			}
			if tc.note != "" && (len(answer.Notes) != 1 || answer.Notes[0] != tc.note) {
				t.Errorf("notes %q, want %q", answer.Notes, tc.note)
			}
		})
	}
}
