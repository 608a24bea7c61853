// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faults_test

import (
	"errors"
	"math"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/faults"
)

func TestMatching(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name              string
		fault             faults.Fault
		method, path, ref string
		want              bool
	}{
		{"everything", faults.Fault{}, "GET", "/a", "", true},
		{"method", faults.Fault{Method: "get"}, "GET", "/a", "", true},
		{"other method", faults.Fault{Method: "PUT"}, "GET", "/a", "", false},
		{"path", faults.Fault{Path: "/a/*"}, "GET", "/a/b", "", true},
		{"other path", faults.Fault{Path: "/a/*"}, "GET", "/b/b", "", false},
		{"ref", faults.Fault{Credential: "ci"}, "GET", "/a", "ci", true},
		{"id", faults.Fault{Credential: "id-of-ci"}, "GET", "/a", "ci", true},
		{"other ref", faults.Fault{Credential: "ci"}, "GET", "/a", "dns", false},
		{"no credential", faults.Fault{Credential: "ci"}, "GET", "/a", "", false},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t)
			tt.fault.Status = http.StatusTeapot
			b.add(t, tt.fault)
			got := b.mustSend(t, tt.method, tt.path, tt.ref, "")
			if struck := got.status == http.StatusTeapot; struck != tt.want {
				t.Errorf("struck: %t, want %t", struck, tt.want)
			}
		})
	}
}

func TestSkipAndTimes(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	handle := b.add(t, faults.Fault{Path: "/a", Skip: 2, Times: 3, Status: 500})
	b.add(t, faults.Fault{Path: "/a", Status: 418, Times: 1, Skip: 1})
	var statuses []string
	for range 8 {
		got := b.mustSend(t, "GET", "/a", "", "")
		statuses = append(statuses, strconv.Itoa(got.status))
		b.mustSend(t, "GET", "/other", "", "")
	}
	// The second fault sees what the first lets through: its first match passes, its second is struck.
	if want := "202 418 500 500 500 202 202 202"; strings.Join(statuses, " ") != want {
		t.Errorf("got %s, want %s", strings.Join(statuses, " "), want)
	}
	if handle.Struck() != 3 {
		t.Errorf("struck %d", handle.Struck())
	}
}

func TestProbabilityIsRepeatable(t *testing.T) {
	t.Parallel()
	run := func(seed uint64) string {
		b := newBench(t)
		b.add(t, faults.Fault{Probability: 0.5, Seed: seed, Status: 500})
		var fates strings.Builder
		for range 40 {
			got := b.mustSend(t, "GET", "/a", "", "")
			fates.WriteString(strconv.Itoa(got.status / 100))
		}
		return fates.String()
	}
	first := run(1)
	if second := run(1); first != second {
		t.Errorf("one seed, two fates:\n%s\n%s", first, second)
	}
	if run(2) == first {
		t.Error("two seeds, one fate")
	}
	if struck := strings.Count(first, "5"); struck < 8 || struck > 32 {
		t.Errorf("%d of 40 requests were struck at probability 0.5", struck)
	}
}

func TestClear(t *testing.T) {
	t.Parallel()
	b := newBench(t)
	b.add(t, faults.Fault{Status: 500})
	b.set.Clear()
	if got := b.mustSend(t, "GET", "/a", "", ""); got.status != 202 {
		t.Errorf("status %d after Clear", got.status)
	}
}

func TestAddRefuses(t *testing.T) {
	t.Parallel()
	set := faults.NewSet(func() (http.Handler, error) { return nil, errors.New("no copy today") })
	for _, tt := range []struct {
		fault faults.Fault
		want  string
	}{
		{faults.Fault{}, "does nothing"},
		{faults.Fault{Method: "GET", Path: "/a", Times: 3}, "does nothing"},
		{faults.Fault{Path: "a", Status: 500}, "slash"},
		{faults.Fault{DropBefore: true, DropAfter: true}, "exclude"},
		{faults.Fault{Status: 500, TruncateBody: true}, "exclude"},
		{faults.Fault{RetryAfter: time.Second, StaleReads: true}, "exclude"},
		{faults.Fault{Status: 101}, "status 101"},
		{faults.Fault{Status: 600}, "status 600"},
		{faults.Fault{Status: 500, Skip: -1}, "negative"},
		{faults.Fault{Status: 500, Times: -1}, "negative"},
		{faults.Fault{Delay: -1, Status: 500}, "negative"},
		{faults.Fault{Status: 500, Probability: 1.1}, "probability"},
		{faults.Fault{Status: 500, Probability: math.NaN()}, "probability"},
		{faults.Fault{StaleReads: true}, "no copy today"},
	} {
		if _, err := set.Add(tt.fault); err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%+v: %v, want an error with %q", tt.fault, err, tt.want)
		}
	}
	_, err := set.Add(faults.Fault{Skip: -1, Probability: 2})
	if err == nil || !strings.Contains(err.Error(), "probability") || !strings.Contains(err.Error(), "negative") || !strings.Contains(err.Error(), "nothing") {
		t.Errorf("%v does not name every mistake", err)
	}
}

func TestStringNamesEveryEffect(t *testing.T) {
	t.Parallel()
	f := faults.Fault{Delay: time.Second, StaleReads: true, ShuffleReplies: true}
	if got, want := f.String(), "delay 1s, stale read, shuffled reply"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}
