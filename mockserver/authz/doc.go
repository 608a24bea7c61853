// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package authz is the decision engine: it says whether a credential may do
// an operation on a set of targets, and why.
//
// It implements the authorization model (docs/guides/authorization-model.md)
// as pure functions over compiled policies: no I/O, no clock, no logging, no
// cache and no mutable package state. The caller hands in the world, the
// credential, the operation, the targets, the peer's address and the instant;
// equal inputs give equal decisions. Deciding without a trace does not
// allocate.
//
// Start reading at [Decide], which runs the ten gates of authorization model
// §6 in their order. [CheckDefinition] holds what is refused when a token is
// written (§3), [Compile] turns a checked definition into what the gates
// read, and [Explain] is the same evaluation with its whole trace (§9).
//
// The package stores nothing and knows no wire format beyond resource keys,
// record patterns and the forms of credentials; envelopes, error codes and
// JSON belong to the dialects.
package authz
