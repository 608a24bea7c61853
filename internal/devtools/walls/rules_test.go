// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// house returns a graph of every room, with only imports that are allowed, plus the given ones
// ("from → to", with "test:" before it for an import of a test).
func house(t *testing.T, extra ...string) *graph {
	t.Helper()
	imports := []string{
		". → provider",
		". → github.com/hashicorp/terraform-plugin-framework/providerserver",
		"provider → provider/internal/apitoken",
		"provider → provider/internal/accountapiaccess",
		"provider → provider/client",
		"provider/internal/apitoken → provider/internal/tfkit",
		"provider/internal/apitoken → provider/internal/lockout",
		"provider/internal/apitoken → mockserver/catalog",
		"provider/internal/accountapiaccess → provider/internal/tfkit",
		"provider/internal/simulation → mockserver/authz",
		"provider/internal/tfkit → provider/client",
		"provider/internal/lockout → provider/client",
		"provider/internal/acctest → mockserver/mocktest",
		"provider/internal/acctest → provider",
		"provider/internal/acctest → testing",
		"provider/client → github.com/hashicorp/go-retryablehttp",
		"test:provider/internal/apitoken → provider/internal/acctest",
		"test:mockserver/authz → github.com/google/go-cmp/cmp",
		"mockserver/authz → mockserver/catalog",
		"mockserver/authz → net/netip",
		"mockserver/authz → time",
		"mockserver/catalog → embed",
		"mockserver/state → mockserver/authz",
		"mockserver/store → mockserver/state",
		"mockserver/cloudflare → mockserver/state",
		"mockserver/cloudflare → mockserver/cloudflare/wire",
		"mockserver/cloudflare → github.com/gin-gonic/gin",
		"mockserver/control → mockserver/authz",
		"mockserver → mockserver/cloudflare",
		"mockserver → mockserver/control",
		"mockserver → mockserver/store",
		"mockserver → github.com/gin-gonic/gin",
		"mockserver/cmd/mockserver → mockserver",
		"mockserver/mocktest → mockserver",
		"mockserver/mocktest → testing",
		"internal/cli → os/exec",
		"internal/demo → internal/cli",
	}
	g := &graph{nodes: map[string]*node{}}
	add := func(name string) *node {
		if n, ok := g.nodes[name]; ok {
			return n
		}
		n := &node{name: name, kind: standard}
		first, _, _ := strings.Cut(name, "/")
		switch {
		case first == "." || first == "provider" || first == "mockserver" || first == "internal":
			n.kind = ours
		case strings.Contains(first, "."):
			n.kind = foreign
		}
		g.nodes[name] = n
		return n
	}
	for _, line := range slices.Concat(imports, extra) {
		line, test := strings.CutPrefix(line, "test:")
		from, to, found := strings.Cut(line, " → ")
		if !found {
			t.Fatalf("not an import: %s", line)
		}
		n := add(from)
		if test {
			n.tests = append(n.tests, to)
			continue
		}
		n.imports = append(n.imports, to)
		add(to)
	}
	return g
}

// violations returns every broken chain of the graph, each with the start of its rule's text.
func violations(g *graph) []string {
	var found []string
	for _, r := range rules() {
		_, broken := g.check(r)
		for _, v := range broken {
			found = append(found, r.text+": "+strings.Join(v.chain, " → "))
		}
	}
	return found
}

func TestRules_hold(t *testing.T) {
	t.Parallel()
	g := house(t)
	if diff := cmp.Diff([]string(nil), violations(g)); diff != "" {
		t.Errorf("a house with allowed imports alone (-want +got):\n%s", diff)
	}
	var out strings.Builder
	if err := report(&out, g, rules()); err != nil {
		t.Errorf("%v\n%s", err, out.String())
	}
	if got := strings.Count(out.String(), "holds "); got != len(rules()) {
		t.Errorf("%d lines for %d rules:\n%s", got, len(rules()), out.String())
	}
}

