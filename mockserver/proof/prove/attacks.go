// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"sync/atomic"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/attacks"
)

// runAttacks is the section of attacks on record-level grants, over the server's own dialect.
func runAttacks(ctx context.Context, c *Config) (Counts, error) {
	var (
		counts Counts
		made   atomic.Int64
	)
	stop := (&runner{config: c, title: "attacks"}).progress(&made)
	result, err := attacks.Run(ctx, attacks.Config{
		Count: int(c.Attacks) / c.sample(), Seed: c.Seed, Workers: c.workers(), Progress: func(done int) { made.Store(int64(done)) },
	})
	stop()
	if err != nil {
		return counts, fmt.Errorf("attacks: %w", err)
	}
	counts.Figures = []Count{{Name: "record-level attacks", Value: int64(result.Attacks)}}
	for _, kind := range slices.Sorted(maps.Keys(result.ByKind)) {
		counts.Details = append(counts.Details,
			Count{Name: fmt.Sprintf("%s, tried", kind), Value: int64(result.ByKind[kind])},
			Count{Name: fmt.Sprintf("%s, carried out", kind), Value: int64(result.AllowedByKind[kind])})
	}
	counts.Failures = int64(len(result.Bypasses))
	for _, b := range result.Bypasses {
		c.logf("attacks: %v\n", b)
	}
	return counts, nil
}
