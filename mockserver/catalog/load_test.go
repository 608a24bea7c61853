// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"bytes"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog/data"
)

// Each file holds as many rows as its sources have, one a line, so that a change of the data is read line by line.
func TestDataFiles(t *testing.T) {
	t.Parallel()

	countRows[groupRow](t, "groups.json", 313)
	countRows[aliasRow](t, "aliases.json", 65)
	countRows[familyRow](t, "families.json", 94)
	countRows[roleRow](t, "roles.json", 53)
	countRows[operationRow](t, "operations.json", 1226)
	countRows[operationRow](t, "operations_added.json", 102)
	countRows[operationRow](t, "operations_settled.json", 6)
}

func countRows[T any](t *testing.T, file string, count int) {
	t.Helper()

	text, err := data.Files.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}

	if got := len(decode[T](file)); got != count {
		t.Errorf("%s: %d rows, want %d", file, got, count)
	}

	if lines := bytes.Count(text, []byte("\n")); lines != count+2 {
		t.Errorf("%s: %d lines, want one for each of %d rows and one for each bracket", file, lines, count)
	}
}

func TestDecodeRefusesBrokenData(t *testing.T) {
	t.Parallel()

	for _, text := range []string{``, `[`, `[{} {}]`, `[{}] x`, `{}`, `[{"id":1}]`, `[{"rank":"1"}]`, `[{"other":"x"}]`} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: read without complaint", text)
				}
			}()

			parse[groupRow]("test.json", []byte(text))
		}()
	}
}

func BenchmarkLoadGroups(b *testing.B) {
	b.ReportAllocs()

	for b.Loop() {
		buildGroupCatalog()
	}
}

func BenchmarkLoadOperations(b *testing.B) {
	groups := loadGroups()

	b.ReportAllocs()

	for b.Loop() {
		buildOperationCatalog(groups)
	}
}
