// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mocktest_test

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// small is a world of one user with one token.
const small = `
users:
  dev: {email: dev@example.com, api_key: "0123456789abcdef0123456789abcdef01234"}
accounts:
  acme: {name: Acme, type: standard, members: {dev: {roles: [Super Administrator - All Privileges]}}}
zones:
  example.com: {account: acme}
tokens:
  ops:
    user: dev
    policies: [{permission_groups: [API Tokens Write, User Details Read], resources: {user: self}}]
    expires_on: "2030-01-01T00:00:00Z"
`

func TestBuiltinWorld(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	if s.BaseURL != s.URL+"/client/v4" || !strings.HasPrefix(s.URL, "http://127.0.0.1:") {
		t.Errorf("URL %q, base URL %q", s.URL, s.BaseURL)
	}
	status, reply := s.Do("terraform", "GET", "/user", nil)
	var user struct{ ID, Email string }
	if err := reply.Decode(&user); err != nil || status != 200 || !reply.Success {
		t.Fatalf("GET /user: %d %v %+v", status, err, reply.Errors)
	}
	if user.ID != s.ID("super") || user.Email != "super@example.com" {
		t.Errorf("the user is %+v", user)
	}
}

func TestCredentials(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for ref, kind := range map[string]string{
		"terraform": mocktest.UserToken, "acme_ops": mocktest.AccountToken, "super": mocktest.GlobalKey,
	} {
		c := s.Credential(ref)
		if c.Ref != ref || c.Kind != kind || c.Value == "" {
			t.Errorf("credential %s is a %s %q", ref, c.Kind, c.Ref)
		}
		if status, reply := s.Do(ref, "GET", "/zones", nil); status != 200 {
			t.Errorf("GET /zones as %s: %d %+v", ref, status, reply.Errors)
		}
	}
	if c := s.CredentialOf(mocktest.OriginCAKey, "super"); c.Kind != mocktest.OriginCAKey || !strings.HasPrefix(c.Value, "v1.0-") {
		t.Errorf("the Origin CA key is a %s", c.Kind)
	}
	if s.Credential("terraform").ID != s.ID("terraform") || s.Credential("super").ID != s.ID("super") {
		t.Error("credentials have other ids than the world")
	}
	if status, reply := s.Do("", "GET", "/user", nil); status != 400 || reply.Code() != 9106 {
		t.Errorf("without a credential: %d %+v", status, reply.Errors)
	}
}

func TestAuthorize(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]string{
		mocktest.UserToken:    "map[Authorization:[Bearer v]]",
		mocktest.AccountToken: "map[Authorization:[Bearer v]]",
		mocktest.VultrKey:     "map[Authorization:[Bearer v]]",
		mocktest.GlobalKey:    "map[X-Auth-Email:[e] X-Auth-Key:[v]]",
		mocktest.OriginCAKey:  "map[X-Auth-User-Service-Key:[v]]",
	} {
		h := http.Header{}
		mocktest.Credential{Kind: kind, Email: "e", Value: "v"}.Authorize(h)
		if got := fmt.Sprint(h); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}

func TestIDs(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	for ref, want := range map[string]string{
		"acme": "01a7362d577a6c3019a474fd6f485823", "account:acme": "01a7362d577a6c3019a474fd6f485823",
		"example.com": "023e105f4ecef8ad9ca31a8372d0c353", "zone:example.com": "023e105f4ecef8ad9ca31a8372d0c353",
		"user:super": s.ID("super"), "member:acme/dns": s.ID("acme/dns"), "token:ci_dns": s.ID("ci_dns"),
	} {
		if got := s.ID(ref); got != want || len(got) != 32 {
			t.Errorf("%s is %q, want %q", ref, got, want)
		}
	}
	if s.ID("acme/dns") == s.ID("dns") {
		t.Error("a member has its user's id")
	}
}

// failures is a testing.TB that keeps what would have failed the test.
type failures struct {
	testing.TB
	text string
}

func (f *failures) Helper() {}

func (f *failures) Fatalf(format string, args ...any) {
	f.text = fmt.Sprintf(format, args...)
	panic(f)
}

// failing returns how a test fails.
func failing(t *testing.T, test func(f *failures)) (text string) {
	t.Helper()
	f := &failures{TB: t}
	defer func() {
		if raised := recover(); raised != nil && raised != any(f) {
			panic(raised)
		}
		text = f.text
	}()
	test(f)
	return ""
}

