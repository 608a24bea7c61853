// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package randomtokens shows that no plan of the provider shows a change that nobody made. It draws tokens at
// random, from a seed, over everything that the resource can say and the API takes; has each made and then
// refreshed and planned three times against a server that answers in another order each time; and expects every
// one of those plans to be empty and every token to grant what was written down when it was drawn.
//
// That is done twice: over the plugin protocol, where thousands cost seconds, and by the CLI at hand with whole
// configurations, which say the same values in many ways of the configuration language. `make test` runs a part
// with a fixed seed, `make prove` all of it.
//
// It has no code of its own. Start reading at token_test.go.
package randomtokens
