// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"maps"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// mortal is a token that expires an hour after it was made, and the run that made it.
type mortal struct {
	*world
	run  *acctest.Run
	made *acctest.Instance
}

func newMortal(t *testing.T) *mortal {
	t.Helper()
	m := &mortal{world: newWorld(t)}
	m.run = m.Start(nil)
	m.made = m.apply(m.run, m.plan(m.run, nil, m.ending(time.Hour, nil)))
	return m
}

// ending are the attributes of the token with an expiry that is so far from now, by the API's clock.
func (m *mortal) ending(in time.Duration, more map[string]any) acctest.Attributes {
	all := acctest.Attributes(m.shortLived(map[string]any{"name": "mortal", "expires_on": m.Server.Now().Add(in).UTC().Format(time.RFC3339)}))
	maps.Copy(all, more)
	return all
}

func (w *world) plan(run *acctest.Run, prior *acctest.Instance, attributes acctest.Attributes) *acctest.Plan {
	w.t.Helper()
	plan, err := run.Plan(w.t.Context(), apitoken.TypeName, prior, attributes)
	if err != nil {
		w.t.Fatal(err)
	}
	return plan
}

func (w *world) apply(run *acctest.Run, plan *acctest.Plan) *acctest.Instance {
	w.t.Helper()
	made, err := run.Apply(w.t.Context(), apitoken.TypeName, plan)
	if err != nil {
		w.t.Fatal(err)
	}
	return made
}

func (w *world) refresh(run *acctest.Run, instance *acctest.Instance) *acctest.Instance {
	w.t.Helper()
	read, err := run.Read(w.t.Context(), apitoken.TypeName, instance)
	if err != nil {
		w.t.Fatal(err)
	}
	return read
}

// TestAPIToken_neverRevived gives an expired token a later expiry, in every way in which configuration may give its
// status: it is replaced, and never made to work again with the secret that it had. A CLI hands over the status of
// state as configuration where that ignores changes of it.
func TestAPIToken_neverRevived(t *testing.T) {
	t.Parallel()
	m := newMortal(t)
	m.Server.Advance(2 * time.Hour)
	run := m.Start(nil)
	expired := m.refresh(run, m.made)
	if got := expired.Text("status"); got != client.StatusExpired {
		t.Fatalf("status %q", got)
	}
	for name, status := range map[string]any{"not given": nil, "as imported, or ignored": "expired", "active": "active", "disabled": "disabled"} {
		for change, more := range map[string]map[string]any{
			"alone": nil, "with triggers": {"rotate_triggers": map[string]any{"n": "1"}}, "with another storage": {"secret_storage": "none"},
		} {
			attributes := m.ending(time.Hour, more)
			attributes["status"] = status
			if plan := m.plan(run, expired, attributes); !plan.Replaces() {
				t.Errorf("status %s, %s: not replaced", name, change)
			}
		}
		removed := m.ending(time.Hour, map[string]any{"status": status})
		delete(removed, "expires_on")
		if plan := m.plan(run, expired, removed); !plan.Replaces() {
			t.Errorf("status %s, expiry removed: not replaced", name)
		}
	}
}

// TestAPIToken_neverRevivedDisabled gives a later expiry to a token of which the API says that it is disabled, and not
// that it has expired as well.
func TestAPIToken_neverRevivedDisabled(t *testing.T) {
	t.Parallel()
	m := newMortal(t)
	m.change("/user/tokens/"+m.made.Text("id"), func(definition map[string]any) { definition["status"] = client.StatusDisabled })
	m.Server.Advance(2 * time.Hour)
	run := m.Start(nil)
	disabled := m.refresh(run, m.made)
	if got := disabled.Text("status"); got != client.StatusDisabled {
		t.Fatalf("status %q", got)
	}
	for name, status := range map[string]any{"not given": nil, "active": "active", "disabled": "disabled"} {
		if plan := m.plan(run, disabled, m.ending(time.Hour, map[string]any{"status": status})); !plan.Replaces() {
			t.Errorf("status %s: not replaced", name)
		}
	}
}

