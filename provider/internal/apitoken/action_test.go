// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"io"
	"net/http"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// issue makes a token outside Terraform and returns its id and secret.
func (w *world) issue(path, name string) (id, secret string) {
	w.t.Helper()
	var token struct{ ID, Value string }
	body := map[string]any{"name": name, "policies": w.oddPolicies()}
	if err := w.Must(owner, http.MethodPost, w.names.Replace(path), body).Decode(&token); err != nil {
		w.t.Fatal(err)
	}
	return token.ID, token.Value
}

// opens says whether the zone can be read with the secret.
func (w *world) opens(secret string) bool {
	w.t.Helper()
	status, _ := w.ask(secret, http.MethodGet, "/zones/$zone", "")
	return status == http.StatusOK
}

func TestAPITokenRevoke(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	for path, config := range map[string]map[string]any{"/user/tokens": {}, "/accounts/$acme/tokens": {"account_id": w.ID("acme")}} {
		id, secret := w.issue(path, "doomed")
		if !w.opens(secret) {
			t.Fatal("the token does not work before it is revoked")
		}
		config["id"] = id
		messages, diags := rpc.Invoke(apitoken.RevokeTypeName, config)
		if len(diags) > 0 || len(messages) != 1 || !strings.Contains(messages[0], id) {
			t.Errorf("messages %q, %s", messages, said(diags))
		}
		if w.opens(secret) {
			t.Error("the token works after it was revoked")
		}
		// It is gone, and that is what was asked for; whoever named the wrong owner must notice.
		messages, diags = rpc.Invoke(apitoken.RevokeTypeName, config)
		if len(messages) > 0 || said(diags) != "No API token to revoke" || diags[0].Severity != tfprotov6.DiagnosticSeverityWarning {
			t.Errorf("again: messages %q, %s", messages, said(diags))
		}
	}
}

// Whether a token was there is told by the delete, also where tokens may not be read; and where the answer to the
// delete is lost and its repeat finds nothing, by what was read before.
func TestAPITokenRevoke_whatIsKnown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	const none = "0123456789abcdef0123456789abcdef"
	id, _ := w.issue("/user/tokens", "unread")
	for _, unread := range []string{none, id} {
		w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/" + unread, Status: http.StatusForbidden})
	}
	config := map[string]any{"id": none}
	if messages, diags := rpc.Invoke(apitoken.RevokeTypeName, config); len(messages) > 0 || said(diags) != "No API token to revoke" {
		t.Errorf("none, and none may be read: messages %q, %s", messages, said(diags))
	}
	config["id"] = id
	if messages, diags := rpc.Invoke(apitoken.RevokeTypeName, config); len(messages) != 1 || len(diags) > 0 {
		t.Errorf("one that may not be read: messages %q, %s", messages, said(diags))
	}
	config["id"], _ = w.issue("/user/tokens", "repeated")
	w.Server.Fault(mocktest.Fault{Method: http.MethodDelete, Path: "/user/tokens/*", DropAfter: true, Times: 1})
	if messages, diags := rpc.Invoke(apitoken.RevokeTypeName, config); len(messages) != 1 || len(diags) > 0 {
		t.Errorf("a lost answer: messages %q, %s", messages, said(diags))
	}
}

// A token of an account that is named without it lives on, and nobody is told otherwise.
func TestAPITokenRevoke_wrongOwner(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	id, secret := w.issue("/accounts/$acme/tokens", "of the account")
	messages, diags := rpc.Invoke(apitoken.RevokeTypeName, map[string]any{"id": id})
	if len(messages) > 0 || said(diags) != "No API token to revoke" || !strings.Contains(diags[0].Detail, "account_id") {
		t.Errorf("messages %q, %s", messages, said(diags))
	}
	if !w.opens(secret) {
		t.Error("the token does not work any more")
	}
}

