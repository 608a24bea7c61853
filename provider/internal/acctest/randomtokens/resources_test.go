// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// The parts of resource keys.
const (
	accountPrefix = "com.cloudflare.api.account."
	zonePrefix    = "com.cloudflare.api.account.zone."
	recordPrefix  = "com.cloudflare.api.account.zone.dns_record."
	bucketPrefix  = "com.cloudflare.edge.r2.bucket."
	userPrefix    = "com.cloudflare.api.user."
)

// resources is the attribute of that name as far as it was drawn.
type resources struct {
	attributes map[string]any
	// keys are what it means, forms what each outer key holds: a policy can hold it once.
	keys  map[string]authz.Key
	forms map[string]authz.KeyForm
}

func (r *resources) meanings() []string {
	var texts []string
	for text := range r.keys {
		texts = append(texts, text)
	}
	return texts
}

// claim adds a key unless its outer key already holds what is of another kind. A mistake in the key is the test's.
func (r *resources) claim(outer, inner string) bool {
	resource := authz.Resource{Key: outer}
	if inner != "" {
		resource.Nested = []string{inner}
	}
	keys, err := authz.ParseResource(resource)
	if err != nil {
		panic(outer + " " + inner + ": " + err.Error())
	}
	if form, ok := r.forms[outer]; ok && form != keys[0].Form {
		return false
	}
	r.forms[outer] = keys[0].Form
	r.keys[keyMeaning(outer, inner)] = keys[0]
	return true
}

// put adds an element to a set, unless it is in it.
func (r *resources) put(attribute string, element any) {
	list, _ := r.attributes[attribute].([]any)
	if object, ok := element.(map[string]any); ok {
		for _, other := range list {
			held, _ := other.(map[string]any)
			if held["key"] == object["key"] && held["within"] == object["within"] && held["zone_id"] == object["zone_id"] &&
				held["type"] == object["type"] && held["name"] == object["name"] {
				return
			}
		}
	} else if slices.Contains(list, element) {
		return
	}
	r.attributes[attribute] = append(list, element)
}

// setsOfResources and flagsOfResources are the attributes of `resources` by their kind.
var (
	setsOfResources  = []string{"zones", "accounts", "all_zones_of_accounts", "r2_buckets", "dns_records", "other"}
	flagsOfResources = []string{"all_zones", "all_accounts", "user"}
)

// resources draws up to three kinds of resource for a token of that owner; nil is the user.
func (g *generator) resources(own *account) *resources {
	r := &resources{attributes: map[string]any{}, keys: map[string]authz.Key{}, forms: map[string]authz.KeyForm{}}
	kinds := kindsOfAccount
	if own == nil {
		kinds = append(slices.Clone(kindsOfAccount), kindsOfUser...)
	}
	for len(r.keys) == 0 {
		for _, kind := range some(g, 3, kinds) {
			place := own
			if place == nil {
				place = &g.accounts[g.IntN(len(g.accounts))]
			}
			kind(g, r, place, own == nil)
		}
	}
	used := 0
	for _, name := range setsOfResources {
		switch {
		case r.attributes[name] != nil:
			g.hit("resources: %s", name)
			used++
		case g.chance(6):
			r.attributes[name] = []any{}
			g.hit("resources: %s = []", name)
		default:
			g.absent(r.attributes, name)
		}
	}
	for _, name := range flagsOfResources {
		switch {
		case r.attributes[name] != nil:
			g.hit("resources: %s", name)
			used++
		case g.chance(6):
			r.attributes[name] = false
			g.hit("resources: %s = false", name)
		default:
			g.absent(r.attributes, name)
		}
	}
	if used > len(r.keys) {
		g.hit("resources: one in two attributes")
	}
	return r
}

// kind draws one kind of resource in an account, for a token that the user owns or that account.
type kind func(g *generator, r *resources, in *account, ofUser bool)

// kindsOfAccount are those that every token can hold.
var kindsOfAccount = []kind{
	func(g *generator, r *resources, in *account, ofUser bool) {
		zones := in.zones
		if ofUser && g.chance(2) {
			zones = slices.Concat(g.accounts[0].zones, g.accounts[1].zones)
		}
		for _, zone := range some(g, len(zones), zones) {
			if r.claim(zonePrefix+zone, "") {
				r.put("zones", zone)
			}
		}
	},
	func(g *generator, r *resources, in *account, ofUser bool) {
		for _, id := range g.ids(in, ofUser) {
			if r.claim(accountPrefix+id, "") {
				r.put("accounts", id)
			}
		}
	},
	func(g *generator, r *resources, in *account, ofUser bool) {
		for _, id := range g.ids(in, ofUser) {
			if r.claim(accountPrefix+id, zonePrefix+"*") {
				r.put("all_zones_of_accounts", id)
			}
		}
	},
	func(_ *generator, r *resources, in *account, ofUser bool) {
		outer, inner := zonePrefix+"*", ""
		if !ofUser {
			outer, inner = accountPrefix+in.id, zonePrefix+"*"
		}
		if r.claim(outer, inner) {
			r.attributes["all_zones"] = true
		}
	},
	func(g *generator, r *resources, in *account, _ bool) {
		for range 1 + g.IntN(3) {
			name := g.bucket(in)
			if r.claim(bucketPrefix+name, "") {
				r.put("r2_buckets", name)
			}
		}
	},
	func(g *generator, r *resources, in *account, _ bool) {
		for range 1 + g.IntN(4) {
			zone, recordType, name := pick(g, in.zones...), g.recordType(), g.recordName()
			if r.claim(zonePrefix+zone, recordPrefix+recordType+"."+name) {
				r.put("dns_records", map[string]any{"zone_id": zone, "type": recordType, "name": name})
			}
		}
	},
	// The same things, written out under `other`.
	func(g *generator, r *resources, in *account, _ bool) {
		g.other(r, "account", accountPrefix+in.id, "")
	},
	func(g *generator, r *resources, in *account, _ bool) {
		g.other(r, "zone", zonePrefix+pick(g, in.zones...), "")
	},
	func(g *generator, r *resources, in *account, _ bool) {
		for _, zone := range some(g, 3, in.zones) {
			g.other(r, "zone of an account", accountPrefix+in.id, zonePrefix+zone)
		}
	},
	func(g *generator, r *resources, in *account, _ bool) {
		g.other(r, "every zone of an account", accountPrefix+in.id, zonePrefix+"*")
	},
	func(g *generator, r *resources, in *account, _ bool) {
		g.other(r, "record", zonePrefix+pick(g, in.zones...), recordPrefix+g.recordType()+"."+g.recordName())
	},
	func(g *generator, r *resources, in *account, _ bool) {
		g.other(r, "bucket", bucketPrefix+g.bucket(in), "")
	},
}

