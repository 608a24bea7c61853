// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package engine

import (
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// Problems lists what the server would say against storing the scene's token (authorization model §3), by the
// rules that hold for seeds. It is empty for a credential without policies.
func Problems(s *scene.Scene) ([]string, error) {
	c := s.Credential
	if c == nil || c.Kind != scene.UserToken && c.Kind != scene.AccountToken {
		return nil, nil
	}
	w, err := readWorld(&s.World)
	if err != nil {
		return nil, err
	}
	read, err := readCredential(c)
	if err != nil {
		return nil, err
	}
	inputs := make([]authz.PolicyInput, 0, len(c.Policies))
	for _, p := range c.Policies {
		resources, err := readResources(p.Resources)
		if err != nil {
			return nil, err
		}
		slices.SortFunc(resources, func(a, b authz.Resource) int { return strings.Compare(a.Key, b.Key) })
		inputs = append(inputs, authz.PolicyInput{Effect: authz.Effect(p.Effect), Groups: p.Groups, Resources: resources})
	}
	check := &authz.Check{Owner: authz.Owner{User: read.User, Account: read.Account}, Mode: authz.ModeSeed}
	_, problems := authz.CheckDefinition(w, check, "scene", inputs, c.In, c.NotIn, read.NotBefore, read.ExpiresOn)
	texts := make([]string, 0, len(problems))
	for _, p := range problems {
		texts = append(texts, p.Error())
	}
	return texts, nil
}
