// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/alecthomas/kong"
)

// variablePrefix is what the names of the command's own environment variables have in common. The
// provider's variables share its beginning; they are none of the command's business.
const variablePrefix = "ACCESSCONTROL_SERVER_"

// variables are the command's own environment variables by name. They resolve flags that the command line
// does not give. An empty variable is unset.
type variables map[string]string

var _ kong.Resolver = variables(nil)

// serverVariables picks the command's own variables out of an environment.
func serverVariables(environ []string) variables {
	own := variables{}
	for _, pair := range environ {
		if name, value, _ := strings.Cut(pair, "="); strings.HasPrefix(name, variablePrefix) && value != "" {
			own[name] = value
		}
	}
	return own
}

// variableOf is the name of a flag's variable.
func variableOf(flag string) string {
	return variablePrefix + strings.ToUpper(strings.ReplaceAll(flag, "-", "_"))
}

// notVariables are the flags that print something instead of serving: as variables they would keep every
// start from serving.
var notVariables = []string{"help", "version"}

// Validate refuses variables that no flag has, all at once, each with the nearest one that exists.
func (v variables) Validate(app *kong.Application) error {
	names := slices.DeleteFunc(flagNames(app), func(flag string) bool { return slices.Contains(notVariables, flag) })
	known := make(map[string]bool, len(names))
	for i, flag := range names {
		names[i] = strings.TrimPrefix(variableOf(flag), variablePrefix)
		known[variableOf(flag)] = true
	}
	var unknown []string
	for name := range v {
		if !known[name] {
			unknown = append(unknown, fmt.Sprintf("unknown environment variable %s; %s", name,
				nearest(strings.TrimPrefix(name, variablePrefix), names, func(n string) string { return variablePrefix + n })))
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	slices.Sort(unknown)
	return fmt.Errorf("%s", strings.Join(unknown, "\n"))
}

// Resolve returns the value of a flag's variable, nil when it is not set.
func (v variables) Resolve(_ *kong.Context, _ *kong.Path, flag *kong.Flag) (any, error) {
	value, ok := v[variableOf(flag.Name)]
	if !ok || slices.Contains(notVariables, flag.Name) {
		return nil, nil
	}
	return value, nil
}
