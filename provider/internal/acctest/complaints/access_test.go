// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package complaints_test

import (
	"net/http"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// A refusal says what was asked for, what the API said, and the grant that is missing.
func TestAccComplaint_bareRefusal(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	w := newWorld(t, acctest.Object{"base_url": env.Server.BaseURL, "api_token": env.Server.Credential("viewer_read").Value})
	_, err := w.run.Data(w.ctx, "accesscontrol_api_tokens", nil)
	w.refused(err, "Not permitted to", "no_matching_grant", `permission_groups = ["API Tokens Read"]`, "user = true")
}

// Whether a member has accepted the invitation is nothing that the resource manages.
func TestAccComplaint_memberStatus(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	config := attributes{"account_id": w.account, "email": "pending@example.com", "api_access": "disabled"}
	instance := w.settled(memberType, w.apply(memberType, nil, config), config)
	w.Must("pending", http.MethodPut, "/memberships/"+w.ID("acme/pending"), object{"status": "accepted"})
	w.settled(memberType, instance, config)
}

// Setting a member's API access leaves roles and policies as they were.
func TestAccComplaint_memberRoles(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	shown := func() object {
		var all object
		if err := w.Must("super", http.MethodGet, "/accounts/"+w.account+"/members/"+w.ID("acme/ci"), nil).Decode(&all); err != nil {
			t.Fatal(err)
		}
		return object{"roles": all["roles"], "policies": all["policies"], "status": all["status"]}
	}
	before := shown()
	config := attributes{"account_id": w.account, "email": "ci@example.com", "api_access": "disabled"}
	instance := w.settled(memberType, w.apply(memberType, nil, config), config)
	if diff := cmp.Diff(before, shown()); diff != "" {
		t.Errorf("the member changed (-before +after):\n%s", diff)
	}
	// In a run of its own: within one, what another resource has written would not be undone.
	w.run = w.Start(nil)
	w.apply(memberType, instance, nil)
	if diff := cmp.Diff(before, shown()); diff != "" || w.MemberSwitch("acme/ci") != nil {
		t.Errorf("the member is not what it was (-before +after):\n%s", diff)
	}
}

// A member is imported by its id and by its e-mail.
func TestAccComplaint_memberImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.SetMemberSwitch("acme/ci", new(false))
	for _, id := range []string{w.account + "/" + w.ID("acme/ci"), w.account + "/ci@example.com"} {
		imported, err := w.run.Import(w.ctx, memberType, id)
		if err != nil {
			t.Fatal(err)
		}
		w.settled(memberType, imported, attributes{"account_id": w.account, "email": "ci@example.com", "api_access": "disabled"})
	}
}

// Tokens and Global API keys do the same.
func TestAccComplaint_credentials(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	key := env.Server.Credential("super")
	w := &world{Env: env, t: t, ctx: t.Context(), zone: env.ID("example.com"), account: env.ID("acme")}
	for name, block := range map[string]acctest.Object{
		"token": nil, "key": {"api_token": nil, "email": key.Email, "api_key": key.Value},
	} {
		w.run = env.Start(block)
		config := w.reader(attributes{"name": name})
		w.apply(tokenType, w.settled(tokenType, w.apply(tokenType, nil, config), config), nil)
		switched := attributes{"account_id": w.account, "email": "dns@example.com", "api_access": "enabled"}
		w.apply(memberType, w.settled(memberType, w.apply(memberType, nil, switched), switched), nil)
	}
}

// A credential that the API does not know is named as what is wrong, with the attribute to look at.
func TestAccComplaint_invalidCredential(t *testing.T) {
	t.Parallel()
	w := newWorld(t, acctest.Object{"api_token": "cfut_0123456789abcdefghijklmnopqrstuvwxyzABCD89abcdef"})
	_, err := w.try(tokenType, nil, w.reader(nil))
	w.refused(err, "API credential rejected", "`api_token`", "has not expired or been revoked")
}

// A credential of an account is asked nothing that only a user can answer. What the API leaves to users is
// said in so many words.
func TestAccComplaint_accountCredential(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	w := &world{Env: env, t: t, ctx: t.Context(), zone: env.ID("example.com"), account: env.ID("acme")}
	accountKey := "com.cloudflare.api.account." + w.account
	group := func(id string) []object { return []object{{"id": id}} }
	var made struct{ Value string }
	if err := env.Must("super", http.MethodPost, "/accounts/"+w.account+"/tokens", object{
		"name": "terraform of the account",
		"policies": []object{
			// Account API Tokens Write, Account Settings Read, Zone Read.
			{"effect": "allow", "permission_groups": group("5bc3f8b21c554832afc660159ab75fa4"), "resources": object{accountKey: "*"}},
			{"effect": "allow", "permission_groups": group("c1fde68c7bcc44588cbb6ddbc16d6480"), "resources": object{accountKey: "*"}},
			{"effect": "allow", "permission_groups": group("c8fed203ed3043cba015a93ad1616f1f"), "resources": object{accountKey: object{"com.cloudflare.api.account.zone.*": "*"}}},
		},
	}).Decode(&made); err != nil {
		t.Fatal(err)
	}
	env.Fresh()
	w.run = env.Start(acctest.Object{"api_token": made.Value})
	for kind, config := range map[string]object{
		"accesscontrol_zone":    {"name": "example.com"},
		"accesscontrol_account": {"account_id": w.account},
	} {
		if _, err := w.run.Data(w.ctx, kind, config); err != nil {
			t.Errorf("%s: %v", kind, err)
		}
	}
	for _, path := range []string{"/user", "/user/**", "/memberships"} {
		if n := env.Server.Count("", path); n > 0 {
			t.Errorf("%d requests for %s, which no account-owned token may make", n, path)
		}
	}
	_, err := w.try(tokenType, nil, attributes{"name": "ci", "account_id": w.account, "policies": object{"read": w.policy("DNS Read")}})
	w.refused(err, "user_credential_required", "user-owned API token or a Global API key")
}
