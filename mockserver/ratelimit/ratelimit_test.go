// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package ratelimit

import (
	"net/netip"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

var (
	noon = time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)
	home = netip.MustParseAddr("192.0.2.1")
	away = netip.MustParseAddr("2001:db8::1")
)

func TestParse(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		text string
		want Policy
		says string
	}{
		{"published", Published(), "1200 requests in 5m0s for each user and account-owned token, 200 requests in 1s for each address"},
		{"off", Policy{}, "off"},
		{"1200/5m", Policy{PerCaller: Limit{1200, 5 * time.Minute}}, "1200 requests in 5m0s for each user and account-owned token"},
		{"1/1s", Policy{PerCaller: Limit{1, time.Second}}, "1 requests in 1s for each user and account-owned token"},
		{"7/24h", Policy{PerCaller: Limit{7, 24 * time.Hour}}, "7 requests in 24h0m0s for each user and account-owned token"},
	} {
		got, err := Parse(tt.text)
		if err != nil || got != tt.want || got.String() != tt.says {
			t.Errorf("Parse(%q) = %s, %v; want %s", tt.text, got, err, tt.says)
		}
	}
	for _, tt := range []struct{ text, want string }{
		{"", "published, off or N/WINDOW"},
		{"Off", "published, off or N/WINDOW"},
		{"100", "published, off or N/WINDOW"},
		{"x/5m", `"x" is not a number of requests`},
		{"0/5m", `"0" is not a number of requests`},
		{"-1/5m", `"-1" is not a number of requests`},
		{"1.5/5m", `"1.5" is not a number of requests`},
		{"99999999999999999999/5m", "is not a number of requests"},
		{"5/", `"" is no window`},
		{"5/300", `"300" is no window`},
		{"5/0s", `"0s" is no window`},
		{"5/1500ms", `"1500ms" is no window`},
		{"5/25h", `"25h" is no window`},
		{"5/-1m", `"-1m" is no window`},
		{"5/1m/2", `"1m/2" is no window`},
	} {
		if got, err := Parse(tt.text); err == nil || !strings.Contains(err.Error(), tt.want) || got != (Policy{}) {
			t.Errorf("Parse(%q) = %s, %v; want an error that says %q", tt.text, got, err, tt.want)
		}
	}
}

// step is one request of a story, and what is said of it: name, remaining and reset, with "!" for one too many.
type step struct {
	after   time.Duration // since noon
	caller  string
	address netip.Addr
	want    string
}

func (v Verdict) short() string {
	if v.Name == "" {
		return ""
	}
	text := v.Name + " " + strconv.Itoa(v.Remaining) + " " + v.Reset.String()
	if v.Exceeded {
		text += " !"
	}
	return text
}

