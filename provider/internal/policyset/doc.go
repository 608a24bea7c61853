// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package policyset is the attribute `policies` of a token, wherever it stands: in the resource that
// makes the token, and in what asks what such a token could do.
//
// A set of policies has two forms. The model (model.go) is what configuration, plan and state hold, in
// the user's own spelling, under keys of the user's choice. A [Policy] is what that means: group ids and
// wire keys; it alone decides whether two spellings are equal and what is sent. [Compile] goes from the
// first to the second and finds every mistake without the network; [Pair] goes from a reply back to the
// model, and keeps keys and spelling; [GrantSet] says in words what opens and closes.
//
// The package decides nothing about what a token may do: keys and groups are judged by the engine's own
// parser and catalogue. It knows nothing of the rest of a token. Start reading at policy.go and
// compile.go.
package policyset