func TestMistakesFailTheTest(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name, want string
		test       func(s *mocktest.Server)
	}{
		{"unknown credential", "terraform", func(s *mocktest.Server) { s.Credential("terrafrom") }},
		{"unknown kind", "global_key", func(s *mocktest.Server) { s.CredentialOf(mocktest.AccountToken, "super") }},
		{"unknown ref", `"nobody"`, func(s *mocktest.Server) { s.ID("nobody") }},
		{"ref of another kind", `"user:acme"`, func(s *mocktest.Server) { s.ID("user:acme") }},
		{"fault", "nothing", func(s *mocktest.Server) { s.Fault(mocktest.Fault{Path: "/user"}) }},
		{"question", "did you mean", func(s *mocktest.Server) { s.Explain("terraform", "GET /users", nil) }},
		{"question that is none", "unsupported type", func(s *mocktest.Server) { s.Ask("explain", func() {}, nil) }},
		{"pattern", "slash", func(s *mocktest.Server) { s.Count("GET", "user") }},
		{"body", "body", func(s *mocktest.Server) { s.Do("", "POST", "/user", func() {}) }},
		{"lost reply", "EOF", func(s *mocktest.Server) {
			s.Fault(mocktest.Fault{DropBefore: true})
			s.Do("", "POST", "/user", nil)
		}},
		{"no envelope", "502", func(s *mocktest.Server) {
			s.Fault(mocktest.Fault{Status: 502, Body: "<html>"})
			s.Do("", "GET", "/user", nil)
		}},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if got := failing(t, func(f *failures) { tt.test(mocktest.New(f)) }); !strings.Contains(got, tt.want) {
				t.Errorf("the test fails with %q, want %q", got, tt.want)
			}
		})
	}
	wrong := failing(t, func(f *failures) { mocktest.New(f, mocktest.WithSeed("users: {a: {mail: x}}")) })
	if !strings.Contains(wrong, "seed.yaml:1") {
		t.Errorf("a seed with a mistake fails with %q", wrong)
	}
}

func TestWithSeed(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t, mocktest.WithSeed(small))
	if status, reply := s.Do("ops", "GET", "/user", nil); status != 200 {
		t.Errorf("%d %+v", status, reply.Errors)
	}
	if got := s.ID("acme/dev"); len(got) != 32 {
		t.Errorf("member %q", got)
	}
}

func TestExpiryFollowsTheClock(t *testing.T) {
	t.Parallel()
	at := time.Date(2029, 12, 31, 23, 59, 58, 0, time.UTC)
	s := mocktest.New(t, mocktest.WithSeed(small), mocktest.WithClock(at))
	if !s.Now().Equal(at) {
		t.Errorf("the clock shows %s", s.Now())
	}
	for i, want := range []int{200, 200, 403} {
		if status, reply := s.Do("ops", "GET", "/user", nil); status != want {
			t.Errorf("after %d s: %d %+v, want %d", i, status, reply.Errors, want)
		}
		s.Advance(time.Second)
	}
	s.SetTime(at)
	if status, _ := s.Do("ops", "GET", "/user", nil); status != 200 {
		t.Errorf("back in time: %d", status)
	}
	refused := s.Journal(mocktest.Refused)
	if len(refused) != 1 || refused[0].Reason != "credential_expired" || !refused[0].Time.Equal(at.Add(2*time.Second)) {
		t.Errorf("refused: %+v", refused)
	}
}

func TestRunningClockAdvances(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	before := s.Now()
	if d := time.Since(before); d < -time.Minute || d > time.Minute {
		t.Errorf("the clock is off by %s", d)
	}
	s.Advance(time.Hour)
	if d := s.Now().Sub(before); d < time.Hour {
		t.Errorf("advanced by %s", d)
	}
}

func TestSeededIDs(t *testing.T) {
	t.Parallel()
	create := func(t *testing.T) string {
		t.Helper()
		s := mocktest.New(t, mocktest.WithSeededIDs(7))
		status, reply := s.Do("terraform", "POST", "/user/tokens", map[string]any{
			"name": "a",
			"policies": []any{map[string]any{
				"effect": "allow", "permission_groups": []any{map[string]any{"id": "8acbe5bb0d54464ab867149d7f7cf8ac"}},
				"resources": map[string]any{"com.cloudflare.api.user." + s.ID("super"): "*"},
			}},
		})
		if status != 200 {
			t.Fatalf("%d %+v", status, reply.Errors)
		}
		var token struct{ ID, Value string }
		if err := reply.Decode(&token); err != nil {
			t.Fatal(err)
		}
		return token.ID + " " + token.Value
	}
	if one, other := create(t), create(t); one != other {
		t.Errorf("one seed, two tokens: %s, %s", one, other)
	}
}

