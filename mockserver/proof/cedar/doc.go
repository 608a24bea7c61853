// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package cedar is the authorization model as policies in the Cedar language, run by cedar-go. It reads the
// same data files as the engine and shares no code with it.
//
// What is Cedar:
//
//   - The resource tree. User, Account, Zones ("all zones of an account"), Zone, Records (a zone as the
//     container of its records), Record and Bucket are entities, and what lies in what is their hierarchy. An
//     account is in the Owner of every credential that may act there: of a user when the user is an accepted
//     member, of the account itself for account-owned tokens. So `*` ranges over what lies in the owner.
//   - Permission groups. Using group g for an operation with the accepted groups A is an action. It is in the
//     group g, and for every group d of A whose denial strikes g, by family and rank, in the strike of d. For
//     the owner it is another action, in every role that gives g and in the strike of every role that gives
//     such a d.
//   - A token's policies. One permit for every group and key of an allow policy, one forbid for every group
//     and key of a deny policy, whose action is the group's strike. Cedar's "a forbid overrides permits" is
//     S∖X. Keys of each form are conditions on the resource; record patterns are `like`.
//   - A member's roles and policies, in the same way, with the role as action and the member as principal.
//   - The gates. The files in gates/ hold a forbid for every reason of every gate, with the gate and its place
//     among the gate's reasons as annotations. IP ranges are policies of the credential at gate 4.
//
// What is glue:
//
//   - Reading scenes and data files, making entities and policies of them, parsing resource keys.
//   - Asking for every group of A by itself: which the token may use (S∖X, and S without the forbids), and
//     which the owner may use (O). Which of these are empty, and whether their families meet, is then decided
//     by the policies of gates 7 to 9, which get the three sets in the context.
//   - Finding the owner's membership of the target's account for the context.
//   - Of all forbids that apply, the one of the first gate is the reason. Among several targets likewise.
//   - Lists and records: the model's sentences about which questions are asked one after the other.
//   - Cedar's `*` is zero or more characters and the model's is one or more. Names are therefore written with
//     every character in a pair of brackets that no name holds, ‹a›‹.›‹b›, and `*` in a pattern becomes
//     ‹*›, which is never empty. All else in a pattern is literal; cedar-go escapes it.
//   - Times are whole nanoseconds since 1970, because Cedar's own times end at milliseconds. Addresses and
//     ranges are unmapped and masked before Cedar compares them.
package cedar