// TestAPIToken_revivalUnseen applies plans that do not know that the token has expired: one from before, and one
// without a refresh.
func TestAPIToken_revivalUnseen(t *testing.T) {
	t.Parallel()
	m := newMortal(t)
	saved := m.plan(m.run, m.made, m.ending(24*time.Hour, nil))
	if saved.Replaces() {
		t.Fatal("a token that works is replaced for a later expiry")
	}
	m.Server.Advance(2 * time.Hour)
	run := m.Start(nil)
	attributes, err := m.made.Attributes()
	if err != nil {
		t.Fatal(err)
	}
	attributes["expires_on"] = nil
	unread, err := run.Instance(apitoken.TypeName, attributes)
	if err != nil {
		t.Fatal(err)
	}
	for name, test := range map[string]struct {
		state *acctest.Instance
		plan  *acctest.Plan
	}{
		"saved":               {m.made, saved},
		"without a refresh":   {m.made, m.plan(run, m.made, m.ending(24*time.Hour, nil))},
		"moved, and not read": {unread, m.plan(run, unread, m.ending(24*time.Hour, nil))},
	} {
		m.Server.ResetJournal()
		kept, err := m.Start(nil).Apply(t.Context(), apitoken.TypeName, test.plan)
		if err == nil || !strings.Contains(err.Error(), "which the plan did not know") || !kept.Equal(test.state) {
			t.Errorf("%s: %v", name, err)
		}
		m.requests(http.MethodPut, "/user/tokens/*", 0)
	}
}

// TestAPIToken_userIsProven lets another user's run change what needs no request, and fail to rotate: neither makes
// the token that user's.
func TestAPIToken_userIsProven(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.Start(nil)
	attributes := func(more map[string]any) acctest.Attributes {
		all := w.shortLived(map[string]any{"name": "kept"})
		maps.Copy(all, more)
		return acctest.Attributes(all)
	}
	made := w.apply(mine, w.plan(mine, nil, attributes(nil)))
	other := w.Start(w.otherUser())

	silent := w.apply(other, w.plan(other, made, attributes(map[string]any{"allow_self_lockout": true})))
	rotation := w.plan(other, made, attributes(map[string]any{"rotate_triggers": map[string]any{"n": "1"}}))
	failed, err := other.Apply(t.Context(), apitoken.TypeName, rotation)
	if err == nil || !strings.Contains(err.Error(), "belongs to another user") || strings.Contains(err.Error(), "still works") {
		t.Errorf("rotated by another user: %v", err)
	}
	rename := w.plan(other, made, attributes(map[string]any{"name": "other"}))
	if _, err := other.Apply(t.Context(), apitoken.TypeName, rename); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
		t.Errorf("renamed by another user: %v", err)
	}
	for name, state := range map[string]*acctest.Instance{"a change without a request": silent, "a failed rotation": failed} {
		if state == nil {
			t.Errorf("%s: no state", name)
			continue
		}
		if _, err := w.Start(w.otherUser()).Read(t.Context(), apitoken.TypeName, state); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
			t.Errorf("%s: read as the other user: %v", name, err)
		}
		if read := w.refresh(w.Start(nil), state); read == nil {
			t.Errorf("%s: the owner's token is gone", name)
		}
	}
	// What a run has written is its user's, and a rotation writes too.
	unknown := made.WithPrivate(nil)
	rotated := w.apply(mine, w.plan(mine, unknown, attributes(map[string]any{"rotate_triggers": map[string]any{"n": "1"}})))
	if _, err := other.Read(t.Context(), apitoken.TypeName, rotated); err == nil || !strings.Contains(err.Error(), "belongs to another user") {
		t.Errorf("rotated, then read as another user: %v", err)
	}
}

// TestAPIToken_lostOfSomeUser looks for a lost create where nobody knows who sent it.
func TestAPIToken_lostOfSomeUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.Start(acctest.Object{"max_retries": 0})
	w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user", Status: http.StatusForbidden})
	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true})
	w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens", Status: http.StatusForbidden, Skip: 1})
	lost, err := mine.Apply(t.Context(), apitoken.TypeName, w.plan(mine, nil, acctest.Attributes(w.shortLived(map[string]any{"name": "lost"}))))
	if err == nil || lost == nil {
		t.Fatalf("create: %v, %v", lost, err)
	}
	w.Server.ClearFaults()
	read, warnings, err := w.Start(w.otherUser()).ReadWarnings(t.Context(), apitoken.TypeName, lost)
	if err != nil || read != nil || !strings.Contains(strings.Join(warnings, "\n"), "check that no token of that name lives on") {
		t.Errorf("read: %v, %v, %v", read, warnings, err)
	}
	if found := w.refresh(w.Start(nil), lost); found == nil {
		t.Error("its user does not find it")
	}
}

