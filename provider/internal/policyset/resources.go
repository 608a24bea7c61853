// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/diag"
	"github.com/hashicorp/terraform-plugin-framework/path"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// attrKey is a wire key and the attribute of `resources` that asks for it.
type attrKey struct {
	Key
	attr string
}

// resources is what the `resources` of one policy mean.
type resources struct {
	keys []attrKey
	// complete is false while anything is unknown or wrong.
	complete bool
	// hasAccounts is true as soon as `accounts` is known to hold anything.
	hasAccounts bool
}

// resourceCompiler gathers the keys of one policy.
type resourceCompiler struct {
	at    path.Path
	own   Owner
	diags *diag.Diagnostics
	out   resources
}

// compileResources builds the wire keys that the owner's kind needs
// (authorization model §3).
func compileResources(ctx context.Context, at path.Path, obj types.Object, own Owner, diags *diag.Diagnostics) resources {
	if obj.IsUnknown() {
		return resources{}
	}
	c := &resourceCompiler{at: at, own: own, diags: diags, out: resources{complete: true}}
	if obj.IsNull() {
		c.refuseEmpty()
		return c.out
	}
	model, ok := tfkit.As[resourcesModel](ctx, obj, diags)
	if !ok {
		return resources{}
	}
	c.out.hasAccounts = len(model.Accounts.Elements()) > 0
	c.ids("zones", model.Zones, "zone", func(id string) Key { return Key{Outer: zonePrefix + id} })
	c.ids("accounts", model.Accounts, "account", func(id string) Key { return Key{Outer: accountPrefix + id} })
	c.ids("all_zones_of_accounts", model.AllZonesOfAccounts, "account", allZonesOf)
	c.allZones(model.AllZones)
	c.flag("all_accounts", model.AllAccounts, Key{Outer: accountPrefix + wildcard}, "it reaches its own account alone, so name that in `accounts`")
	c.flag("user", model.User, selfKey, "it acts as no user")
	c.buckets(model.R2Buckets)
	c.records(ctx, model.DNSRecords)
	c.other(ctx, model.Other)
	if c.out.complete && len(c.out.keys) == 0 {
		c.refuseEmpty()
	}
	c.refuseConflicts()
	return c.out
}

func allZonesOf(account string) Key {
	return Key{Outer: accountPrefix + account, Inner: zonePrefix + wildcard}
}

func (c *resourceCompiler) fail(at path.Path, summary, format string, args ...any) {
	c.diags.AddAttributeError(at, summary, fmt.Sprintf(format, args...))
	c.out.complete = false
}

func (c *resourceCompiler) add(attribute string, k Key) {
	c.out.keys = append(c.out.keys, attrKey{Key: k, attr: attribute})
}

func (c *resourceCompiler) refuseEmpty() {
	c.fail(c.at, "Policy without resources", "A policy names at least one resource that its permissions act on.\n\nSet `zones`, `accounts` or another attribute of resources. Check the spelling of its attributes: Terraform drops unknown ones inside `policies` without a message.")
}

// ids reads a set of zone or account ids.
func (c *resourceCompiler) ids(attribute string, set types.Set, noun string, key func(string) Key) {
	at := c.at.AtName(attribute)
	values, complete := tfkit.KnownStrings(at, set, c.diags)
	c.out.complete = c.out.complete && complete
	for _, id := range values {
		element := at.AtSetValue(types.StringValue(id))
		switch {
		case !isID(id):
			c.fail(element, "Invalid "+noun+" id", "%s", tfkit.NotAnID(noun, id))
		case noun == "account" && c.own.IsAccount() && id != c.own.AccountID:
			c.fail(element, "Account-owned token reaches another account", "An account-owned token reaches its own account (%s) alone, not %s.\n\nName its own account, or remove account_id so that the token belongs to the calling user.", c.own.AccountID, id)
		default:
			c.add(attribute, key(id))
		}
	}
}

// allZones is flat on a user-owned token; the API refuses that on an
// account-owned one, which nests the wildcard under its account.
func (c *resourceCompiler) allZones(value types.Bool) {
	switch {
	case value.IsUnknown():
		c.out.complete = false
	case !value.ValueBool():
	case !c.own.Known:
		// Which form it takes is not known yet; that it serves zone groups is.
		c.out.complete = false
	case c.own.IsAccount():
		c.add("all_zones", allZonesOf(c.own.AccountID))
	default:
		c.add("all_zones", Key{Outer: zonePrefix + wildcard})
	}
}

// flag adds a key that only user-owned tokens may hold.
func (c *resourceCompiler) flag(attribute string, value types.Bool, key Key, because string) {
	switch {
	case value.IsUnknown():
		c.out.complete = false
	case !value.ValueBool():
	case c.own.IsAccount():
		c.fail(c.at.AtName(attribute), "Resource not allowed on an account-owned token", "An account-owned token cannot hold `%s`: %s.\n\nRemove the attribute, or remove account_id so that the token belongs to the calling user.", attribute, because)
	default:
		c.add(attribute, key)
	}
}

