// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// explainHowToGoOn writes the environment of the CLI into a file that only its owner reads, because a
// terminal keeps what is printed, and prints the commands that are of use now.
func (s *story) explainHowToGoOn(out io.Writer) {
	file := filepath.Join(s.directory, "environment.sh")
	if err := os.WriteFile(file, []byte(shellExports(s.workspace.environment)), 0o600); err != nil {
		fmt.Fprintln(out, "cannot write the environment:", err)
	}
	fmt.Fprintf(out, `
The server is still running at %s, and the configuration is applied.

  . %s
  cd %s
  %s plan
  %s output -json tokens
  curl -H "Authorization: Bearer $ACCESSCONTROL_API_TOKEN" $ACCESSCONTROL_BASE_URL/zones

Its log is %s. To end it:

  kill %d && rm -r %s
`, s.server.BaseURL, file, s.workspace.directory, s.workspace.tool.Path, s.workspace.tool.Path, s.server.log, s.server.process.Pid, s.directory)
}

// shellExports returns the variables that matter to the CLI as export commands of a POSIX shell.
func shellExports(environment []string) string {
	var lines strings.Builder
	for _, entry := range environment {
		name, value, _ := strings.Cut(entry, "=")
		if strings.HasPrefix(name, "TF_") || strings.HasPrefix(name, "ACCESSCONTROL_") || name == "CHECKPOINT_DISABLE" {
			fmt.Fprintf(&lines, "export %s='%s'\n", name, strings.ReplaceAll(value, "'", `'\''`))
		}
	}
	return lines.String()
}
