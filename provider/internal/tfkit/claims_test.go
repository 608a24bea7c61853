// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"sync"
	"testing"
)

func TestClaims(t *testing.T) {
	t.Parallel()
	var claims Claims
	if claims.Has("a/1") {
		t.Error("an empty set has a member")
	}
	var group sync.WaitGroup
	for _, object := range []string{"a/1", "a/2", "a/1"} {
		group.Go(func() { claims.Add(object) })
	}
	group.Wait()
	for object, want := range map[string]bool{"a/1": true, "a/2": true, "a/3": false, "a": false} {
		if got := claims.Has(object); got != want {
			t.Errorf("Has(%q) = %v, want %v", object, got, want)
		}
	}
}
