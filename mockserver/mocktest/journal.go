// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mocktest

import (
	"net/http"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/pathglob"
)

// Journal returns the requests that every filter selects, in the order of their arrival. A request whose
// reply the client has is in it, complete with its status and decision.
func (s *Server) Journal(filters ...JournalFilter) []JournalEntry {
	return s.server.Journal().Entries(filters...)
}

// Count returns how many requests the server has seen, since the start or the last ResetJournal, with that
// method (in any case, "" is every method) and a path below the base path that matches the pattern: "*"
// stands for part of a segment, "**" for any number of segments, "{name}" for the value of a placeholder, ""
// for every path. A pattern that cannot be read fails the test.
func (s *Server) Count(method, pattern string) int {
	s.tb.Helper()
	return s.server.Journal().Count(s.Requests(method, pattern))
}

// ResetJournal forgets the requests seen so far.
func (s *Server) ResetJournal() { s.server.Journal().Reset() }

// Requests selects the requests that [Server.Count] counts.
func (s *Server) Requests(method, pattern string) JournalFilter {
	s.tb.Helper()
	compiled, err := pathglob.Compile(pattern)
	if err != nil {
		s.tb.Fatalf("mocktest: %v", err)
	}
	return func(e *JournalEntry) bool {
		return pathglob.MatchMethod(method, e.Method) && compiled.Match(e.Path, e.Route)
	}
}

// By selects the requests whose credential goes by that ref or id.
func By(credential string) JournalFilter {
	return func(e *JournalEntry) bool { return e.Credential == credential || e.CredentialID == credential }
}

// Refused selects the requests that the engine refused.
func Refused(e *JournalEntry) bool { return e.Decided && !e.Allowed }

// Writes selects the requests that could have changed something.
func Writes(e *JournalEntry) bool { return e.Method != http.MethodGet && e.Method != http.MethodHead }