func (c *resourceCompiler) buckets(set types.Set) {
	at := c.at.AtName("r2_buckets")
	values, complete := tfkit.KnownStrings(at, set, c.diags)
	c.out.complete = c.out.complete && complete
	for _, value := range values {
		element := at.AtSetValue(types.StringValue(value))
		key := Key{Outer: bucketPrefix + value}
		parsed, ok := key.Parse()
		switch {
		case !ok:
			c.fail(element, "Invalid R2 bucket", "%q does not name a bucket.\n\nWrite <account id>_<jurisdiction>_<bucket name>, such as 023e105f4ecef8ad9ca31a8372d0c353_default_backups; a bucket name has 3 to 63 lower-case letters, digits and hyphens.", value)
		case c.own.IsAccount() && parsed.Account.String() != c.own.AccountID:
			c.fail(element, "Account-owned token reaches another account", "An account-owned token reaches buckets of its own account (%s) alone, not %s.\n\nName a bucket of its own account.", c.own.AccountID, value)
		default:
			c.add("r2_buckets", key)
		}
	}
}

// objects walks a set of objects, leaving out what is unknown.
func (c *resourceCompiler) objects(at path.Path, set types.Set, visit func(types.Object)) {
	if set.IsUnknown() {
		c.out.complete = false
		return
	}
	for _, element := range set.Elements() {
		obj, ok := element.(types.Object)
		switch {
		case !ok || obj.IsUnknown() || hasUnknown(obj):
			c.out.complete = false
		case obj.IsNull():
			c.fail(at, "Set holds a null", "An element of this set is null.\n\nRemove it.")
		default:
			visit(obj)
		}
	}
}

func hasUnknown(obj types.Object) bool {
	for _, value := range obj.Attributes() {
		if value.IsUnknown() {
			return true
		}
	}
	return false
}

func (c *resourceCompiler) records(ctx context.Context, set types.Set) {
	at := c.at.AtName("dns_records")
	c.objects(at, set, func(obj types.Object) {
		record, ok := tfkit.As[recordModel](ctx, obj, c.diags)
		if !ok {
			c.out.complete = false
			return
		}
		element := at.AtSetValue(attr.Value(obj))
		zone, kind, name := record.ZoneID.ValueString(), record.Type.ValueString(), record.Name.ValueString()
		if !isID(zone) {
			c.fail(element.AtName("zone_id"), "Invalid zone id", "%s", tfkit.NotAnID("zone", zone))
			return
		}
		if kind != wildcard && !authz.IsRecordType(kind) {
			c.fail(element.AtName("type"), "Unknown DNS record type", "%q is no DNS record type.\n\nWrite one of %s, in capitals, or * for every type.", kind, strings.Join(authz.RecordTypes(), ", "))
			return
		}
		if err := authz.CheckRecordPattern(kind, name); err != nil {
			c.fail(element.AtName("name"), "Invalid record name pattern", "%q: %s.\n\nWrite the full name of the records in lower case, such as www.example.com, with * for one or more characters, as in _acme-challenge.*.", name, err.Error())
			return
		}
		c.add("dns_records", Key{Outer: zonePrefix + zone, Inner: recordPrefix + kind + "." + name})
	})
}

// refuseConflicts reports a key that two attributes need with different
// values: one JSON object holds a key once.
func (c *resourceCompiler) refuseConflicts() {
	flat, nested := map[string]string{}, map[string]attrKey{}
	for _, k := range c.out.keys {
		if k.Inner == "" {
			flat[k.Outer] = k.attr
		}
	}
	slices.SortFunc(c.out.keys, func(a, b attrKey) int { return compareKeys(a.Key, b.Key) })
	reported := map[string]bool{}
	for _, k := range c.out.keys {
		if k.Inner == "" || reported[k.Outer] {
			continue
		}
		before, seen := nested[k.Outer]
		nested[k.Outer] = k
		other := ""
		if a, ok := flat[k.Outer]; ok {
			other = a
		} else if a, ok := flat[selfKey.Outer]; ok && strings.HasPrefix(k.Outer, userPrefix) {
			// The id of the user, which a request has in its place, may be this one.
			other = a
		} else if seen && !sameKind(before.Key, k.Key) {
			other = before.attr
		}
		if other != "" {
			reported[k.Outer] = true
			c.fail(c.at, "Resources need two policies", "`%s` and `%s` both need the resource key %s, with different values, and a policy holds a key once.\n\nMake it two policies, one for each.", other, k.attr, k.Outer)
		}
	}
}

// sameKind reports whether two nested keys may stand in one map. What the
// model does not know is left to the API.
func sameKind(a, b Key) bool {
	x, xKnown := a.Parse()
	y, yKnown := b.Parse()
	return !xKnown || !yKnown || x.Form == y.Form
}
