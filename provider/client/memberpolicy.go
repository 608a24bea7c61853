// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import "encoding/json"

// MemberPolicy is one policy of a member, which stands in place of roles: what it gives or takes away,
// over the whole account or over parts of it (authorization model §8).
type MemberPolicy struct {
	ID     string
	Access Effect
	// Roles are what the API calls the policy's permission groups.
	Roles []Role
	// Scopes are what the policy covers. Nil means that the API showed it in a form that is not
	// understood.
	Scopes []MemberScope
}

// MemberScope is a resource key with the objects below it that a policy covers.
type MemberScope struct {
	// Key is the wire key of the account.
	Key string
	// Objects are wire keys below it, or "*", the whole of it.
	Objects []string
}

type wireMemberPolicy struct {
	ID     string `json:"id"`
	Access Effect `json:"access"`
	Groups []struct {
		ID   string `json:"id"`
		Name string `json:"name"`
	} `json:"permission_groups"`
	ResourceGroups []struct {
		Scope wireScopes `json:"scope"`
	} `json:"resource_groups"`
}

type wireScope struct {
	Key     string `json:"key"`
	Objects []struct {
		Key string `json:"key"`
	} `json:"objects"`
}

// wireScopes is a list of scopes, or the one that some endpoints write without a list. Anything else is
// none: who may do what is then not known, and that a member exists still is.
type wireScopes []wireScope

// UnmarshalJSON never fails.
func (s *wireScopes) UnmarshalJSON(data []byte) error {
	var list []wireScope
	if json.Unmarshal(data, &list) == nil {
		*s = list
		return nil
	}
	var one wireScope
	if json.Unmarshal(data, &one) == nil {
		*s = wireScopes{one}
	}
	return nil
}

func memberPolicies(wire []wireMemberPolicy) []MemberPolicy {
	var out []MemberPolicy
	for _, w := range wire {
		p := MemberPolicy{ID: w.ID, Access: w.Access, Scopes: []MemberScope{}}
		for _, group := range w.Groups {
			p.Roles = append(p.Roles, Role(group))
		}
		for _, group := range w.ResourceGroups {
			if len(group.Scope) == 0 {
				p.Scopes = nil
				break
			}
			for _, scope := range group.Scope {
				s := MemberScope{Key: scope.Key}
				for _, object := range scope.Objects {
					s.Objects = append(s.Objects, object.Key)
				}
				p.Scopes = append(p.Scopes, s)
			}
		}
		out = append(out, p)
	}
	return out
}
