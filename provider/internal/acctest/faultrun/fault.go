// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"net/http"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// class is a way in which requests go wrong.
type class struct {
	name string
	// fault is what happens to a request that is struck; the scenario says which one that is.
	fault mocktest.Fault
	// readsOnly strikes nothing but reads.
	readsOnly bool
	// longest bounds how many requests are struck in a row, where a fault that never ends is no such fault any
	// more; 0 is no bound.
	longest int
	// cancels ends the run when the fault strikes.
	cancels bool
	// early adds the fault before the object is made, and not after: it remembers the world.
	early bool
}

// forever is a delay that outlasts every attempt.
const forever = time.Hour

// classes are all ways. Each names one fault; [ScenarioOf] combines them.
func classes() []class {
	return []class{
		{name: "429 with Retry-After", fault: mocktest.Fault{RetryAfter: time.Second}, longest: 2},
		{name: "429 without Retry-After", fault: mocktest.Fault{Status: http.StatusTooManyRequests}},
		{name: "500", fault: mocktest.Fault{Status: http.StatusInternalServerError}},
		{name: "502", fault: mocktest.Fault{Status: http.StatusBadGateway, Body: "<html>bad gateway</html>"}},
		{name: "503", fault: mocktest.Fault{Status: http.StatusServiceUnavailable}},
		{name: "reset before acting", fault: mocktest.Fault{DropBefore: true}},
		{name: "reset after acting", fault: mocktest.Fault{DropAfter: true}},
		{name: "truncated body", fault: mocktest.Fault{TruncateBody: true}},
		{name: "timeout", fault: mocktest.Fault{Delay: forever}},
		{name: "cancelled before acting", fault: mocktest.Fault{Delay: forever}, cancels: true},
		{name: "cancelled after acting", fault: mocktest.Fault{DropAfter: true}, cancels: true},
		{name: "stale reads", fault: mocktest.Fault{StaleReads: true}, readsOnly: true},
		{name: "stale reads of a new object", fault: mocktest.Fault{StaleReads: true}, readsOnly: true, early: true, longest: 3},
		{name: "read refused for a moment", fault: mocktest.Fault{Status: http.StatusForbidden}, readsOnly: true, longest: 2},
		{name: "permission refused for a moment", fault: mocktest.Fault{Status: http.StatusForbidden}, longest: 2},
	}
}

// fault is what the server is told: the class, at the requests that were chosen. The harness acts with
// another credential.
func (f *struck) fault() mocktest.Fault {
	fault := f.class.fault
	fault.Credential = acctest.Terraform
	fault.Method, fault.Path, fault.Skip, fault.Times = f.at.Method, f.at.Path, f.at.Skip, f.at.Times
	return fault
}
