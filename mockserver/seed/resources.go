// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// wirePrefix is what every resource key of the wire begins with.
const wirePrefix = "com.cloudflare."

// resources reads a policy's resources: refs under the names that the
// provider uses, or keys as they stand on the wire. What the forms mean is in
// authorization model §3.
func (r *tokenReader) resources(f *form, place *policyPlace) []authz.Resource {
	n := f.get("resources")
	if n == nil {
		return nil
	}
	path := f.at("resources")
	keys := []string{"user", "accounts", "zones", "all_zones_of_accounts", "all_zones", "all_accounts", "dns_records", "r2_buckets"}
	if n.kind == object {
		for _, entry := range n.fields {
			if strings.HasPrefix(entry.key, wirePrefix) {
				keys = append(keys, entry.key)
			}
		}
	}
	rf := r.loader.form(n, path, keys...)
	if rf == nil {
		return nil
	}
	out := &resourceList{place: place}
	for _, entry := range n.fields {
		value := rf.get(entry.key)
		if value == nil {
			continue
		}
		it := item{value, rf.at(entry.key)}
		switch entry.key {
		case "user":
			r.userResource(rf, out, it)
		case "accounts":
			r.accountResources(rf, out, entry.key, authz.KeyAccount)
		case "all_zones_of_accounts":
			r.accountResources(rf, out, entry.key, authz.KeyAccountAllZones)
		case "zones":
			r.zoneResources(rf, out)
		case "all_accounts":
			if rf.boolean(entry.key) {
				out.add(authz.Key{Form: authz.KeyAllAccounts}, it)
			}
		case "all_zones":
			if rf.boolean(entry.key) {
				out.add(authz.Key{Form: authz.KeyAllZones}, it)
			}
		case "dns_records":
			r.recordResources(rf, out)
		case "r2_buckets":
			r.bucketResources(rf, out)
		default:
			if strings.HasPrefix(entry.key, wirePrefix) {
				r.wireResource(value, out, entry.key, rf.at(entry.key))
			}
		}
	}
	return out.resources
}

// resourceList collects the resources of one policy.
type resourceList struct {
	resources []authz.Resource
	place     *policyPlace
}

// add appends a key; record keys of one zone share one entry.
func (o *resourceList) add(key authz.Key, at item) {
	resource := key.Resource()
	if key.Form == authz.KeyRecord {
		for i := range o.resources {
			if have := &o.resources[i]; have.Key == resource.Key && have.Nested != nil {
				have.Nested = append(have.Nested, resource.Nested...)
				return
			}
		}
	}
	o.append(resource, at)
}

func (o *resourceList) append(resource authz.Resource, at item) {
	o.resources = append(o.resources, resource)
	o.place.keys[resource.Key] = at
}

// userResource reads "self", or the ref of the owner.
func (r *tokenReader) userResource(f *form, out *resourceList, at item) {
	ref := f.text("user", "")
	if ref == "" {
		return
	}
	user := r.user
	if ref != "self" {
		if user = r.userRef(ref, at.line, at.path); user == nil {
			return
		}
	} else if user == nil {
		// Without an owner that is known, that problem has been told already.
		if !r.owner.Account.IsZero() {
			r.problem(at.line, at.path, "an account-owned token has no user")
		}
		return
	}
	out.add(authz.Key{Form: authz.KeyUser, User: user.ID}, at)
}

func (r *tokenReader) accountResources(f *form, out *resourceList, key string, keyForm authz.KeyForm) {
	for _, it := range f.list(key) {
		if ref, ok := r.text(it.node, it.path); ok {
			if a := r.accountRef(ref, it.line, it.path); a != nil {
				out.add(authz.Key{Form: keyForm, Account: a.ID}, it)
			}
		}
	}
}

func (r *tokenReader) zoneResources(f *form, out *resourceList) {
	for _, it := range f.list("zones") {
		if ref, ok := r.text(it.node, it.path); ok {
			if z := r.zoneRef(ref, it.line, it.path); z != nil {
				out.add(authz.Key{Form: authz.KeyZone, Zone: z.ID}, it)
			}
		}
	}
}

// recordResources reads records: {zone, type, name}, the name a pattern over
// full names (authorization model §5).
func (r *tokenReader) recordResources(f *form, out *resourceList) {
	for _, it := range f.list("dns_records") {
		rf := r.loader.form(it.node, it.path, "zone", "type", "name")
		if rf == nil {
			continue
		}
		recordType, pattern := rf.text("type", "*"), rf.text("name", "")
		if err := authz.CheckRecordPattern(recordType, pattern); err != nil {
			r.problem(it.line, it.path, "%v", err)
		}
		if z := r.zoneRef(rf.text("zone", ""), rf.line("zone"), rf.at("zone")); z != nil {
			out.add(authz.Key{Form: authz.KeyRecord, Zone: z.ID, RecordType: recordType, Pattern: pattern}, it)
		}
	}
}

func (r *tokenReader) bucketResources(f *form, out *resourceList) {
	for _, it := range f.list("r2_buckets") {
		bf := r.loader.form(it.node, it.path, "account", "jurisdiction", "name")
		if bf == nil {
			continue
		}
		bucket := bf.text("jurisdiction", "default") + "_" + bf.text("name", "")
		if a := r.accountRef(bf.text("account", ""), bf.line("account"), bf.at("account")); a != nil {
			out.add(authz.Key{Form: authz.KeyBucket, Account: a.ID, Bucket: bucket}, it)
		}
	}
}

// wireResource reads a key as it stands on the wire: "*", or an object of
// nested keys whose values are all "*".
func (r *tokenReader) wireResource(value *node, out *resourceList, key, path string) {
	resource := authz.Resource{Key: key}
	switch {
	case value.kind == scalar && value.text == "*":
	case value.kind == object:
		resource.Nested = make([]string, 0, len(value.fields))
		for _, nested := range value.fields {
			if nested.value.kind != scalar || nested.value.text != "*" {
				r.problem(nested.line, path+"."+nested.key, "the value of a nested key must be \"*\"")
			}
			resource.Nested = append(resource.Nested, nested.key)
		}
	default:
		r.problem(value.line, path, "the value of a resource key must be \"*\" or an object of nested keys")
		return
	}
	out.append(resource, item{value, path})
}
