// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"slices"
	"strings"
)

// debugVariables are the settings of the acceptance test framework that change what it records and
// nothing of what it does; a developer who sets one means it.
var debugVariables = []string{"TF_ACC_LOG", "TF_ACC_LOG_PATH", "TF_ACC_PERSIST_WORKING_DIR"}

// Clean returns environ without everything that could change what a CLI or the provider does: every TF_
// variable (arguments, data directory, workspace, plugin cache, logging, input variables, another CLI
// configuration) but those that only record, and every CLOUDFLARE_ and ACCESSCONTROL_ variable, since a
// real credential must never reach a test. environ itself is not changed.
func Clean(environ []string) []string {
	return slices.DeleteFunc(slices.Clone(environ), func(entry string) bool {
		name, _, _ := strings.Cut(entry, "=")
		if slices.Contains(debugVariables, name) {
			return false
		}
		for _, prefix := range []string{"TF_", "CLOUDFLARE_", "ACCESSCONTROL_"} {
			if strings.HasPrefix(name, prefix) {
				return true
			}
		}
		return false
	})
}

// Environment returns the environment for running a CLI with the configuration that [Install] wrote, and
// without a person to answer questions.
func Environment(environ []string, configFile string) []string {
	return append(Clean(environ),
		"TF_CLI_CONFIG_FILE="+configFile,
		"TF_IN_AUTOMATION=1",
		"TF_INPUT=0",
		"CHECKPOINT_DISABLE=1",
	)
}

// Acceptance returns the environment in which go test runs the acceptance suite under tool.
//
// Under OpenTofu the framework must be told the registry host, or it asks for a provider under a host
// that OpenTofu refuses. The namespace is never set: import steps with a configuration of their own then
// look for the provider under another address.
func Acceptance(environ []string, tool Tool, configFile string) []string {
	environment := append(Clean(environ),
		"TF_ACC=1",
		"TF_ACC_TERRAFORM_PATH="+tool.Path,
		"TF_CLI_CONFIG_FILE="+configFile,
		"CHECKPOINT_DISABLE=1",
	)
	if tool.Engine == OpenTofu {
		environment = append(environment, "TF_ACC_PROVIDER_HOST="+openTofuHost)
	}
	return environment
}
