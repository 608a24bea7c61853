// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package data holds the data files of the access model: permission groups, their other spellings, families,
// roles with their rights, and operations. PROVENANCE.md says where each comes from.
package data

import "embed"

// Files are the data files, by the names that PROVENANCE.md lists. They are handed out as they are, so that
// an evaluator that shares no code with the engine can read the same facts.
//
//go:embed *.json
var Files embed.FS
