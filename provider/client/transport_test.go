// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestClient_oversizedBody(t *testing.T) {
	t.Parallel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		success(w, map[string]any{"id": hexID, "name": strings.Repeat("x", 5000)})
	})
	small := func(_ *Options, env *environment) { env.maxBody = 4096 }
	c, _ := newTestClient(t, api.URL, small)
	_, err := c.Zone(t.Context(), hexID)
	if !errors.Is(err, errBodyTooLarge) {
		t.Errorf("error = %v, want errBodyTooLarge", err)
	}
	if got := api.count("", ""); got != 1 {
		t.Errorf("requests = %d, want 1: a large reply stays large", got)
	}
	large, _ := newTestClient(t, api.URL, func(_ *Options, env *environment) { env.maxBody = 16384 })
	if _, err := large.Zone(t.Context(), hexID); err != nil {
		t.Errorf("a reply within the limit: %v", err)
	}
}

func TestClient_truncatedBody(t *testing.T) {
	t.Parallel()
	var api *fakeAPI
	api = newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) {
		if len(api.all()) == 1 {
			w.Header().Set("Content-Length", "400")
			fmt.Fprint(w, `{"success":true,"result":{"id":"half`)
			return
		}
		success(w, map[string]any{"id": hexID})
	})
	c, _ := newTestClient(t, api.URL)
	zone, err := c.Zone(t.Context(), hexID)
	if err != nil {
		t.Fatalf("a reply cut short is a failed attempt, and reads are repeated: %v", err)
	}
	if zone.ID != hexID || api.count("", "") != 2 {
		t.Errorf("zone %q after %d requests", zone.ID, api.count("", ""))
	}
}

func TestClient_attemptTimeout(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var api *fakeAPI
		api, transport := newPipedAPI(t, func(w http.ResponseWriter, r *http.Request) {
			if len(api.all()) == 1 {
				<-r.Context().Done()
				return
			}
			success(w, map[string]any{"id": hexID})
		})
		c, _ := newTestClient(t, api.URL, func(o *Options, _ *environment) {
			o.RequestTimeout, o.Transport = 50*time.Millisecond, transport
		})
		if _, err := c.Zone(t.Context(), hexID); err != nil {
			t.Errorf("the second attempt answers, so the read succeeds: %v", err)
		}
		if got := api.count("", ""); got != 2 {
			t.Errorf("requests = %d, want 2", got)
		}
	})
}

func TestClient_attemptTimeoutNamesTheSetting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, transport := newPipedAPI(t, func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
		c, _ := newTestClient(t, api.URL, func(o *Options, _ *environment) {
			o.RequestTimeout, o.Transport = 20*time.Millisecond, transport
			o.MaxRetries = 0
		})
		_, err := c.Zone(t.Context(), hexID)
		if err == nil || strings.Count(err.Error(), "no complete reply within 20ms (request_timeout)") != 1 {
			t.Errorf("error = %v, want one that names request_timeout once", err)
		}
	})
}

func TestClient_attemptTimeoutInTheBodyNamesTheSetting(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		api, transport := newPipedAPI(t, func(w http.ResponseWriter, r *http.Request) {
			_, _ = w.Write([]byte(`{"success":`))
			_ = http.NewResponseController(w).Flush()
			<-r.Context().Done()
		})
		c, _ := newTestClient(t, api.URL, func(o *Options, _ *environment) {
			o.RequestTimeout, o.Transport = 50*time.Millisecond, transport
			o.MaxRetries = 0
		})
		_, err := c.Zone(t.Context(), hexID)
		if err == nil || strings.Count(err.Error(), "no complete reply within 50ms (request_timeout)") != 1 {
			t.Errorf("error = %v, want one that names request_timeout once", err)
		}
	})
}

