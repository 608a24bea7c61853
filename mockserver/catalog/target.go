// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import "strings"

// CanReach reports whether some resource key can make a group of scope s reach a target of kind t
// (authorization model §4, the table of keys). Groups of a scope for which it is false are dropped from the
// operations with such a target.
func CanReach(s Scope, t TargetKind) bool {
	switch s {
	case ScopeUser:
		return t == TargetUser
	case ScopeAccount:
		return t != TargetUser && t != TargetCredential && t >= TargetUser && t <= TargetZoneList
	case ScopeZone:
		return t == TargetZone || t == TargetRecords || t == TargetAllZones || t == TargetCertificate || t == TargetZoneList
	case ScopeR2Bucket:
		return t == TargetBucket
	default:
		return false
	}
}

// below reports whether route is the given prefix or lies below it, compared by whole segments.
func below(route, prefix string) bool {
	rest, ok := strings.CutPrefix(route, prefix)

	return ok && (rest == "" || rest[0] == '/')
}

// targetOf says on what an operation acts.
func targetOf(method, route string) TargetKind {
	switch route {
	case "/accounts":
		if method == "GET" {
			return TargetAccountList
		}

		return TargetUser
	case "/zones":
		if method == "GET" {
			return TargetZoneList
		}

		return TargetAllZones
	case "/user/tokens/verify", "/accounts/{account_id}/tokens/verify":
		return TargetCredential
	case "/accounts/{account_id}/r2/buckets/{bucket_name}/objects/{key}":
		return TargetBucket
	case "/zones/{zone_id}/dns_records", "/zones/{zone_id}/dns_records/{dns_record_id}",
		"/zones/{zone_id}/dns_records/batch", "/zones/{zone_id}/dns_records/export", "/zones/{zone_id}/dns_records/import":
		return TargetRecords
	}

	switch {
	case below(route, "/user"), below(route, "/memberships"), below(route, "/organizations"):
		return TargetUser
	case below(route, "/certificates"):
		return TargetCertificate
	case below(route, "/accounts/{account_id}"):
		return TargetAccount
	case below(route, "/zones/{zone_id}"):
		return TargetZone
	default:
		return 0
	}
}

// needsOf is the static part of gate 10 (authorization model §6 and, for tenants, §4).
func needsOf(method, route string) Needs {
	const (
		account = "/accounts/{account_id}"
		tokens  = account + "/tokens"
	)

	switch {
	case below(route, tokens+"/verify"), below(route, tokens+"/permission_groups"):
		return 0
	case below(route, tokens):
		return NeedsUserCredential | NeedsAdministrator
	case method != "GET" && (below(route, account+"/members") || below(route, account+"/iam")):
		return NeedsUserCredential | NeedsSuperAdministrator
	case method == "POST" && route == "/accounts", method == "DELETE" && route == account:
		return NeedsTenantAdmin
	default:
		return 0
	}
}

// anyMemberOf reports whether every accepted member with a role passes gate 9 (authorization model §8).
func anyMemberOf(method, route string) bool {
	return method == "GET" && (route == "/accounts" || route == "/accounts/{account_id}")
}
