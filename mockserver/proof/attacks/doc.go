// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package attacks tries to get around record-level grants (authorization model §5), over the whole dialect
// and not the engine alone: what a name is stored as, what a merge leaves, what a batch does in the middle is
// decided there.
//
// A scenario is a world with two zones and tokens of random record grants and denials. An attack is one
// request by one of these tokens, with names, types and bodies spelled to be read one way by the decision and
// another by the store. What counts as a bypass is read from the world's change log and from the reply, and
// judged by a matcher of this package that shares nothing with the engine: a change of a record that the
// grants do not cover before and after it, a change of anything else, and a reply that tells of a record that
// the token may not read.
package attacks