func TestAPITokenRoll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	other, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	id, before := w.issue("/user/tokens", "rolled")
	messages, diags := rpc.Invoke(apitoken.RollTypeName, map[string]any{
		"id": id, "recipients": []any{key.Recipient().String(), other.Recipient().String()},
	})
	if len(diags) > 0 || len(messages) != 1 {
		t.Fatalf("%d messages, %s", len(messages), said(diags))
	}
	if strings.Contains(messages[0], "cfut_") {
		t.Fatal("a message holds the secret in plain")
	}
	_, text, found := strings.Cut(messages[0], "-----BEGIN")
	if !found {
		t.Fatal("the message holds no age text")
	}
	for _, reader := range []*age.X25519Identity{key, other} {
		plain, err := age.Decrypt(armor.NewReader(strings.NewReader("-----BEGIN"+text)), reader)
		if err != nil {
			t.Fatal(err)
		}
		secret, err := io.ReadAll(plain)
		if err != nil {
			t.Fatal(err)
		}
		if w.opens(before) || !w.opens(string(secret)) {
			t.Errorf("old secret works: %t, new one: %t", w.opens(before), w.opens(string(secret)))
		}
	}
}

// What is refused is refused before anything happens to the token.
func TestAPITokenActions_refusals(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(nil)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	recipients := []any{key.Recipient().String()}
	id, secret := w.issue("/user/tokens", "kept")
	own := w.ID(acctest.Terraform)
	tests := []struct {
		name, action string
		config       map[string]any
		says         string
	}{
		{"no recipients", apitoken.RollTypeName, map[string]any{"id": id, "recipients": []any{}}, "No recipients to encrypt to"},
		{"a private key", apitoken.RollTypeName, map[string]any{"id": id, "recipients": []any{key.String()}}, "Private key among the recipients"},
		{"not a recipient", apitoken.RollTypeName, map[string]any{"id": id, "recipients": []any{"age1x"}}, "Invalid recipient"},
		{"not an id", apitoken.RevokeTypeName, map[string]any{"id": "kept"}, "Invalid token id"},
		{"unknown token", apitoken.RollTypeName, map[string]any{"id": strings.Repeat("a", 32), "recipients": recipients}, "API token no longer exists"},
		{"own token, rolled", apitoken.RollTypeName, map[string]any{"id": own, "recipients": recipients}, "lock"},
		{"own token, revoked", apitoken.RevokeTypeName, map[string]any{"id": own}, "lock"},
		{"not an account", apitoken.RevokeTypeName, map[string]any{"id": id, "account_id": "acme"}, "Invalid account id"},
	}
	for _, test := range tests {
		messages, diags := rpc.Invoke(test.action, test.config)
		if len(messages) > 0 || !strings.Contains(said(diags), test.says) {
			t.Errorf("%s: %d messages, %q, want %q", test.name, len(messages), said(diags), test.says)
		}
		for _, d := range diags {
			if test.says == "lock" && (!strings.Contains(d.Detail, "`allow_self_lockout = true` in the `config` of this action") || strings.Contains(d.Detail, "state")) {
				t.Errorf("%s: an action has no state, and no way out but its own attribute and the provider's: %s", test.name, d.Detail)
			}
			if strings.Contains(d.Detail, key.String()) {
				t.Errorf("%s: the diagnostic quotes the private key", test.name)
			}
		}
	}
	if !w.opens(secret) {
		t.Error("the token does not work any more")
	}
	w.requests(http.MethodDelete, "/user/tokens/*", 0)

	if _, diags := rpc.Invoke(apitoken.RevokeTypeName, map[string]any{"id": own, "allow_self_lockout": true}); len(diags) > 0 {
		t.Errorf("allowed: %s", said(diags))
	}
}

// A roll whose answer is lost says what that means.
func TestAPITokenRoll_lost(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rpc := w.RPC(acctest.Object{"max_retries": 0})
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	id, _ := w.issue("/user/tokens", "lost")
	w.Server.Fault(mocktest.Fault{Method: http.MethodPut, Path: "/user/tokens/*/value", Status: http.StatusInternalServerError})
	messages, diags := rpc.Invoke(apitoken.RollTypeName, map[string]any{"id": id, "recipients": []any{key.Recipient().String()}})
	if len(messages) > 0 || !strings.Contains(said(diags), "may be lost") {
		t.Errorf("%d messages, %s", len(messages), said(diags))
	}
}
