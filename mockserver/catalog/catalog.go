// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package catalog holds what is known in advance about an API's access model: the permission groups with
// their scopes, families, levels and spellings, the roles with the groups they give, and the operations with
// the groups that each accepts.
//
// The data is embedded, built once at the first use and never changed afterwards, so that everything this
// package returns may be shared between goroutines without locks and must not be written to. Permission
// groups and roles are built apart from operations: a program that only resolves names does not pay for the
// operations table. A fault in the embedded data is a programming error and panics at the first use; the
// tests of this package load all of it.
//
// The package knows nothing of credentials, policies or requests. It imports the standard library only,
// reads no clock and writes no logs.
package catalog
