// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// example is a call of the guide and what the guide shows of its reply.
var example = regexp.MustCompile("(?s)```shell\ncurl [^\n]*http://127\\.0\\.0\\.1:8787/_control(/[a-z-]+) -d '([^']*)'\n```\n\n```json\n(.*?)```")

// TestGuide sends the guide's examples to the built-in world and holds that
// everything the guide shows is in the reply.
func TestGuide(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../templates/guides/control-plane.md")
	if err != nil {
		t.Fatal(err)
	}
	s := mocktest.New(t)
	examples := example.FindAllSubmatch(text, -1)
	if len(examples) != 5 {
		t.Fatalf("the guide has %d examples", len(examples))
	}
	for _, e := range examples {
		path, body, shown := string(e[1]), string(e[2]), e[3]
		_, reply := send(t, s, path, body)
		var want, got any
		if err := json.Unmarshal(shown, &want); err != nil {
			t.Fatalf("%s: what the guide shows is no JSON: %v", path, err)
		}
		if err := json.Unmarshal(reply, &got); err != nil {
			t.Fatal(err)
		}
		if missing := within(want, got, ""); missing != "" {
			t.Errorf("%s %s: the reply differs at %s:\n%s", path, body, missing, reply)
		}
	}
}

// within says where what is shown is not in the reply, "" when all of it is. An
// object may hold more than is shown; a list must have as many items.
func within(shown, reply any, at string) string {
	switch want := shown.(type) {
	case map[string]any:
		got, ok := reply.(map[string]any)
		if !ok {
			return at + "/"
		}
		for name, v := range want {
			if missing := within(v, got[name], at+"/"+name); missing != "" {
				return missing
			}
		}
		return ""
	case []any:
		got, ok := reply.([]any)
		if !ok || len(got) != len(want) {
			return at + "[]"
		}
		for i, v := range want {
			if missing := within(v, got[i], fmt.Sprintf("%s/%d", at, i)); missing != "" {
				return missing
			}
		}
		return ""
	default:
		if shown != reply {
			return at
		}
		return ""
	}
}
