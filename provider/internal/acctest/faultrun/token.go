// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// token is the resource accesscontrol_api_token under an operation that takes it from one definition to
// another; nil is no token.
type token struct {
	object
	own           ownership
	before, after *definition
	// imports has the operation import the token, which somebody else made.
	imports bool

	// startID and startSecret are the token's before the operation; the secret is empty where it is not kept.
	startID, startSecret string
}

func newToken(_ *world, own ownership, before, after *definition) *token {
	return &token{object: object{typeName: apitoken.TypeName}, own: own, before: before, after: after}
}

func (s *token) prepare(w *world, run *acctest.Run) error {
	if s.imports {
		s.startID = w.issue(s.own, *s.before)
		w.adopt(s.startID)
		return nil
	}
	if s.before == nil {
		return nil
	}
	if _, err := s.apply(w.ctx, run, s.before.attributes(w, s.own)); err != nil {
		return err
	}
	s.remember(w)
	return nil
}

// configurations are what the operation starts from and what it comes to.
func (s *token) configurations(w *world) (o *object, before, after acctest.Attributes) {
	if s.before != nil {
		before = s.before.attributes(w, s.own)
	}
	return &s.object, before, s.wanted(w)
}

// remember notes what the token is before the operation.
func (s *token) remember(w *world) {
	if s.current != nil {
		s.startID, s.startSecret = s.current.Text("id"), s.secret(w, s.current)
	}
}

func (s *token) wanted(w *world) acctest.Attributes {
	if s.after == nil {
		return nil
	}
	attributes := s.after.attributes(w, s.own)
	if s.imports {
		// An import brings neither, and a change of the place calls for a new secret.
		delete(attributes, "rotate_triggers")
		delete(attributes, "recipients")
		attributes["secret_storage"] = storageNone
	}
	return attributes
}

func (s *token) act(w *world, run *acctest.Run) error {
	if s.imports && s.current == nil {
		id := s.startID
		if s.own == ofAccount {
			id = w.ID(account) + "/" + id
		}
		imported, err := run.Import(w.ctx, s.typeName, id)
		if err != nil {
			return err
		}
		if s.current = imported; imported == nil {
			return fmt.Errorf("the import of %s found nothing", id)
		}
		return s.change(w.ctx, run, s.wanted(w)) // an import reads what it brings
	}
	_, err := s.apply(w.ctx, run, s.wanted(w))
	return err
}

func (s *token) rest(w *world, run *acctest.Run) error {
	if err := s.refresh(w.ctx, run); err != nil {
		return err
	}
	change, err := s.plan(w.ctx, run, s.wanted(w))
	if err == nil && !change.isEmpty() {
		err = fmt.Errorf("a plan after all was applied is not empty: update %t, create %t, destroy %t, %d deposed",
			change.update != nil, change.create != nil, change.destroy != nil, len(change.deposed))
	}
	return err
}

func (s *token) known(*world) (ids map[string]bool, unsettled int) {
	ids = map[string]bool{}
	for _, instance := range s.instances() {
		ids[instance.Text("id")] = true
		if instance.Private() != nil && strings.Contains(string(instance.Private()), lostMark) {
			unsettled++
		}
	}
	return ids, unsettled
}

// lostMark is in the private data of a resource whose create may have made a token that has no id in state.
const lostMark = "lost_create"

// finalOwner is whose the token is to be in the end.
func (s *token) finalOwner() ownership {
	if s.after != nil && s.after.moved {
		return s.own.another()
	}
	return s.own
}

func (s *token) judge(w *world, done bool) {
	for _, instance := range s.instances() {
		s.judgeSecret(w, instance)
	}
	if !done {
		return
	}
	switch {
	case s.after == nil && s.current != nil:
		w.fault("the state holds a token after its delete")
		return
	case s.after == nil:
		return
	case s.current == nil:
		w.fault("the state holds no token")
		return
	case s.tainted || len(s.deposed) > 0:
		w.fault("the state is done, and yet tainted (%t) or with %d deposed instances", s.tainted, len(s.deposed))
	}
	s.judgeState(w)
}

// judgeState holds state against world, and both against what was asked for.
func (s *token) judgeState(w *world) {
	id := s.current.Text("id")
	have := w.token(s.finalOwner(), id)
	if have == nil {
		w.fault("the state holds the token %s, which does not exist", id)
		return
	}
	if diff := cmp.Diff(s.after.shown(w), have.shown); diff != "" {
		w.fault("the token is not what was asked for (-want +got):\n%s", diff)
	}
	attributes, err := s.current.Attributes()
	if err != nil {
		w.fault("attributes: %v", err)
		return
	}
	for name, want := range map[string]string{"name": have.Name, "status": have.Status, "issued_on": have.issuedOn, "expires_on": have.expiresOn} {
		if got, _ := attributes[name].(string); got != want {
			w.fault("state says %s = %q, the API %q", name, got, want)
		}
	}
	wanted := s.wanted(w)
	for _, name := range []string{"policies", "condition", "rotate_triggers", "secret_storage"} {
		if got, want := canonical(attributes[name]), canonical(wanted[name]); got != want {
			w.fault("state says %s = %s, the configuration %s", name, got, want)
		}
	}
	if s.after.moved == (id == s.startID) && s.before != nil {
		w.fault("the token was %s and is %s; replaced %t was asked for", s.startID, id, s.after.moved)
	}
	s.judgeRoll(w)
}

