// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"testing"

	"github.com/google/go-cmp/cmp"
)

func TestClean(t *testing.T) {
	t.Parallel()
	environ := []string{
		"PATH=/bin", "TF_CLI_ARGS=-no-color", "TF_CLI_ARGS_plan=-out=x", "TF_DATA_DIR=/d", "TF_WORKSPACE=w",
		"TF_PLUGIN_CACHE_DIR=/c", "TF_LOG=TRACE", "TF_LOG_SDK=TRACE", "TF_VAR_x=1", "TF_CLI_CONFIG_FILE=/root/rc",
		"TF_ACC_PROVIDER_NAMESPACE=x", "TF_ACC_LOG=DEBUG", "TF_REATTACH_PROVIDERS={}",
		"CLOUDFLARE_API_TOKEN=real", "CLOUDFLARE_EMAIL=me@example.com", "ACCESSCONTROL_API_TOKEN=t", "HOME=/root", "TFX=kept",
	}
	before := append([]string(nil), environ...)
	want := []string{"PATH=/bin", "TF_ACC_LOG=DEBUG", "HOME=/root", "TFX=kept"}
	if diff := cmp.Diff(want, Clean(environ)); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff(before, environ); diff != "" {
		t.Errorf("the argument was changed (-want +got):\n%s", diff)
	}
}

func TestEnvironment(t *testing.T) {
	t.Parallel()
	want := []string{"PATH=/bin", "TF_CLI_CONFIG_FILE=/x/cli.tfrc", "TF_IN_AUTOMATION=1", "TF_INPUT=0", "CHECKPOINT_DISABLE=1"}
	if diff := cmp.Diff(want, Environment([]string{"PATH=/bin", "TF_LOG=TRACE"}, "/x/cli.tfrc")); diff != "" {
		t.Errorf("environment (-want +got):\n%s", diff)
	}
}

func TestAcceptance(t *testing.T) {
	t.Parallel()
	common := []string{"TF_ACC=1", "TF_ACC_TERRAFORM_PATH=/bin/cli", "TF_CLI_CONFIG_FILE=/x/cli.tfrc", "CHECKPOINT_DISABLE=1"}
	for engine, want := range map[Engine][]string{
		Terraform: common,
		OpenTofu:  append(append([]string(nil), common...), "TF_ACC_PROVIDER_HOST=registry.opentofu.org"),
	} {
		tool := Tool{Path: "/bin/cli", Engine: engine}
		got := Acceptance([]string{"TF_ACC_PROVIDER_NAMESPACE=x", "TF_ACC_PROVIDER_HOST=y"}, tool, "/x/cli.tfrc")
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", engine, diff)
		}
	}
}
