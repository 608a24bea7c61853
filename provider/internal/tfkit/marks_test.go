// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"sync"
	"testing"
)

func TestMarks(t *testing.T) {
	t.Parallel()
	var marks Marks
	if marks.Has("a/1") {
		t.Error("an empty set has a member")
	}
	var group sync.WaitGroup
	for _, object := range []string{"a/1", "a/2", "a/1", "a/4"} {
		group.Go(func() { marks.Add(object) })
	}
	group.Wait()
	marks.Remove("a/4")
	marks.Remove("a/5")
	for object, want := range map[string]bool{"a/1": true, "a/2": true, "a/3": false, "a": false, "a/4": false} {
		if got := marks.Has(object); got != want {
			t.Errorf("Has(%q) = %v, want %v", object, got, want)
		}
	}
	var none *Marks
	none.Add("a/1")
	none.Remove("a/1")
	if none.Has("a/1") {
		t.Error("nil remembers")
	}
}
