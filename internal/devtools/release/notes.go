// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"strings"
)

// notes returns the section of a version, without its heading, from a changelog in which every version has
// a heading of the second level: "## 1.2.3", with anything after a blank, or "## Unreleased". The version may
// begin with a v, as tags do. A section without text is an error: a release without notes tells nobody
// anything.
func notes(changelog, version string) (string, error) {
	wanted := strings.TrimPrefix(version, "v")
	var section []string
	inside := false
	for line := range strings.Lines(changelog) {
		heading, isHeading := strings.CutPrefix(line, "## ")
		if isHeading {
			name, _, _ := strings.Cut(strings.TrimSpace(heading), " ")
			inside = strings.EqualFold(name, wanted)
			continue
		}
		if inside {
			section = append(section, line)
		}
	}
	text := strings.TrimSpace(strings.Join(section, ""))
	if text == "" {
		return "", fmt.Errorf("CHANGELOG.md says nothing under \"## %s\": give the release its section first", wanted)
	}
	return text, nil
}
