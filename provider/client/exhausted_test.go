// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"errors"
	"net/http"
	"testing"
)

func TestFinalResponse(t *testing.T) {
	t.Parallel()
	resp := &http.Response{StatusCode: http.StatusBadGateway}
	cause := errors.New("context ended")
	tests := []struct {
		name     string
		resp     *http.Response
		err      error
		wantResp *http.Response
		wantErr  error
	}{
		{"tries used up on a status", resp, nil, resp, nil},
		{"context ended after an answer", resp, cause, resp, nil},
		{"no answer at all", nil, cause, nil, cause},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			got, err := finalResponse(tt.resp, tt.err, 4) //nolint:bodyclose // There is no body.
			if got != tt.wantResp || !errors.Is(err, tt.wantErr) {
				t.Errorf("finalResponse = %v, %v; want %v, %v", got, err, tt.wantResp, tt.wantErr)
			}
		})
	}
}
