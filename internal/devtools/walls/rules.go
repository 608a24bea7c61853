// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"slices"
	"strings"
)

// reach says how far a rule looks.
type reach int

const (
	// direct looks at the imports of production code.
	direct reach = iota + 1
	// directAndTests looks at those and at the imports of the package's own tests.
	directAndTests
	// deep looks through everything that is linked in.
	deep
)

// rule forbids some packages to reach others.
type rule struct {
	text       string                    // the rule as a sentence, printed with its outcome
	reach      reach                     // how far it looks
	mayBeEmpty bool                      // true for a room that need not exist yet
	from       func(from *node) bool     // the packages of this module it speaks of
	forbids    func(from, to *node) bool // what none of them may reach
}

// The rooms of the server that speak to the outside. Nothing else there may know of gin.
var webRooms = []string{
	"mockserver/cloudflare", "mockserver/vultr", "mockserver/control", "mockserver/console",
}

// Packages below provider/internal that are not a noun of the API, but support for all nouns.
var notNouns = []string{"acctest", "agesecret", "lockout", "policyset", "simulation", "tfkit"}

const (
	catalog  = "mockserver/catalog"
	authz    = "mockserver/authz"
	state    = "mockserver/state"
	store    = "mockserver/store"
	acctest  = "provider/internal/acctest"
	mocktest = "mockserver/mocktest"
	server   = "mockserver/cmd/mockserver"
	gin      = "github.com/gin-gonic/gin"
)

// The ways to the outside world that the model must not have. A type of package time or net/netip is no
// way out; reading the clock is, and the linter forbids the calls.
var inputOutput = []string{
	"bufio", "io/ioutil", "log", "log/slog", "net", "net/http", "os", "os/exec", "os/signal", "plugin", "syscall", "testing",
}

// rules returns the walls of the house.
func rules() []rule {
	return slices.Concat(modelRules(), serverRules(), providerRules(), supportRules())
}

// modelRules guard what both programs share.
func modelRules() []rule {
	return []rule{
		{
			text:  "catalog needs the standard library alone",
			reach: deep, from: in(catalog),
			forbids: func(_, to *node) bool { return to.kind == foreign || (to.kind == ours && !within(to, catalog)) },
		},
		{
			text:  "authz needs catalog and the standard library alone",
			reach: deep, from: in(authz),
			forbids: func(_, to *node) bool { return to.kind == foreign || (to.kind == ours && !within(to, authz, catalog)) },
		},
		{
			text:  "authz and catalog have no input, no output and no log",
			reach: direct, from: in(authz, catalog),
			forbids: func(_, to *node) bool { return slices.Contains(inputOutput, to.name) },
		},
	}
}

// serverRules guard the reference server.
func serverRules() []rule {
	return []rule{
		{
			text:  "state knows authz and catalog, and no other room",
			reach: deep, from: in(state),
			forbids: onlyOurs(state, authz, catalog),
		},
		{
			text:  "store knows the change log of state, and no other room",
			reach: direct, from: in(store), mayBeEmpty: true,
			forbids: onlyOurs(store, state),
		},
		{
			text:  "a dialect, the control plane and the console know state, authz and catalog, and not each other",
			reach: direct, from: in(webRooms...),
			forbids: func(from, to *node) bool {
				return to.kind == ours && !within(to, state, authz, catalog) && room(from) != room(to)
			},
		},
		{
			text:  "gin stays in the dialects, the control plane, the console and the server that joins them",
			reach: direct, from: func(from *node) bool { return !within(from, webRooms...) && from.name != "mockserver" },
			forbids: func(_, to *node) bool { return within(to, gin) },
		},
		{
			text:  "no room of the server knows the provider",
			reach: deep, from: in("mockserver"),
			forbids: func(_, to *node) bool { return to.kind == ours && (to.name == "." || within(to, "provider")) },
		},
		{
			text:  "the server's program contains no Terraform plugin library and no package for tests",
			reach: deep, from: is(server),
			forbids: func(_, to *node) bool {
				return strings.HasPrefix(to.name, "github.com/hashicorp/terraform-plugin-") || forTests(to)
			},
		},
	}
}

