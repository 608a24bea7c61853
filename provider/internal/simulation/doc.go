// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package simulation answers "may this token do that?" while Terraform plans: the data sources
// accesscontrol_access_simulation and accesscontrol_account_api_access_report, and the functions can and
// explain.
//
// Every answer is the engine's own (package authz, through authz/inquiry), which the reference server
// decides with too. What differs is the world: a server holds all of it, the provider knows what
// configuration says and what the API shows to its credential. Facts that could not be read are never
// guessed in favour of access: a question is decided in every world that agrees with what is known
// (judge.go), and only what all of these worlds allow is allowed. A question about the records of a zone that
// names none is decided for every record (records.go).
//
// The data source reads the facts that the engine asks for, when it asks, and no others (read.go). The
// functions see policies alone and read nothing. Start reading at judge.go.
package simulation
