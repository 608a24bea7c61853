// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
)

// TestTargetProblems holds that a target which cannot belong to its operation
// is told so, every field at once, and never decided.
func TestTargetProblems(t *testing.T) {
	t.Parallel()
	z1 := id("z1").String()
	for _, tc := range []struct {
		name, operation string
		target          inquiry.Target
		change          *inquiry.SwitchChange
		want            []string // the fields at fault
		says            string
	}{
		{"no zone", "GET /zones/{zone_id}", inquiry.Target{}, nil, []string{"zone_id"}, "it acts on a zone; give the zone's id"},
		{"no zone for a permission", "DNS Write", inquiry.Target{Account: id("ent")}, nil, []string{"zone_id"}, "or all_zones with account_id"},
		{"no account", "GET /accounts/{account_id}/members", inquiry.Target{}, nil, []string{"account_id"}, "give the account's id"},
		{"a zone of an account's operation", "GET /accounts/{account_id}/members", inquiry.Target{Account: id("ent"), Zone: id("z1")}, nil, []string{"zone_id"}, "does not belong"},
		{"no zone below an account", "DELETE /accounts/{account_id}/addressing/address_maps/{m}/zones/{zone_id}", inquiry.Target{Account: id("ent")}, nil, []string{"zone_id"}, "below the account"},
		{"an account of the user's operation", "GET /user", inquiry.Target{Account: id("ent")}, nil, []string{"account_id"}, "acts on the user"},
		{"everything at once", "GET /user", inquiry.Target{Account: id("ent"), Zone: id("z1"), RecordType: "A", RecordName: "x", Bucket: "b", Jurisdiction: "eu", AllZones: true}, nil, []string{"account_id", "zone_id", "record.type", "record.name", "bucket", "jurisdiction", "all_zones"}, ""},
		{"the path says another zone", "GET /zones/" + z1, inquiry.Target{Zone: id("z2")}, nil, []string{"zone_id"}, "the path names " + z1},
		{"the zone lies elsewhere", "GET /zones/{zone_id}", inquiry.Target{Zone: id("z1"), Account: id("std")}, nil, []string{"account_id"}, "lies in account"},
		{"half a record", addRecord, inquiry.Target{Zone: id("z1"), RecordType: "A"}, nil, []string{"record.name"}, "by its type and its name"},
		{"the other half", addRecord, inquiry.Target{Zone: id("z1"), RecordName: "www"}, nil, []string{"record.type"}, "by its type and its name"},
		{"a type that is none", addRecord, record("z1", "AAAB", "www"), nil, []string{"record.type"}, `did you mean "AAAA"`},
		{"a name in another script", addRecord, record("z1", "A", "bücher"), nil, []string{"record.name"}, "punycode"},
		{"a name with an @", addRecord, record("z1", "A", "a@b"), nil, []string{"record.name"}, "holds @"},
		{"an empty label", addRecord, record("z1", "A", "a..b"), nil, []string{"record.name"}, "labels"},
		{"a long label", addRecord, record("z1", "A", strings.Repeat("a", 64)), nil, []string{"record.name"}, "labels"},
		{"a long name", addRecord, record("z1", "A", strings.Repeat("a.", 127)), nil, []string{"record.name"}, "253"},
		{"a record of the zone's settings", "GET /zones/{zone_id}/settings", record("z1", "A", "www"), nil, []string{"record.type", "record.name"}, "does not belong"},
		{"a bucket without a name", "r2:Workers R2 Storage Bucket Item Read", inquiry.Target{Account: id("ent")}, nil, []string{"bucket"}, "the bucket's name"},
		{"a bucket that cannot be", "r2:Workers R2 Storage Bucket Item Read", inquiry.Target{Account: id("ent"), Bucket: "A"}, nil, []string{"bucket"}, "lower-case"},
		{"another bucket in the path", "GET /accounts/{a}/r2/buckets/logs/objects/{key}", inquiry.Target{Account: id("ent"), Bucket: "data"}, nil, []string{"bucket"}, `names "logs"`},
		{"an escaped bucket in the path", "GET /accounts/{a}/r2/buckets/%6cogs/objects/{key}", inquiry.Target{Account: id("ent")}, nil, []string{"bucket"}, "lower-case letters"},
		{"an account of the list of zones", "GET /zones", inquiry.Target{Account: id("ent")}, nil, []string{"account_id"}, "give zone_id"},
		{"an account of the user's verify", "GET /user/tokens/verify", inquiry.Target{Account: id("ent")}, nil, []string{"account_id"}, "the credential itself"},
		{"no account to verify on", "GET /accounts/{account_id}/tokens/verify", inquiry.Target{}, nil, []string{"account_id"}, "is missing"},
		{"a switch elsewhere", "GET /zones/{zone_id}", inquiry.Target{Zone: id("z1")}, &inquiry.SwitchChange{}, []string{"api_access_enabled"}, "write a member"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			op, err := inquiry.ParseOperation(tc.operation)
			if err != nil {
				t.Fatal(err)
			}
			_, err = inquiry.Ask(newWorld(t), inquiry.Question{Operation: op, Target: tc.target, Switch: tc.change, Now: now})
			wrong, ok := errors.AsType[*inquiry.TargetError](err)
			if !ok {
				t.Fatalf("no problem: %v", err)
			}
			var fields []string
			for _, p := range wrong.Problems {
				fields = append(fields, p.Field)
			}
			if diff := cmp.Diff(tc.want, fields); diff != "" {
				t.Errorf("fields (-want +got):\n%s", diff)
			}
			if !strings.Contains(err.Error(), tc.says) {
				t.Errorf("%q does not say %q", err, tc.says)
			}
		})
	}
}