func TestJournalAndCounts(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	s.Do("terraform", "GET", "/user", nil)
	s.Do("terraform", "GET", "/user/tokens/"+s.ID("ci_dns"), nil)
	s.Do("terraform", "GET", "/user/tokens/verify", nil)
	s.Do("super", "GET", "/user", nil)
	s.Do("super", "PATCH", "/accounts/"+s.ID("acme"), nil)
	for _, tt := range []struct {
		method, pattern string
		want            int
	}{
		{"", "", 5},
		{"GET", "", 4},
		{"get", "/user", 2},
		{"", "/user/tokens/*", 2},
		{"", "/user/tokens/{token_id}", 1},
		{"POST", "/user", 0},
	} {
		if got := s.Count(tt.method, tt.pattern); got != tt.want {
			t.Errorf("%s %s: %d requests, want %d", tt.method, tt.pattern, got, tt.want)
		}
	}
	if got := s.Journal(mocktest.By("super"), s.Requests("GET", "")); len(got) != 1 || got[0].Path != "/user" {
		t.Errorf("GET by super: %+v", got)
	}
	if got := s.Journal(mocktest.By(s.ID("terraform"))); len(got) != 3 {
		t.Errorf("%d requests by the id of the token", len(got))
	}
	if got := s.Journal(mocktest.Writes); len(got) != 1 || got[0].Method != http.MethodPatch {
		t.Errorf("writes: %+v", got)
	}
	s.ResetJournal()
	if got := s.Count("", ""); got != 0 {
		t.Errorf("%d requests after the reset", got)
	}
}

func TestFaultsStrike(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	handle := s.Fault(mocktest.Fault{Method: "GET", Path: "/user", Credential: "terraform", Skip: 1, Times: 1, RetryAfter: time.Second})
	var got []int
	for range 3 {
		status, _ := s.Do("terraform", "GET", "/user", nil)
		other, _ := s.Do("super", "GET", "/user", nil)
		got = append(got, status, other)
	}
	if fmt.Sprint(got) != "[200 200 429 200 200 200]" || handle.Struck() != 1 {
		t.Errorf("statuses %v, struck %d", got, handle.Struck())
	}
	struck := s.Journal(func(e *mocktest.JournalEntry) bool { return e.Fault != "" })
	if len(struck) != 1 || struck[0].Fault != "status 429" || struck[0].Status != 429 || struck[0].Decided {
		t.Errorf("in the journal: %+v", struck)
	}
	s.Fault(mocktest.Fault{Status: 503})
	s.ClearFaults()
	if status, _ := s.Do("terraform", "GET", "/user", nil); status != 200 {
		t.Errorf("status %d after ClearFaults", status)
	}
}

// newToken is the body of a token that may read its user.
func newToken(s *mocktest.Server, name string) string {
	return `{"name":"` + name + `","policies":[{"effect":"allow","permission_groups":[{"id":"8acbe5bb0d54464ab867149d7f7cf8ac"}],` +
		`"resources":{"com.cloudflare.api.user.` + s.ID("super") + `":"*"}}]}`
}

// names lists the names of the caller's tokens.
func names(t *testing.T, s *mocktest.Server, ref string) string {
	t.Helper()
	status, reply := s.Do(ref, "GET", "/user/tokens", nil)
	if status != 200 {
		t.Fatalf("%d %+v", status, reply.Errors)
	}
	var tokens []struct{ Name string }
	if err := reply.Decode(&tokens); err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, token := range tokens {
		list = append(list, token.Name)
	}
	return strings.Join(list, " ")
}

