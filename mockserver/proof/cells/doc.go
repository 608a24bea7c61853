// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package cells enumerates the finite part of the authorization model, cell by cell. A cell is one request of
// one credential in one world. The space is cut into parts; within a part every dimension is crossed with
// every other:
//
//   - gates: account type × account switch × member value × status × role × kind and life of the credential ×
//     whether it holds the groups × IP condition × address × operation, chosen so that every demand of gate
//     10 and every kind of target is among them.
//   - grants: every operation × group × key form of an allow × denied group × key form of the deny × target
//     (own, sibling, other account, foreign account) × owner's role.
//   - groups: every operation × every permission group of the catalogue, granted alone on the widest key.
//   - keys: every operation × every kind of credential without policies × role × target.
//   - records: every operation on records × record and zone keys of an allow × those of a deny × record before
//     and after × owner.
//
// That the parts need not be crossed with each other is what the tests named TestFactor of package proof show.
package cells

import (
	"iter"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
)

// Part is one enumeration.
type Part struct {
	// Name is the part's name in this package's comment.
	Name string
	// Jobs are its cells, always in the same order.
	Jobs iter.Seq[panel.Job]
}

// Parts are all parts.
func Parts() []Part {
	return []Part{
		{Name: "gates", Jobs: gates},
		{Name: "grants", Jobs: grants},
		{Name: "groups", Jobs: groups},
		{Name: "keys", Jobs: keys},
		{Name: "records", Jobs: records},
	}
}
