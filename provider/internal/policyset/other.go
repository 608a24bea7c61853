// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"context"
	"regexp"
	"strings"

	"github.com/hashicorp/terraform-plugin-framework/attr"
	"github.com/hashicorp/terraform-plugin-framework/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/tfkit"
)

// foreignKey is the form of resource keys in general: dotted segments below
// com.cloudflare. Keys of products that the model does not know have it too.
var foreignKey = regexp.MustCompile(`^com\.cloudflare(\.[A-Za-z0-9_*-]+){2,}$`)

// other reads resource keys that are written out. A key in one of the
// namespaces of the model must have one of its forms; a key elsewhere only has
// to look like one, so that nothing is lost that the API may hold.
func (c *resourceCompiler) other(ctx context.Context, set types.Set) {
	at := c.at.AtName("other")
	c.objects(at, set, func(obj types.Object) {
		model, ok := tfkit.As[otherModel](ctx, obj, c.diags)
		if !ok {
			c.out.complete = false
			return
		}
		element := at.AtSetValue(attr.Value(obj))
		key := Key{Outer: model.Key.ValueString()}
		if !model.Within.IsNull() && key.Outer == "" {
			// Without its inner key the outer one would stand alone, and mean all of what one part was to be named of.
			c.fail(element.AtName("key"), "Invalid resource key", "The key is empty, and `within` says that it is nested under %q.\n\nWrite the nested key, or, if all of that is meant, write that as `key` and leave `within` out.", model.Within.ValueString())
			return
		}
		if !model.Within.IsNull() {
			key = Key{Outer: model.Within.ValueString(), Inner: model.Key.ValueString()}
		}
		if strings.HasPrefix(key.Outer, userPrefix) && key.Inner == "" {
			c.fail(element.AtName("key"), "Invalid resource key", "A token can name its own user alone, and `user = true` does that.\n\nSet `user = true` in place of this key.")
			return
		}
		parsed, known := key.Parse()
		if !known && !looksForeign(key) {
			c.fail(element.AtName("key"), "Invalid resource key", "%q is not a resource key of a known form.\n\nWrite a key such as com.cloudflare.api.account.<account id>, or a nested one with its outer key in `within`; zones, accounts, buckets and records have attributes of their own.", key.String())
			return
		}
		if known && c.own.IsAccount() && !c.ownKey(parsed) {
			c.fail(element.AtName("key"), "Resource not allowed on an account-owned token", "An account-owned token reaches its own account (%s) alone, and neither every zone nor every account.\n\nName its own account or single zones in place of %s.", c.own.AccountID, key.String())
			return
		}
		c.add("other", key)
	})
}

// looksForeign reports whether the key may belong to a product that the model
// does not know: it lies in none of the model's namespaces, or below an account.
func looksForeign(k Key) bool {
	if k.Inner == "" {
		return foreignKey.MatchString(k.Outer) && !modelled(k.Outer)
	}
	_, outerKnown := Key{Outer: k.Outer}.Parse()
	return outerKnown && foreignKey.MatchString(k.Inner) && !modelled(k.Inner)
}

// modelled reports whether a key lies in a namespace whose forms the model
// lists in full: users, zones with their records, buckets, and accounts
// themselves, though not what products keep below them.
func modelled(key string) bool {
	for _, prefix := range []string{userPrefix, zonePrefix, bucketPrefix} {
		if strings.HasPrefix(key, prefix) {
			return true
		}
	}
	rest, ok := strings.CutPrefix(key, accountPrefix)
	return ok && !strings.Contains(rest, ".")
}

// ownKey reports whether an account-owned token may hold the key.
func (c *resourceCompiler) ownKey(k authz.Key) bool {
	switch k.Form {
	case authz.KeyUser, authz.KeyAllAccounts, authz.KeyAllZones:
		return false
	case authz.KeyAccount, authz.KeyAccountAllZones, authz.KeyAccountZone, authz.KeyBucket:
		return k.Account.String() == c.own.AccountID
	default:
		return true
	}
}

// knownSet reports a set's elements as strings, without those that are null or
// unknown.
func knownSet(set types.Set) map[string]bool {
	out := map[string]bool{}
	for _, element := range set.Elements() {
		if value, ok := element.(types.String); ok && !value.IsNull() && !value.IsUnknown() {
			out[value.ValueString()] = true
		}
	}
	return out
}