// providerRules guard the provider plugin.
func providerRules() []rule {
	return []rule{
		{
			text:  "the provider knows of the server authz and catalog alone",
			reach: deep, from: func(from *node) bool { return within(from, "provider") && !within(from, acctest) },
			forbids: func(_, to *node) bool { return within(to, "mockserver") && !within(to, authz, catalog) },
		},
		{
			text:  "the provider's program contains no gin, no server and no package for tests",
			reach: deep, from: is("."),
			forbids: func(_, to *node) bool {
				return within(to, gin) || forTests(to) || (within(to, "mockserver") && !within(to, authz, catalog))
			},
		},
		{
			text:  "the client knows no other room",
			reach: deep, from: in("provider/client"),
			forbids: onlyOurs("provider/client"),
		},
		{
			text:  "no noun of the provider knows another noun, not even in its tests",
			reach: directAndTests, from: isNoun,
			forbids: func(from, to *node) bool { return isNoun(to) && noun(from) != noun(to) },
		},
		{
			text:  "what supports the nouns knows none of them",
			reach: deep,
			from: func(from *node) bool {
				return within(from, "provider/internal") && !isNoun(from) && !within(from, acctest)
			},
			forbids: func(_, to *node) bool { return isNoun(to) },
		},
	}
}

// supportRules keep what is for tests and development out of the two programs.
func supportRules() []rule {
	return []rule{
		{
			text:  "acctest and mocktest are imported by tests and by each other alone",
			reach: direct, from: func(from *node) bool { return !within(from, acctest, mocktest) },
			forbids: func(_, to *node) bool { return within(to, acctest, mocktest) },
		},
		{
			text:  "package testing is for tests and for what supports them",
			reach: direct, from: func(from *node) bool { return !within(from, acctest, mocktest, "internal") },
			forbids: func(_, to *node) bool { return within(to, "testing") },
		},
		{
			text:  "what serves development (internal/…) is imported by itself and by tests alone",
			reach: direct, from: func(from *node) bool { return !within(from, "internal", acctest) },
			forbids: func(_, to *node) bool { return to.kind == ours && within(to, "internal") },
		},
	}
}

// in speaks of the named packages and everything below them.
func in(names ...string) func(*node) bool {
	return func(n *node) bool { return within(n, names...) }
}

// is speaks of one package.
func is(name string) func(*node) bool {
	return func(n *node) bool { return n.name == name }
}

// onlyOurs forbids every package of this module but the named ones and what lies below them.
func onlyOurs(names ...string) func(from, to *node) bool {
	return func(_, to *node) bool { return to.kind == ours && !within(to, names...) }
}

// within reports whether a package is one of the named ones or lies below one.
func within(n *node, names ...string) bool {
	return slices.ContainsFunc(names, func(name string) bool {
		return n.name == name || strings.HasPrefix(n.name, name+"/")
	})
}

// room returns the first two elements of a name, "mockserver/cloudflare" for what lies below it.
func room(n *node) string {
	parts := strings.SplitN(n.name, "/", 3)
	return strings.Join(parts[:min(len(parts), 2)], "/")
}

// noun returns the element after provider/internal/, or "".
func noun(n *node) string {
	rest, found := strings.CutPrefix(n.name, "provider/internal/")
	if !found {
		return ""
	}
	first, _, _ := strings.Cut(rest, "/")
	return first
}

// isNoun reports whether a package belongs to one noun of the API.
func isNoun(n *node) bool {
	name := noun(n)
	return name != "" && !slices.Contains(notNouns, name)
}

// forTests reports whether a package has no place in a program that people run.
func forTests(n *node) bool {
	return within(n, acctest, mocktest) ||
		strings.HasPrefix(n.name, "github.com/hashicorp/terraform-plugin-testing")
}