func TestLostReplies(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		name  string
		fault mocktest.Fault
		acts  bool
		error error
	}{
		{"before", mocktest.Fault{Method: "POST", DropBefore: true}, false, io.EOF},
		{"after", mocktest.Fault{Method: "POST", DropAfter: true}, true, io.EOF},
		{"truncated", mocktest.Fault{Method: "POST", TruncateBody: true}, true, io.ErrUnexpectedEOF},
	} {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			s := mocktest.New(t)
			s.Fault(tt.fault)
			client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
			resp, err := client.Do(s.Request("super", "POST", "/user/tokens", newToken(s, "lost")))
			if err == nil {
				_, err = io.ReadAll(resp.Body)
				resp.Body.Close()
			}
			if !errors.Is(err, tt.error) {
				t.Errorf("the client gets %v, want %v", err, tt.error)
			}
			if got := strings.Contains(names(t, s, "super"), "lost"); got != tt.acts {
				t.Errorf("the token was made: %t, want %t", got, tt.acts)
			}
			entry := s.Journal(mocktest.Writes)[0]
			if entry.Allowed != tt.acts || (entry.Status == 200) != tt.acts || entry.Fault == "" {
				t.Errorf("in the journal: %+v", entry)
			}
		})
	}
}

func TestStaleReads(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	before := names(t, s, "super")
	handle := s.Fault(mocktest.Fault{StaleReads: true})
	status, reply := s.Do("super", "POST", "/user/tokens", newToken(s, "fresh"))
	if status != 200 {
		t.Fatalf("%d %+v", status, reply.Errors)
	}
	var token struct{ ID, Value string }
	if err := reply.Decode(&token); err != nil {
		t.Fatal(err)
	}
	if got := names(t, s, "super"); got != before {
		t.Errorf("a stale list holds %s, want %s", got, before)
	}
	if status, _ := s.Do("super", "GET", "/user/tokens/"+token.ID, nil); status != 404 {
		t.Errorf("a stale read of the new token: %d", status)
	}
	get := func() (int, string) {
		r := s.Request("", "GET", "/user", nil)
		r.Header.Set("Authorization", "Bearer "+token.Value)
		resp, err := http.DefaultTransport.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		text, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return resp.StatusCode, string(text)
	}
	if status, text := get(); status != 403 || !strings.Contains(text, "9109") {
		t.Errorf("the new token, read stale: %d %s", status, text)
	}
	handle.Remove()
	if status, text := get(); status != 200 {
		t.Errorf("the new token: %d %s", status, text)
	}
	if got := names(t, s, "super"); !strings.Contains(got, "fresh") {
		t.Errorf("the list holds %s", got)
	}
}

func TestShuffledReplies(t *testing.T) {
	t.Parallel()
	orders := func(s *mocktest.Server) int {
		seen := map[string]bool{}
		for range 12 {
			_, reply := s.Do("super", "GET", "/user/tokens/"+s.ID("terraform"), nil)
			seen[string(reply.Result)] = true
		}
		return len(seen)
	}
	if got := orders(mocktest.New(t, mocktest.WithShuffledReplies(0))); got < 3 {
		t.Errorf("12 replies come in %d orders", got)
	}
	s := mocktest.New(t)
	if got := orders(s); got != 1 {
		t.Errorf("without shuffling 12 replies come in %d orders", got)
	}
	handle := s.Fault(mocktest.Fault{ShuffleReplies: true})
	if got := orders(s); got < 3 {
		t.Errorf("with the fault 12 replies come in %d orders", got)
	}
	handle.Remove()
	if got := orders(s); got != 1 {
		t.Errorf("after the fault 12 replies come in %d orders", got)
	}
}

func TestWithOptions(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t, mocktest.WithOptions(func(o *mockserver.Options) { o.TerseErrors = true }))
	status, reply := s.Do("viewer", "DELETE", "/zones/"+s.ID("example.com"), nil)
	if status != 403 || len(reply.Errors) != 1 || len(reply.Errors[0].Chain) != 0 {
		t.Errorf("%d %+v", status, reply.Errors)
	}
	explained := mocktest.New(t)
	_, reply = explained.Do("viewer", "DELETE", "/zones/"+explained.ID("example.com"), nil)
	if len(reply.Errors) != 1 || len(reply.Errors[0].Chain) != 1 || !strings.HasPrefix(reply.Errors[0].Chain[0].Message, "owner_lacks_right: ") {
		t.Errorf("%+v", reply.Errors)
	}
}

func TestWorldChangesCount(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	err := s.World().Update(func(tx *state.Tx) error { return tx.DeleteToken(tx.TokenByRef("ci_dns").ID) })
	if err != nil {
		t.Fatal(err)
	}
	if status, reply := s.Do("ci_dns", "GET", "/zones", nil); status != 403 || reply.Code() != 9109 {
		t.Errorf("a deleted token: %d %+v", status, reply.Errors)
	}
}
