// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package mockserver is the reference server: a world of users, accounts, members, zones and tokens behind
// the v4 API, which really allows and really refuses. It joins the rooms below it to one server and adds
// what every request meets before the API does: a request id, recovery, the journal and injected faults.
//
// Two servers in one process share nothing. Decisions are not made here: see package authz for the model and
// package cloudflare for the API. For tests there is package mocktest, for the command line cmd/mockserver.
package mockserver
