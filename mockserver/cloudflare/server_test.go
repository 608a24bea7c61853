// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// noon is the instant at which tests run.
var noon = time.Date(2030, 6, 1, 12, 0, 0, 0, time.UTC)

// The identifiers that testdata/world.yaml gives.
const (
	acme      = "01a7362d577a6c3019a474fd6f485823"
	globex    = "1a2b3c4d5e6f708192a3b4c5d6e7f809"
	zoneCom   = "023e105f4ecef8ad9ca31a8372d0c353"
	zoneOrg   = "123e105f4ecef8ad9ca31a8372d0c354"
	zoneOther = "223e105f4ecef8ad9ca31a8372d0c355"
	absent    = "ffffffffffffffffffffffffffffffff"
)

// Permission groups by their published ids.
const (
	dnsRead          = "82e64a83756745bbbb1c9c2701bf816b"
	dnsWrite         = "4755a26eedb94da69e1066d98aa820be"
	zoneRead         = "c8fed203ed3043cba015a93ad1616f1f"
	zoneWrite        = "e6d2666161e84845a636613608cee8d5"
	cachePurge       = "e17beae8b8cb423a99b1730f21238bed"
	apiTokensWrite   = "686d18d5ac6c441c867cbf6771e58a0a"
	accountTokens    = "5bc3f8b21c554832afc660159ab75fa4"
	accountSettingsW = "1af1fa2adc104452b74a9a3364202f20"
	accountSettingsR = "c1fde68c7bcc44588cbb6ddbc16d6480"
)

// server is one dialect on a world of its own. Requests to it are answered in
// the calling goroutine.
type server struct {
	tb      testing.TB
	world   *state.World
	handler http.Handler

	mu          sync.Mutex
	now         time.Time
	credentials map[string]seed.Credential
	decisions   []cloudflare.Decided
	address     string
}

// counter makes identifiers and secrets that are the same in every run.
type counter struct {
	mu sync.Mutex
	n  uint64
}

func (c *counter) next() uint64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.n++
	return c.n
}

func (c *counter) NewID(string) authz.ID {
	var id authz.ID
	id[0] = 0xaa
	binary.BigEndian.PutUint64(id[8:], c.next())
	return id
}

func (c *counter) NewSecret(prefix string) string {
	return state.FormatSecret(prefix, fmt.Sprintf("%040d", c.next()))
}

// newServer serves testdata/world.yaml.
func newServer(tb testing.TB, change ...func(*cloudflare.Options)) *server {
	tb.Helper()
	data, err := os.ReadFile("testdata/world.yaml")
	if err != nil {
		tb.Fatal(err)
	}
	return newSeeded(tb, string(data), change...)
}

func newSeeded(tb testing.TB, yaml string, change ...func(*cloudflare.Options)) *server {
	tb.Helper()
	ids := &counter{}
	s := &server{
		tb: tb, now: noon, address: "192.0.2.77:40000", credentials: make(map[string]seed.Credential),
		world: state.New(state.Options{IDs: ids, Secrets: ids, HashKey: [32]byte{1}}),
	}
	loaded, err := seed.Load("world.yaml", []byte(yaml), s.world)
	if err != nil {
		tb.Fatal(err)
	}
	for _, c := range loaded.Credentials {
		switch c.Kind {
		case seed.KindGlobalKey:
			s.credentials["key:"+c.Ref] = c
		case seed.KindOriginCAKey:
			s.credentials["origin:"+c.Ref] = c
		default:
			s.credentials[c.Ref] = c
		}
	}
	options := cloudflare.Options{
		World: s.world, Clock: s.clock,
		OnDecision: func(_ context.Context, d *cloudflare.Decided) {
			s.mu.Lock()
			defer s.mu.Unlock()
			s.decisions = append(s.decisions, *d)
		},
	}
	for _, c := range change {
		c(&options)
	}
	s.handler = cloudflare.New(options).Handler()
	return s
}

func (s *server) clock() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.now
}

func (s *server) advance(d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.now = s.now.Add(d)
}

func (s *server) lastDecision() cloudflare.Decided {
	s.tb.Helper()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.decisions) == 0 {
		s.tb.Fatal("no decision was reported")
	}
	return s.decisions[len(s.decisions)-1]
}

// authorize returns the headers of a credential by its ref: a token's, or
// "key:<user>", "origin:<user>"; "" is none.
func (s *server) authorize(ref string) http.Header {
	s.tb.Helper()
	h := http.Header{}
	if ref == "" {
		return h
	}
	c, ok := s.credentials[ref]
	if !ok {
		s.tb.Fatalf("the world has no credential %q", ref)
	}
	switch c.Kind {
	case seed.KindGlobalKey:
		h.Set("X-Auth-Email", c.Email)
		h.Set("X-Auth-Key", c.Value)
	case seed.KindOriginCAKey:
		h.Set("X-Auth-User-Service-Key", c.Value)
	default:
		h.Set("Authorization", "Bearer "+c.Value)
	}
	return h
}

// learn makes a secret known under a ref.
func (s *server) learn(ref, secret string) {
	s.credentials[ref] = seed.Credential{Ref: ref, Kind: seed.KindUserToken, Value: secret}
}

// id returns the identifier of a token by its ref.
func (s *server) id(ref string) string {
	s.tb.Helper()
	c, ok := s.credentials[ref]
	if !ok {
		s.tb.Fatalf("the world has no credential %q", ref)
	}
	return c.ID
}