// TestNoOperation holds that the zero operation is refused.
func TestNoOperation(t *testing.T) {
	t.Parallel()
	_, err := inquiry.Ask(newWorld(t), inquiry.Question{Target: inquiry.Target{User: true}})
	if wrong, ok := errors.AsType[*inquiry.TargetError](err); !ok || wrong.Problems[0].Field != inquiry.FieldOperation {
		t.Errorf("no operation: %v", err)
	}
}

// TestSwitchChange holds what a change of a switch asks (authorization model §6
// "Gate 10").
func TestSwitchChange(t *testing.T) {
	t.Parallel()
	ask := func(role, account, operation string, change *inquiry.SwitchChange) authz.Reason {
		op, err := inquiry.ParseOperation(operation)
		if err != nil {
			t.Fatal(err)
		}
		answer, err := inquiry.Ask(newWorld(t), inquiry.Question{
			Credential: &authz.Credential{Kind: authz.GlobalKey, User: id(role)},
			Operation:  op, Target: inquiry.Target{Account: id(account)}, Now: now, Switch: change,
		})
		if err != nil {
			t.Fatal(err)
		}
		return answer.Explanation.Decision.Reason
	}
	const put, patch = "PUT /accounts/{account_id}", "PATCH /accounts/{account_id}/members/{member_id}"
	off := &inquiry.SwitchChange{To: authz.Off}
	for _, tc := range []struct {
		name, role, account, operation string
		change                         *inquiry.SwitchChange
		want                           authz.Reason
	}{
		{"a Super Administrator may", "super", "ent", patch, off, authz.ReasonNone},
		{"on an account too", "super", "ent", put, off, authz.ReasonNone},
		{"an Administrator may not", "admin", "ent", put, off, authz.ReasonSuperAdministratorRequired},
		{"but may write the account", "admin", "ent", put, nil, authz.ReasonNone},
		{"not on a standard account", "super", "std", put, off, authz.ReasonEnterpriseRequired},
		{"save for nothing", "super", "std", put, &inquiry.SwitchChange{To: authz.Unset}, authz.ReasonNone},
	} {
		if got := ask(tc.role, tc.account, tc.operation, tc.change); got != tc.want {
			t.Errorf("%s: %q, want %q", tc.name, got, tc.want)
		}
	}
}

// TestManagesTokens holds whose rights a token is worth (authorization model §3).
func TestManagesTokens(t *testing.T) {
	t.Parallel()
	maker := token(t, "super", pol(t, authz.Allow, "API Tokens Write", userKey("super")))
	maker.Disabled = true // a life ends, what the policies hold does not
	plain := token(t, "super", pol(t, authz.Allow, "API Tokens Read", userKey("super")))
	denied := token(t, "super", pol(t, authz.Allow, "API Tokens Read", userKey("super")), pol(t, authz.Deny, "API Tokens Write", userKey("super")))
	owned := accountToken(t, "ent", pol(t, authz.Allow, "Account API Tokens Write", accountKey("ent")))
	for name, tc := range map[string]struct {
		c    *authz.Credential
		want bool
	}{
		"a token that makes tokens": {maker, true}, "one that reads them": {plain, false}, "one that denies it": {denied, false},
		"an account's": {owned, false}, "a key": {&authz.Credential{Kind: authz.GlobalKey, User: id("super")}, false}, "nobody": {nil, false},
	} {
		if got := inquiry.ManagesTokens(tc.c); got != tc.want {
			t.Errorf("%s: %t", name, got)
		}
	}
	answer := ask(t, newWorld(t), token(t, "super", pol(t, authz.Allow, "API Tokens Write", userKey("super"))), "GET /user/tokens", inquiry.Target{})
	if len(answer.Notes) != 1 || !strings.Contains(answer.Notes[0], "worth all its owner's rights") {
		t.Errorf("notes %q", answer.Notes)
	}
}
