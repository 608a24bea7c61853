// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog_test

import (
	"slices"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

func FuzzMatchRoute(f *testing.F) {
	f.Add("GET", "/zones/"+idA+"/dns_records/"+idB)
	f.Add("DELETE", "/accounts/"+idA+"/magic/connectors/c/telemetry/events/1.2")
	f.Add("HEAD", "/zones//../x/./%2F/")
	f.Add("", "//")
	f.Fuzz(func(t *testing.T, method, path string) {
		o, p, status := catalog.MatchRoute(method, path)

		if (o != nil) != (status == catalog.MatchFound || status == catalog.MatchMalformedID) {
			t.Fatalf("status %d with operation %v", status, o)
		}

		allowed := catalog.AllowedMethods(path)
		if known := status != catalog.MatchNoRoute; known != (len(allowed) > 0) || o != nil != slices.Contains(allowed, method) {
			t.Fatalf("status %d, allowed methods %q", status, allowed)
		}

		if o == nil {
			return
		}

		for i := range p.Len() {
			name, value := p.At(i)
			if value == "" && status == catalog.MatchFound || value == "." || value == ".." {
				t.Fatalf("%s: %s is %q", o.Name(), name, value)
			}
		}

		again, q, _ := catalog.MatchRoute(method, path)
		if again != o || q.Len() != p.Len() {
			t.Fatalf("%s, then %s", o.Name(), again.Name())
		}
	})
}

func FuzzLookupGroup(f *testing.F) {
	for _, seed := range []string{"DNS Write", "zone:Logs Edit", "Page Shield Read", "zone:", ":", "4755a26eedb94da69e1066d98aa820be", "dns wrtie"} {
		f.Add(seed)
	}

	f.Fuzz(func(t *testing.T, ref string) {
		g, err := catalog.LookupGroup(ref)
		if (g == nil) != (err != nil) {
			t.Fatalf("%q finds %v with error %v", ref, g, err)
		}

		if err != nil && err.Error() == "" {
			t.Fatal("an error without text")
		}

		for _, scope := range catalog.Scopes() {
			if g, err := catalog.LookupGroupInScope(scope, ref); err == nil && g.Scope != scope {
				t.Fatalf("%q finds %s within %s", ref, g.Ref(), scope)
			}
		}
	})
}
