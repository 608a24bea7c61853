// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cli

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

func TestInstall(t *testing.T) {
	t.Parallel()
	binary := filepath.Join(t.TempDir(), "plugin")
	if err := os.WriteFile(binary, []byte("a plugin"), 0o600); err != nil {
		t.Fatal(err)
	}
	directory := t.TempDir()
	configFile, err := Install(directory, binary)
	if err != nil {
		t.Fatal(err)
	}
	for _, host := range []string{"registry.terraform.io", "registry.opentofu.org"} {
		path := filepath.Join(directory, "mirror", host, "accesscontrol", "accesscontrol", "0.0.1",
			runtime.GOOS+"_"+runtime.GOARCH, "terraform-provider-accesscontrol_v0.0.1"+executableSuffix())
		content, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if string(content) != "a plugin" {
			t.Errorf("%s holds %q", path, content)
		}
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		if runtime.GOOS != "windows" && info.Mode().Perm()&0o100 == 0 {
			t.Errorf("%s is not executable: %v", path, info.Mode())
		}
		link, err := os.Lstat(filepath.Join(directory, "mirror", host))
		if err != nil {
			t.Fatal(err)
		}
		if !link.IsDir() {
			t.Errorf("%s is not a real directory", host)
		}
	}
	config, err := os.ReadFile(configFile)
	if err != nil {
		t.Fatal(err)
	}
	mirror := fmt.Sprintf("path = %q", filepath.ToSlash(filepath.Join(directory, "mirror")))
	for _, want := range []string{mirror, "disable_checkpoint = true"} {
		if !strings.Contains(string(config), want) {
			t.Errorf("the CLI configuration lacks %s:\n%s", want, config)
		}
	}
	for _, unwanted := range []string{"direct", "dev_overrides", "plugin_cache_dir"} {
		if strings.Contains(string(config), unwanted) {
			t.Errorf("the CLI configuration has %s:\n%s", unwanted, config)
		}
	}
}

func TestInstall_emptyMirror(t *testing.T) {
	t.Parallel()
	directory := t.TempDir()
	configFile, err := Install(directory, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(configFile); err != nil {
		t.Error(err)
	}
	entries, err := os.ReadDir(filepath.Join(directory, "mirror"))
	if err != nil || len(entries) > 0 {
		t.Errorf("mirror: %v, %v; want an empty directory", entries, err)
	}
}

func TestInstall_noPlugin(t *testing.T) {
	t.Parallel()
	if _, err := Install(t.TempDir(), filepath.Join(t.TempDir(), "absent")); err == nil {
		t.Error("want an error for a plugin that is not there")
	}
}
