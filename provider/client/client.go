// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package client is the wire client of the provider: it speaks the v4 dialect of the API, over
// go-retryablehttp with a retry policy of our own, and hands out typed values and typed errors.
//
// It knows nothing of Terraform but its logger: no schema, no diagnostics, no state. Requests are
// built in call.go and sent through the chain that [New] assembles; each link of the chain (retry
// policy, back-off, rate limit, body limit, log) has a file of its own. Every noun of the API has
// one file with its types and its calls; start reading at token.go.
package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	defaultMaxRetries         = 4
	defaultRequestTimeout     = 30 * time.Second
	defaultPropagationTimeout = 60 * time.Second
	defaultUserAgent          = "terraform-provider-accesscontrol"

	// defaultMaxBody bounds what is read of one reply, in bytes. The largest honest reply is the list
	// of permission groups, about 100 KiB.
	defaultMaxBody = 16 << 20
)

// Credential is how the client proves who it is. Exactly one kind is set: APIToken, or Email
// together with APIKey.
type Credential struct {
	// APIToken is sent as a bearer token.
	APIToken string
	// Email and APIKey are sent as the pair of headers of a Global API key.
	Email, APIKey string
}

// String names the kind of the credential and never its secret.
func (c Credential) String() string {
	if c.APIToken != "" {
		return "API token [redacted]"
	}
	return "Global API key [redacted]"
}

// GoString is String, so that %#v prints no secret either.
func (c Credential) GoString() string { return c.String() }

// Options configures a [Client]. The zero value of every field but BaseURL and Credential has a
// meaning, stated at the field.
type Options struct {
	// BaseURL is the root of the API, for instance http://127.0.0.1:8787/client/v4. Plain http is
	// accepted for loopback addresses only; see [ParseBaseURL].
	BaseURL string
	// Credential is sent with every request.
	Credential Credential
	// UserAgent is the User-Agent header; empty means the provider's name.
	UserAgent string
	// MaxRetries is how often one call is repeated after its first attempt; negative means 4, zero
	// means never.
	MaxRetries int
	// RequestsPerMinute is an upper bound over all goroutines of this client; 0 means none but what
	// the API itself announces.
	RequestsPerMinute int
	// RequestTimeout bounds one attempt, reply body included; 0 means 30 s.
	RequestTimeout time.Duration
	// PropagationTimeout is how long a 401 or 403 on the first read after a write is taken for a
	// change that has not spread yet; 0 means 60 s, negative means not at all.
	PropagationTimeout time.Duration
	// Transport carries the requests; nil means a pooled transport of the client's own. Redirects are
	// never followed, whatever the transport.
	Transport http.RoundTripper
}

// Client talks to one API endpoint with one credential. It is safe for concurrent use, and what it
// promises about a run (rate limit, "at most once" reads, the settlement of lost creates) holds
// among the goroutines that share it.
type Client struct {
	baseURL     string
	userAgent   string
	maxRetries  int
	timeout     time.Duration
	propagation time.Duration
	hasAPIToken bool

	// authorize and redact close over the credential, so that printing a Client cannot print it.
	authorize func(http.Header)
	redact    func(string) string

	http  *retryablehttp.Client
	env   environment
	ahead atomic.Int64 // how far the API's clock is, in nanoseconds

	user   once[User]
	userID once[string]
	groups groupLists

	fresh   freshWrites
	reads   *tokenReads
	creates createLedger
	writers keyedLock
}

// New returns a client for the endpoint, without a request being made. It fails for a base URL or a
// credential that cannot be used.
func New(opts Options) (*Client, error) {
	return newClient(opts, systemEnvironment())
}

