// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package state holds one world in memory: users, accounts, members, zones,
// records, tokens, access rules, certificates, resource groups and documents,
// behind transactions.
//
// Its law: the state of a world is what its change log says. Every committed
// transaction yields one [Batch]; replaying the batches gives the same world,
// byte for byte. Only the last use of tokens and the key of the secrets'
// hashes stand outside the log.
//
// The package keeps the rules that hold for every way of writing: references,
// uniqueness, roles and policies of members, the last Super Administrator,
// the switch on Enterprise accounts (authorization model §7, §8). It decides
// nothing about who may write; that is for package authz, whose World a [Tx]
// implements. It knows no wire format of any dialect, and no seeds.
package state