func TestClient_cancelledKeepsTheLastError(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	api := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { dropReply(w) })
	c, _ := newTestClient(t, api.URL, func(_ *Options, env *environment) {
		env.backoff = func(time.Duration, time.Duration, int, *http.Response) time.Duration {
			cancel()
			return time.Hour
		}
	})
	_, err := c.Zone(ctx, hexID)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("error = %v, want context canceled", err)
	}
	if err == nil || !strings.Contains(err.Error(), "last attempt") {
		t.Errorf("error = %v, want the cause of the last attempt in it", err)
	}
}

func TestClient_certificateErrorIsFinal(t *testing.T) {
	t.Parallel()
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		t.Error("a request reached a server whose certificate is not trusted")
		success(w, nil)
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0)
	server.StartTLS()
	t.Cleanup(server.Close)
	c, clock := newTestClient(t, server.URL)
	_, err := c.Zone(t.Context(), hexID)
	if _, ok := errors.AsType[*tls.CertificateVerificationError](err); !ok {
		t.Fatalf("error = %v, want a certificate error", err)
	}
	if clock.backoffs != 0 {
		t.Errorf("waited %d times for another attempt, want none", clock.backoffs)
	}
}

func TestClient_trustedCertificate(t *testing.T) {
	t.Parallel()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		success(w, map[string]any{"id": hexID})
	}))
	t.Cleanup(server.Close)
	pool := x509.NewCertPool()
	pool.AddCert(server.Certificate())
	c, _ := newTestClient(t, server.URL, func(o *Options, _ *environment) {
		transport := newIsolatedTransport(t)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}
		o.Transport = transport
	})
	if _, err := c.Zone(t.Context(), hexID); err != nil {
		t.Error(err)
	}
}

func TestClient_redirectsAreNotFollowed(t *testing.T) {
	t.Parallel()
	elsewhere := newFakeAPI(t, func(w http.ResponseWriter, _ *http.Request) { success(w, map[string]any{"id": hexID}) })
	for _, status := range []int{301, 302, 303, 307, 308} {
		t.Run(strconv.Itoa(status), func(t *testing.T) {
			t.Parallel()
			api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) {
				http.Redirect(w, r, elsewhere.URL+"/steal?secret=hunter2", status)
			})
			c, _ := newTestClient(t, api.URL)
			_, err := c.Zone(t.Context(), hexID)
			var unexpected *UnexpectedReplyError
			if !errors.As(err, &unexpected) || unexpected.Status != status {
				t.Fatalf("error = %v, want an UnexpectedReplyError of status %d", err, status)
			}
			if !strings.Contains(unexpected.Reason, elsewhere.URL) || strings.Contains(err.Error(), "hunter2") {
				t.Errorf("reason = %q, want the host of the target and nothing more", unexpected.Reason)
			}
		})
	}
	if got := elsewhere.count("", ""); got != 0 {
		t.Errorf("the target of the redirect saw %d requests", got)
	}
}

func TestRedirectReason(t *testing.T) {
	t.Parallel()
	for location, want := range map[string]string{
		"":                         "nowhere",
		"/other?token=x":           "another path of the same host",
		"https://evil.example/a?b": "https://evil.example",
		"://":                      "nowhere",
	} {
		got := redirectReason(&http.Response{Header: http.Header{"Location": {location}}})
		if !strings.Contains(got, "redirects to "+want+",") {
			t.Errorf("Location %q: %q, want %q in it", location, got, want)
		}
	}
}

func TestNeverForPlainHTTP(t *testing.T) {
	t.Parallel()
	proxy := &url.URL{Scheme: "http", Host: "proxy.example.com:3128"}
	choose := neverForPlainHTTP(func(*http.Request) (*url.URL, error) { return proxy, nil })
	for target, want := range map[string]*url.URL{
		"http://localhost:8787/client/v4":   nil,
		"http://LOCALHOST:8787/client/v4":   nil,
		"https://api.example.com/client/v4": proxy,
		"https://localhost:8787/client/v4/": proxy,
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, target, http.NoBody)
		if err != nil {
			t.Fatal(err)
		}
		if got, err := choose(req); got != want || err != nil {
			t.Errorf("%s: proxy = %v, %v; want %v", target, got, err, want)
		}
	}
}
