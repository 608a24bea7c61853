// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package faultrun proves that faults of the network and of the API leave nothing behind: it takes an
// operation (a create, a refresh, a roll, …) of a resource, an ephemeral resource or an action, lets one of
// its requests go wrong in one of the known ways, and then holds what the server has against what the state
// says.
//
// A number, the seed, decides everything about a run ([ScenarioOf]), so that a run that fails can be run
// again alone. The first seeds cross every operation with every class of fault; those after them draw both,
// and combine two classes at times. A run has a server of its own. It brings the object to where the
// operation starts, adds the faults, does what one apply of Terraform's core does (refresh, plan, apply),
// takes the faults away, applies once more with a provider that was started anew, and plans a third time,
// which must find nothing to do. It is judged twice, after the first apply and at the end, from the
// server's world and journal and never from what the provider says of itself: no token may live that the
// state does not know, none twice, no state may say what is not so, no secret in it may be dead, and nobody
// else's object may have been touched.
//
// It is for tests alone. Start reading at run.go; core.go is what Terraform's core does to one resource,
// operation.go and fault.go are the two lists that are crossed.
package faultrun
