// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package pathglob_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/pathglob"
)

func TestMatch(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		pattern, path, route string
		want                 bool
	}{
		{"", "/user", "/user", true},
		{"**", "/accounts/a/tokens/b", "", true},
		{"/user", "/user", "/user", true},
		{"/user", "/user/", "/user", true},
		{"/user/", "/user", "/user", true},
		{"/user", "/user/tokens", "/user/tokens", false},
		{"/user*", "/user/tokens", "/user/tokens", false},
		{"/user/*", "/user/tokens", "/user/tokens", true},
		{"/user/tokens/*", "/user/tokens/0a", "/user/tokens/{token_id}", true},
		{"/user/tokens/*", "/user/tokens/0a/value", "/user/tokens/{token_id}/value", false},
		{"/user/**", "/user/tokens/0a/value", "/user/tokens/{token_id}/value", true},
		{"/user/**", "/user", "/user", false},
		{"/user/tokens/{token_id}", "/user/tokens/0a", "/user/tokens/{token_id}", true},
		{"/user/tokens/{x}", "/user/tokens/0a", "/user/tokens/{token_id}", true},
		{"/user/tokens/{token_id}", "/user/tokens/verify", "/user/tokens/verify", false},
		{"/user/tokens/{token_id}", "/user/tokens/verify", "", true},
		{"/user/tokens/0a", "/user/tokens/0a", "/user/tokens/{token_id}", true},
		{"/accounts/01/tokens/{id}", "/accounts/01/tokens/0a", "/accounts/{account_id}/tokens/{token_id}", true},
		{"/accounts/01/tokens/{id}", "/accounts/02/tokens/0a", "/accounts/{account_id}/tokens/{token_id}", false},
		{"/{a}/tokens", "/user/tokens", "/user/tokens", false},
		{"/zones/*.x", "/zones/a.x", "", true},
		{"/zones/*.x", "/zones/abx", "", false},
		{"/x/{a}.{b}", "/x/1.2", "/x/{a}.{b}", true},
		{"/x/{a}.{b}", "/x/12", "/x/{a}", false},
		{"/x(y", "/x(y", "", true},
	} {
		p, err := pathglob.Compile(tt.pattern)
		if err != nil {
			t.Errorf("Compile(%q): %v", tt.pattern, err)
			continue
		}
		if got := p.Match(tt.path, tt.route); got != tt.want {
			t.Errorf("%q matches %q (route %q): %t, want %t", tt.pattern, tt.path, tt.route, got, tt.want)
		}
		if p.String() != tt.pattern {
			t.Errorf("String() = %q, want %q", p.String(), tt.pattern)
		}
	}
}

func TestNilPatternMatchesAll(t *testing.T) {
	t.Parallel()
	var p *pathglob.Pattern
	if !p.Match("/user", "") || p.String() != "" {
		t.Error("the nil pattern does not match /user")
	}
}

func TestCompileRefuses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"user", "/user?page=1", "/a/{", "/a/}", "/a/{}", "/a/{b{c}}", "/a/{b", "/a\x00"} {
		if _, err := pathglob.Compile(text); err == nil {
			t.Errorf("Compile(%q) succeeds", text)
		}
	}
}

func TestMatchMethod(t *testing.T) {
	t.Parallel()
	if !pathglob.MatchMethod("", "PUT") || !pathglob.MatchMethod("put", "PUT") || pathglob.MatchMethod("GET", "PUT") {
		t.Error("methods are not compared as documented")
	}
}

func FuzzMatch(f *testing.F) {
	f.Add("/user/tokens/{id}", "/user/tokens/0a", "/user/tokens/{token_id}")
	f.Add("/**/x*y", "/a/b/xzy/", "")
	f.Add("*{", "", "/")
	f.Fuzz(func(t *testing.T, pattern, path, route string) {
		p, err := pathglob.Compile(pattern)
		if err != nil {
			return
		}
		p.Match(path, route)
		// A path without anything special, given as a pattern, matches itself.
		if strings.HasPrefix(path, "/") && utf8.ValidString(path) && !strings.ContainsAny(path, "*{}?\x00") {
			self, err := pathglob.Compile(path)
			if err != nil || !self.Match(path, path) || !self.Match(path, "") {
				t.Errorf("%q does not match itself: %v", path, err)
			}
		}
	})
}
