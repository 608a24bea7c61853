// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"regexp"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// passedOver is how the page calls what a capability is needed for. The encryption of state is nothing of the
// provider's.
var passedOver = []struct {
	capability acctest.Capability
	words      string
}{
	{acctest.Move, "`moved`"},
	{acctest.Ephemeral, "ephemeral resource"},
	{acctest.Identity, "identity"},
	{acctest.Query, "list resources"},
	{acctest.Actions, "actions"},
}

// What the page says that a version passes over is what the tests pass over there.
func TestPages_versionsPassOver(t *testing.T) {
	t.Parallel()
	rows := regexp.MustCompile(`(?m)^\| (Terraform|OpenTofu) (\d+\.\d+\.\d+) \| (.+) \|$`).FindAllStringSubmatch(page(t, "templates/index.md.tmpl"), -1)
	oldest := map[cli.Engine]bool{}
	for _, row := range rows {
		version, err := cli.ParseVersion(row[2])
		if err != nil {
			t.Fatal(err)
		}
		tool := cli.Tool{Engine: cli.Engine(row[1]), Version: version}
		if tool.Version.Major == cli.Minimum().Major && tool.Version.Minor == cli.Minimum().Minor {
			oldest[tool.Engine] = true
		}
		var lacks []string
		for _, feature := range passedOver {
			has, err := feature.capability.In(tool)
			if err != nil {
				t.Fatal(err)
			}
			if !has {
				lacks = append(lacks, feature.words)
			}
		}
		want := strings.Join(lacks, ", ")
		if want == "" {
			want = "nothing"
		}
		if row[3] != want {
			t.Errorf("%s: the page says that it passes over %s, want %s", tool, row[3], want)
		}
	}
	if len(rows) < 4 || !oldest[cli.Terraform] || !oldest[cli.OpenTofu] {
		t.Errorf("%d versions, with the oldest of Terraform: %t, of OpenTofu: %t", len(rows), oldest[cli.Terraform], oldest[cli.OpenTofu])
	}
}
