// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"net/url"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// PathTargets are the targets that an operation's path names, with the value
// of the header cf-r2-jurisdiction ("" is "default") for buckets
// (authorization model §4). Params are those of [catalog.MatchRoute], still
// escaped. A place that names nothing gives no target, which [Decide] refuses
// as target_not_found; so do operations whose target is not in the path at
// all: the lists that span accounts, POST /zones and the Origin CA operations.
func PathTargets(op *catalog.Operation, params catalog.Params, jurisdiction string) []Target {
	switch op.Target {
	case catalog.TargetUser:
		return []Target{UserTarget()}
	case catalog.TargetAccount:
		return accountTargets(params)
	case catalog.TargetZone:
		return []Target{ZoneTarget(pathID(params, "zone_id"))}
	case catalog.TargetRecords:
		return []Target{RecordsTarget(pathID(params, "zone_id"))}
	case catalog.TargetBucket:
		if jurisdiction == "" {
			jurisdiction = "default"
		}
		name, err := url.PathUnescape(params.Get("bucket_name"))
		if err != nil {
			return nil
		}
		return []Target{BucketTarget(pathID(params, "account_id"), jurisdiction, name)}
	default:
		return nil
	}
}

// accountTargets are the accounts of the path: the one that the operation is
// below, and one that is named further on. A zone named below an account must
// lie in it.
func accountTargets(params catalog.Params) []Target {
	var targets []Target
	var zone ID
	for i := range params.Len() {
		name, value := params.At(i)
		id, _ := ParseID(value)
		switch name {
		case "account_id":
			targets = append(targets, AccountTarget(id))
		case "zone_id":
			if zone = id; zone.IsZero() {
				return nil
			}
		}
	}
	for i := range targets {
		targets[i].Zone = zone
	}
	return targets
}

// pathID is a placeholder's value as an identifier; the zero ID, which no
// object has, when it is none.
func pathID(params catalog.Params, name string) ID {
	id, _ := ParseID(params.Get(name))
	return id
}
