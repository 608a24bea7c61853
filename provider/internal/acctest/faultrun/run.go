// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"filippo.io/age"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

const (
	// account is the account that operations are about.
	account = "acme"
	// bystander is the user, by whose Global API key the harness itself acts: no fault strikes that.
	bystander = "super"
	// strikePoll is how often it is looked whether a fault has struck that is to end the run.
	strikePoll = 2 * time.Millisecond
)

// Result is what a run found.
type Result struct {
	// Scenario is what was run, in one line.
	Scenario string
	// Struck is how many requests met a fault.
	Struck int
	// Failed says whether the apply that met the faults reported an error.
	Failed bool
	// Orphans, Duplicates and WrongStates are what must not be, in sentences.
	Orphans, Duplicates, WrongStates []string
	// Journal lists the requests of the run, without secrets, and the errors between them.
	Journal []string
}

// Clean says whether nothing was found.
func (r *Result) Clean() bool {
	return len(r.Orphans) == 0 && len(r.Duplicates) == 0 && len(r.WrongStates) == 0
}

// String is the whole finding, for the log of a run that failed.
func (r *Result) String() string {
	var b strings.Builder
	fmt.Fprintln(&b, r.Scenario)
	for name, list := range map[string][]string{"orphan": r.Orphans, "duplicate": r.Duplicates, "wrong state": r.WrongStates} {
		for _, text := range list {
			fmt.Fprintf(&b, "  %s: %s\n", name, text)
		}
	}
	for _, line := range r.Journal {
		fmt.Fprintf(&b, "    %s\n", line)
	}
	return b.String()
}

// world is a server, what was there before the operation, and what was found since.
type world struct {
	*acctest.Env
	t        *testing.T
	ctx      context.Context //nolint:containedctx // it is replaced where a run is cancelled
	storage  string
	identity *age.X25519Identity
	result   *Result
	handles  []*mocktest.FaultHandle

	// strangers are the tokens that are none of the operation's business, with their last change.
	strangers map[string]string
	// adopted are tokens that are neither strangers nor orphans, whatever the state says.
	adopted map[string]bool
	// foreign is what must stay as it is beside tokens: accounts and members that the operation is not about.
	foreign map[string]string
	// err is what the last act ended with.
	err error
	// seen is the last request in the journal of the result.
	seen uint64
}

// Run runs what the seed chooses, on a server of its own.
func Run(t *testing.T, scenario Scenario) *Result {
	t.Helper()
	return run(t, scenario, nil)
}

// run is Run with a misdeed between the first apply and its judgement, which is how the judge is tested.
func run(t *testing.T, scenario Scenario, misdeed func(*world, subject)) *Result {
	t.Helper()
	w := newWorld(t, &scenario)
	op := scenario.operation
	subject := op.subject(w)
	if err := w.addFaults(&scenario, subject); err != nil {
		t.Fatalf("faultrun: %s: before the operation: %v", scenario.String(), err)
	}
	w.act(&scenario, subject)
	if misdeed != nil {
		misdeed(w, subject)
	}
	w.judge(&op, subject, w.err == nil)
	w.Server.ClearFaults()

	w.note("one more apply, without faults")
	if w.err = subject.act(w, w.Start(nil)); w.err != nil {
		w.fault("one more apply does not converge: %v", w.err)
	} else if w.err = subject.rest(w, w.Start(nil)); w.err != nil {
		w.fault("a third run: %v", w.err)
	}
	w.judge(&op, subject, true)
	w.journal()
	return w.result
}

func newWorld(t *testing.T, scenario *Scenario) *world {
	t.Helper()
	identity, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatalf("faultrun: %v", err)
	}
	w := &world{
		Env: acctest.New(t), t: t, ctx: t.Context(), storage: scenario.storage, identity: identity,
		result: &Result{Scenario: scenario.String()}, adopted: map[string]bool{},
	}
	w.SetMemberSwitch(account+"/"+bystander, new(true)) // who is not locked out by the account's switch
	if scenario.twin {
		w.issue(ofUser, definition{})
		w.issue(ofAccount, definition{})
	}
	w.strangers, w.foreign = w.tokens(), w.others()
	return w
}

// addFaults prepares the subject and adds the faults, those that remember an earlier world before that.
func (w *world) addFaults(scenario *Scenario, subject subject) error {
	w.addEarly(scenario, true)
	began := w.Server.Now().Truncate(time.Second)
	if err := subject.prepare(w, w.Start(w.bystanderBlock())); err != nil {
		return err
	}
	w.addEarly(scenario, false)
	if slices.ContainsFunc(scenario.faults, func(f struck) bool { return f.class.early }) {
		w.renew(began)
	}
	w.Server.ResetJournal()
	return nil
}

// renew sets the server's clock back to when the last token was made, if one was since then. The provider takes it for
// new by that clock, which has run on for as long as this machine needed to come here.
func (w *world) renew(began time.Time) {
	w.t.Helper()
	var made time.Time
	w.view(func(tx *state.Tx) {
		for _, t := range tx.Tokens() {
			if !t.IssuedOn.Before(began) && t.IssuedOn.After(made) {
				made = t.IssuedOn
			}
		}
	})
	if !made.IsZero() {
		w.Server.SetTime(made)
	}
}

// addEarly adds the faults that are added early, or those that are not.
func (w *world) addEarly(scenario *Scenario, early bool) {
	w.t.Helper()
	for i := range scenario.faults {
		if f := &scenario.faults[i]; f.class.early == early {
			w.handles = append(w.handles, w.Server.Fault(f.fault()))
		}
	}
}

// block are the provider's attributes while the faults are active: it has little patience.
func (s *Scenario) block() acctest.Object {
	return acctest.Object{"max_retries": s.retries, "request_timeout": s.timeout().String(), "propagation_timeout": s.propagation.String()}
}

// bystanderBlock makes a provider act as the bystander.
func (w *world) bystanderBlock() acctest.Object {
	w.t.Helper()
	key := w.Server.CredentialOf(mocktest.GlobalKey, bystander)
	return acctest.Object{"api_token": nil, "email": key.Email, "api_key": key.Value}
}

// act does the operation once while the faults are active, with little patience. One that ends the run
// does so when it strikes.
func (w *world) act(scenario *Scenario, subject subject) {
	w.t.Helper()
	run := w.Start(scenario.block())
	whole := w.ctx
	ctx, cancel := context.WithCancel(whole)
	defer cancel()
	w.ctx = ctx
	for i := range scenario.faults {
		if scenario.faults[i].class.cancels {
			go w.endWhenStruck(ctx, w.handles[i], func() {
				if scenario.stops {
					_ = run.Stop(whole) // what it could not stop is judged like anything else
					return
				}
				cancel()
			})
		}
	}
	w.err = subject.act(w, run)
	w.ctx = whole
	w.finishAct()
}

// finishAct notes what came of the act.
func (w *world) finishAct() {
	w.result.Failed = w.err != nil
	for _, handle := range w.handles {
		w.result.Struck += handle.Struck()
	}
	if w.err != nil {
		w.note("the apply under faults: %v", w.err)
	}
}

func (w *world) endWhenStruck(ctx context.Context, handle *mocktest.FaultHandle, end func()) {
	tick := time.NewTicker(strikePoll)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if handle.Struck() > 0 {
				end()
				return
			}
		}
	}
}
