// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"context"
	"fmt"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/oracle"
)

// runOperations compares A of every row of the operations table with what the oracle reads from the data files
// by itself.
func runOperations(_ context.Context, c *Config) (Counts, error) {
	var counts Counts
	o, err := oracle.New()
	if err != nil {
		return counts, fmt.Errorf("oracle: %w", err)
	}
	theirs := make(map[string]bool)
	for _, name := range o.Operations() {
		theirs[name] = true
	}
	compared := int64(0)
	for _, row := range catalog.Operations() {
		compared++
		ids := make([]string, 0, row.Accepts.Len())
		for g := range row.Accepts.All() {
			ids = append(ids, catalog.Groups()[g].ID)
		}
		accepts, err := o.Accepts(row.Name())
		if err != nil {
			return counts, fmt.Errorf("oracle: %s: %w", row.Name(), err)
		}
		accepts = slices.Clone(accepts)
		slices.Sort(accepts)
		if !slices.Equal(ids, accepts) {
			counts.Failures++
			c.logf("operations: %s accepts %v in the operations table alone, %v in the oracle's alone\n",
				row.Name(), names(without(ids, accepts)), names(without(accepts, ids)))
		}
		delete(theirs, row.Name())
	}
	for name := range theirs {
		counts.Failures++
		c.logf("operations: the oracle has %s, the operations table does not\n", name)
	}
	counts.Figures = []Count{{Name: "operations compared", Value: compared}}
	return counts, nil
}

// names are the references of groups, which people read more easily than ids.
func names(ids []string) []string {
	refs := make([]string, 0, len(ids))
	for _, id := range ids {
		if g, ok := catalog.GroupByID(id); ok {
			refs = append(refs, g.Ref())
		}
	}
	return refs
}

// without are the ids of a that b lacks.
func without(a, b []string) []string {
	var list []string
	for _, id := range a {
		if !slices.Contains(b, id) {
			list = append(list, id)
		}
	}
	return list
}
