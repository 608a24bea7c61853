// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package conformance drives the reference server with a client that was not written here, cloudflare-go: with
// credentials that may, and with credentials that may not. It proves that the wire format is the one that
// clients know, and that refusals arrive as the errors they expect. It holds tests only, in a module of its
// own, so that the client is no dependency of the product.
package conformance