// TestAPIToken_lostOfAnotherUser looks for a lost create as another user, who cannot see what it made.
func TestAPIToken_lostOfAnotherUser(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mine := w.Start(acctest.Object{"max_retries": 0})
	w.Server.Fault(mocktest.Fault{Method: http.MethodPost, Path: "/user/tokens", DropAfter: true})
	// The first list is that before the run's first create.
	w.Server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens", Status: http.StatusForbidden, Skip: 1})
	lost, err := mine.Apply(t.Context(), apitoken.TypeName, w.plan(mine, nil, acctest.Attributes(w.shortLived(map[string]any{"name": "lost"}))))
	if err == nil || lost == nil || lost.Text("id") != "" {
		t.Fatalf("create: %v, %v", lost, err)
	}
	w.Server.ClearFaults()
	other := w.Start(w.otherUser())
	if read, err := other.Read(t.Context(), apitoken.TypeName, lost); err == nil || !strings.Contains(err.Error(), "belongs to another user") || !strings.Contains(err.Error(), `"lost"`) {
		t.Errorf("read as another user: %v, %v", read, err)
	}
	found := w.refresh(w.Start(nil), lost)
	if found == nil || count(w.tokenNames(), "lost") != 1 {
		t.Fatalf("found %v among %v", found, w.tokenNames())
	}
	destroy := w.plan(other, lost, nil)
	if kept, err := other.Apply(t.Context(), apitoken.TypeName, destroy); err == nil || kept == nil {
		t.Errorf("destroyed as another user: %v, %v", kept, err)
	}
}

// TestAPIToken_lostUntainted plans a token that a lost create left, and that was untainted by hand and not refreshed.
func TestAPIToken_lostUntainted(t *testing.T) {
	t.Parallel()
	m := newMortal(t)
	attributes, err := m.made.Attributes()
	if err != nil {
		t.Fatal(err)
	}
	attributes["id"] = nil
	lost, err := m.run.Instance(apitoken.TypeName, attributes)
	if err != nil {
		t.Fatal(err)
	}
	if plan := m.plan(m.run, lost, m.ending(time.Hour, map[string]any{"name": "again"})); !plan.Replaces() {
		t.Error("not replaced")
	}
}

// TestAPIToken_datesUnknown updates from a state without dates, as one has that was moved and not read: what the
// answer brings was planned as unknown.
func TestAPIToken_datesUnknown(t *testing.T) {
	t.Parallel()
	m := newMortal(t)
	attributes, err := m.made.Attributes()
	if err != nil {
		t.Fatal(err)
	}
	attributes["issued_on"], attributes["modified_on"] = nil, nil
	prior, err := m.run.Instance(apitoken.TypeName, attributes)
	if err != nil {
		t.Fatal(err)
	}
	for name, more := range map[string]map[string]any{
		"a rename": {"name": "renamed"}, "a rotation": {"rotate_triggers": map[string]any{"n": "1"}}, "no request": {"allow_self_lockout": true},
	} {
		config := m.ending(time.Hour, more)
		config["expires_on"] = m.made.Text("expires_on")
		plan := m.plan(m.run, prior.WithPrivate(m.made.Private()), config)
		if applied := m.apply(m.run, plan); !plan.Planned().Allows(applied) {
			t.Errorf("%s: the result is not what was planned", name)
		}
	}
}

// TestAPIToken_ownRotation rolls the token that Terraform runs with: nothing is read afterwards with the dead secret,
// since state is all that holds the new one.
func TestAPIToken_ownRotation(t *testing.T) {
	t.Parallel()
	m := newMortal(t)
	definition := map[string]any{"name": "own", "policies": []any{map[string]any{
		"effect": "allow", "permission_groups": []any{map[string]any{"id": "686d18d5ac6c441c867cbf6771e58a0a"}},
		"resources": map[string]any{"com.cloudflare.api.user." + m.userID(): "*"},
	}}}
	var issued struct{ ID, Value string }
	if err := m.Must(owner, http.MethodPost, "/user/tokens", definition).Decode(&issued); err != nil {
		t.Fatal(err)
	}
	run := m.Start(acctest.Object{"api_token": issued.Value})
	imported, err := run.Instance(apitoken.TypeName, acctest.Attributes{"id": issued.ID})
	if err != nil {
		t.Fatal(err)
	}
	state := m.refresh(run, imported)
	attributes := acctest.Attributes{
		"name": "own", "allow_self_lockout": true, "rotate_triggers": map[string]any{"n": "1"},
		"policies": map[string]any{"api_tokens_write": map[string]any{"permission_groups": []any{"API Tokens Write"}, "resources": map[string]any{"user": true}}},
	}
	plan := m.plan(run, state, attributes)
	m.Server.ResetJournal()
	rolled := m.apply(run, plan)
	if secret := rolled.Text("value"); secret == "" || secret == issued.Value {
		t.Error("state does not hold the new secret")
	}
	m.requests(http.MethodGet, "/user/tokens/"+issued.ID, 0)
	m.requests(http.MethodPut, "/user/tokens/*/value", 1)
}

// userID is the id of the user whose tokens the tests are about.
func (w *world) userID() string {
	w.t.Helper()
	var user struct{ ID string }
	if err := w.Must(owner, http.MethodGet, "/user", nil).Decode(&user); err != nil {
		w.t.Fatal(err)
	}
	return user.ID
}
