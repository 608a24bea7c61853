// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package mocktest

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
)

// Explanation is what [Server.Explain] answers: a decision with its whole trace and, when a grant is what is
// missing, the smallest one that would have allowed it.
type Explanation = control.Explanation

// Explain asks the control plane whether the credential (a ref or id) may do the operation ("GET
// /zones/{zone_id}", or a permission such as "DNS Write") on the target, as the world is now: no request is
// sent to the API, nothing is done and the journal stays as it is. The target has the fields of the control
// plane: {"zone": "example.com"}, {"account": "acme"}; nil is for operations that need none. A question that
// cannot be answered fails the test.
func (s *Server) Explain(credential, operation string, target map[string]any) Explanation {
	s.tb.Helper()
	question := map[string]any{"credential": credential, "operation": operation}
	if target != nil {
		question["target"] = target
	}
	var answer Explanation
	s.Ask("explain", question, &answer)
	return answer
}

// Ask puts a question to the control plane: to its path "explain", "who-can" or "what-can". The question is
// sent as JSON and the answer decoded into the value that answer points to. A question that cannot be answered
// fails the test.
func (s *Server) Ask(path string, question, answer any) {
	s.tb.Helper()
	body, err := json.Marshal(question)
	if err != nil {
		s.tb.Fatalf("mocktest: question to %s: %v", path, err)
	}
	r, err := http.NewRequestWithContext(s.tb.Context(), http.MethodPost, s.URL+mockserver.ControlPath+"/"+path, bytes.NewReader(body))
	if err != nil {
		s.tb.Fatalf("mocktest: %v", err)
	}
	r.Header.Set("Content-Type", "application/json")
	if s.controlToken != "" {
		r.Header.Set("Authorization", "Bearer "+s.controlToken)
	}
	resp, err := s.client.Do(r)
	if err != nil {
		s.tb.Fatalf("mocktest: %v", err)
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		s.tb.Fatalf("mocktest: reply of %s: %v", path, err)
	}
	if resp.StatusCode != http.StatusOK {
		s.tb.Fatalf("mocktest: %s answers %d: %s", path, resp.StatusCode, text)
	}
	if err := json.Unmarshal(text, answer); err != nil {
		s.tb.Fatalf("mocktest: reply of %s: %v", path, err)
	}
}
