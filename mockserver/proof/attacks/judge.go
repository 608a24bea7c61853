// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package attacks

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// try sends one attack and judges it. The error is a bypass, or a failure of the scenario itself.
func (s *scenario) try(t *token, a attack) (status int, err error) {
	readable := map[string]bool{}
	for id, r := range s.records {
		readable[id] = t.mayRead(r.record)
	}
	s.changes = s.changes[:0]
	target, err := url.ParseRequestURI(cloudflare.BasePath + a.path)
	if err != nil {
		return 0, fmt.Errorf("the attack %s is no request: %w", a, err)
	}
	request := httptest.NewRequestWithContext(context.Background(), a.method, "/", strings.NewReader(a.body))
	request.URL, request.RemoteAddr = target, "192.0.2.77:40000"
	request.Header.Set("Authorization", "Bearer "+t.secret)
	request.Header.Set("Content-Type", a.contentType)
	recorder := httptest.NewRecorder()
	s.handler.ServeHTTP(recorder, request)

	changes := s.changes
	if recorder.Code >= http.StatusBadRequest && len(changes) > 0 {
		return recorder.Code, bypass(t, a, "answered %d, and %d rows changed", recorder.Code, len(changes))
	}
	if recorder.Code >= http.StatusInternalServerError {
		return recorder.Code, bypass(t, a, "the server failed: %s", recorder.Body)
	}
	for _, change := range changes {
		if err := s.judgeChange(t, a, change, readable); err != nil {
			return recorder.Code, err
		}
	}
	if recorder.Code < http.StatusBadRequest && a.kind == Elsewhere && t.onRecordsOnly() {
		return recorder.Code, bypass(t, a, "record grants opened it")
	}
	return recorder.Code, s.judgeReply(t, a, recorder, readable)
}

// judgeChange holds that a record was covered before and after what was done to it, and that nothing else
// was done; then it takes the change over.
func (s *scenario) judgeChange(t *token, a attack, change state.Change, readable map[string]bool) error {
	if change.Kind == state.KindDocument && a.kind == Elsewhere && !t.onRecordsOnly() {
		return nil // A grant on the zone opens what else the zone has.
	}
	if change.Kind != state.KindRecord {
		return bypass(t, a, "it changed %s %s", change.Kind, change.Key)
	}
	before, existed := s.records[change.Key]
	if existed && (!t.mayWrite(before.record) || !readable[change.Key]) {
		return bypass(t, a, "it changed %+v", before.record)
	}
	if change.Value == nil {
		delete(s.records, change.Key)
		return nil
	}
	after, err := s.read(change)
	if err != nil {
		return err
	}
	if !t.mayWrite(after.record) {
		return bypass(t, a, "it wrote %+v", after.record)
	}
	if !existed {
		s.order = append(s.order, after.id)
	}
	s.records[after.id] = after
	return nil
}

// judgeReply holds that a reply tells of no record that the token could not read before the request, and
// that an unfiltered list counts the readable ones alone.
func (s *scenario) judgeReply(t *token, a attack, reply *httptest.ResponseRecorder, readable map[string]bool) error {
	body := reply.Body.String()
	for id, r := range s.records {
		if r.marker == "" || readable[id] || strings.Contains(a.body+a.path, r.marker) {
			continue
		}
		if strings.Contains(body, r.marker) {
			return bypass(t, a, "the reply tells of %+v: %s", r.record, body)
		}
	}
	if a.kind != List || reply.Code != http.StatusOK || strings.TrimRight(a.path, "?") != strings.SplitN(a.path, "?", 2)[0] {
		return nil
	}
	var list struct {
		Info struct {
			Total int `json:"total_count"`
		} `json:"result_info"`
	}
	if err := json.Unmarshal(reply.Body.Bytes(), &list); err != nil {
		return fmt.Errorf("%s answered no envelope: %w", a, err)
	}
	want := 0
	for _, r := range s.records {
		if readable[r.id] && s.zones[r.record.zone] == strings.Split(a.path, "/")[2] {
			want++
		}
	}
	if list.Info.Total != want {
		return bypass(t, a, "the list counts %d records, %d are readable", list.Info.Total, want)
	}
	return nil
}

// BypassError is an attack that came through.
type BypassError struct {
	// Request is what was sent, Rules what the token held, Problem what happened that must not.
	Request, Rules, Problem string
}

// Error tells all of it: it is what a fix starts from.
func (e *BypassError) Error() string {
	return fmt.Sprintf("bypass: %s\n  request: %s\n  token: %s", e.Problem, e.Request, e.Rules)
}

func bypass(t *token, a attack, format string, args ...any) error {
	return &BypassError{Request: a.String(), Rules: fmt.Sprintf("%+v", t.rules), Problem: fmt.Sprintf(format, args...)}
}