func newClient(opts Options, env environment) (*Client, error) {
	base, err := ParseBaseURL(opts.BaseURL)
	if err != nil {
		return nil, err
	}
	authorize, err := opts.Credential.authorizer()
	if err != nil {
		return nil, err
	}
	c := &Client{
		baseURL:     strings.TrimRight(base.String(), "/"),
		userAgent:   opts.UserAgent,
		maxRetries:  opts.MaxRetries,
		timeout:     opts.RequestTimeout,
		propagation: opts.PropagationTimeout,
		hasAPIToken: opts.Credential.APIToken != "",
		authorize:   authorize,
		redact:      opts.Credential.redactor(),
		env:         env,
		groups:      groupLists{denied: map[Owner]error{}},
		fresh:       freshWrites{until: map[string]time.Time{}, young: map[string]time.Time{}, grown: map[string]time.Time{}},
		creates:     createLedger{owners: map[Owner]*ownerCreates{}},
		writers:     keyedLock{held: map[string]*heldLock{}, mu: &sync.Mutex{}},
	}
	if c.userAgent == "" {
		c.userAgent = defaultUserAgent
	}
	if c.maxRetries < 0 {
		c.maxRetries = defaultMaxRetries
	}
	if c.timeout <= 0 {
		c.timeout = defaultRequestTimeout
	}
	if c.propagation == 0 {
		c.propagation = defaultPropagationTimeout
	}
	c.http = c.newHTTP(opts)
	c.reads = &tokenReads{
		read: func(ctx context.Context, owner Owner, page int) (listPage[json.RawMessage], error) {
			return readPage[json.RawMessage](ctx, c, tokenListQuery(owner), page, pageSize)
		},
		now: env.now, owners: map[Owner]*ownerReads{},
	}
	return c, nil
}

// newHTTP assembles the chain. From the outside in: retry policy, rate limit, log, time limit of one
// attempt, clock of the API, body limit, transport. The order matters: waiting for the rate limit must not count
// against the attempt's time, and the policy must see a reply that was cut short as a failed attempt.
func (c *Client) newHTTP(opts Options) *retryablehttp.Client {
	transport := opts.Transport
	if transport == nil {
		transport = newTransport()
	}
	var chain http.RoundTripper = &bodyReader{next: transport, limit: c.env.maxBody}
	chain = &serverClock{next: chain, now: c.env.now, ahead: &c.ahead}
	chain = &attemptTimeout{next: chain, limit: c.timeout}
	chain = &requestLog{next: chain, now: c.env.now, quote: c.quote}
	chain = &rateLimit{
		next:   chain,
		env:    c.env,
		gate:   &gate{},
		window: newWindow(opts.RequestsPerMinute),
	}
	return &retryablehttp.Client{
		HTTPClient:   &http.Client{Transport: chain, CheckRedirect: refuseRedirect},
		Logger:       nil,
		RetryMax:     c.maxRetries,
		RetryWaitMin: c.env.backoffBase,
		RetryWaitMax: c.env.backoffCap,
		CheckRetry:   checkRetry(c.env.now),
		Backoff:      c.env.backoff,
		ErrorHandler: finalResponse,
	}
}

// HasAPIToken says whether the credential is an API token, as opposed to a Global API key.
func (c *Client) HasAPIToken() bool { return c.hasAPIToken }

// BaseURL is the root of the API in normal form, without a slash at the end.
func (c *Client) BaseURL() string { return c.baseURL }

func (c Credential) authorizer() (func(http.Header), error) {
	switch {
	case c.APIToken != "" && (c.Email != "" || c.APIKey != ""):
		return nil, errors.New("credential has both an API token and a Global API key; set one kind")
	case c.APIToken != "":
		if !headerSafe(c.APIToken) {
			return nil, errors.New("the API token contains characters that a header cannot carry")
		}
		value := "Bearer " + c.APIToken
		return func(h http.Header) { h.Set("Authorization", value) }, nil
	case c.Email != "" && c.APIKey != "":
		if !headerSafe(c.Email) || !headerSafe(c.APIKey) {
			return nil, errors.New("the e-mail or the API key contains characters that a header cannot carry")
		}
		return func(h http.Header) {
			h.Set("X-Auth-Email", c.Email)
			h.Set("X-Auth-Key", c.APIKey)
		}, nil
	default:
		return nil, errors.New("no complete credential: set an API token, or an e-mail and an API key")
	}
}

// redactor removes the secret from a text that came from elsewhere: a proxy or a faulty endpoint may
// echo request headers in what it answers.
func (c Credential) redactor() func(string) string {
	var pairs []string
	for _, secret := range []string{c.APIToken, c.APIKey} {
		if secret != "" {
			pairs = append(pairs, secret, "[redacted]")
		}
	}
	return strings.NewReplacer(pairs...).Replace
}

func headerSafe(s string) bool {
	for _, r := range s {
		if r <= ' ' || r > '~' {
			return false
		}
	}
	return true
}

// requestTarget is how a failure names what was asked: method and path below the base URL, never the
// query.
func requestTarget(method, path string) string { return fmt.Sprintf("%s %s", method, path) }
