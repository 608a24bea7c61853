// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"path"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/leak"
)

// issuer stands between the provider and the server and writes down every secret that is issued, whether or
// not the provider keeps it.
type issuer struct {
	t       *testing.T
	server  *mocktest.Server
	baseURL string

	mu     sync.Mutex
	names  map[string]string // of tokens, by id
	issued []leak.Secret
	// cut breaks off the next reply that brings a new token, right after the secret.
	cut bool
	// hold keeps requests for a token of this name waiting until the client goes away, and held is closed
	// once there is one.
	hold string
	held chan struct{}
}

func newIssuer(t *testing.T, server *mocktest.Server) *issuer {
	t.Helper()
	i := &issuer{t: t, server: server, names: map[string]string{}, held: make(chan struct{})}
	front := httptest.NewServer(i)
	t.Cleanup(front.Close)
	i.baseURL = front.URL + strings.TrimPrefix(server.BaseURL, server.URL)
	return i
}

// ServeHTTP passes the request on, and the reply back.
func (i *issuer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	if i.keeps(body) {
		<-r.Context().Done()
		return
	}
	request, err := http.NewRequestWithContext(r.Context(), r.Method, i.server.URL+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		i.t.Errorf("issuer: %v", err)
		return
	}
	request.Header = r.Header.Clone()
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		return
	}
	defer response.Body.Close()
	reply, err := io.ReadAll(response.Body)
	if err != nil {
		return
	}
	brings := i.record(r, reply)
	maps.Copy(w.Header(), response.Header)
	w.Header().Set("Content-Length", strconv.Itoa(len(reply)))
	w.WriteHeader(response.StatusCode)
	if brings && i.cuts() {
		reply = reply[:len(reply)-1]
	}
	_, _ = w.Write(reply)
}

func (i *issuer) keeps(body []byte) bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.hold == "" || !bytes.Contains(body, []byte(strconv.Quote(i.hold))) {
		return false
	}
	i.hold = ""
	close(i.held)
	return true
}

func (i *issuer) cuts() bool {
	i.mu.Lock()
	defer i.mu.Unlock()
	cut := i.cut
	i.cut = false
	return cut
}

// record notes the secret of a reply, and reports whether it is that of a new token.
func (i *issuer) record(r *http.Request, reply []byte) (created bool) {
	var envelope struct {
		Result json.RawMessage `json:"result"`
	}
	if json.Unmarshal(reply, &envelope) != nil {
		return false
	}
	i.mu.Lock()
	defer i.mu.Unlock()
	switch {
	case r.Method == http.MethodPost && strings.HasSuffix(r.URL.Path, "/tokens"):
		var token struct{ ID, Name, Value string }
		if json.Unmarshal(envelope.Result, &token) != nil || token.Value == "" {
			return false
		}
		i.names[token.ID] = token.Name
		i.note(token.Name, token.Value)
		return true
	case r.Method == http.MethodPut && path.Base(r.URL.Path) == "value":
		var value string
		if json.Unmarshal(envelope.Result, &value) == nil && value != "" {
			i.note(i.names[path.Base(path.Dir(r.URL.Path))], value)
		}
	}
	return false
}

func (i *issuer) note(name, value string) {
	number := 1
	for _, secret := range i.issued {
		if strings.HasPrefix(secret.Name, name+", secret ") {
			number++
		}
	}
	i.issued = append(i.issued, leak.Secret{Name: fmt.Sprintf("%s, secret %d", name, number), Value: value})
}

// secrets are those of every token so far, and the credential that Terraform runs with.
func (i *issuer) secrets(credential string) []leak.Secret {
	i.mu.Lock()
	defer i.mu.Unlock()
	return append([]leak.Secret{{Name: "Terraform's own credential", Value: credential}}, i.issued...)
}

// secret is one of them by its name.
func (i *issuer) secret(name string) leak.Secret {
	i.t.Helper()
	for _, secret := range i.secrets("") {
		if secret.Name == name {
			return secret
		}
	}
	i.t.Fatalf("no %q was issued", name)
	return leak.Secret{}
}
