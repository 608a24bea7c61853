// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

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

var (
	// versionRow is a row of the table of versions: the CLI, the version, and what is passed over.
	versionRow = regexp.MustCompile(`(?m)^\| (Terraform|OpenTofu) (\d+\.\d+\.\d+) \| (.+) \|$`)
	// versionNumber finds versions in a sentence.
	versionNumber = regexp.MustCompile(`\d+\.\d+\.\d+`)
)

// The page names the versions that the workflow runs the suite with, and no others: the table of versions does,
// and so does the sentence below it.
func TestPages_versionsOfTheWorkflow(t *testing.T) {
	t.Parallel()
	index := page(t, "templates/index.md.tmpl")
	want := workflowVersions(t)
	var rows []string
	for _, row := range versionRow.FindAllStringSubmatch(index, -1) {
		rows = append(rows, row[1]+" "+row[2])
	}
	sentence := regexp.MustCompile(`The CI workflow runs them\s+with\s+Terraform\s([\s\S]*?)\sOpenTofu\s([\s\S]*?)\n\n`).FindStringSubmatch(index)
	if sentence == nil {
		t.Fatal("the page does not say which versions the workflow runs")
	}
	var told []string
	for i, engine := range []cli.Engine{cli.Terraform, cli.OpenTofu} {
		for _, version := range versionNumber.FindAllString(sentence[i+1], -1) {
			told = append(told, string(engine)+" "+version)
		}
	}
	for where, got := range map[string][]string{"the table": rows, "the sentence on the workflow": told} {
		slices.Sort(got)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s does not name what the workflow runs (-workflow +page):\n%s", where, diff)
		}
	}
}

// workflowVersions are the CLIs that the jobs of the workflow run the acceptance suite with, such as "OpenTofu 1.12.6",
// sorted. A job that says by no means known here which version it runs is an error.
func workflowVersions(t *testing.T) []string {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct {
			Strategy struct {
				Matrix struct{ Terraform []string }
			}
			Steps []struct {
				Run  string
				With map[string]any
			}
		}
	}
	if err := yaml.Unmarshal([]byte(page(t, ".github/workflows/ci.yml")), &workflow); err != nil {
		t.Fatal(err)
	}
	var versions []string
	for name, job := range workflow.Jobs {
		source := ""
		for _, step := range job.Steps {
			if step.With["repository"] == "opentofu/opentofu" {
				source = strings.TrimPrefix(fmt.Sprint(step.With["ref"]), "v")
			}
			target, arguments, _ := strings.Cut(step.Run, " TOFU=")
			switch {
			case target == "make testacc" && len(job.Strategy.Matrix.Terraform) > 0:
				for _, version := range job.Strategy.Matrix.Terraform {
					versions = append(versions, "Terraform "+version)
				}
			case target == "make testacc-tofu" && arguments == "":
				versions = append(versions, "OpenTofu "+pinnedOpenTofu(t))
			case target == "make testacc-tofu" && source != "":
				versions = append(versions, "OpenTofu "+source)
			case strings.Contains(step.Run, "testacc"):
				t.Errorf("the job %s: %s runs the suite with a CLI of which nothing says the version", name, step.Run)
			}
		}
	}
	slices.Sort(versions)
	return versions
}

// pinnedOpenTofu is the version that the repository builds.
func pinnedOpenTofu(t *testing.T) string {
	t.Helper()
	pin := regexp.MustCompile(`(?m)^\s+github\.com/opentofu/opentofu v(\S+)`).FindStringSubmatch(page(t, "tools/opentofu/go.mod"))
	if pin == nil {
		t.Fatal("nothing pins OpenTofu")
	}
	return pin[1]
}

// The page has a name for whatever the golden file says is passed over somewhere, and what has one is tested over
// the plugin protocol as well.
func TestPages_passedOverHasAName(t *testing.T) {
	t.Parallel()
	golden := page(t, "provider/internal/acctest/testdata/skipped.golden")
	var found, want []string
	for _, section := range regexp.MustCompile(`(?m)^([A-Z]\w+): (.+)\n {2}runs from .+\n {2}- `).FindAllStringSubmatch(golden, -1) {
		if section[1] == acctest.Encryption.Name {
			continue
		}
		found = append(found, section[1])
		if !strings.HasSuffix(section[2], "; tested over the plugin protocol as well") {
			t.Errorf("%s is not tested over the plugin protocol, as the page says that everything is: %s", section[1], section[2])
		}
	}
	for _, feature := range passedOver {
		want = append(want, feature.capability.Name)
	}
	if diff := cmp.Diff(want, found); diff != "" {
		t.Errorf("the page names other things than the golden file (-page +file):\n%s", diff)
	}
}

// What the page says that a version passes over is what the tests pass over there.
func TestPages_versionsPassOver(t *testing.T) {
	t.Parallel()
	rows := versionRow.FindAllStringSubmatch(page(t, "templates/index.md.tmpl"), -1)
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
