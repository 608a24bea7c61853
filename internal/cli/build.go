// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
)

// modulePath is the module whose root [Root] looks for.
const modulePath = "github.com/accesscontrol/terraform-provider-accesscontrol"

// openTofuPackage is the command that tools/opentofu pins.
const openTofuPackage = "github.com/opentofu/opentofu/cmd/tofu"

// Root returns the directory of this module's go.mod, looking upwards from the working directory, so
// that commands and tests work from any directory of the tree.
func Root() (string, error) {
	directory, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("find the module root: %w", err)
	}
	for {
		content, err := os.ReadFile(filepath.Join(directory, "go.mod"))
		if err == nil && bytes.HasPrefix(content, []byte("module "+modulePath+"\n")) {
			return directory, nil
		}
		parent := filepath.Dir(directory)
		if parent == directory {
			return "", fmt.Errorf("find the module root: no go.mod of %s in or above the working directory", modulePath)
		}
		directory = parent
	}
}

// CacheDir returns the directory under root that holds what is built once and kept. Git ignores it, and
// deleting it costs nothing but time.
func CacheDir(root string) string {
	return filepath.Join(root, ".cache")
}

// BuildOpenTofu builds the OpenTofu that tools/opentofu pins, unless it was built before from the same
// pins, and returns its path. Go modules are all it needs: no release archive, no registry. The first
// build on a machine compiles some 1,500 packages and takes minutes.
func BuildOpenTofu(ctx context.Context, root string, say func(line string)) (string, error) {
	pins := filepath.Join(root, "tools", "opentofu")
	key, err := pinKey(pins)
	if err != nil {
		return "", fmt.Errorf("build OpenTofu: %w", err)
	}
	target := filepath.Join(CacheDir(root), "opentofu", key, "tofu"+executableSuffix())
	if _, err := os.Stat(target); err == nil {
		return target, nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("build OpenTofu: %w", err)
	}
	say("building OpenTofu from tools/opentofu; the first time on a machine this takes some minutes")
	if err := goBuild(ctx, pins, target, openTofuPackage); err != nil {
		return "", fmt.Errorf("build OpenTofu: %w", err)
	}
	return target, nil
}

// BuildProvider compiles the provider plugin of the module at root into target, with [ProviderVersion]
// as its version.
func BuildProvider(ctx context.Context, root, target string) error {
	if err := goBuild(ctx, root, target, "-ldflags=-X main.version="+ProviderVersion, "."); err != nil {
		return fmt.Errorf("build the provider: %w", err)
	}
	return nil
}

// BuildServer compiles the reference server of the module at root into target.
func BuildServer(ctx context.Context, root, target string) error {
	if err := goBuild(ctx, root, target, "./mockserver/cmd/mockserver"); err != nil {
		return fmt.Errorf("build the server: %w", err)
	}
	return nil
}

// goBuild runs "go build" in directory. The result appears under its name only when it is complete, so
// that two builds at once cannot hand out half a program.
func goBuild(ctx context.Context, directory, target string, arguments ...string) error {
	parent := filepath.Dir(target)
	if err := os.MkdirAll(parent, 0o755); err != nil {
		return err
	}
	unfinished, err := os.MkdirTemp(parent, ".build-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(unfinished)

	output := filepath.Join(unfinished, filepath.Base(target))
	command := exec.CommandContext(ctx, "go", append([]string{"build", "-buildvcs=false", "-o", output}, arguments...)...)
	command.Dir = directory
	// A developer's workspace file must not decide what the pins mean.
	command.Env = append(os.Environ(), "GOWORK=off")
	if text, err := command.CombinedOutput(); err != nil {
		return fmt.Errorf("go build in %s: %w\n%s", directory, err, strings.TrimSpace(string(text)))
	}
	return os.Rename(output, target)
}

// pinKey names a build of the module in directory by everything that decides its outcome.
func pinKey(directory string) (string, error) {
	sum := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		content, err := os.ReadFile(filepath.Join(directory, name))
		if err != nil {
			return "", err
		}
		sum.Write(content)
	}
	return fmt.Sprintf("%s-%s-%s", runtime.GOOS, runtime.GOARCH, hex.EncodeToString(sum.Sum(nil))[:12]), nil
}

// executableSuffix returns what the name of a program ends in on this system.
func executableSuffix() string {
	if runtime.GOOS == "windows" {
		return ".exe"
	}
	return ""
}
