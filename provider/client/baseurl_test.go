// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"strings"
	"testing"
)

func TestParseBaseURL(t *testing.T) {
	t.Parallel()
	tests := []struct {
		raw   string
		want  string // part of the error; empty is success
		plain bool
	}{
		{raw: "https://api.example.com/client/v4"},
		{raw: "https://api.example.com:8443"},
		{raw: "http://127.0.0.1:8787/client/v4"},
		{raw: "http://127.8.9.1/client/v4"},
		{raw: "http://localhost:1/"},
		{raw: "http://LOCALHOST/"},
		{raw: "http://[::1]:8787/client/v4"},
		{raw: "http://[::ffff:127.0.0.1]/"},
		{raw: "http://api.example.com/client/v4", want: "loopback", plain: true},
		{raw: "http://api.localhost/x", want: "loopback", plain: true},
		{raw: "http://localhost./", want: "loopback", plain: true},
		{raw: "http://10.0.0.1/", want: "loopback", plain: true},
		{raw: "http://localhost.example.com/", want: "loopback", plain: true},
		{raw: "http://notlocalhost/", want: "loopback", plain: true},
		{raw: "http://0.0.0.0/", want: "loopback", plain: true},
		{raw: "", want: "scheme"},
		{raw: "api.example.com", want: "scheme"},
		{raw: "ftp://api.example.com", want: "scheme"},
		{raw: "localhost:8787", want: "scheme"},
		{raw: "127.0.0.1:18099/client/v4", want: "does not parse; it needs https:// or http:// in front"},
		{raw: "10.0.0.1:hunter2", want: "needs https:// or http:// in front"},
		{raw: "https://", want: "no host"},
		{raw: "https://:443/x", want: "no host"},
		{raw: "https://user:hunter2@api.example.com", want: "user name or password"},
		{raw: "https://user:hunter2@api.example.com:port/", want: "does not parse"},
		{raw: "https://api.example.com/?a=b", want: "query"},
		{raw: "https://api.example.com/?", want: "query"},
		{raw: "https://api.example.com/#x", want: "query"},
		{raw: "https://api.example.com/%zz", want: "does not parse"},
	}
	for _, tt := range tests {
		t.Run(tt.raw, func(t *testing.T) {
			t.Parallel()
			u, err := ParseBaseURL(tt.raw)
			if tt.want == "" {
				if err != nil || u == nil {
					t.Fatalf("error = %v, want none", err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Fatalf("error = %v, want %q in it", err, tt.want)
			}
			if strings.Contains(err.Error(), "hunter2") {
				t.Error("the error quotes a password")
			}
			if errors.Is(err, ErrPlainHTTP) != tt.plain {
				t.Errorf("errors.Is(ErrPlainHTTP) = %v, want %v", !tt.plain, tt.plain)
			}
		})
	}
}
