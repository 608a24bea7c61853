// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package prove

import (
	"context"
	"fmt"
	"iter"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/worlds"
)

// everyOutcome is what random worlds must bring about, each at least once: an allowance, a hidden record, and
// every reason of authorization model §6.
var everyOutcome = []outcome{
	{allowed: true},
	{hidden: true},
	{gate: 1, reason: "credential_missing"},
	{gate: 1, reason: "credential_malformed"},
	{gate: 2, reason: "credential_unknown"},
	{gate: 3, reason: "credential_disabled"},
	{gate: 3, reason: "credential_expired"},
	{gate: 3, reason: "credential_not_yet_valid"},
	{gate: 4, reason: "ip_not_allowed"},
	{gate: 5, reason: "user_credential_required"},
	{gate: 5, reason: "target_not_found"},
	{gate: 6, reason: "api_access_disabled"},
	{gate: 7, reason: "no_matching_grant"},
	{gate: 8, reason: "denied_by_policy"},
	{gate: 9, reason: "owner_lacks_right"},
	{gate: 10, reason: "user_credential_required"},
	{gate: 10, reason: "super_administrator_required"},
	{gate: 10, reason: "administrator_required"},
	{gate: 10, reason: "enterprise_required"},
	{gate: 10, reason: "tenant_required"},
}

// runRandom is the section of random worlds.
func runRandom(ctx context.Context, c *Config) (Counts, error) {
	var counts Counts
	wanted := c.Random / int64(c.sample())
	r := &runner{config: c, newPanel: c.newPanel, title: "random worlds", most: -1}
	t, err := r.run(ctx, randomJobs(c.Seed, (wanted+worlds.QuestionsEach-1)/worlds.QuestionsEach))
	if err != nil {
		return counts, fmt.Errorf("random worlds: %w", err)
	}
	counts.Figures = []Count{{Name: "random decisions", Value: t.questions}}
	counts.Details = t.histogram()
	if t.disagreed == 0 && wanted >= enoughForAll {
		for _, o := range everyOutcome {
			if t.outcomes[o] == 0 {
				return counts, fmt.Errorf("random worlds: %d decisions never ended in %q", t.questions, o)
			}
		}
	}
	return finish(c, counts, "random", t)
}

// enoughForAll is how many decisions bring about every outcome.
const enoughForAll = 20_000

func randomJobs(seed uint64, count int64) iter.Seq[panel.Job] {
	return func(yield func(panel.Job) bool) {
		for n := range uint64(max(count, 0)) {
			job := func(yield func(*panel.Batch) bool) {
				for _, b := range worlds.New(seed, n).Batches() {
					if !yield(b) {
						return
					}
				}
			}
			if !yield(job) {
				return
			}
		}
	}
}
