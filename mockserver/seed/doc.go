// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package seed reads a description of a world, in JSON or YAML 1.2, into a
// state.World.
//
// A seed names things by readable refs. What it does not give (identifiers,
// secrets, times) is derived from the refs, so that the same file gives the
// same world. It is judged as a whole: every problem is reported with its
// line, and a seed with a problem changes nothing.
//
// A seed describes a state that time and later changes may have produced.
// Forms, identifiers, scopes, keys and refs are checked as for a create; past
// times, rights that an owner does not hold, accounts that an owner has left,
// token management and quotas are not.
package seed
