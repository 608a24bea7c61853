// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"log/slog"
	"net/netip"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/cloudflare"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/journal"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/ratelimit"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// DefaultBodyLimit is how long a request's body may be, in bytes, unless [Options] say otherwise.
const DefaultBodyLimit = cloudflare.DefaultBodyLimit

// BasePath is where the API lies below the server's URL.
const BasePath = cloudflare.BasePath

// ControlPath is where the control plane lies below the server's URL.
const ControlPath = control.BasePath

// Options say what a server serves and how. The zero value is the built-in world on a free port of the
// loopback interface, enforcing and strict, with the machine's clock and random identifiers and secrets.
// [New] copies what it needs; the byte and prefix slices must not be changed while it runs.
type Options struct {
	// Seed describes the world, as JSON or YAML; nil is the built-in world. An empty Seed that is not nil
	// is an error.
	Seed []byte
	// SeedName stands for the seed in error messages, its file name as a rule; empty is "seed".
	SeedName string

	// Listen is the address to listen on, "127.0.0.1:8787" for example; empty is port 0 of 127.0.0.1, which
	// picks a free port. Only loopback addresses are accepted unless AllowRemote is set.
	Listen string
	// AllowRemote lets the server listen beyond the loopback interface. Credentials then cross the network
	// unencrypted.
	AllowRemote bool
	// TrustedProxies are the networks whose X-Forwarded-For header is believed (authorization model §6
	// "Address"); nil trusts nobody.
	TrustedProxies []netip.Prefix

	// ControlToken opens the control plane to whoever sends it, from anywhere, and closes it to all others; empty
	// leaves it to this machine. [control.CheckToken] says what it must be.
	ControlToken string
	// PublicURL is the URL under which others reach the server, scheme and host alone, "https://access.example.com";
	// empty is none. The control plane answers to its host.
	PublicURL string

	// Clock tells the time, to expiry and to timestamps alike; nil is time.Now. It is called from many
	// goroutines.
	Clock func() time.Time
	// IDs and Secrets make the identifiers and secrets of new objects; nil is random. Objects of the seed
	// take theirs from the seed.
	IDs     state.IDSource
	Secrets state.SecretSource

	// RateLimit says how many requests of a caller, and from an address, are answered in a time before others are
	// refused with 429; nil is [ratelimit.Published], and a pointer to the zero policy limits nothing. Windows follow
	// Clock.
	RateLimit *ratelimit.Policy

	// TerseErrors leaves explanations out of refusals.
	TerseErrors bool
	// Lenient ignores unknown fields in request bodies instead of refusing them.
	Lenient bool
	// Shuffle, if not zero, seeds an order of permission groups, policies and list items that differs from
	// reply to reply wherever the API promises none, so that clients show that they do not rely on one.
	Shuffle uint64
	// BodyLimit is how long a request's body may be, in bytes; zero is [DefaultBodyLimit].
	BodyLimit int64

	// Logger receives the server's log, which holds no secrets; nil drops it.
	Logger *slog.Logger
	// JournalSize is how many requests the journal keeps; zero is [journal.DefaultSize].
	JournalSize int
}

// withDefaults fills in what was left open.
func (o Options) withDefaults() Options {
	if o.SeedName == "" {
		o.SeedName = "seed"
	}
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	if o.Clock == nil {
		o.Clock = machineClock
	}
	if o.BodyLimit <= 0 {
		o.BodyLimit = DefaultBodyLimit
	}
	if o.RateLimit == nil {
		published := ratelimit.Published()
		o.RateLimit = &published
	}
	if o.Logger == nil {
		o.Logger = slog.New(slog.DiscardHandler)
	}
	if o.JournalSize <= 0 {
		o.JournalSize = journal.DefaultSize
	}
	return o
}
