// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package tfkit

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// grant is the smallest grant that an explained refusal names: one permission group on one resource
// key, inner being empty where the key is not nested.
type grant struct {
	group        string
	outer, inner string
}

// grantSentence is the form in which the API names a missing grant:
//
//	no_matching_grant: …; the smallest grant that would allow it: "<group>" on <key>[ → <nested key>]
var grantSentence = regexp.MustCompile(`^no_matching_grant: .*: "([^"]+)" on (\S+)(?: → (\S+))?$`)

// parseGrant reads the grant out of a chain entry; it reports false for every other text.
func parseGrant(message string) (grant, bool) {
	m := grantSentence.FindStringSubmatch(message)
	if m == nil {
		return grant{}, false
	}
	return grant{group: m[1], outer: m[2], inner: m[3]}, true
}

// The fixed parts of resource keys (authorization model §3).
const (
	userKey    = "com.cloudflare.api.user."
	accountKey = "com.cloudflare.api.account."
	zoneKey    = "com.cloudflare.api.account.zone."
	recordKey  = "com.cloudflare.api.account.zone.dns_record."
	bucketKey  = "com.cloudflare.edge.r2.bucket."
)

// GrantHCL writes a grant as an attribute policies of an accesscontrol_api_token, with that one policy.
func GrantHCL(g authz.Grant) string {
	resource := g.Key.Resource()
	out := grant{group: g.Group.Name, outer: resource.Key}
	if len(resource.Nested) > 0 {
		out.inner = resource.Nested[0]
	}
	return out.hcl()
}

// toWrite turns a grant to read into the one to write what it reads, and reports whether it is one.
func (g *grant) toWrite() bool {
	name, reads := strings.CutSuffix(g.group, " Read")
	if reads {
		g.group = name + " Write"
	}
	return reads
}

// hcl writes the grant as the policies of an accesscontrol_api_token.
func (g grant) hcl() string {
	return fmt.Sprintf("policies = {\n"+
		"  %q = {\n"+
		"    permission_groups = [%s]\n"+
		"    resources         = { %s }\n"+
		"  }\n"+
		"}", "missing grant", quoteHCL(g.qualifiedGroup()), g.resource())
}

// indented is text with every line moved to the right, so that a diagnostic shows it as code.
func indented(text string) string {
	return "    " + strings.ReplaceAll(text, "\n", "\n    ")
}

// resource writes the key as the typed attribute that stands for it.
func (g grant) resource() string {
	if g.inner != "" {
		return g.nestedResource()
	}
	key := g.outer
	switch {
	case strings.HasPrefix(key, userKey):
		return "user = true"
	case key == zoneKey+"*":
		return "all_zones = true"
	case strings.HasPrefix(key, zoneKey):
		return list("zones", strings.TrimPrefix(key, zoneKey))
	case key == accountKey+"*":
		return "all_accounts = true"
	case strings.HasPrefix(key, accountKey):
		return list("accounts", strings.TrimPrefix(key, accountKey))
	case strings.HasPrefix(key, bucketKey):
		return list("r2_buckets", strings.TrimPrefix(key, bucketKey))
	default:
		return fmt.Sprintf("other = [{ key = %s }]", quoteHCL(key))
	}
}

func (g grant) nestedResource() string {
	switch {
	case strings.HasPrefix(g.inner, recordKey):
		recordType, name, _ := strings.Cut(strings.TrimPrefix(g.inner, recordKey), ".")
		return fmt.Sprintf("dns_records = [{ zone_id = %s, type = %s, name = %s }]",
			quoteHCL(strings.TrimPrefix(g.outer, zoneKey)), quoteHCL(recordType), quoteHCL(name))
	case g.inner == zoneKey+"*":
		return list("all_zones_of_accounts", strings.TrimPrefix(g.outer, accountKey))
	case strings.HasPrefix(g.inner, zoneKey):
		return list("zones", strings.TrimPrefix(g.inner, zoneKey))
	default:
		return fmt.Sprintf("other = [{ within = %s, key = %s }]", quoteHCL(g.outer), quoteHCL(g.inner))
	}
}

// qualifiedGroup is the group's name, with its scope where the name alone would be ambiguous: the
// suggestion must be one that the provider accepts.
func (g grant) qualifiedGroup() string {
	var ambiguous *catalog.AmbiguousGroupError
	if _, err := catalog.LookupGroup(g.group); !errors.As(err, &ambiguous) {
		return g.group
	}
	return g.scope().String() + ":" + g.group
}

// scope is that of the groups which act on the grant's resource.
func (g grant) scope() catalog.Scope {
	switch {
	case strings.HasPrefix(g.outer, userKey):
		return catalog.ScopeUser
	case strings.HasPrefix(g.outer, bucketKey):
		return catalog.ScopeR2Bucket
	case g.inner != "", strings.HasPrefix(g.outer, zoneKey):
		return catalog.ScopeZone
	default:
		return catalog.ScopeAccount
	}
}

func list(attribute, element string) string {
	return fmt.Sprintf("%s = [%s]", attribute, quoteHCL(element))
}

// quoteHCL writes a string literal of the configuration language. The text comes from the API, so
// the beginnings of templates are escaped.
func quoteHCL(text string) string {
	quoted := strconv.Quote(text)
	quoted = strings.ReplaceAll(quoted, "${", "$${")
	return strings.ReplaceAll(quoted, "%{", "%%{")
}
