// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

const (
	// wireToken is the credential of these tests.
	wireToken = "cfut_0123456789abcdefghijklmnopqrstuvwxyzABCD89abcdef"
	// nowhere is where nobody listens. The port of a server that was closed may be another test's by now.
	nowhere = "http://127.0.0.1:1"
)

// answer is a handler that gives one answer to everything.
func answer(status int, contentType, body string, headers ...string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", contentType)
		w.Header().Set("Cf-Ray", "8f00ba4-AMS")
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func envelope(status int, body string, headers ...string) http.HandlerFunc {
	return answer(status, "application/json", body, headers...)
}

func page(status int, title string) http.HandlerFunc {
	return answer(status, "text/html", "<html><head><title>"+title+"</title></head></html>")
}

// hangUp closes the connection; with a reset, and not in good order, if that is asked for.
func hangUp(reset bool) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		connection, _, err := http.NewResponseController(w).Hijack()
		if err != nil {
			return
		}
		if tcp, ok := connection.(*net.TCPConn); ok && reset {
			_ = tcp.SetLinger(0)
		}
		_ = connection.Close()
	}
}

func truncated(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Content-Length", "400")
	_, _ = io.WriteString(w, `{"success":true,"result":{"id":"023e`)
}

// byMethod answers each method in its own way.
func byMethod(handlers map[string]http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) { handlers[r.Method](w, r) }
}

// once answers the first request in one way, and those that follow in another.
func once(first, then http.HandlerFunc) http.HandlerFunc {
	var requests atomic.Int32
	return func(w http.ResponseWriter, r *http.Request) {
		if requests.Add(1) == 1 {
			first(w, r)
			return
		}
		then(w, r)
	}
}

// The calls that the cases make.
func readUser(ctx context.Context, c *client.Client) error {
	_, err := c.User(ctx)
	return err
}

func createToken(ctx context.Context, c *client.Client) error {
	_, err := c.CreateToken(ctx, client.Owner{}, client.TokenDefinition{Name: "ci"})
	return err
}

func updateToken(ctx context.Context, c *client.Client) error {
	_, err := c.UpdateToken(ctx, client.Owner{}, id, client.TokenDefinition{Name: "ci"})
	return err
}

func rollToken(ctx context.Context, c *client.Client) error {
	_, err := c.RollToken(ctx, client.Owner{}, id)
	return err
}

