// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

var (
	_ plancheck.PlanCheck   = requestCheck{}
	_ statecheck.StateCheck = requestCheck{}
)

// requestCheck compares the requests since the journal's last reset.
type requestCheck struct {
	env    *Env
	filter []mocktest.JournalFilter
	want   map[string]int
}

// ExpectRequests expects exactly these requests since the journal was reset: a count for each method
// and route, as in {"GET /accounts/{account_id}": 1}. It is a check of a plan and of a state. Reset
// the journal in the step's PreConfig ([Env.Fresh]); then a check before the apply sees one plan with
// its refresh, and a check of the state that plan and the apply.
func (e *Env) ExpectRequests(want map[string]int) interface {
	plancheck.PlanCheck
	statecheck.StateCheck
} {
	return requestCheck{env: e, want: want}
}

// ExpectWrites is ExpectRequests for requests that could change something; others do not count.
func (e *Env) ExpectWrites(want map[string]int) interface {
	plancheck.PlanCheck
	statecheck.StateCheck
} {
	return requestCheck{env: e, filter: []mocktest.JournalFilter{mocktest.Writes}, want: want}
}

// Fresh resets the journal; it is made to be a step's PreConfig.
func (e *Env) Fresh() { e.Server.ResetJournal() }

// CheckPlan compares before an apply.
func (c requestCheck) CheckPlan(_ context.Context, _ plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	resp.Error = c.compare()
}

// CheckState compares after an apply.
func (c requestCheck) CheckState(_ context.Context, _ statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	resp.Error = c.compare()
}

func (c requestCheck) compare() error {
	got := map[string]int{}
	for _, entry := range c.env.Server.Journal(c.filter...) {
		got[entry.Method+" "+entry.Route]++
	}
	if maps.Equal(got, c.want) {
		return nil
	}
	return fmt.Errorf("requests:\n%swant:\n%s", countList(got), countList(c.want))
}

func countList(counts map[string]int) string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(counts)) {
		fmt.Fprintf(&b, "  %d × %s\n", counts[name], name)
	}
	if b.Len() == 0 {
		return "  none\n"
	}
	return b.String()
}
