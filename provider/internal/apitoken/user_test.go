// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// otherUser is a provider block that runs Terraform as another user than the one who owns the tokens.
func (w *world) otherUser() acctest.Object {
	key := w.Server.CredentialOf(mocktest.GlobalKey, "dns")
	return acctest.Object{"api_token": nil, "email": key.Email, "api_key": key.Value}
}

// TestAPIToken_otherUser runs with the credential of another user, to whom the API answers as if the tokens did not
// exist: they live, and stay in state.
func TestAPIToken_otherUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	attributes := acctest.Attributes(w.shortLived(map[string]any{"name": "kept"}))
	mine := w.Start(nil)
	plan, err := mine.Plan(t.Context(), apitoken.TypeName, nil, attributes)
	if err != nil {
		t.Fatal(err)
	}
	made, err := mine.Apply(t.Context(), apitoken.TypeName, plan)
	if err != nil {
		t.Fatal(err)
	}
	other := w.Start(w.otherUser())
	if _, err := other.Read(t.Context(), apitoken.TypeName, made); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
		t.Errorf("read as another user: %v", err)
	}
	destroy, err := other.Plan(t.Context(), apitoken.TypeName, made, nil)
	if err != nil {
		t.Fatal(err)
	}
	if kept, err := other.Apply(t.Context(), apitoken.TypeName, destroy); err == nil || !strings.Contains(err.Error(), "belongs to another user") || kept == nil {
		t.Errorf("destroyed as another user: %v, kept %v", err, kept != nil)
	}
	if n := count(w.tokenNames(), "kept"); n != 1 {
		t.Fatalf("%d tokens, want 1", n)
	}

	// For the user it is gone when it is gone.
	w.Must(owner, http.MethodDelete, "/user/tokens/"+made.Text("id"), nil)
	if read, err := w.Start(nil).Read(t.Context(), apitoken.TypeName, made); err != nil || read != nil {
		t.Errorf("read after it was deleted: %v, %v", read, err)
	}
}

// TestAPIToken_otherUserAfterImport reads as another user what was imported and never written: the read of the import
// has learned whose it is.
func TestAPIToken_otherUserAfterImport(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, _ := w.issue("/user/tokens", "imported")
	token, err := w.Start(nil).Import(t.Context(), apitoken.TypeName, id)
	if err != nil {
		t.Fatal(err)
	}
	other := w.Start(w.otherUser())
	if _, err := other.Read(t.Context(), apitoken.TypeName, token); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
		t.Errorf("read as another user: %v", err)
	}
	w.requests(http.MethodGet, "/user", 2)

	for name, test := range map[string]struct {
		run  *acctest.Run
		id   string
		want string
	}{
		"of another user":                        {other, id, "credential of that user"},
		"of a user, as one of an account":        {w.Start(nil), w.ID("acme") + "/" + id, "imported by its id alone"},
		"unknown, and perhaps one of an account": {w.Start(nil), strangeID, "import <account id>/<token id>"},
	} {
		if _, err := test.run.Import(t.Context(), apitoken.TypeName, test.id); err == nil ||
			!strings.Contains(err.Error(), "API token to import does not exist") || !strings.Contains(err.Error(), test.want) || strings.Contains(err.Error(), "Secret is not imported") {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestAPIToken_replyOfAnother refuses what an API says of a token that was not asked for, and a reply to a create
// that shows more than was asked for.
func TestAPIToken_replyOfAnother(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	run := w.Start(nil)
	plan, err := run.Plan(t.Context(), apitoken.TypeName, nil, acctest.Attributes(w.shortLived(map[string]any{"name": "asked"})))
	if err != nil {
		t.Fatal(err)
	}
	made, err := run.Apply(t.Context(), apitoken.TypeName, plan)
	if err != nil {
		t.Fatal(err)
	}
	const other = `{"success":true,"errors":[],"messages":[],"result":{"id":"` + strangeID + `","name":"asked","status":"active","value":"x","policies":[` +
		`{"id":"1","effect":"allow","permission_groups":[{"id":"4755a26eedb94da69e1066d98aa820be"}],"resources":{"com.cloudflare.api.account.zone.*":"*"}}]}}`
	fault := w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/*", Body: other})
	if _, err := run.Read(t.Context(), apitoken.TypeName, made); err == nil || !strings.Contains(err.Error(), "shows another token") {
		t.Errorf("read: %v", err)
	}
	fault.Remove()

	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", Body: other})
	kept, err := run.Apply(t.Context(), apitoken.TypeName, plan)
	if err == nil || !strings.Contains(err.Error(), "not what was asked for") || !strings.Contains(err.Error(), "allow DNS Write on all zones") {
		t.Errorf("create: %v", err)
	}
	if kept == nil || kept.Text("id") != strangeID {
		t.Error("the token that was made is not in state")
	}
}

const strangeID = "0123456789abcdef0123456789abcdef"
