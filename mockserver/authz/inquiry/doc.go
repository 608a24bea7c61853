// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package inquiry puts questions about access to the engine: "may this
// credential do POST /zones/{zone_id}/dns_records on that record?", in the
// words in which people and configurations ask it.
//
// It reads an operation from text ([ParseOperation]), turns it and a [Target]
// into what the engine decides on ([Prepare]) in the order in which a server
// would, and answers with the decision, its whole trace and the smallest grant
// that would have allowed it ([Ask]). The question may be about a credential
// that exists or about one that is only thought of.
//
// It decides nothing itself: every allowance comes from package authz
// (authorization model §6). Like that package it is pure: no I/O, no clock, no
// logging and no mutable state, so that a program can use it without a server.
package inquiry
