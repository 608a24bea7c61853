// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
)

// ProviderVersion is the version under which a provider built here is installed.
const ProviderVersion = "0.0.1"

// configTemplate is a whole CLI configuration. Without a direct block, no CLI asks a registry.
const configTemplate = `disable_checkpoint = true

provider_installation {
  filesystem_mirror {
    path = %s
  }
}
`

// Install lays the provider plugin at binary into a fresh filesystem mirror below directory and returns
// the path of a CLI configuration that knows this mirror and nothing else. An empty binary leaves the
// mirror empty, which is enough for tests that serve the provider in-process.
//
// The plugin is there under the default registry hosts of both engines, as real directories: a link
// instead of the second one would not be followed.
func Install(directory, binary string) (configFile string, err error) {
	mirror := filepath.Join(directory, "mirror")
	if err := os.MkdirAll(mirror, 0o755); err != nil {
		return "", fmt.Errorf("install the provider: %w", err)
	}
	if binary != "" {
		for _, host := range []string{terraformHost, openTofuHost} {
			if err := copyExecutable(binary, mirrorPath(mirror, host)); err != nil {
				return "", fmt.Errorf("install the provider: %w", err)
			}
		}
	}
	configFile = filepath.Join(directory, "cli.tfrc")
	// A quoted Go string with forward slashes is a quoted HCL string.
	content := fmt.Sprintf(configTemplate, strconv.Quote(filepath.ToSlash(mirror)))
	if err := os.WriteFile(configFile, []byte(content), 0o600); err != nil {
		return "", fmt.Errorf("install the provider: %w", err)
	}
	return configFile, nil
}

// mirrorPath returns the place of the plugin in a mirror of unpacked packages.
func mirrorPath(mirror, host string) string {
	return filepath.Join(mirror, host, "accesscontrol", "accesscontrol", ProviderVersion,
		runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-accesscontrol_v"+ProviderVersion+executableSuffix())
}

// copyExecutable copies a program. A hard link would be faster, but a rebuilt provider could then change
// under a running CLI that has already recorded its checksum.
func copyExecutable(source, target string) (err error) {
	if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
		return err
	}
	from, err := os.Open(source)
	if err != nil {
		return err
	}
	defer from.Close()
	to, err := os.OpenFile(target, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o755)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, to.Close()) }()
	_, err = io.Copy(to, from)
	return err
}
