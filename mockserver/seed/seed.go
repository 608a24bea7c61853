// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"bytes"
	_ "embed"
	"errors"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

//go:embed builtin.yaml
var builtin []byte

// BuiltinName is the name of the built-in world in error messages.
const BuiltinName = "builtin.yaml"

// Builtin returns the seed of the built-in world. The bytes are fresh.
func Builtin() []byte { return bytes.Clone(builtin) }

// parseBuiltin reads the embedded document once. The tree is read-only, so
// worlds that share it share nothing that changes.
var parseBuiltin = sync.OnceValues(func() (*node, *Problem) { return parse(builtin) })

// parseCached is parse, which for the built-in world is most of the work of
// making one.
func parseCached(data []byte) (*node, *Problem) {
	if bytes.Equal(data, builtin) {
		root, problem := parseBuiltin()
		if problem != nil {
			own := *problem // Load writes the name into it.
			problem = &own
		}
		return root, problem
	}
	return parse(data)
}

// The kinds of credential in [Credential.Kind].
const (
	KindUserToken    = "user_token"
	KindAccountToken = "account_token"
	KindGlobalKey    = "global_key"
	KindOriginCAKey  = "origin_ca_key"
	KindVultrKey     = "vultr_key"
)

// Credential is a credential of the world that a seed describes, with its
// secret: a seed is the one place that knows it. Value is sensitive; show it
// where the user asked for it and nowhere else.
type Credential struct {
	// Ref is the token's ref, or the user's for keys.
	Ref string `json:"ref"`
	// Kind is one of the Kind constants.
	Kind string `json:"kind"`
	// ID identifies the token, or the user for keys.
	ID string `json:"id"`
	// Email is the e-mail address of the user that the credential acts as;
	// empty for account-owned tokens.
	Email string `json:"email,omitempty"`
	// Value is the secret.
	Value string `json:"value"`
}

// Loaded is what a seed gave beside the world.
type Loaded struct {
	// Credentials lists keys by user, then tokens, then Vultr keys, each in
	// the order of the seed.
	Credentials []Credential
}

// errProblems undoes the transaction of a seed with problems.
var errProblems = errors.New("the seed has problems")

// Load reads a seed, JSON or YAML 1.2, into the world in one transaction. The
// name stands in error messages. The error is an [*Errors] that lists every
// problem of the seed, or the error of the world's change log; in both cases
// the world is as it was. What the world already holds counts as described by
// refs too, so that a seed can add to a world.
func Load(name string, data []byte, w *state.World) (*Loaded, error) {
	root, problem := parseCached(data)
	if problem != nil {
		problem.File = name
		return nil, &Errors{Problems: []Problem{*problem}}
	}
	l := &loader{name: name}
	err := w.Update(func(tx *state.Tx) error {
		l.tx = tx
		l.world(root)
		if len(l.problems) > 0 {
			return errProblems
		}
		return nil
	})
	switch {
	case errors.Is(err, errProblems):
		return nil, l.errors()
	case err != nil:
		return nil, err
	default:
		return &l.loaded, nil
	}
}
