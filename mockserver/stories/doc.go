// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package stories runs programs that people use in production, unmodified and as Debian packages them, against
// the reference server: certbot, fail2ban, ddclient and the Python library. Each gets a token with exactly the
// grants that it needs and does its job; each then gets a token that lacks one of them, fails, and the refusal
// names what is missing.
//
// It also types the commands of the README and of the guides, as they stand on the page and in their order, into
// shells in a clone of this tree: TestPages. A command that no story types, and none gives a reason to leave out,
// is an error.
//
// It holds tests only, in a module of its own, so that the certificate authority that certbot talks to is no
// dependency of the product.
//
// The programs come from install.sh, which a person or CI runs once. A story whose program is missing fails
// and says so. Nothing leaves the machine: programs with a hard-wired host reach the server through a proxy
// that ends that host on loopback and lets through no other.
package stories
