// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mockserver

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strconv"
	"syscall"
	"time"
)

// What a connection may take. A request is small and answered from memory, so these bounds are for clients
// that stall; injected delays extend the one for writing.
const (
	readHeaderTimeout = 10 * time.Second
	readTimeout       = 30 * time.Second
	writeTimeout      = 60 * time.Second
	idleTimeout       = 2 * time.Minute
	maxHeaderBytes    = 64 << 10
)

// newHTTPServer returns the server for a handler, with every bound set.
func newHTTPServer(handler http.Handler, logger *slog.Logger) *http.Server {
	return &http.Server{
		Handler:           handler,
		ReadHeaderTimeout: readHeaderTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      writeTimeout,
		IdleTimeout:       idleTimeout,
		MaxHeaderBytes:    maxHeaderBytes,
		ErrorLog:          slog.NewLogLogger(logger.Handler(), slog.LevelWarn),
	}
}

// AddressError says that the server cannot listen on an address. Unwrap gives the cause.
type AddressError struct {
	// Address is the address as it was given.
	Address string
	// Advice says what to do about it.
	Advice string
	// Err is the cause.
	Err error
}

// Error names the address, the cause and what to do.
func (e *AddressError) Error() string {
	return fmt.Sprintf("cannot listen on %s: %v; %s", e.Address, e.Err, e.Advice)
}

// Unwrap returns the cause.
func (e *AddressError) Unwrap() error { return e.Err }

// ErrBeyondLoopback is the cause when an address lies beyond the loopback interface and that was not allowed.
var ErrBeyondLoopback = errors.New("the address lies beyond the loopback interface, and this server has no TLS")

// errNoAddress is the cause when a host name has no address.
var errNoAddress = errors.New("the host name has no address")

// listen opens the listener. A host name is resolved first, so that what is checked is what is used.
func listen(ctx context.Context, address string, allowRemote bool) (net.Listener, error) {
	resolved, err := resolve(ctx, address)
	if err != nil {
		return nil, &AddressError{address, `give it as "host:port", for example 127.0.0.1:8787`, err}
	}
	if !resolved.Addr().IsLoopback() && !allowRemote {
		return nil, &AddressError{
			address, "use 127.0.0.1, or allow it with --allow-remote: credentials then cross the network unencrypted",
			ErrBeyondLoopback,
		}
	}
	var config net.ListenConfig
	listener, err := config.Listen(ctx, "tcp", resolved.String())
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, &AddressError{
			address, fmt.Sprintf("stop what uses port %d, choose another port, or port 0 for a free one", resolved.Port()),
			fmt.Errorf("port %d is in use", resolved.Port()),
		}
	}
	if err != nil {
		return nil, &AddressError{address, "choose an address of this machine and a port that you may use", err}
	}
	return listener, nil
}

// resolve turns "host:port" into an address. An empty host is every interface.
func resolve(ctx context.Context, address string) (netip.AddrPort, error) {
	host, service, err := net.SplitHostPort(address)
	if err != nil {
		return netip.AddrPort{}, err
	}
	port, err := strconv.ParseUint(service, 10, 16)
	if err != nil {
		return netip.AddrPort{}, fmt.Errorf("port %q is not a number from 0 to 65535", service)
	}
	if host == "" {
		return netip.AddrPortFrom(netip.IPv6Unspecified(), uint16(port)), nil
	}
	if literal, err := netip.ParseAddr(host); err == nil {
		return netip.AddrPortFrom(literal, uint16(port)), nil
	}
	found, err := net.DefaultResolver.LookupNetIP(ctx, "ip", host)
	if err != nil {
		return netip.AddrPort{}, err
	}
	// IPv4 first, as the URL of the banner is most often typed into something.
	for _, ip := range found {
		if ip.Unmap().Is4() {
			return netip.AddrPortFrom(ip.Unmap(), uint16(port)), nil
		}
	}
	if len(found) == 0 {
		return netip.AddrPort{}, errNoAddress
	}
	return netip.AddrPortFrom(found[0], uint16(port)), nil
}
