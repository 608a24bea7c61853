// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func TestRun(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name   string
		args   []string
		status int
		stdout string
		stderr string
	}{
		{"version", []string{"-version"}, 0, "dev\n", ""},
		{"help", []string{"-help"}, 0, "", "-debug"},
		{"unknown flag", []string{"-verson"}, 2, "", "flag provided but not defined: -verson"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			var stdout, stderr bytes.Buffer
			if got := run(t.Context(), tt.args, &stdout, &stderr); got != tt.status {
				t.Errorf("status = %d, want %d", got, tt.status)
			}
			if stdout.String() != tt.stdout || !strings.Contains(stderr.String(), tt.stderr) {
				t.Errorf("stdout %q, stderr %q", stdout.String(), stderr.String())
			}
		})
	}
}

// The cleanup has its time, and no more, where the context has ended already.
func TestWithinGrace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		ended, cancel := context.WithCancel(t.Context())
		cancel()
		failed := errors.New("a token is left")
		err := withinGrace(ended, func(ctx context.Context) error {
			end, bounded := ctx.Deadline()
			if ctx.Err() != nil || !bounded || time.Until(end) != grace {
				t.Errorf("error %v, deadline %v, bounded: %t", ctx.Err(), end, bounded)
			}
			return failed
		})
		if !errors.Is(err, failed) {
			t.Errorf("error = %v", err)
		}
	})
}

func TestQuietSDK(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		env  map[string]string
		want string
	}{
		{"nothing set", nil, "TF_LOG_SDK=OFF"},
		{"Terraform's own log does not turn it on", map[string]string{"TF_LOG": "TRACE"}, "TF_LOG_SDK=OFF"},
		{"an empty variable is unset", map[string]string{"TF_LOG_SDK": ""}, "TF_LOG_SDK=OFF"},
		{"set by the user", map[string]string{"TF_LOG_SDK": "TRACE"}, ""},
		{"one of its parts", map[string]string{"TF_LOG_SDK_PROTO": "DEBUG"}, ""},
		{"the other part", map[string]string{"TF_LOG_SDK_FRAMEWORK": "DEBUG"}, ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got := ""
			err := quietSDK(
				func(name string) (string, bool) { value, ok := tt.env[name]; return value, ok },
				func(name, value string) error { got = name + "=" + value; return nil },
			)
			if err != nil || got != tt.want {
				t.Errorf("set %q, %v; want %q", got, err, tt.want)
			}
		})
	}
	cause := errors.New("read-only")
	if err := quietSDK(func(string) (string, bool) { return "", false }, func(string, string) error { return cause }); !errors.Is(err, cause) {
		t.Errorf("error = %v, want %v", err, cause)
	}
}