// What comes over the wire, through the client, ends as these diagnostics. The other golden test has the
// answers that need a certain client, such as one that tried five times.
func TestAPIError_fromTheWire(t *testing.T) {
	t.Parallel()
	const (
		list = `{"success":true,"errors":[],"messages":[],"result":[],"result_info":{"page":1,"per_page":50,"count":0,"total_count":0,"total_pages":1}}`
		one  = `{"success":true,"errors":[],"messages":[],"result":[{"id":"` + id + `","name":"ci","status":"active","issued_on":"2026-01-01T00:00:00Z","modified_on":"2026-01-01T00:00:00Z","policies":[]}],"result_info":{"page":1,"per_page":50,"count":1,"total_count":1,"total_pages":1}}`
		said = `{"success":false,"errors":[{"code":1001,"message":"permission group is not known","source":{"pointer":"/policies/0/permission_groups/0/id"}},{"code":1001,"message":"Invalid CIDR","source":{"pointer":"/condition/request_ip/in/0"}}],"messages":[],"result":null}`
		deny = `{"success":false,"errors":[{"code":10000,"message":"Authentication error","error_chain":[{"code":10000,"message":"no_matching_grant: no allow policy grants this operation; the smallest grant that would allow it: \"User Details Read\" on com.cloudflare.api.user.*"}]}],"messages":[],"result":null}`
	)
	refuse := envelope(403, `{"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[],"result":null}`)
	tests := []struct {
		name, verb, noun string
		handler          http.HandlerFunc
		call             func(context.Context, *client.Client) error
	}{
		{"200_page", "read", "user", page(200, "Sign in to the network"), readUser},
		{"200_empty", "read", "user", answer(200, "text/plain", ""), readUser},
		{"200_other_json", "read", "user", envelope(200, `{"id":"x"}`), readUser},
		{"200_no_success", "read", "user", envelope(200, `{"success":false,"errors":[{"code":1001,"message":"no"}],"result":null}`), readUser},
		{"200_no_result", "read", "user", envelope(200, `{"success":true,"errors":[],"result":null}`), readUser},
		{"200_secret_page", "update", "API token", page(200, "cfut_never_shown"), updateToken},
		{"302_other_host", "read", "user", answer(302, "text/html", "", "Location", "https://login.example.com/?next=secret"), readUser},
		{"307_other_path", "read", "user", answer(307, "text/html", "", "Location", "/client/v5/user"), readUser},
		{"400_pointers", "update", "API token", envelope(400, said), updateToken},
		{"401", "read", "user", envelope(401, `{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}],"result":null}`), readUser},
		{"403_grant", "read", "user", envelope(403, deny), readUser},
		{"403_page", "read", "user", page(403, "Blocked by policy"), readUser},
		{"404_gone", "update", "API token", envelope(404, `{"success":false,"errors":[{"code":1003,"message":"Token not found"}],"result":null}`), updateToken},
		{"404_page", "update", "API token", page(404, "Not here"), updateToken},
		{"405", "update", "API token", envelope(405, `{"success":false,"errors":[{"code":7001,"message":"Method PUT not available for that URI."}],"result":null}`, "Allow", "GET"), updateToken},
		{"409", "update", "API token", envelope(409, `{"success":false,"errors":[{"code":1001,"message":"Conflict"}],"result":null}`), updateToken},
		{"413_page", "update", "API token", page(413, "Too large"), updateToken},
		{"422", "update", "API token", envelope(422, `{"success":false,"errors":[{"code":1001,"message":"name is too long"}],"result":null}`), updateToken},
		{"429", "read", "user", envelope(429, `{"success":false,"errors":[{"code":10100,"message":"Rate limited"}],"result":null}`, "Retry-After", "90"), readUser},
		{"429_page", "read", "user", page(429, "Slow down"), readUser},
		{"500", "read", "user", envelope(500, `{"success":false,"errors":[{"code":1000,"message":"Internal error"}],"result":null}`), readUser},
		{"501_page", "update", "API token", page(501, "Not implemented"), updateToken},
		{"502_page", "read", "user", page(502, "Bad gateway"), readUser},
		{"504_page", "read", "user", page(504, "Gateway timeout"), readUser},
		{"closed", "read", "user", hangUp(false), readUser},
		{"reset", "read", "user", hangUp(true), readUser},
		{"truncated", "read", "user", truncated, readUser},
		{"lost_create_unreadable", "create", "API token", byMethod(map[string]http.HandlerFunc{"GET": once(envelope(200, list), refuse), "POST": hangUp(false)}), createToken},
		{"lost_create_truncated", "create", "API token", byMethod(map[string]http.HandlerFunc{"GET": once(envelope(200, list), refuse), "POST": truncated}), createToken},
		{"lost_create_kept", "create", "API token", byMethod(map[string]http.HandlerFunc{
			"GET":  once(envelope(200, list), envelope(200, one)),
			"POST": hangUp(false), "DELETE": refuse,
		}), createToken},
		{"lost_roll", "replace the secret of", "API token", hangUp(false), rollToken},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			server := quiet(httptest.NewUnstartedServer(tt.handler))
			server.Start()
			t.Cleanup(server.Close)
			goldenOf(t, tt.name, tt.verb, tt.noun, tt.call(t.Context(), wireClient(t, client.Options{BaseURL: server.URL})))
		})
	}
}

