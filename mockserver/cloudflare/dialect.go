// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"context"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/netip"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// BasePath is the path below which the API lies.
const BasePath = "/client/v4"

// DefaultBodyLimit is the largest request body, in bytes, unless the options
// say otherwise.
const DefaultBodyLimit = 1 << 20

// Options say what a [Dialect] serves and how. World is required; the zero
// value of all else is the strict, explaining server of the defaults.
type Options struct {
	// World is the world that requests act on.
	World *state.World
	// Clock tells the instant of a request's arrival; nil is
	// the machine's.
	Clock func() time.Time
	// TrustedProxies are the peers whose X-Forwarded-For counts.
	TrustedProxies []netip.Prefix
	// BodyLimit is the largest request body in bytes; zero is
	// [DefaultBodyLimit].
	BodyLimit int64
	// TerseErrors leaves the explanations out of refusals (authorization
	// model §9).
	TerseErrors bool
	// Lenient leaves unknown fields of request bodies unnoticed.
	Lenient bool
	// Shuffle, when not zero, seeds an order of groups, policies and list
	// items that differs from reply to reply, wherever the API promises none.
	Shuffle uint64
	// OnDecision is told about every decision, inside the transaction that
	// made it; nil tells nobody. It must be quick and must not open a
	// transaction.
	OnDecision func(context.Context, *Decided)
	// RateLimit counts every request to a known route, after its credential
	// was looked up and before anything is decided; nil limits nothing.
	RateLimit RateLimit
	// OnLimited is told about every request that RateLimit refuses; nil tells
	// nobody. The decision in it is the zero one: there was none. What holds
	// for OnDecision holds for it.
	OnLimited func(context.Context, *Decided)
	// Logger receives faults of the server itself; nil discards them. It
	// never sees bodies, headers or secrets.
	Logger *slog.Logger
}

// Dialect serves the v4 API on one world. It is safe for concurrent use and
// keeps nothing between requests.
type Dialect struct {
	options Options
	engine  *gin.Engine
	shuffle *shuffler
}

// New returns a dialect. It takes no resources that would need closing.
func New(options Options) *Dialect {
	if options.Clock == nil {
		options.Clock = wallClock
	}
	if options.BodyLimit <= 0 {
		options.BodyLimit = DefaultBodyLimit
	}
	if options.Logger == nil {
		options.Logger = slog.New(slog.DiscardHandler)
	}
	d := &Dialect{options: options, engine: gin.New()}
	if options.Shuffle != 0 {
		d.shuffle = newShuffler(options.Shuffle)
	}
	// The operations table is the router: it knows 1,300 routes with their
	// precedence, answers malformed ids, and is what decisions are made from.
	// A second router beside it could only disagree. So gin serves whatever
	// comes with one handler, trailing slashes included.
	d.engine.RedirectTrailingSlash = false
	d.engine.RedirectFixedPath = false
	d.engine.UseEscapedPath = true
	d.engine.ContextWithFallback = true
	d.engine.ForwardedByClientIP = false
	d.engine.NoRoute(func(c *gin.Context) { d.serve(c.Writer, c.Request) })
	return d
}

// Handler returns the handler of everything at and below [BasePath]. Paths
// outside it are answered as unknown routes.
func (d *Dialect) Handler() http.Handler { return d.engine }

// Ambient is what a server knows of one request before the dialect sees it.
// Zero fields leave the dialect's own choice.
type Ambient struct {
	// RequestID becomes the CF-Ray header.
	RequestID string
	// Arrival is the instant that decisions are made for; zero asks the
	// clock.
	Arrival time.Time
	// World answers this request instead of the options' world, for example
	// an older state.
	World *state.World
	// Shuffle, when not zero, seeds the order of this reply.
	Shuffle uint64
}

type ambientKey struct{}

// WithAmbient returns a context that carries what the server knows of the
// request.
func WithAmbient(ctx context.Context, a Ambient) context.Context {
	return context.WithValue(ctx, ambientKey{}, a)
}

func ambientOf(ctx context.Context) Ambient {
	a, _ := ctx.Value(ambientKey{}).(Ambient)
	return a
}

// shuffler draws orders. A nil shuffler leaves everything as it is.
type shuffler struct {
	mu  sync.Mutex
	rng *rand.Rand
}

func newShuffler(seed uint64) *shuffler {
	return &shuffler{rng: rand.New(rand.NewPCG(seed, seed))} //nolint:gosec // An order is no secret.
}

func (s *shuffler) permute(n int, swap func(i, j int)) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.rng.Shuffle(n, swap)
}

// shuffled permutes a slice in place if replies are shuffled.
func shuffled[T any](s *shuffler, list []T) {
	s.permute(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
}
