// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mocktest_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// In a test, tb is its *testing.T.
var tb = &exampleTB{}

// A test of a client: what may be done, what may not, and how often it asked.
func ExampleNew() {
	s := mocktest.New(tb)
	defer tb.end()

	path := "/zones/" + s.ID("example.com") + "/dns_records"
	status, reply := s.Do("ci_dns", "GET", path, nil)
	fmt.Println("records:", status, reply.Info.TotalCount)

	status, reply = s.Do("ci_dns", "GET", "/zones/"+s.ID("example.org")+"/dns_records", nil)
	fmt.Println("another zone:", status, reply.Code())

	fmt.Println("requests:", s.Count("GET", "/zones/{zone_id}/dns_records"))
	for _, e := range s.Journal(mocktest.Refused) {
		fmt.Println("refused:", e.Credential, e.Reason)
	}
	// Output:
	// records: 200 7
	// another zone: 403 10000
	// requests: 2
	// refused: ci_dns no_matching_grant
}

// A clock that stands still until it is moved: tokens expire on demand.
func ExampleWithClock() {
	s := mocktest.New(tb, mocktest.WithClock(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)), mocktest.WithSeed(`
users: {dev: {email: dev@example.com}}
tokens:
  short:
    user: dev
    policies: [{permission_groups: [User Details Read], resources: {user: self}}]
    expires_on: "2026-01-01T01:00:00Z"
`))
	defer tb.end()

	status, _ := s.Do("short", "GET", "/user", nil)
	fmt.Println(status)
	s.Advance(time.Hour)
	status, _ = s.Do("short", "GET", "/user", nil)
	fmt.Println(status)
	// Output:
	// 200
	// 403
}

// The first two requests are told to wait; a client that obeys gets through.
func ExampleServer_Fault() {
	s := mocktest.New(tb)
	defer tb.end()

	handle := s.Fault(mocktest.Fault{Method: "GET", Path: "/user/**", Times: 2, RetryAfter: time.Second})
	for range 3 {
		status, _ := s.Do("terraform", "GET", "/user/tokens", nil)
		fmt.Println(status)
	}
	fmt.Println("struck:", handle.Struck())
	// Output:
	// 429
	// 429
	// 200
	// struck: 2
}

// Why a request would be refused, and what would allow it, without sending it.
func ExampleServer_Explain() {
	s := mocktest.New(tb)
	defer tb.end()

	e := s.Explain("ci_dns", "DNS Write", map[string]any{"zone": "example.org"})
	fmt.Println(e.Allowed, e.Reason)
	fmt.Println(e.SmallestGrant.PermissionGroup.Name, "on", e.SmallestGrant.Key)
	// Output:
	// false no_matching_grant
	// DNS Write on com.cloudflare.api.account.zone.123e105f4ecef8ad9ca31a8372d0c354
}

// exampleTB stands in for the *testing.T that an example does not have.
type exampleTB struct {
	testing.TB
	cleanups []func()
}

func (e *exampleTB) Helper() {}

func (e *exampleTB) Context() context.Context { return context.Background() }

func (e *exampleTB) Cleanup(cleanup func()) { e.cleanups = append(e.cleanups, cleanup) }

func (e *exampleTB) Fatalf(format string, args ...any) { panic(fmt.Sprintf(format, args...)) }

func (e *exampleTB) end() {
	for _, cleanup := range e.cleanups {
		cleanup()
	}
	e.cleanups = nil
}