// judgeRoll expects that a secret was replaced exactly where that was asked for.
func (s *token) judgeRoll(w *world) {
	if s.startSecret == "" || s.after.moved {
		return
	}
	asked := s.after.trigger != s.before.trigger
	if lives := w.opens(s.startSecret) == s.startID; lives == asked {
		w.fault("the first secret works: %t; a roll was asked for: %t", lives, asked)
	}
	if now := s.secret(w, s.current); (now != s.startSecret) != asked {
		w.fault("the secret in state is another: %t; a roll was asked for: %t", now != s.startSecret, asked)
	}
}

// judgeSecret expects that a secret in state is the living one of its token, and kept as configured.
func (s *token) judgeSecret(w *world, instance *acctest.Instance) {
	id, value, encrypted := instance.Text("id"), instance.Text("value"), instance.Text("encrypted_value")
	storage := instance.Text("secret_storage")
	if value != "" && storage != storageState || encrypted != "" && storage != storageEncrypted {
		w.fault("state keeps a secret although secret_storage is %q", storage)
	}
	secret := s.secret(w, instance)
	if secret == "" {
		if s.current == instance && !s.tainted && storage != storageNone && !s.imports && w.err == nil {
			w.fault("state has lost the secret")
		}
		return
	}
	if got := w.opens(secret); got != id && w.lives(id) {
		w.fault("the secret in state does not open the token %s", id)
	}
	if have := w.tokenOfAny(id); have != nil && have.Status == statusActive {
		w.verify(secret, id)
	}
}

// secret is the secret that the state holds, decrypted where that is needed; it is empty where it holds none.
func (s *token) secret(w *world, instance *acctest.Instance) string {
	if value := instance.Text("value"); value != "" {
		return value
	}
	text := instance.Text("encrypted_value")
	if text == "" {
		return ""
	}
	secret, err := decrypt(text, w.identity)
	if err != nil {
		w.fault("encrypted_value: %v", err)
	}
	return secret
}

func decrypt(text string, identity *age.X25519Identity) (string, error) {
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(text)), identity)
	if err != nil {
		return "", err
	}
	secret, err := io.ReadAll(plain)
	return string(secret), err
}

// issue makes a token past the provider, as somebody else, and returns its id.
func (w *world) issue(own ownership, d definition) string {
	w.t.Helper()
	run := w.Start(w.bystanderBlock())
	maker := &object{typeName: apitoken.TypeName}
	if _, err := maker.apply(w.ctx, run, d.attributes(w, own)); err != nil {
		w.t.Fatalf("faultrun: a token beside the operation: %v", err)
	}
	return maker.current.Text("id")
}

// lives says whether the world has a token of that id.
func (w *world) lives(id string) bool {
	found := false
	w.view(func(tx *state.Tx) {
		for _, t := range tx.Tokens() {
			found = found || t.ID.String() == id
		}
	})
	return found
}

// opens is the id of the token that the secret belongs to; it is empty for a dead one.
func (w *world) opens(secret string) string {
	id := ""
	w.view(func(tx *state.Tx) {
		if credential := tx.CredentialByToken(secret); credential != nil {
			for _, t := range tx.Tokens() {
				if tx.HashSecret(secret) == t.SecretHash {
					id = t.ID.String()
				}
			}
		}
	})
	return id
}

// tokenOfAny is the token, whoever owns it.
func (w *world) tokenOfAny(id string) *shownToken {
	if found := w.token(ofUser, id); found != nil {
		return found
	}
	return w.token(ofAccount, id)
}

// verify expects that the API takes the secret for that token's.
func (w *world) verify(secret, id string) {
	paths := []string{userTokens + "/verify", ofAccount.path(w) + "/verify"}
	for _, path := range paths {
		request := w.Server.Request("", http.MethodGet, path, nil)
		request.Header.Set("Authorization", "Bearer "+secret)
		body, err := send(w.ctx, request)
		if err != nil {
			w.fault("verify: %v", err)
			return
		}
		if strings.Contains(body, id) {
			return
		}
	}
	w.fault("the API does not verify the secret of %s", id)
}

func send(ctx context.Context, request *http.Request) (string, error) {
	resp, err := http.DefaultClient.Do(request.WithContext(ctx))
	if err != nil {
		return "", err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	return string(body), err
}
