// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"bytes"
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// The reader of the embedded files is our own; the standard decoder must read the same rows from them.
func TestRowReaderAgreesWithTheStandardDecoder(t *testing.T) {
	t.Parallel()

	compareDecoders(t, "groups.json", groupsJSON, readGroupRow, 313)
	compareDecoders(t, "aliases.json", aliasesJSON, readAliasRow, 65)
	compareDecoders(t, "families.json", familiesJSON, readFamilyRow, 94)
	compareDecoders(t, "roles.json", rolesJSON, readRoleRow, 53)
	compareDecoders(t, "operations.json", operationsJSON, readOperationRow, 1226)
	compareDecoders(t, "operations_added.json", operationsAddedJSON, readOperationRow, 102)
	compareDecoders(t, "operations_settled.json", operationsSettledJSON, readOperationRow, 6)
}

func compareDecoders[T any](t *testing.T, file, text string, read func(*rowReader) T, count int) {
	t.Helper()

	var want []T

	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()

	if err := decoder.Decode(&want); err != nil {
		t.Fatalf("%s: %v", file, err)
	}

	got := decode(file, text, read)

	// An empty list and none are the same here.
	a, _ := json.Marshal(want)
	b, _ := json.Marshal(got)
	a, b = bytes.ReplaceAll(a, []byte("null"), []byte("[]")), bytes.ReplaceAll(b, []byte("null"), []byte("[]"))

	if diff := cmp.Diff(string(a), string(b)); diff != "" {
		t.Errorf("%s (-standard +ours):\n%s", file, diff)
	}

	if len(got) != count {
		t.Errorf("%s: %d rows, want %d", file, len(got), count)
	}

	if lines := strings.Count(text, "\n"); lines != count+2 {
		t.Errorf("%s: %d lines, want one for each of %d rows and one for each bracket", file, lines, count)
	}
}

func TestRowReaderRefusesBrokenText(t *testing.T) {
	t.Parallel()

	for _, text := range []string{
		``, `[`, `[{]`, `[{}`, `[{} {}]`, `[{}] x`, `{}`,
		`[{"id" "x"}]`, `[{"id":"x}]`, `[{"id":"a\"b"}]`, `[{"id":1}]`, `[{"rank":"1"}]`, `[{"rank":-1}]`, `[{"other":"x"}]`,
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s: read without complaint", text)
				}
			}()

			decode("test.json", text, readGroupRow)
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
