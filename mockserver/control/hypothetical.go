// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// hypotheticalFields belong to a credential that is only thought of.
var hypotheticalFields = []string{"condition", "not_before", "expires_on", "status"}

// hypothetical reads a token that need not exist: its policies as a create
// holds them, and whose it would be. They are judged as a seed's are: form,
// scopes and keys, all at once; not whether somebody would be allowed to create
// it, since the question is what it could do if it were there.
func (q *question) hypothetical() *subject {
	before := len(q.problems.list)
	owner := q.owner()
	inputs := q.policies()
	ipIn, ipNotIn := q.condition()
	notBefore, expiresOn := q.root.instant("not_before"), q.root.instant("expires_on")
	disabled := q.disabled()
	if !q.root.has("policies") {
		q.problems.add("/policies", "is required beside owner")
	}
	if len(q.problems.list) > before {
		return nil
	}
	check := &authz.Check{Owner: owner, Now: q.now, Mode: authz.ModeSeed}
	policies, wrong := authz.CheckDefinition(q.tx, check, "hypothetical", inputs, ipIn, ipNotIn, notBefore, expiresOn)
	for _, p := range wrong {
		q.problems.add(placeOf(p), "%s", describe(p))
	}
	if len(wrong) > 0 {
		return nil
	}
	compiled, err := authz.Compile(policies)
	if err != nil {
		q.problems.add("/policies", "%v", err)
		return nil
	}
	ip, err := authz.CompileIP(ipIn, ipNotIn)
	if err != nil {
		q.problems.add("/condition/request_ip", "%v", err)
		return nil
	}
	kind := authz.UserToken
	if !owner.Account.IsZero() {
		kind = authz.AccountToken
	}
	return &subject{
		credential: &authz.Credential{
			Kind: kind, User: owner.User, Account: owner.Account, Disabled: disabled,
			NotBefore: notBefore, ExpiresOn: expiresOn, IP: ip, Policies: compiled,
		},
		policies: policies,
		view:     Credential{Kind: kind.String(), Hypothetical: true, Owner: q.ownerOf(owner)},
	}
}

// owner reads whose token it would be: a user's or an account's.
func (q *question) owner() authz.Owner {
	o := q.root.object("owner")
	if o == nil {
		q.problems.add("/owner", `is required beside policies: {"user": …} or {"account": …}, by ref or id`)
		return authz.Owner{}
	}
	defer o.end()
	before := len(q.problems.list)
	var owner authz.Owner
	if text := o.text("user"); text != "" {
		if u := q.user(text); u != nil {
			owner.User = u.ID
		} else {
			var refs []string
			for _, u := range q.tx.Users() {
				refs = append(refs, u.Ref)
			}
			q.problems.suggest(o.at("user"), catalog.SuggestNames(shorten(text), slices.DeleteFunc(refs, func(s string) bool { return s == "" }), 1),
				"is neither the id, the ref nor the e-mail address of a user")
		}
	}
	if owner.Account = q.account(o, "account"); !owner.Account.IsZero() && q.tx.Account(owner.Account) == nil {
		q.problems.add(o.at("account"), "no account has this id")
	}
	if len(q.problems.list) == before && o.has("user") == o.has("account") {
		q.problems.add(o.path, "must name a user or an account, and not both")
	}
	return owner
}

// placeOf is the place of the body that a problem of a definition is about.
func placeOf(p *authz.Problem) string {
	field := "/" + strings.NewReplacer(".", "/", "[", "/", "]", "").Replace(p.Field)
	switch {
	case p.Policy < 0:
		return field
	case p.Field != "":
		return "/policies/" + strconv.Itoa(p.Policy) + field
	case p.Key != "" && p.Group == "":
		return "/policies/" + strconv.Itoa(p.Policy) + "/resources"
	default:
		return "/policies/" + strconv.Itoa(p.Policy)
	}
}

// describe is a problem's text with group and key, which its place does not
// hold.
func describe(p *authz.Problem) string {
	switch {
	case p.Group != "" && p.Key != "":
		return fmt.Sprintf("permission group %q on resource %q: %s", p.Group, p.Key, p.Message)
	case p.Group != "":
		return fmt.Sprintf("permission group %q: %s", p.Group, p.Message)
	case p.Key != "":
		return fmt.Sprintf("resource %q: %s", p.Key, p.Message)
	default:
		return p.Message
	}
}

