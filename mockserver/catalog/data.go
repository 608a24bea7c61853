// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog/data"
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

// aliasRow is one further spelling of a permission group, from aliases.json. Kind says why it exists: page
// (the public permissions page), renamed (an older or a newer name), source (a spelling of public sources).
type aliasRow struct {
	Scope string `json:"scope"`
	Alias string `json:"alias"`
	Name  string `json:"name"`
	Kind  string `json:"kind"`
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

// roleRow is one role of roles.json: groups are API names by scope.
type roleRow struct {
	ID          string              `json:"id"`
	Name        string              `json:"name"`
	Level       string              `json:"level"`
	Description string              `json:"description"`
	Groups      map[string][]string `json:"groups"`
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

// decode reads a data file that is one array of rows. A field that the row does not have is a fault.
func decode[T any](file string) []T {
	text, err := data.Files.ReadFile(file)
	if err != nil {
		fault("%v", err)
	}

	return parse[T](file, text)
}

// parse is decode for a text at hand.
func parse[T any](file string, text []byte) []T {
	var rows []T

	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()

	if err := decoder.Decode(&rows); err != nil {
		fault("%s: %v", file, err)
	}

	if decoder.More() {
		fault("%s: text after the last row", file)
	}

	return rows
}

// fault stops the program over embedded data that breaks a rule of this package. The data is part of the
// program, so such a fault is one of programming, and the tests of this package meet it first.
func fault(format string, args ...any) {
	panic("catalog: embedded data: " + fmt.Sprintf(format, args...))
}