func TestRules_broken(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		extra string
		want  string // the start of the rule that breaks
	}{
		{"mockserver/catalog → go.yaml.in/yaml/v4", "catalog needs the standard library"},
		{"mockserver/catalog → mockserver/state", "catalog needs the standard library"},
		{"mockserver/authz → mockserver/state", "authz needs catalog"},
		{"mockserver/authz → golang.org/x/net/idna", "authz needs catalog"},
		{"mockserver/authz → log/slog", "authz and catalog have no input"},
		{"mockserver/catalog → os", "authz and catalog have no input"},
		{"mockserver/state → mockserver/store", "state knows authz"},
		{"mockserver/state/seed → mockserver/cloudflare", "state knows authz"},
		{"mockserver/store/sqlite → mockserver/authz", "store knows the change log"},
		{"mockserver/cloudflare → mockserver/control", "a dialect"},
		{"mockserver/vultr → mockserver/cloudflare/wire", "a dialect"},
		{"mockserver/control → mockserver", "a dialect"},
		{"mockserver/state → github.com/gin-gonic/gin", "gin stays"},
		{"mockserver/mocktest → github.com/gin-gonic/gin/binding", "gin stays"},
		{"mockserver/cloudflare → provider/client", "no room of the server"},
		{"mockserver → .", "no room of the server"},
		{"mockserver/cloudflare → github.com/hashicorp/terraform-plugin-log/tflog", "the server's program"},
		{"provider/internal/tfkit → mockserver/state", "the provider knows of the server"},
		{"provider/client → mockserver/cloudflare/wire", "the provider knows of the server"},
		{". → github.com/gin-gonic/gin", "the provider's program"},
		{"provider/client → github.com/hashicorp/terraform-plugin-testing/helper/resource", "the provider's program"},
		{"provider/client → provider/internal/tfkit", "the client knows no other room"},
		{"provider/internal/apitoken → provider/internal/accountapiaccess", "no noun"},
		{"provider/internal/apitoken/policy → provider/internal/accountapiaccess", "no noun"},
		{"test:provider/internal/apitoken → provider/internal/accountapiaccess", "no noun"},
		{"provider/internal/tfkit → provider/internal/apitoken", "what supports the nouns"},
		{"provider/internal/apitoken → provider/internal/acctest", "acctest and mocktest"},
		{"mockserver/cmd/mockserver → mockserver/mocktest", "acctest and mocktest"},
		{"provider/internal/tfkit → testing", "package testing"},
		{"provider → internal/cli", "what serves development"},
	} {
		t.Run(test.extra, func(t *testing.T) {
			t.Parallel()
			g := house(t, test.extra)
			chain := strings.TrimPrefix(test.extra, "test:")
			want := func(text string) bool {
				return strings.HasPrefix(text, test.want) &&
					(strings.HasSuffix(text, ": "+chain) || strings.HasSuffix(text, " → "+chain))
			}
			if found := violations(g); !slices.ContainsFunc(found, want) {
				t.Errorf("the rule %q was not broken by %s; broken: %q", test.want, chain, found)
			}
			var out strings.Builder
			if err := report(&out, g, rules()); err == nil {
				t.Errorf("no error:\n%s", out.String())
			}
		})
	}
}

// A wall must hold through packages in between, and the chain must tell which ones.
func TestRules_chain(t *testing.T) {
	t.Parallel()
	g := house(t,
		"provider/client → example.com/clever",
		"example.com/clever → example.com/deep",
		"example.com/deep → github.com/gin-gonic/gin",
	)
	want := "the provider's program contains no gin, no server and no package for tests: " +
		". → provider → provider/client → example.com/clever → example.com/deep → github.com/gin-gonic/gin"
	if found := violations(g); !slices.Contains(found, want) {
		t.Errorf("got %q, want %q", found, want)
	}
}

// A rule about a room that was renamed would hold for ever without a package to hold it against.
func TestReport_emptyRule(t *testing.T) {
	t.Parallel()
	g := house(t)
	delete(g.nodes, "mockserver/authz")
	var out strings.Builder
	if err := report(&out, g, rules()); err == nil || !strings.Contains(out.String(), "no package is left") {
		t.Errorf("error %v, output:\n%s", err, out.String())
	}
}