// policies reads "policies" as the API takes them, save that a permission group
// may be written as its name.
func (q *question) policies() []authz.PolicyInput {
	items := q.root.array("policies")
	inputs := make([]authz.PolicyInput, 0, len(items))
	for i, v := range items {
		o := q.problems.newObject("/policies/"+strconv.Itoa(i), v)
		in := authz.PolicyInput{Effect: authz.Effect(o.text("effect"))}
		in.Groups = q.groups(o)
		in.Resources = q.resources(o)
		o.ignore("id")
		o.end()
		inputs = append(inputs, in)
	}
	return inputs
}

// groups reads permission groups: names, ids, or objects with an id as the API
// has them.
func (q *question) groups(o *object) []string {
	items := o.array("permission_groups")
	list := make([]string, 0, len(items))
	for i, v := range items {
		path := o.at("permission_groups") + "/" + strconv.Itoa(i)
		ref := v.text
		switch v.kind {
		case isString:
		case isObject:
			g := q.problems.newObject(path, v)
			ref = g.text("id")
			g.ignore("name", "meta")
			g.end()
			if ref == "" {
				if !g.has("id") {
					q.problems.add(g.at("id"), "is required")
				}
				continue
			}
		default:
			q.problems.add(path, "must be a name, an id or an object with an id, not %s", v.kind)
			continue
		}
		if q.problems.full() {
			return list // looking for what was meant costs time that nobody would see the result of
		}
		g, err := catalog.LookupGroup(ref)
		if err != nil {
			q.problems.add(path, "%v", err)
			continue
		}
		list = append(list, g.ID)
	}
	return list
}

// resources reads a policy's resources as the API takes them: keys with "*" or
// with an object of nested keys with "*".
func (q *question) resources(o *object) []authz.Resource {
	v, ok := o.get("resources")
	if !ok {
		return nil
	}
	path := o.at("resources")
	if v.kind != isObject {
		q.problems.add(path, "must be an object, not %s", v.kind)
		return nil
	}
	list := make([]authz.Resource, 0, len(v.members))
	for _, m := range v.members {
		resource := authz.Resource{Key: m.name}
		at := path + "/" + escape(m.name)
		switch {
		case m.value.kind == isString && m.value.text == "*":
		case m.value.kind == isObject:
			resource.Nested = make([]string, 0, len(m.value.members))
			for _, nested := range m.value.members {
				if nested.value.kind != isString || nested.value.text != "*" {
					q.problems.add(at+"/"+escape(nested.name), `must be "*"`)
				}
				resource.Nested = append(resource.Nested, nested.name)
			}
		default:
			q.problems.add(at, `must be "*" or an object of nested keys`)
			continue
		}
		list = append(list, resource)
	}
	return list
}

// condition reads the IP condition in the API's form.
func (q *question) condition() (in, notIn []string) {
	o := q.root.object("condition")
	if o == nil {
		return nil, nil
	}
	if ip := o.object("request_ip"); ip != nil {
		in, notIn = ip.texts("in"), ip.texts("not_in")
		ip.end()
	}
	o.end()
	return in, notIn
}

// disabled reads "status".
func (q *question) disabled() bool {
	switch status := q.root.text("status"); status {
	case "", "active":
		return false
	case "disabled":
		return true
	default:
		q.problems.add("/status", `must be "active" or "disabled"; that a token has expired follows from expires_on and at`)
		return false
	}
}

// ignore takes members that a reply of the API holds and that mean nothing here.
func (o *object) ignore(names ...string) { o.asked = append(o.asked, names...) }

// wirePolicy is a policy in the API's form.
type wirePolicy struct {
	Effect    authz.Effect               `json:"effect"`
	Groups    []wireGroup                `json:"permission_groups"`
	Resources map[string]json.RawMessage `json:"resources"`
}

type wireGroup struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// policyOf is a grant as a policy that a create takes.
func policyOf(g authz.Grant) wirePolicy {
	resource := g.Key.Resource()
	value := json.RawMessage(`"*"`)
	if len(resource.Nested) > 0 {
		nested, err := json.Marshal(map[string]string{resource.Nested[0]: "*"})
		if err == nil { // strings always encode
			value = nested
		}
	}
	return wirePolicy{
		Effect:    authz.Allow,
		Groups:    []wireGroup{{g.Group.ID, g.Group.Name}},
		Resources: map[string]json.RawMessage{resource.Key: value},
	}
}
