// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"context"
	"fmt"
	"iter"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/cells"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
)

// runCells is the section that enumerates the finite space.
func runCells(ctx context.Context, c *Config) (Counts, error) {
	var counts Counts
	total := newTally()
	for _, part := range cells.Parts() {
		r := &runner{config: c, newPanel: c.newPanel, title: "cells, " + part.Name, most: c.Cells - total.questions}
		if c.Cells < 0 {
			r.most = -1
		} else if r.most <= 0 {
			break
		}
		t, err := r.run(ctx, sampled(part.Jobs, c))
		if err != nil {
			return counts, fmt.Errorf("cells, %s: %w", part.Name, err)
		}
		counts.Details = append(counts.Details, Count{Name: "part " + part.Name, Value: t.questions})
		total.add(t)
	}
	counts.Figures = []Count{{Name: "enumerated cells", Value: total.questions}}
	counts.Details = append(counts.Details, total.histogram()...)
	return finish(c, counts, "cells", total)
}

// sampled takes one job in so many.
func sampled(jobs iter.Seq[panel.Job], c *Config) iter.Seq[panel.Job] {
	every := uint64(c.sample()) //nolint:gosec // It is positive.
	if every == 1 {
		return jobs
	}
	return func(yield func(panel.Job) bool) {
		i := uint64(0)
		for job := range jobs {
			if i%every == c.Seed%every && !yield(job) {
				return
			}
			i++
		}
	}
}