func TestTake(t *testing.T) {
	t.Parallel()
	three := Policy{PerCaller: Limit{3, 10 * time.Second}}
	both := Policy{PerCaller: Limit{3, 10 * time.Second}, PerAddress: Limit{2, time.Second}}
	for _, tt := range []struct {
		name   string
		policy Policy
		steps  []step
	}{
		{"off", Policy{}, []step{{0, "a", home, ""}, {0, "", home, ""}}},
		{"a window opens with the first request and closes as a whole", three, []step{
			{0, "a", home, "default 2 10s"},
			{4 * time.Second, "a", away, "default 1 6s"},
			{9 * time.Second, "a", home, "default 0 1s"},
			{9500 * time.Millisecond, "a", home, "default 0 500ms !"},
			{9999 * time.Millisecond, "a", away, "default 0 1ms !"},
			{10 * time.Second, "a", home, "default 2 10s"},
			{19 * time.Second, "a", home, "default 1 1s"},
			{40 * time.Second, "a", home, "default 2 10s"},
		}},
		{"callers do not share", three, []step{
			{0, "a", home, "default 2 10s"},
			{0, "b", home, "default 2 10s"},
			{0, "a", home, "default 1 10s"},
			{0, "a", home, "default 0 10s"},
			{0, "a", home, "default 0 10s !"},
			{0, "b", home, "default 1 10s"},
		}},
		{"without a caller and a limit of addresses nothing counts", three, []step{
			{0, "", home, ""}, {0, "", home, ""}, {0, "", home, ""}, {0, "", home, ""},
		}},
		{"an unknown caller counts for the address", both, []step{
			{0, "", home, "address 1 1s"},
			{0, "", home, "address 0 1s"},
			{0, "", home, "address 0 1s !"},
			{0, "", away, "address 1 1s"},
			{time.Second, "", home, "address 1 1s"},
		}},
		{"who hides the address shares one with all who do", both, []step{
			{0, "", netip.Addr{}, "address 1 1s"}, {0, "", netip.Addr{}, "address 0 1s"}, {0, "", netip.Addr{}, "address 0 1s !"},
		}},
		{"what the address refuses does not count for the caller", both, []step{
			{0, "a", home, "default 2 10s"},
			{0, "b", home, "default 2 10s"},
			{0, "a", home, "address 0 1s !"},
			{0, "a", home, "address 0 1s !"},
			{time.Second, "a", home, "default 1 9s"},
		}},
		{"what the caller's limit refuses counts for the address", both, []step{
			{0, "a", home, "default 2 10s"},
			{0, "a", home, "default 1 10s"},
			{time.Second, "a", home, "default 0 9s"},
			{time.Second, "a", home, "default 0 9s !"},
			{time.Second, "b", home, "address 0 1s !"},
		}},
		{"requests that arrive together are counted in any order", three, []step{
			{2 * time.Second, "a", home, "default 2 10s"},
			{time.Second, "a", home, "default 1 10s"},
			{12 * time.Second, "a", home, "default 2 10s"},
		}},
		{"a clock that is set back does not lock anybody out", three, []step{
			{time.Hour, "a", home, "default 2 10s"},
			{time.Hour, "a", home, "default 1 10s"},
			{0, "a", home, "default 2 10s"},
			{time.Second, "a", home, "default 1 9s"},
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			l := New(tt.policy)
			if l.Policy() != tt.policy {
				t.Errorf("policy %s", l.Policy())
			}
			var got, want []string
			for _, s := range tt.steps {
				got = append(got, l.Take(s.caller, s.address, noon.Add(s.after)).short())
				want = append(want, s.want)
			}
			if d := cmp.Diff(want, got); d != "" {
				t.Error(d)
			}
		})
	}
}

// Whatever the pattern of arrivals, a window lets its number go and not one more.
func TestNeverMoreThanTheLimit(t *testing.T) {
	t.Parallel()
	limit := Limit{Requests: 50, Window: 10 * time.Second}
	l := New(Policy{PerCaller: limit})
	now, opened, went := noon, noon, 0
	for i := range 5000 {
		now = now.Add(time.Duration(i*i%397) * time.Millisecond)
		if now.Sub(opened) >= limit.Window {
			opened, went = now, 0
		}
		full := went == limit.Requests
		verdict := l.Take("a", home, now)
		if !verdict.Exceeded {
			went++
		}
		if verdict.Exceeded != full || verdict.Remaining != limit.Requests-went || verdict.Reset != opened.Add(limit.Window).Sub(now) {
			t.Fatalf("request %d: %+v with %d gone since %s", i, verdict, went, now.Sub(opened))
		}
	}
}

func TestMemoryIsBounded(t *testing.T) {
	t.Parallel()
	l := New(Published())
	now := noon
	address := netip.MustParseAddr("2001:db8::")
	most := 0
	for i := range 50_000 {
		address = address.Next()
		now = now.Add(10 * time.Millisecond)
		l.Take("caller "+strconv.Itoa(i), address, now)
		most = max(most, len(l.addresses.open))
	}
	// A hundred addresses come in a second, and a window is kept for two at most.
	if most > 200 {
		t.Errorf("%d addresses are kept", most)
	}
	if got := len(l.callers.open); got > 2*30_000 {
		t.Errorf("%d callers are kept", got)
	}
	l.Take("late", home, now.Add(time.Hour))
	if len(l.callers.open) != 1 || len(l.addresses.open) != 1 {
		t.Errorf("%d callers and %d addresses are kept an hour later", len(l.callers.open), len(l.addresses.open))
	}
}

func TestConcurrentRequests(t *testing.T) {
	t.Parallel()
	l := New(Policy{PerCaller: Limit{500, time.Minute}})
	var mu sync.Mutex
	went := 0
	var group sync.WaitGroup
	for range 20 {
		group.Go(func() {
			for range 100 {
				if !l.Take("a", home, noon).Exceeded {
					mu.Lock()
					went++
					mu.Unlock()
				}
			}
		})
	}
	group.Wait()
	if went != 500 {
		t.Errorf("%d went, want 500", went)
	}
}