// Ways in which no reply comes at all.
func TestAPIError_noReply(t *testing.T) {
	t.Parallel()
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	t.Run("refused", func(t *testing.T) {
		t.Parallel()
		goldenOf(t, "refused", "read", "user", readUser(t.Context(), wireClient(t, client.Options{BaseURL: nowhere})))
	})
	t.Run("refused create", func(t *testing.T) {
		t.Parallel()
		// Never reached means never made: this is no lost create.
		goldenOf(t, "refused_create", "create", "API token", createToken(t.Context(), wireClient(t, client.Options{BaseURL: nowhere})))
	})
	t.Run("no such host", func(t *testing.T) {
		t.Parallel()
		transport := &http.Transport{DialContext: func(context.Context, string, string) (net.Conn, error) {
			return nil, &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", Name: "api.example.com", IsNotFound: true}}
		}}
		goldenOf(t, "no_such_host", "read", "user", readUser(t.Context(), wireClient(t, client.Options{BaseURL: "https://api.example.com/client/v4", Transport: transport})))
	})
	t.Run("timeout", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }))
		t.Cleanup(server.Close)
		goldenOf(t, "timeout", "read", "user", readUser(t.Context(), wireClient(t, client.Options{BaseURL: server.URL, RequestTimeout: 20 * time.Millisecond})))
	})
	t.Run("cancelled", func(t *testing.T) {
		t.Parallel()
		ctx, cancel := context.WithCancel(t.Context())
		server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() }))
		t.Cleanup(server.Close)
		goldenOf(t, "cancelled", "read", "user", readUser(ctx, wireClient(t, client.Options{BaseURL: server.URL})))
	})
	t.Run("unknown authority", func(t *testing.T) {
		t.Parallel()
		server := quiet(httptest.NewUnstartedServer(nothing))
		server.StartTLS()
		t.Cleanup(server.Close)
		goldenOf(t, "unknown_authority", "read", "user", readUser(t.Context(), wireClient(t, client.Options{BaseURL: server.URL})))
	})
	t.Run("another host's certificate", func(t *testing.T) {
		t.Parallel()
		server := quiet(httptest.NewUnstartedServer(nothing))
		server.StartTLS()
		t.Cleanup(server.Close)
		authorities := x509.NewCertPool()
		authorities.AddCert(server.Certificate())
		transport := &http.Transport{
			TLSClientConfig: &tls.Config{RootCAs: authorities, MinVersion: tls.VersionTLS12},
			DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
				return (&net.Dialer{}).DialContext(ctx, network, server.Listener.Addr().String())
			},
		}
		goldenOf(t, "other_certificate", "read", "user", readUser(t.Context(), wireClient(t, client.Options{BaseURL: "https://api.example.org/client/v4", Transport: transport})))
	})
	t.Run("plain http behind https", func(t *testing.T) {
		t.Parallel()
		server := httptest.NewServer(nothing)
		t.Cleanup(server.Close)
		goldenOf(t, "plain_http", "read", "user", readUser(t.Context(), wireClient(t, client.Options{BaseURL: strings.Replace(server.URL, "http:", "https:", 1)})))
	})
}

// Every remedy and every advice that the table of refusals holds is seen in a golden file, so that each of
// them was read in its place.
func TestGolden_everyRemedyIsSeen(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(filepath.Join("testdata", "diagnostics", "*.txt"))
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(text)
	}
	for reason, remedy := range remedies {
		if !strings.Contains(all.String(), remedy) {
			t.Errorf("no golden file shows the remedy for %s", reason)
		}
	}
	for _, known := range invalidAdvice {
		if known.contains != "Enterprise" && !strings.Contains(all.String(), known.advice) {
			t.Errorf("no golden file shows the advice for %q", known.contains)
		}
	}
}

func wireClient(t *testing.T, options client.Options) *client.Client {
	t.Helper()
	options.Credential = client.Credential{APIToken: wireToken}
	c, err := client.New(options)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// quiet keeps what these servers log about broken connections out of the tests' output.
func quiet(server *httptest.Server) *httptest.Server {
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	return server
}

var (
	localAddress = regexp.MustCompile(`127\.0\.0\.1:\d+`)
	// Each system has its own words for a connection that nobody takes or that breaks.
	brokenPipe = regexp.MustCompile(`(read|write): (connection reset by peer|broken pipe)`)
)

// goldenOf compares the diagnostic of a failure with its golden file, and holds what every one must keep.
func goldenOf(t *testing.T, name, verb, noun string, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("the call succeeded")
	}
	if errors.Is(err, context.DeadlineExceeded) && t.Context().Err() != nil {
		t.Fatalf("the test ran out of time: %v", err)
	}
	d := APIError(verb, noun, err)
	checkShape(t, d)
	text := localAddress.ReplaceAllString(d.Summary()+"\n\n"+d.Detail()+"\n", "127.0.0.1:PORT")
	text = brokenPipe.ReplaceAllString(text, "read: connection reset by peer")
	for _, secret := range []string{wireToken, "cfut_never_shown", "next=secret"} {
		if strings.Contains(text, secret) {
			t.Error("the diagnostic shows a secret")
		}
	}
	golden(t, "wire_"+name, text)
}
