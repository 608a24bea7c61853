// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"strings"
)

// ErrPlainHTTP is what [ParseBaseURL] wraps for a URL that would send the credential unencrypted to
// another machine.
var ErrPlainHTTP = errors.New("plain http is accepted for localhost and loopback IP addresses only")

// ParseBaseURL checks the root URL of an API. It must be absolute, http or https, with a host and
// without user information, query or fragment; http is accepted for localhost and for loopback IP
// addresses only ([ErrPlainHTTP]), since every request carries the credential. Errors never quote user information.
func ParseBaseURL(raw string) (*url.URL, error) {
	u, err := url.Parse(raw)
	if err != nil {
		// The error of url.Parse quotes its input, which may hold a password.
		if !strings.Contains(raw, "://") {
			return nil, errors.New("base URL does not parse; it needs https:// or http:// in front")
		}
		return nil, errors.New("base URL does not parse")
	}
	switch {
	case u.User != nil:
		return nil, errors.New("base URL must not carry a user name or password")
	case u.Scheme != "http" && u.Scheme != "https":
		return nil, fmt.Errorf("base URL must start with https:// or http://, got scheme %q", u.Scheme)
	case u.Hostname() == "":
		return nil, errors.New("base URL has no host")
	case u.RawQuery != "" || u.ForceQuery || u.Fragment != "":
		return nil, errors.New("base URL must not have a query or a fragment")
	case u.Scheme == "http" && !isLoopback(u.Hostname()):
		return nil, fmt.Errorf("base URL %s://%s: %w", u.Scheme, u.Host, ErrPlainHTTP)
	}
	return u, nil
}

// isLoopback knows one name: localhost. The names below it are loopback by convention alone; Go asks
// the DNS for them, and whoever answers would get the credential.
func isLoopback(host string) bool {
	if addr, err := netip.ParseAddr(host); err == nil {
		return addr.Unmap().IsLoopback()
	}
	return strings.EqualFold(host, "localhost")
}
