// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package journal_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"unsafe"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
)

func paths(entries []journal.Entry) string {
	all := make([]string, 0, len(entries))
	for i := range entries {
		all = append(all, entries[i].Path)
	}
	return strings.Join(all, " ")
}

func TestRingKeepsTheNewest(t *testing.T) {
	t.Parallel()
	j := journal.New(3)
	for i := range 5 {
		j.Begin(journal.Entry{Path: "/" + strconv.Itoa(i)})
	}
	if got, want := paths(j.Entries()), "/2 /3 /4"; got != want {
		t.Errorf("paths %q, want %q", got, want)
	}
	if got := j.Dropped(); got != 2 {
		t.Errorf("dropped %d, want 2", got)
	}
	if got := j.Entries()[0].Seq; got != 3 {
		t.Errorf("oldest sequence number %d, want 3", got)
	}
}

func TestUpdate(t *testing.T) {
	t.Parallel()
	j := journal.New(2)
	a := j.Begin(journal.Entry{Path: "/a"})
	b := j.Begin(journal.Entry{Path: "/b"})
	b.Update(func(e *journal.Entry) { e.Status, e.Seq = 200, 99 })
	a.Update(func(e *journal.Entry) { e.Status = 403 })
	got := j.Entries()
	want := []journal.Entry{{Seq: 1, Path: "/a", Status: 403}, {Seq: 2, Path: "/b", Status: 200}}
	if d := cmp.Diff(want, got); d != "" {
		t.Error(d)
	}
	j.Begin(journal.Entry{Path: "/c"})
	a.Update(func(e *journal.Entry) { t.Errorf("entry %q took the place of a pushed-out one", e.Path) })
}

func TestResetForgetsAndGoesOn(t *testing.T) {
	t.Parallel()
	j := journal.New(4)
	for range 3 {
		j.Begin(journal.Entry{Path: "/old"})
	}
	old := j.Begin(journal.Entry{Path: "/old"})
	j.Reset()
	if got := j.Entries(); len(got) != 0 {
		t.Fatalf("%d entries after the reset", len(got))
	}
	old.Update(func(*journal.Entry) { t.Error("a forgotten entry is updated") })
	for i := range 6 {
		j.Begin(journal.Entry{Path: "/" + strconv.Itoa(i)})
	}
	if got, want := paths(j.Entries()), "/2 /3 /4 /5"; got != want {
		t.Errorf("paths %q, want %q", got, want)
	}
	if got := j.Dropped(); got != 2 {
		t.Errorf("dropped %d, want 2: a reset drops nothing", got)
	}
}

func TestResetOfAPartlyFilledJournal(t *testing.T) {
	t.Parallel()
	j := journal.New(8)
	j.Begin(journal.Entry{Path: "/old"})
	j.Reset()
	r := j.Begin(journal.Entry{Path: "/new"})
	r.Update(func(e *journal.Entry) { e.Status = 200 })
	want := []journal.Entry{{Seq: 2, Path: "/new", Status: 200}}
	if d := cmp.Diff(want, j.Entries()); d != "" {
		t.Error(d)
	}
}

func TestFilters(t *testing.T) {
	t.Parallel()
	j := journal.New(0)
	for i := range 10 {
		j.Begin(journal.Entry{Path: "/" + strconv.Itoa(i), Status: 200 + i%2})
	}
	odd := func(e *journal.Entry) bool { return e.Status == 201 }
	late := func(e *journal.Entry) bool { return e.Seq > 5 }
	if got, want := paths(j.Entries(odd, late)), "/5 /7 /9"; got != want {
		t.Errorf("paths %q, want %q", got, want)
	}
	if got := j.Count(odd); got != 5 {
		t.Errorf("count %d, want 5", got)
	}
}

func TestClientTextIsBounded(t *testing.T) {
	t.Parallel()
	j := journal.New(1)
	long := strings.Repeat("x", 1<<20)
	j.Begin(journal.Entry{Method: long, Path: long, Query: long})
	e := j.Entries()[0]
	if n := max(len(e.Method), len(e.Path), len(e.Query)); n > 4096 {
		t.Errorf("a text of %d bytes is kept", n)
	}
}

func TestConcurrentUse(t *testing.T) {
	t.Parallel()
	const workers, each = 8, 200
	j := journal.New(workers * each)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for range each {
				r := j.Begin(journal.Entry{})
				r.Update(func(e *journal.Entry) { e.Status = 200 })
				j.Count()
			}
		})
	}
	group.Wait()
	answered := func(e *journal.Entry) bool { return e.Status == 200 }
	if got := j.Count(answered); got != workers*each {
		t.Errorf("%d entries, want %d", got, workers*each)
	}
}

// TestEntriesKeepNoRequestLine: what an entry holds of a request is its own, so
// that a short path does not keep a long query in memory.
func TestEntriesKeepNoRequestLine(t *testing.T) {
	t.Parallel()
	line := "PUT /zones?" + strings.Repeat("q", 60<<10)
	j := journal.New(1)
	j.Begin(journal.Entry{Method: line[:3], Path: line[4:10], Query: line[11:]})
	e := j.Entries()[0]
	if e.Method != line[:3] || e.Path != "/zones" {
		t.Fatalf("entry holds %q %q", e.Method, e.Path)
	}
	if unsafe.StringData(e.Method) == unsafe.StringData(line) || unsafe.StringData(e.Path) == unsafe.StringData(line[4:]) {
		t.Error("the entry points into the request line")
	}
}
