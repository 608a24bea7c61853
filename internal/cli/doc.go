// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package cli gives tests, the demo and the documentation generator a Terraform or OpenTofu to run, and
// surroundings in which nothing of the developer's own set-up can change what it does.
//
// It finds a CLI on PATH or builds the pinned OpenTofu ([Find]), builds the provider ([BuildProvider]),
// installs it into a filesystem mirror with a CLI configuration of its own ([Install]), and composes the
// environment of the process ([Clean], [Environment], [Acceptance]).
//
// It is development support: neither of the two programs of this module imports it. It uses the standard
// library and the go command alone. Start reading at [Find].
package cli
