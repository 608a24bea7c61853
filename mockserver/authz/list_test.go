// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import "testing"

// The lists that span accounts.
const zoneList, accountList = "GET /zones", "GET /accounts"

// listCase is a question for one of them.
type listCase struct {
	name      string
	c         *Credential
	operation string
	reason    Reason
}

func listCases(t *testing.T) []listCase {
	t.Helper()
	expired := userToken(t, "super", pol(t, Allow, "Zone Read", "zone:*"))
	expired.ExpiresOn = instant
	return []listCase{
		{"zone grant", userToken(t, "super", pol(t, Allow, "Zone Read", "zone:z1")), zoneList, ReasonNone},
		{"grant on a zone that is gone", userToken(t, "super", pol(t, Allow, "Zone Read", "zone:none")), zoneList, ReasonNone},
		{"a deny leaves objects out, it does not refuse", userToken(t, "super", pol(t, Allow, "Zone Read", "zone:z1"), pol(t, Deny, "Zone Read", "zone:*")), zoneList, ReasonNone},
		{"deny alone", userToken(t, "super", pol(t, Deny, "Zone Read", "zone:*")), zoneList, ReasonNoMatchingGrant},
		{"accepted group with a key that cannot serve it", userToken(t, "super", pol(t, Allow, "Zone Read;DNS Write", "zone:z1/TXT.*")), zoneList, ReasonNoMatchingGrant},
		{"whole account serves zone groups", userToken(t, "super", pol(t, Allow, "Zone Read", "account:ent")), zoneList, ReasonNone},
		{"all accounts does not", userToken(t, "super", pol(t, Allow, "Zone Read;account:Account Settings Read", "account:*")), zoneList, ReasonNoMatchingGrant},
		{"nested", userToken(t, "super", pol(t, Allow, "Zone Read", "account:ent/zone:z1")), zoneList, ReasonNone},
		{"nested all", userToken(t, "super", pol(t, Allow, "Zone Write", "account:ent/zone:*")), zoneList, ReasonNone},
		{"another group", userToken(t, "super", pol(t, Allow, "DNS Write", "zone:z1")), zoneList, ReasonNoMatchingGrant},
		{"key", globalKey("bare"), zoneList, ReasonNone},
		{"Origin CA key", &Credential{Kind: OriginCAKey, User: named("super")}, zoneList, ReasonNoMatchingGrant},
		{"account token lists zones", accountToken(t, "ent", pol(t, Allow, "Zone Read", "account:ent")), zoneList, ReasonNone},
		{"account token lists no accounts", accountToken(t, "ent", pol(t, Allow, "account:Account Settings Read", "account:ent")), accountList, ReasonUserCredentialRequired},
		{"account group", userToken(t, "super", pol(t, Allow, "account:Account Settings Read", "account:*")), accountList, ReasonNone},
		{"user group", userToken(t, "super", pol(t, Allow, "User Details Read", "user:super")), accountList, ReasonNoMatchingGrant},
		{"bucket group", userToken(t, "super", pol(t, Allow, "Workers R2 Storage Bucket Item Read", "bucket:ent_default_bbb")), accountList, ReasonNoMatchingGrant},
		{"token without policies", &Credential{Kind: UserToken, User: named("super")}, zoneList, ReasonNoMatchingGrant},
		{"dead", expired, zoneList, ReasonCredentialExpired},
	}
}

// TestDecideList holds §6 "Lists": the lists that span accounts.
func TestDecideList(t *testing.T) {
	t.Parallel()
	for _, row := range listCases(t) {
		t.Run(row.name, func(t *testing.T) {
			t.Parallel()
			r := ask(t, row.c, row.operation)
			got := DecideList(r, row.operation == accountList)
			if got.Reason != row.reason || got.Allowed != (row.reason == ReasonNone) {
				t.Fatalf("got %+v, want %q", got, row.reason)
			}
			e := ExplainList(r, got)
			if (e.Chain() != "") != (got.Gate >= GateTarget) {
				t.Errorf("explained as %q", e.Chain())
			}
			if len(e.Steps) != 10 {
				t.Fatalf("%d steps", len(e.Steps))
			}
			for _, s := range e.Steps {
				if (s.Outcome == Refused) != (!got.Allowed && s.Gate == got.Gate) || (s.Outcome == NotReached) != (!got.Allowed && s.Gate > got.Gate) {
					t.Errorf("gate %d is %s", s.Gate, s.Outcome)
				}
			}
		})
	}
	nowhere := ask(t, &Credential{Kind: OriginCAKey, User: named("bare")}, "GET /certificates/{certificate_id}")
	if got := ExplainList(nowhere, refuse(GateGrant, ReasonNoMatchingGrant, 0)).Sentence; got != "the user holds \"SSL and Certificates Read\" or \"SSL and Certificates Write\" nowhere" &&
		got != "the user holds \"SSL and Certificates Write\" or \"SSL and Certificates Read\" nowhere" {
		t.Errorf("got %q", got)
	}
	w := newWorld(t)
	r := ask(t, userToken(t, "super", pol(t, Allow, "Zone Read", "zone:*"), pol(t, Deny, "Zone Read", "zone:z2")), zoneList)
	for zone, want := range map[string]bool{"z1": true, "z2": false, "z3": true, "zf": false} {
		if got := Visible(w, r, ZoneTarget(named(zone))); got != want {
			t.Errorf("%s: visible %t, want %t", zone, got, want)
		}
	}
	w.accounts[named("ent")].APIAccess = Off
	if Visible(w, r, ZoneTarget(named("z1"))) || !Visible(w, r, ZoneTarget(named("z3"))) {
		t.Error("the switch leaves its account's zones out and no others")
	}
}

// TestDecideVerify holds §6 "Verify".
func TestDecideVerify(t *testing.T) {
	t.Parallel()
	user, account := userToken(t, "super"), accountToken(t, "ent")
	for _, row := range []struct {
		name    string
		bearer  bool
		c       *Credential
		account ID
		want    VerifyOutcome
	}{
		{"user token", true, user, ID{}, VerifyKnown},
		{"user token on the account path", true, user, named("ent"), VerifyInvalid},
		{"account token", true, account, named("ent"), VerifyKnown},
		{"account token of another account", true, account, named("std"), VerifyInvalid},
		{"account token on the user path", true, account, ID{}, VerifyInvalid},
		{"unknown token", true, nil, ID{}, VerifyInvalid},
		{"key", false, globalKey("super"), ID{}, VerifyNeedsBearer},
		{"unknown key", false, nil, ID{}, VerifyNeedsBearer},
		{"key of the other dialect", true, &Credential{Kind: VultrKey, User: named("super")}, ID{}, VerifyInvalid},
	} {
		if got := DecideVerify(row.bearer, row.c, row.account); got != row.want {
			t.Errorf("%s: %d, want %d", row.name, got, row.want)
		}
	}
	user.Disabled = true
	if got := user.VerifyStatus(instant); got != "disabled" {
		t.Errorf("verify says %s of a disabled token", got)
	}
}
