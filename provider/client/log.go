// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/terraform-plugin-log/tflog"
)

// logSubsystem names the client in log lines; TF_LOG_PROVIDER_ACCESSCONTROL_CLIENT sets its level.
const (
	logSubsystem = "client"
	logLevelEnv  = "TF_LOG_PROVIDER_ACCESSCONTROL"
)

func withLog(ctx context.Context) context.Context {
	return tflog.NewSubsystem(ctx, logSubsystem, tflog.WithLevelFromEnv(logLevelEnv, logSubsystem))
}

// requestLog writes one line for each attempt: method, path, status, duration and request id. What
// is not in that list is never logged, neither headers nor bodies nor queries, since any of them may
// hold a secret or a name.
type requestLog struct {
	next http.RoundTripper
	now  func() time.Time
	// quote makes a foreign text fit to be shown: an endpoint chooses what its request ids look like.
	quote func(string) string
}

// RoundTrip sends the attempt and logs how it went.
func (l *requestLog) RoundTrip(req *http.Request) (*http.Response, error) {
	state := callStateFrom(req.Context())
	begin := l.now()
	resp, err := l.next.RoundTrip(req)
	fields := map[string]any{
		"method":      req.Method,
		"path":        state.path,
		"attempt":     state.count(),
		"duration_ms": l.now().Sub(begin).Milliseconds(),
	}
	if err != nil {
		tflog.SubsystemDebug(req.Context(), logSubsystem, "API request got no reply", fields)
		return nil, err
	}
	fields["status"] = resp.StatusCode
	fields["request_id"] = l.quote(requestID(resp.Header))
	tflog.SubsystemDebug(req.Context(), logSubsystem, "API request", fields)
	return resp, nil
}
