// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package scene

import (
	"maps"
	"slices"
)

// Clone returns a copy that shares nothing with s.
func (s *Scene) Clone() *Scene {
	return &Scene{World: *s.World.Clone(), Credential: s.Credential.Clone(), Request: *s.Request.Clone()}
}

// Clone returns a copy that shares nothing with w.
func (w *World) Clone() *World {
	c := &World{
		Accounts: slices.Clone(w.Accounts), Zones: slices.Clone(w.Zones), Members: slices.Clone(w.Members),
		TenantAdmins: slices.Clone(w.TenantAdmins),
	}
	for i := range c.Accounts {
		c.Accounts[i].APIAccess = copied(c.Accounts[i].APIAccess)
	}
	for i := range c.Members {
		m := &c.Members[i]
		m.APIAccess, m.Roles, m.Policies = copied(m.APIAccess), slices.Clone(m.Roles), slices.Clone(m.Policies)
		for j := range m.Policies {
			m.Policies[j].Roles = slices.Clone(m.Policies[j].Roles)
			m.Policies[j].Zones = slices.Clone(m.Policies[j].Zones)
		}
	}
	return c
}

// Clone returns a copy that shares nothing with c; nil for nil.
func (c *Credential) Clone() *Credential {
	if c == nil {
		return nil
	}
	clone := *c
	clone.NotBefore, clone.ExpiresOn = copied(c.NotBefore), copied(c.ExpiresOn)
	clone.In, clone.NotIn, clone.Policies = slices.Clone(c.In), slices.Clone(c.NotIn), slices.Clone(c.Policies)
	for i := range clone.Policies {
		p := &clone.Policies[i]
		p.Groups, p.Resources = slices.Clone(p.Groups), maps.Clone(p.Resources)
		for key, value := range p.Resources {
			if nested, ok := value.(map[string]any); ok {
				p.Resources[key] = maps.Clone(nested)
			}
		}
	}
	return &clone
}

// Clone returns a copy that shares nothing with r.
func (r *Request) Clone() *Request {
	clone := *r
	clone.Targets, clone.Before, clone.After = slices.Clone(r.Targets), copied(r.Before), copied(r.After)
	if clone.Switch = copied(r.Switch); clone.Switch != nil {
		clone.Switch.To = copied(r.Switch.To)
	}
	return &clone
}

// copied returns a pointer to a copy of what p points at; nil for nil.
func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	value := *p
	return &value
}
