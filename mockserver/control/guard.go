// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"fmt"
	"mime"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
)

// minToken is the shortest control token: it guards everything that the world
// holds, and nothing limits how often it may be tried.
const minToken = 16

// CheckToken refuses a control token that is too short to guard anything or
// that no header could carry. The error does not repeat it.
func CheckToken(token string) error {
	if len(token) < minToken {
		return fmt.Errorf("the control token must have at least %d characters", minToken)
	}
	for i := range len(token) {
		if token[i] <= ' ' || token[i] >= 0x7f {
			return errors.New("the control token must be printable ASCII without blanks")
		}
	}
	return nil
}

// ParsePublicURL reads the URL under which others reach the server: scheme and
// host, perhaps a port, and nothing else.
func ParsePublicURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil {
		return nil, errors.New("the public URL cannot be read: write it as https://access.example.com")
	}
	if u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" {
		return nil, errors.New("the public URL needs http or https and a host: write it as https://access.example.com")
	}
	if u.User != nil || u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.Fragment != "" {
		return nil, errors.New("the public URL is scheme and host alone: write it as https://access.example.com")
	}
	return &url.URL{Scheme: u.Scheme, Host: u.Host}, nil
}

// guard decides who is answered at all.
type guard struct {
	// token is the hash of the control token; nil when there is none.
	token  *[sha256.Size]byte
	public *url.URL // nil when there is none
}

// forwarding are the headers by which a proxy tells that it speaks for someone
// else. Behind a proxy on this machine every client would be a local one.
var forwarding = []string{"Forwarded", "Via", "X-Forwarded-For", "X-Forwarded-Host", "X-Real-Ip"}

// check runs all of it, in an order that tells strangers the least.
func (g *guard) check(r *http.Request) *RequestError {
	if f := g.peer(r); f != nil {
		return f
	}
	if !g.isOwnHost(r.Host) {
		return fail(http.StatusForbidden, "the control plane answers to the host localhost, a loopback address or --public-url, and not to %q", shorten(r.Host))
	}
	if f := g.origin(r); f != nil {
		return f
	}
	if r.Method != http.MethodPost {
		return nil
	}
	// A page of another site can send a form to this machine unasked; it
	// cannot send this type.
	if media, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || media != "application/json" {
		return fail(http.StatusUnsupportedMediaType, "the body must be sent as Content-Type: application/json")
	}
	return nil
}

// peer lets in who holds the control token or, when there is none, who is on
// this machine.
func (g *guard) peer(r *http.Request) *RequestError {
	if g.token != nil {
		if g.holdsToken(r) {
			return nil
		}
		return fail(http.StatusUnauthorized, "the control plane needs the control token: send it as Authorization: Bearer")
	}
	if !peerAddress(r).IsLoopback() {
		return fail(http.StatusForbidden, "the control plane answers to this machine alone: start the server with --control-token to reach it from elsewhere")
	}
	for _, name := range forwarding {
		if len(r.Header.Values(name)) > 0 {
			return fail(http.StatusForbidden, "the control plane does not answer through a proxy (header %s): start the server with --control-token", name)
		}
	}
	return nil
}

// holdsToken compares hashes, so that neither length nor content of the token
// shows in the time it takes.
func (g *guard) holdsToken(r *http.Request) bool {
	values := r.Header.Values("Authorization")
	if len(values) != 1 {
		return false
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	presented := sha256.Sum256([]byte(strings.TrimSpace(token)))
	return strings.EqualFold(scheme, "Bearer") && subtle.ConstantTimeCompare(presented[:], g.token[:]) == 1
}

// peerAddress is the other end of the connection, whatever headers say; the
// zero address when there is none.
func peerAddress(r *http.Request) netip.Addr {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return peer.Addr().Unmap().WithZone("")
}

// isOwnHost reports whether the request was meant for this server. A name that
// someone else's DNS points here would let their pages speak to it.
func (g *guard) isOwnHost(host string) bool {
	if g.isPublic(host) {
		return true
	}
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.TrimSuffix(strings.TrimPrefix(host, "["), "]")
	}
	if strings.EqualFold(name, "localhost") {
		return true
	}
	address, err := netip.ParseAddr(name)
	return err == nil && address.IsLoopback()
}

// withPort completes a host with the scheme's port.
func withPort(host, scheme string) string {
	if _, _, err := net.SplitHostPort(host); err == nil {
		return host
	}
	port := "80"
	if scheme == "https" {
		port = "443"
	}
	return net.JoinHostPort(strings.TrimSuffix(strings.TrimPrefix(host, "["), "]"), port)
}

// isPublic reports whether a host is the public URL's.
func (g *guard) isPublic(host string) bool {
	return g.public != nil && strings.EqualFold(withPort(host, g.public.Scheme), withPort(g.public.Host, g.public.Scheme))
}

// origin refuses what a page of another site sends. Programs send no Origin.
// The page must have the scheme, host and port under which the request came.
func (g *guard) origin(r *http.Request) *RequestError {
	origins := r.Header.Values("Origin")
	if len(origins) == 0 {
		return nil
	}
	scheme := "http"
	if r.TLS != nil || g.isPublic(r.Host) && g.public.Scheme == "https" {
		scheme = "https"
	}
	u, err := url.Parse(origins[0])
	if len(origins) == 1 && err == nil && u.Scheme == scheme && strings.EqualFold(withPort(u.Host, scheme), withPort(r.Host, scheme)) {
		return nil
	}
	return fail(http.StatusForbidden, "the control plane does not answer pages of another site")
}
