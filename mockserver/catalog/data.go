// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	_ "embed" // The data files are embedded below.
	"fmt"
)

// The data files; data/PROVENANCE.md says where each comes from and what in it is our decision.
var (
	//go:embed data/groups.json
	groupsJSON string
	//go:embed data/aliases.json
	aliasesJSON string
	//go:embed data/families.json
	familiesJSON string
	//go:embed data/roles.json
	rolesJSON string
	//go:embed data/operations.json
	operationsJSON string
	//go:embed data/operations_added.json
	operationsAddedJSON string
	//go:embed data/operations_settled.json
	operationsSettledJSON string
)

// groupRow is one permission group of groups.json.
type groupRow struct {
	ID     string `json:"id"`
	Name   string `json:"name"`
	Scope  string `json:"scope"`
	Family string `json:"family"`
	Level  string `json:"level"`
	Rank   int    `json:"rank"`
}

func readGroupRow(r *rowReader) groupRow {
	var row groupRow

	r.object(func(key string) {
		switch key {
		case "id":
			row.ID = r.string()
		case "name":
			row.Name = r.string()
		case "scope":
			row.Scope = r.string()
		case "family":
			row.Family = r.string()
		case "level":
			row.Level = r.string()
		case "rank":
			row.Rank = r.int()
		default:
			r.unknown(key)
		}
	})

	return row
}

// aliasRow is one further spelling of a permission group, from aliases.json. Kind says why it exists: page
// (the public permissions page), renamed (an older or a newer name), source (a spelling of public sources).
type aliasRow struct {
	Scope string `json:"scope"`
	Alias string `json:"alias"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
}

func readAliasRow(r *rowReader) aliasRow {
	var row aliasRow

	r.object(func(key string) {
		switch key {
		case "scope":
			row.Scope = r.string()
		case "alias":
			row.Alias = r.string()
		case "name":
			row.Name = r.string()
		case "kind":
			row.Kind = r.string()
		default:
			r.unknown(key)
		}
	})

	return row
}

// familyRow is one family of the public permissions page with its representative operations.
type familyRow struct {
	Family     string               `json:"family"`
	Scope      string               `json:"scope"`
	Levels     []familyLevelRow     `json:"levels"`
	Operations []familyOperationRow `json:"operations"`
}

// familyLevelRow is one level of a family: the page's name in the API's spelling, and the names in use now.
type familyLevelRow struct {
	Level   string   `json:"level"`
	Name    string   `json:"name"`
	Current []string `json:"current"`
}

// familyOperationRow is an operation that one level of a family opens.
type familyOperationRow struct {
	Method   string `json:"method"`
	Route    string `json:"route"`
	Level    string `json:"level"`
	Evidence string `json:"evidence"`
	Note     string `json:"note"`
}

func readFamilyRow(r *rowReader) familyRow {
	var row familyRow

	r.object(func(key string) {
		switch key {
		case "family":
			row.Family = r.string()
		case "scope":
			row.Scope = r.string()
		case "levels":
			r.list('[', ']', func() { row.Levels = append(row.Levels, readFamilyLevelRow(r)) })
		case "operations":
			r.list('[', ']', func() { row.Operations = append(row.Operations, readFamilyOperationRow(r)) })
		default:
			r.unknown(key)
		}
	})

	return row
}

func readFamilyLevelRow(r *rowReader) familyLevelRow {
	var row familyLevelRow

	r.object(func(key string) {
		switch key {
		case "level":
			row.Level = r.string()
		case "name":
			row.Name = r.string()
		case "current":
			row.Current = r.strings()
		default:
			r.unknown(key)
		}
	})

	return row
}

func readFamilyOperationRow(r *rowReader) familyOperationRow {
	var row familyOperationRow

	r.object(func(key string) {
		switch key {
		case "method":
			row.Method = r.string()
		case "route":
			row.Route = r.string()
		case "level":
			row.Level = r.string()
		case "evidence":
			row.Evidence = r.string()
		case "note":
			row.Note = r.string()
		default:
			r.unknown(key)
		}
	})

	return row
}

// roleRow is one role of roles.json: groups are API names by scope.
type roleRow struct {
	ID          string              `json:"id"`
	Name        string              `json:"name"`
	Level       string              `json:"level"`
	Description string              `json:"description"`
	Groups      map[string][]string `json:"groups"`
}

func readRoleRow(r *rowReader) roleRow {
	row := roleRow{Groups: make(map[string][]string)}

	r.object(func(key string) {
		switch key {
		case "id":
			row.ID = r.string()
		case "name":
			row.Name = r.string()
		case "level":
			row.Level = r.string()
		case "description":
			row.Description = r.string()
		case "groups":
			r.object(func(scope string) { row.Groups[scope] = r.strings() })
		default:
			r.unknown(key)
		}
	})

	return row
}

// operationRow is one operation. In operations.json the accepted groups are names as the sources spell them;
// in operations_added.json and operations_settled.json each is an API name behind its scope.
type operationRow struct {
	Method   string   `json:"method"`
	Route    string   `json:"route"`
	Accepts  []string `json:"accepts"`
	Evidence string   `json:"evidence"`
	Source   string   `json:"source"`
	Note     string   `json:"note"`
}

func readOperationRow(r *rowReader) operationRow {
	var row operationRow

	r.object(func(key string) {
		switch key {
		case "method":
			row.Method = r.string()
		case "route":
			row.Route = r.string()
		case "accepts":
			row.Accepts = r.strings()
		case "evidence":
			row.Evidence = r.string()
		case "source":
			row.Source = r.string()
		case "note":
			row.Note = r.string()
		default:
			r.unknown(key)
		}
	})

	return row
}

// fault stops the program over embedded data that breaks a rule of this package. The data is part of the
// program, so such a fault is one of programming, and the tests of this package meet it first.
func fault(format string, args ...any) {
	panic("catalog: embedded data: " + fmt.Sprintf(format, args...))
}
