// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package control is the control plane: questions about a world that the API
// itself does not answer, below [BasePath] and never on the API's own paths.
//
//   - POST /_control/explain: one decision for a credential that exists or is
//     only thought of, with the whole trace and the smallest grant that would
//     have allowed it;
//   - POST /_control/who-can: who may do an operation on a target, and why;
//   - POST /_control/what-can: all that a credential may do.
//
// It knows everything about its world, so it answers only those who are at the
// machine or hold the control token, to requests that a browser could not have
// been talked into (see guard.go). Secrets are never asked and never answered:
// credentials are named by ref or id.
//
// It decides nothing: package authz/inquiry puts the questions to the engine.
// A reply is made in one view of the world, so it is about one state.
package control