// user and member return identifiers by ref.
func (s *server) user(ref string) string {
	s.tb.Helper()
	return s.look(func(tx *state.Tx) string {
		if u := tx.UserByRef(ref); u != nil {
			return u.ID.String()
		}
		return ""
	})
}

func (s *server) member(ref string) string {
	s.tb.Helper()
	return s.look(func(tx *state.Tx) string {
		if m := tx.MemberByRef(ref); m != nil {
			return m.ID.String()
		}
		return ""
	})
}

// record returns the identifier of a zone's record by type and name.
func (s *server) record(zone, recordType, name string) string {
	s.tb.Helper()
	return s.look(func(tx *state.Tx) string {
		id, _ := authz.ParseID(zone)
		for _, r := range tx.RecordsByName(id, name) {
			if r.Type == recordType {
				return r.ID.String()
			}
		}
		return ""
	})
}

func (s *server) look(find func(*state.Tx) string) string {
	s.tb.Helper()
	var found string
	err := s.world.View(func(tx *state.Tx) error {
		found = find(tx)
		return nil
	})
	if err != nil || found == "" {
		s.tb.Fatalf("the world does not hold what the test looks for (%v)", err)
	}
	return found
}

func (s *server) digest() string {
	s.tb.Helper()
	d, err := s.world.Digest()
	if err != nil {
		s.tb.Fatal(err)
	}
	return d
}

// response is a reply, decoded.
type response struct {
	tb     testing.TB
	status int
	header http.Header
	body   string
	envelope
}

type envelope struct {
	Success  bool            `json:"success"`
	Errors   []apiError      `json:"errors"`
	Messages []apiError      `json:"messages"`
	Result   json.RawMessage `json:"result"`
	Info     *info           `json:"result_info"`
}

type apiError struct {
	Code    int        `json:"code"`
	Message string     `json:"message"`
	Chain   []apiError `json:"error_chain"`
	Source  struct {
		Pointer string `json:"pointer"`
	} `json:"source"`
}

type info struct {
	Page       int `json:"page"`
	PerPage    int `json:"per_page"`
	Count      int `json:"count"`
	TotalCount int `json:"total_count"`
	TotalPages int `json:"total_pages"`
}

// do sends a request with a credential by its ref. A body that is a string is
// sent as it is, anything else as JSON; nil is none.
func (s *server) do(ref, method, path string, body any) *response {
	s.tb.Helper()
	return s.send(s.authorize(ref), method, path, body)
}

func (s *server) send(header http.Header, method, path string, body any) *response {
	s.tb.Helper()
	var reader io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		reader = strings.NewReader(b)
	default:
		text, err := json.Marshal(b)
		if err != nil {
			s.tb.Fatal(err)
		}
		reader = bytes.NewReader(text)
	}
	request := httptest.NewRequest(method, cloudflare.BasePath+path, reader)
	request.Header = header
	request.RemoteAddr = s.address
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)
	r := &response{tb: s.tb, status: recorder.Code, header: recorder.Header(), body: recorder.Body.String()}
	if most := 3000; len(r.body) > most {
		defer func() { r.body = r.body[:most] + "…" }() // for messages
	}
	if r.body == "" || r.header.Get("Content-Type") != "application/json" {
		return r
	}
	if err := json.Unmarshal(recorder.Body.Bytes(), &r.envelope); err != nil {
		s.tb.Fatalf("%s %s answered no envelope: %v\n%s", method, path, err, r.body)
	}
	return r
}

// ok fails the test unless the request succeeded.
func (r *response) ok() *response {
	r.tb.Helper()
	if r.status != http.StatusOK || !r.Success || len(r.Errors) != 0 {
		r.tb.Fatalf("got %d, want success:\n%s", r.status, r.body)
	}
	return r
}

// refused fails the test unless the reply has this status and first code.
func (r *response) refused(status, code int) *response {
	r.tb.Helper()
	if r.status != status || r.Success || len(r.Errors) == 0 || r.Errors[0].Code != code {
		r.tb.Fatalf("got %d, want %d with code %d:\n%s", r.status, status, code, r.body)
	}
	return r
}

// because fails the test unless the refusal's chain starts with the reason.
func (r *response) because(reason authz.Reason) *response {
	r.tb.Helper()
	if len(r.Errors) == 0 || len(r.Errors[0].Chain) == 0 || !strings.HasPrefix(r.Errors[0].Chain[0].Message, string(reason)+": ") {
		r.tb.Fatalf("the chain does not say %s:\n%s", reason, r.body)
	}
	return r
}

// says fails the test unless some error's message or chain holds the text.
func (r *response) says(text string) *response {
	r.tb.Helper()
	for _, e := range r.Errors {
		if strings.Contains(e.Message, text) {
			return r
		}
		for _, c := range e.Chain {
			if strings.Contains(c.Message, text) {
				return r
			}
		}
	}
	r.tb.Fatalf("no error says %q:\n%s", text, r.body)
	return r
}

// into decodes the result.
func into[T any](r *response) T {
	r.tb.Helper()
	var v T
	if err := json.Unmarshal(r.Result, &v); err != nil {
		r.tb.Fatalf("%v:\n%s", err, r.body)
	}
	return v
}

// object is a result of which a test reads some fields.
type object map[string]any

func (o object) text(name string) string {
	s, _ := o[name].(string)
	return s
}

// listed returns one field of every item of a list.
func listed(r *response, field string) []string {
	r.tb.Helper()
	names := []string{}
	for _, o := range into[[]object](r.ok()) {
		names = append(names, o.text(field))
	}
	return names
}
