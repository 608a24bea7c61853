// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"maps"
	"net/http"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// Values of a token's attributes.
const (
	storageState     = "state"
	storageEncrypted = "encrypted"
	storageNone      = "none"

	statusActive   = "active"
	statusDisabled = "disabled"
)

// ownership is the kind of a token's owner.
type ownership bool

const (
	ofUser    ownership = false
	ofAccount ownership = true
)

func (o ownership) name() string {
	if o == ofAccount {
		return "account-owned"
	}
	return "user-owned"
}

// route is the row of the collection in the operations table.
func (o ownership) route() string {
	if o == ofAccount {
		return accountTokens
	}
	return userTokens
}

// path is the collection's path.
func (o ownership) path(w *world) string {
	if o == ofAccount {
		return "/accounts/" + w.ID(account) + "/tokens"
	}
	return userTokens
}

func (o ownership) another() ownership { return !o }

// tokenName is the name of every token that an operation is about.
const tokenName = "faulty"

// definition says which token is meant, by how it differs from the plain one. It has two forms that are
// written apart from each other: the attributes of the configuration, and what the API shows.
type definition struct {
	other   bool   // other policies
	limited bool   // a condition on addresses
	moved   bool   // another kind of owner
	status  string // as configured; empty leaves it out
	trigger string // in rotate_triggers; empty is the plain "1"
}

// attributes is the definition as a configuration has it.
func (d *definition) attributes(w *world, own ownership) acctest.Attributes {
	if d.moved {
		own = own.another()
	}
	policies := map[string]any{"records": map[string]any{
		"permission_groups": []any{"DNS Write"}, "resources": map[string]any{"zones": []any{w.ID("example.com")}},
	}}
	if d.other {
		policies = map[string]any{
			"records": map[string]any{
				"permission_groups": []any{"DNS Read", "Zone Read"}, "resources": map[string]any{"all_zones_of_accounts": []any{w.ID(account)}},
			},
			"not here": map[string]any{
				"effect": "deny", "permission_groups": []any{"DNS Read"}, "resources": map[string]any{"zones": []any{w.ID("example.org")}},
			},
		}
	}
	trigger := d.trigger
	if trigger == "" {
		trigger = "1"
	}
	attributes := acctest.Attributes{
		"name": tokenName, "policies": policies, "rotate_triggers": map[string]any{"run": trigger}, "secret_storage": w.storage,
	}
	if w.storage == storageEncrypted {
		attributes["recipients"] = []any{w.identity.Recipient().String()}
	}
	if own == ofAccount {
		attributes["account_id"] = w.ID(account)
	}
	if d.limited {
		attributes["condition"] = map[string]any{"request_ip": map[string]any{"in": []any{"127.0.0.0/8"}}}
	}
	if d.status != "" {
		attributes["status"] = d.status
	}
	return attributes
}

// shown is a token as the API shows it, as far as a definition decides that.
type shown struct {
	Name, Status string
	Policies     []shownPolicy
	// In are the addresses of the condition.
	In []string
}

// shownPolicy has its lists sorted.
type shownPolicy struct {
	Effect    string
	Groups    []string
	Resources []string
}

// shown is the definition as the API is to show it.
func (d *definition) shown(w *world) shown {
	const zone, of = "com.cloudflare.api.account.zone.", "com.cloudflare.api.account."
	s := shown{Name: tokenName, Status: statusActive, Policies: []shownPolicy{
		{"allow", []string{"DNS Write"}, []string{zone + w.ID("example.com") + "=\"*\""}},
	}}
	if d.other {
		s.Policies = []shownPolicy{
			{"allow", []string{"DNS Read", "Zone Read"}, []string{of + w.ID(account) + `={"com.cloudflare.api.account.zone.*":"*"}`}},
			{"deny", []string{"DNS Read"}, []string{zone + w.ID("example.org") + "=\"*\""}},
		}
	}
	if d.limited {
		s.In = []string{"127.0.0.0/8"}
	}
	if d.status != "" {
		s.Status = d.status
	}
	return s
}

// token reads a token past all faults, as its owner sees it; it is nil where the API has none of that id.
func (w *world) token(own ownership, id string) *shownToken {
	w.t.Helper()
	status, envelope := w.Server.Do(bystander, http.MethodGet, own.path(w)+"/"+id, nil)
	if status == http.StatusNotFound {
		return nil
	}
	var wire wireToken
	if err := envelope.Decode(&wire); err != nil {
		w.t.Fatalf("faultrun: token %s: status %d: %v", id, status, err)
	}
	return wire.shown()
}

// wireToken is a token in the API's form.
type wireToken struct {
	ID         string `json:"id"`
	Name       string `json:"name"`
	Status     string `json:"status"`
	IssuedOn   string `json:"issued_on"`
	ModifiedOn string `json:"modified_on"`
	ExpiresOn  string `json:"expires_on"`
	Policies   []struct {
		Effect string `json:"effect"`
		Groups []struct {
			Name string `json:"name"`
		} `json:"permission_groups"`
		Resources map[string]rawText `json:"resources"`
	} `json:"policies"`
	Condition struct {
		RequestIP struct {
			In []string `json:"in"`
		} `json:"request_ip"`
	} `json:"condition"`
}

// rawText is JSON as it stands.
type rawText string

// UnmarshalJSON keeps the text.
func (r *rawText) UnmarshalJSON(text []byte) error {
	*r = rawText(text)
	return nil
}

// shownToken is a token with what the server decides about it.
type shownToken struct {
	shown
	issuedOn, modifiedOn, expiresOn string
}

func (t *wireToken) shown() *shownToken {
	s := &shownToken{shown{Name: t.Name, Status: t.Status, In: t.Condition.RequestIP.In}, t.IssuedOn, t.ModifiedOn, t.ExpiresOn}
	for _, p := range t.Policies {
		policy := shownPolicy{Effect: p.Effect}
		for _, group := range p.Groups {
			policy.Groups = append(policy.Groups, group.Name)
		}
		slices.Sort(policy.Groups)
		for _, key := range slices.Sorted(maps.Keys(p.Resources)) {
			policy.Resources = append(policy.Resources, key+"="+string(p.Resources[key]))
		}
		s.Policies = append(s.Policies, policy)
	}
	slices.SortFunc(s.Policies, func(a, b shownPolicy) int {
		if a.Effect != b.Effect {
			return map[bool]int{true: -1, false: 1}[a.Effect < b.Effect]
		}
		return slices.Compare(a.Resources, b.Resources)
	})
	return s
}
