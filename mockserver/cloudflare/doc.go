// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package cloudflare is the v4 dialect of the reference server: it speaks the
// wire format that clients of the Cloudflare API know, on a world of package
// state, and decides every request with package authz.
//
// A request takes one way: its route is found in the operations table, its
// credential is looked up and the request counted (limit.go), it passes gates 1
// to 4, its body is read, and then one transaction finds the targets, decides, and runs the operation's handler. Decisions are
// made in one place (pipeline.go, targets.go); a handler never decides, except
// that lists are filtered and single records are judged through the same
// engine. Operations that know no objects of their own keep documents
// (documents.go): what is sent to a path is what can be read there.
//
// The package keeps no state of its own, and knows nothing of listeners,
// journals, faults or seeds.
package cloudflare