// kindsOfUser are those that only a user's token can hold.
var kindsOfUser = []kind{
	func(_ *generator, r *resources, _ *account, _ bool) {
		if r.claim(accountPrefix+"*", "") {
			r.attributes["all_accounts"] = true
		}
	},
	func(g *generator, r *resources, _ *account, _ bool) {
		if r.claim(userPrefix+g.user, "") {
			r.attributes["user"] = true
		}
	},
	func(g *generator, r *resources, _ *account, _ bool) {
		g.other(r, "every account", accountPrefix+"*", "")
	},
	func(g *generator, r *resources, _ *account, _ bool) { g.other(r, "every zone", zonePrefix+"*", "") },
}

// other writes a key out.
func (g *generator) other(r *resources, what, outer, inner string) {
	if !r.claim(outer, inner) {
		return
	}
	g.hit("resources: other, %s", what)
	element := map[string]any{"key": outer}
	if inner != "" {
		element = map[string]any{"within": outer, "key": inner}
	} else {
		g.absent(element, "within")
	}
	r.put("other", element)
}

// ids are accounts that the owner may name.
func (g *generator) ids(in *account, ofUser bool) []string {
	if ofUser && g.chance(3) {
		return some(g, 2, []string{g.accounts[0].id, g.accounts[1].id})
	}
	return []string{in.id}
}

func (g *generator) bucket(in *account) string {
	const longest = 63
	jurisdiction := pick(g, "default", "eu", "fedramp", "fedramp-high")
	return in.id + "_" + jurisdiction + "_" + pick(g, "backups", "a-b", "000", "log-2026-01", strings.Repeat("b", longest))
}

func (g *generator) recordType() string {
	if g.chance(4) {
		g.hit("record of every type")
		return "*"
	}
	return pick(g, authz.RecordTypes()...)
}

// recordName draws a pattern as the API takes it: no upper case, no final dot and no letters beyond ASCII, all of which
// the provider refuses.
func (g *generator) recordName() string {
	const longest = 255
	return pick(g,
		"one.example", "www.two.example", "_acme-challenge.*", "*", "*.example", "a*b", "**", "xn--bcher-kva.example", "_dmarc.one.example",
		`a\.b`, `"quoted".example`, "${var.x}.example", "%{x}", "a_b-c.d", "-", "0", "a.*.b.*", strings.Repeat("a", longest),
	)
}

// group is a permission group with everything it can be called.
type group struct {
	*catalog.Group
	spellings []spelling
	manages   bool
}

// serves reports whether a resource serves the group.
func (r *resources) serves(g *catalog.Group) bool {
	for _, key := range r.keys {
		if key.Serves(g) {
			return true
		}
	}
	return false
}

// groupsFor draws permission groups that the resources serve, by any of their names, in any order.
func (g *generator) groupsFor(r *resources, own *account, effect string) (refs []any, ids []string) {
	var able []group
	accounts, _ := r.attributes["accounts"].([]any)
	for _, candidate := range g.groups {
		switch {
		case !r.serves(candidate.Group):
		case own != nil && candidate.Scope == catalog.ScopeUser:
		case len(accounts) > 0 && candidate.Scope == catalog.ScopeZone:
			// `accounts` would open every zone, which the provider wants said in another way.
		case candidate.manages && effect == "allow" && !g.managesTokens:
		default:
			able = append(able, candidate)
		}
	}
	most := 5
	if g.chance(20) {
		most = 40
	}
	for _, chosen := range some(g, most, able) {
		if chosen.manages {
			g.hit("group that manages tokens, %s", effect)
		}
		g.hit("group of scope %s", chosen.Scope)
		ids = append(ids, chosen.ID)
		called := g.call(chosen)
		refs = append(refs, called)
		if again := g.call(chosen); again != called && g.chance(10) {
			refs = append(refs, again)
			g.hit("group twice, by two names")
		}
	}
	g.Shuffle(len(refs), func(i, j int) { refs[i], refs[j] = refs[j], refs[i] })
	return refs, ids
}

// call draws a name of the group: a kind of name first, so that rare kinds come up.
func (g *generator) call(chosen group) string {
	kinds := map[string][]string{}
	var names []string
	for _, s := range chosen.spellings {
		if kinds[s.kind] == nil {
			names = append(names, s.kind)
		}
		kinds[s.kind] = append(kinds[s.kind], s.text)
	}
	kind := pick(g, names...)
	g.hit("group by %s", kind)
	return pick(g, kinds[kind]...)
}
