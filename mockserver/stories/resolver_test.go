// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package stories_test

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"golang.org/x/net/dns/dnsmessage"
)

// resolver is a DNS server, over TCP alone, that answers questions for TXT records with the records of a zone as
// the API shows them: what the certificate authority asks to see whether a challenge was met.
type resolver struct {
	addr  string // "127.0.0.1:41234"
	list  string // the URL of the zone's records
	token string

	mu    sync.Mutex
	asked map[string]int // names in questions, without the final dot
	errs  []error
}

// newResolver serves the records that the operator sees in a zone.
func newResolver(t *testing.T, s *mocktest.Server, zone string) *resolver {
	t.Helper()
	listener, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	r := &resolver{
		addr: listener.Addr().String(), list: s.BaseURL + "/zones/" + s.ID("zone:"+zone) + "/dns_records",
		token: s.Credential(operator).Value, asked: map[string]int{},
	}
	var connections sync.WaitGroup
	connections.Go(func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return // closed: the test is over
			}
			connections.Go(func() { r.serve(t.Context(), conn) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		connections.Wait()
		for _, err := range r.errs {
			t.Errorf("resolver: %v", err)
		}
	})
	return r
}

// questions returns how often a name was asked for.
func (r *resolver) questions(name string) int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.asked[name]
}

// serve answers the questions of one connection: messages behind their length (RFC 1035 §4.2.2).
func (r *resolver) serve(ctx context.Context, conn net.Conn) {
	defer conn.Close()
	stop := context.AfterFunc(ctx, func() { conn.Close() })
	defer stop()
	for {
		if err := conn.SetDeadline(time.Now().Add(grace)); err != nil {
			return
		}
		var length [2]byte
		if _, err := io.ReadFull(conn, length[:]); err != nil {
			return // the peer is done
		}
		question := make([]byte, binary.BigEndian.Uint16(length[:]))
		if _, err := io.ReadFull(conn, question); err != nil {
			return
		}
		reply, err := r.answer(ctx, question)
		if err != nil {
			r.mu.Lock()
			r.errs = append(r.errs, err)
			r.mu.Unlock()
			return
		}
		if _, err := conn.Write(append(binary.BigEndian.AppendUint16(nil, uint16(len(reply))), reply...)); err != nil {
			return
		}
	}
}

// answer replies to one question. Of other types than TXT there is nothing.
func (r *resolver) answer(ctx context.Context, message []byte) ([]byte, error) {
	var query dnsmessage.Message
	if err := query.Unpack(message); err != nil {
		return nil, fmt.Errorf("malformed question: %w", err)
	}
	if len(query.Questions) != 1 {
		return nil, fmt.Errorf("%d questions in one message", len(query.Questions))
	}
	question := query.Questions[0]
	name := strings.TrimSuffix(question.Name.String(), ".")
	r.mu.Lock()
	r.asked[name]++
	r.mu.Unlock()
	reply := dnsmessage.Message{
		Header:    dnsmessage.Header{ID: query.ID, Response: true, Authoritative: true, RecursionDesired: query.RecursionDesired},
		Questions: query.Questions,
	}
	if question.Type == dnsmessage.TypeTXT {
		values, err := r.txt(ctx, name)
		if err != nil {
			return nil, err
		}
		for _, value := range values {
			reply.Answers = append(reply.Answers, dnsmessage.Resource{
				Header: dnsmessage.ResourceHeader{Name: question.Name, Type: dnsmessage.TypeTXT, Class: dnsmessage.ClassINET, TTL: 1},
				Body:   &dnsmessage.TXTResource{TXT: []string{value}},
			})
		}
	}
	return reply.Pack()
}

// txt asks the API for the TXT records of a name. Values are shorter than the 255 bytes of one string, and
// quotes around them are the API's notation.
func (r *resolver) txt(ctx context.Context, name string) ([]string, error) {
	query := url.Values{"type": {"TXT"}, "name": {name}}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, r.list+"?"+query.Encode(), http.NoBody)
	if err != nil {
		return nil, err
	}
	request.Header.Set("Authorization", "Bearer "+r.token)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	var reply struct {
		Success bool     `json:"success"`
		Result  []record `json:"result"`
	}
	if err := json.NewDecoder(response.Body).Decode(&reply); err != nil {
		return nil, fmt.Errorf("reply of the API with status %d: %w", response.StatusCode, err)
	}
	if !reply.Success {
		return nil, errors.New("the API refused the list of records: " + response.Status)
	}
	var values []string
	for _, found := range reply.Result {
		values = append(values, strings.Trim(found.Content, `"`))
	}
	return values, nil
}
