// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/hashicorp/terraform-plugin-framework/diag"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

func requestIP(in, notIn any) obj { return obj{"request_ip": obj{"in": in, "not_in": notIn}} }

func TestCompileCondition(t *testing.T) {
	t.Parallel()
	const in = `condition.request_ip.in`
	tests := []struct {
		name     string
		in       any
		want     *client.IPCondition
		complete bool
		problems []string
	}{
		{"none", nil, nil, true, nil},
		{"ranges and addresses", requestIP([]string{"198.51.100.0/24", "2001:db8::1"}, []string{"198.51.100.7"}), &client.IPCondition{In: []string{"198.51.100.0/24", "2001:db8::1/128"}, NotIn: []string{"198.51.100.7/32"}}, true, nil},
		{"mapped", requestIP([]string{"::ffff:198.51.100.0/120"}, nil), &client.IPCondition{In: []string{"198.51.100.0/24"}}, true, nil},
		{"typo", requestIP([]string{"198.51.100.0/33"}, nil), nil, false, []string{in + `[Value("198.51.100.0/33")]: Invalid IP range`}},
		{"not an address", requestIP([]string{"198.51.100"}, nil), nil, false, []string{in + `[Value("198.51.100")]: Invalid IP range`}},
		{"host bits", requestIP([]string{"198.51.100.7/24"}, nil), nil, false, []string{in + `[Value("198.51.100.7/24")]: Invalid IP range`}},
		{"zone identifier", requestIP([]string{"fe80::1%eth0"}, nil), nil, false, []string{in + `[Value("fe80::1%eth0")]: Invalid IP range`}},
		{"twice", requestIP([]string{"198.51.100.7", "198.51.100.7/32"}, nil), nil, false, []string{in + `[Value("198.51.100.7/32")]: IP range given twice`}},
		{"empty set", requestIP([]string{}, []string{"198.51.100.7"}), nil, false, []string{in + ": Empty set of IP ranges"}},
		{"nothing in it", requestIP(nil, nil), nil, false, []string{"condition.request_ip: Condition without addresses"}},
		{"unknown", unknown, nil, false, nil},
		{"unknown set", requestIP(unknown, nil), nil, false, nil},
		{"unknown address", requestIP([]any{"198.51.100.7", unknown}, nil), nil, false, nil},
		{"a typo beside an unknown", requestIP([]any{"x", unknown}, nil), nil, false, []string{in + `[Value("x")]: Invalid IP range`}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			cond, complete, diags := compileCondition(t.Context(), conditionValue(t, test.in))
			if diff := cmp.Diff(test.problems, problems(diags)); diff != "" || complete != test.complete {
				t.Fatalf("complete %v, problems (-want +got):\n%s", complete, diff)
			}
			if !complete {
				return
			}
			if diff := cmp.Diff(test.want, cond.toAPI()); diff != "" {
				t.Errorf("wire form (-want +got):\n%s", diff)
			}
			back, err := conditionFromAPI(cond.toAPI())
			if err != nil || !back.equal(cond) {
				t.Errorf("the wire form reads back as %v (%v)", back, err)
			}
		})
	}
}

func TestShowCondition(t *testing.T) {
	t.Parallel()
	spelled := requestIP([]string{"198.51.100.7/32", "2001:db8::1"}, nil)
	tests := []struct {
		name  string
		prior any
		api   *client.IPCondition
		want  any
	}{
		{"kept in its spelling", spelled, &client.IPCondition{In: []string{"2001:db8:0::1/128", "198.51.100.7"}}, spelled},
		{"changed", spelled, &client.IPCondition{NotIn: []string{"198.51.100.7/32"}}, requestIP(nil, []string{"198.51.100.7"})},
		{"cleared", spelled, nil, nil},
		{"new", nil, &client.IPCondition{In: []string{"198.51.100.0/24"}}, requestIP([]string{"198.51.100.0/24"}, nil)},
		{"host bits, as the API may hold", nil, &client.IPCondition{In: []string{"198.51.100.9/24"}}, requestIP([]string{"198.51.100.0/24"}, nil)},
		{"empty is none", nil, &client.IPCondition{}, nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			var diags diag.Diagnostics
			got := showCondition(t.Context(), conditionValue(t, test.prior), test.api, &diags)
			if want := conditionValue(t, test.want); !want.Equal(got) || len(diags) > 0 {
				t.Errorf("got %s (%v), want %s", got, diags, want)
			}
		})
	}
	t.Run("not a range", func(t *testing.T) {
		t.Parallel()
		var diags diag.Diagnostics
		held := conditionValue(t, spelled)
		got := showCondition(t.Context(), held, &client.IPCondition{In: []string{"x"}}, &diags)
		if !diags.HasError() || !got.Equal(held) {
			t.Errorf("got %s with %v, want what was held and an error", got, diags)
		}
	})
}

func TestCondition_Narrows(t *testing.T) {
	t.Parallel()
	compile := func(in any) *condition {
		cond, complete, diags := compileCondition(t.Context(), conditionValue(t, in))
		if !complete {
			t.Fatalf("does not compile: %v", diags)
		}
		return cond
	}
	wide, narrow := []string{"10.0.0.0/8"}, []string{"10.1.0.0/16"}
	tests := []struct {
		name        string
		prior, next any
		want        bool
	}{
		{"none to none", nil, nil, false},
		{"first range", nil, requestIP(wide, nil), true},
		{"lifted", requestIP(wide, nil), nil, false},
		{"wider", requestIP(narrow, nil), requestIP(wide, nil), false},
		{"narrower", requestIP(wide, nil), requestIP(narrow, nil), true},
		{"one more", requestIP(narrow, nil), requestIP([]string{"10.1.0.0/16", "10.2.0.0/16"}, nil), false},
		{"one less", requestIP([]string{"10.1.0.0/16", "10.2.0.0/16"}, nil), requestIP(narrow, nil), true},
		{"new exclusion", requestIP(wide, nil), requestIP(wide, narrow), true},
		{"smaller exclusion", requestIP(nil, wide), requestIP(nil, narrow), false},
		{"last in range goes, exclusion stays", requestIP(wide, narrow), requestIP(nil, narrow), false},
	}
	for _, test := range tests {
		if got := compile(test.next).narrows(compile(test.prior)); got != test.want {
			t.Errorf("%s: narrows = %v, want %v", test.name, got, test.want)
		}
	}
}
