// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"net/netip"
	"slices"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// ruleModes are what an access rule can do.
var ruleModes = []string{"block", "challenge", "whitelist", "js_challenge", "managed_challenge"}

// ruleView is an access rule on the wire. Its id stands first and its scope
// last: a widely used client takes the first field whose name ends in id.
type ruleView struct {
	ID            string            `json:"id"`
	Paused        bool              `json:"paused"`
	ModifiedOn    instant           `json:"modified_on"`
	AllowedModes  []string          `json:"allowed_modes"`
	Mode          string            `json:"mode"`
	Notes         string            `json:"notes"`
	Configuration ruleConfiguration `json:"configuration"`
	CreatedOn     instant           `json:"created_on"`
	Scope         ruleScope         `json:"scope"`
}

type ruleConfiguration struct {
	Target string `json:"target"`
	Value  string `json:"value"`
}

type ruleScope struct {
	ID    string `json:"id"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
	Type  string `json:"type"`
}

// ruleOwner says whose access rules the path names.
func (x *exchange) ruleOwner() (scope string, owner authz.ID) {
	switch route := x.operation.Route; {
	case below(route, "/zones"):
		return state.ScopeZone, x.zone()
	case below(route, "/accounts"):
		return state.ScopeAccount, x.account()
	default:
		return state.ScopeUser, x.user()
	}
}

func (x *exchange) viewRule(r *state.AccessRule) ruleView {
	v := ruleView{
		ID: r.ID.String(), ModifiedOn: instant(r.ModifiedOn), AllowedModes: ruleModes, Mode: r.Mode, Notes: r.Notes,
		Configuration: ruleConfiguration{r.Target, r.Value}, CreatedOn: instant(r.CreatedOn),
		Scope: ruleScope{ID: r.Owner.String(), Type: r.Scope},
	}
	switch r.Scope {
	case state.ScopeZone:
		if z := x.tx.ZoneByID(r.Owner); z != nil {
			v.Scope.Name = z.Name
		}
	case state.ScopeAccount:
		v.Scope.Type = "organization"
		if a := x.tx.AccountByID(r.Owner); a != nil {
			v.Scope.Name = a.Name
		}
	case state.ScopeUser:
		if u := x.tx.User(r.Owner); u != nil {
			v.Scope.Email = u.Email
		}
	}
	return v
}

// rule finds the access rule that the path names.
func (x *exchange) rule() (*state.AccessRule, error) {
	scope, owner := x.ruleOwner()
	r := x.tx.AccessRule(scope, owner, x.paramID("rule_id"))
	if r == nil {
		return nil, errNotFound.refuse("firewallaccessrules.api.not_found: access rule")
	}
	return r, nil
}

// listRules filters by mode, configuration and notes; both older spellings of
// the configuration's parameters are understood.
func listRules(x *exchange) (*reply, error) {
	f, err := newFilter[*state.AccessRule](x)
	if err != nil {
		return nil, err
	}
	equal := func(field func(*state.AccessRule) string, parameters ...string) {
		for _, p := range parameters {
			if want := x.query.Get(p); want != "" {
				f.where(func(r *state.AccessRule) bool { return strings.EqualFold(field(r), want) })
				return
			}
		}
	}
	target := func(r *state.AccessRule) string { return r.Target }
	address := func(r *state.AccessRule) string { return r.Value }
	mode := func(r *state.AccessRule) string { return r.Mode }
	equal(mode, "mode")
	equal(target, "configuration.target", "configuration_target")
	equal(address, "configuration.value", "configuration_value")
	if notes := strings.ToLower(x.query.Get("notes")); notes != "" {
		f.where(func(r *state.AccessRule) bool { return strings.Contains(strings.ToLower(r.Notes), notes) })
	}
	rules := f.apply(x.tx.AccessRules(x.ruleOwner()))
	err = ordering(x, rules, map[string]func(*state.AccessRule) string{
		"configuration.target": target, "configuration.value": address, "mode": mode,
		"configuration_target": target, "configuration_value": address,
	})
	if err != nil {
		return nil, err
	}
	views := make([]ruleView, 0, len(rules))
	for _, r := range rules {
		views = append(views, x.viewRule(r))
	}
	return page(x, views, rulePages)
}

func getRule(x *exchange) (*reply, error) {
	r, err := x.rule()
	if err != nil {
		return nil, err
	}
	return result(x.viewRule(r)), nil
}

// ruleInput is what the create or the change of an access rule sends.
type ruleInput struct {
	mode, notes   *string
	configuration *ruleConfiguration
}

func readRule(o *object) ruleInput {
	o.ignore("id", "paused", "created_on", "modified_on", "allowed_modes", "scope")
	in := ruleInput{mode: o.optionalText("mode"), notes: o.optionalText("notes")}
	if in.mode != nil && !slices.Contains(ruleModes, *in.mode) {
		o.fault("mode", "must be one of %s", strings.Join(ruleModes, ", "))
	}
	if c := o.child("configuration"); c != nil {
		in.configuration = &ruleConfiguration{Target: c.requiredText("target"), Value: c.requiredText("value")}
		if message := in.configuration.problem(); message != "" {
			c.fault("value", "%s", message)
		}
		c.end()
	}
	return in
}

// problem says what is wrong with a configuration; "" is nothing.
func (c ruleConfiguration) problem() string {
	switch c.Target {
	case "ip":
		if addr, err := netip.ParseAddr(c.Value); err != nil || !addr.Is4() {
			return "must be an IPv4 address"
		}
	case "ip6":
		if addr, err := netip.ParseAddr(c.Value); err != nil || !addr.Is6() || addr.Zone() != "" {
			return "must be an IPv6 address"
		}
	case "ip_range":
		prefix, err := netip.ParsePrefix(c.Value)
		if err != nil || !slices.Contains([]int{16, 24, 32, 48, 64}, prefix.Bits()) || prefix.Addr().Is4() && prefix.Bits() > 24 ||
			prefix.Addr().Is6() && prefix.Bits() < 32 {
			return "must be an IPv4 range of /16 or /24, or an IPv6 range of /32, /48 or /64"
		}
	case "asn":
		number, ok := strings.CutPrefix(strings.ToUpper(c.Value), "AS")
		if _, err := strconv.ParseUint(number, 10, 32); !ok || err != nil {
			return "must be an autonomous system number such as AS64496"
		}
	case "country":
		if len(c.Value) != 2 || strings.Trim(c.Value, "ABCDEFGHIJKLMNOPQRSTUVWXYZ12") != "" {
			return "must be a country code of two capitals"
		}
	default:
		return "has a target that is none of ip, ip6, ip_range, asn and country"
	}
	return ""
}

func createRule(x *exchange, in ruleInput) (*reply, error) {
	if in.mode == nil {
		return nil, invalid("/mode", "/mode: is required")
	}
	if in.configuration == nil {
		return nil, invalid("/configuration", "/configuration: is required")
	}
	scope, owner := x.ruleOwner()
	for _, other := range x.tx.AccessRules(scope, owner) {
		if other.Target == in.configuration.Target && strings.EqualFold(other.Value, in.configuration.Value) {
			return nil, errRuleDuplicate.refuse()
		}
	}
	r := &state.AccessRule{
		ID: x.tx.NewID("access_rule"), Scope: scope, Owner: owner, Mode: *in.mode,
		Target: in.configuration.Target, Value: in.configuration.Value, CreatedOn: x.now, ModifiedOn: x.now,
	}
	if in.notes != nil {
		r.Notes = *in.notes
	}
	if err := x.tx.PutAccessRule(r); err != nil {
		return nil, err
	}
	return result(x.viewRule(r)), nil
}

// updateRule changes mode and notes; the configuration is what the rule is.
func updateRule(x *exchange, in ruleInput) (*reply, error) {
	old, err := x.rule()
	if err != nil {
		return nil, err
	}
	if c := in.configuration; c != nil && (c.Target != old.Target || c.Value != old.Value) {
		return nil, invalid("/configuration", "/configuration: cannot be changed; create another rule")
	}
	r := *old
	if in.mode != nil {
		r.Mode = *in.mode
	}
	if in.notes != nil {
		r.Notes = *in.notes
	}
	r.ModifiedOn = x.now
	if err := x.tx.PutAccessRule(&r); err != nil {
		return nil, err
	}
	return result(x.viewRule(&r)), nil
}

// readCascade reads the body that some clients send with a deletion: how far
// it reaches among related zones, of which this server knows none.
func readCascade(o *object) nothing {
	if c := o.text("cascade"); c != "" && !slices.Contains([]string{"none", "basic", "aggressive"}, c) {
		o.fault("cascade", "must be none, basic or aggressive")
	}
	return nothing{}
}

func deleteRule(x *exchange, _ nothing) (*reply, error) {
	r, err := x.rule()
	if err != nil {
		return nil, err
	}
	if err := x.tx.DeleteAccessRule(r.ID); err != nil {
		return nil, err
	}
	return result(deleted{r.ID.String()}), nil
}
