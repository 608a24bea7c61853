// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// resolver turns an operation and a target into what the engine decides on,
// and collects what is wrong with them.
type resolver struct {
	world     authz.World
	operation Operation
	target    Target
	shape     shape
	problems  []TargetProblem
}

func (r *resolver) problem(field, format string, args ...any) {
	r.problems = append(r.problems, TargetProblem{Field: field, Message: fmt.Sprintf(format, args...)})
}

// err is the error with all problems; nil without any.
func (r *resolver) err() error {
	if len(r.problems) == 0 {
		return nil
	}
	slices.SortStableFunc(r.problems, func(a, b TargetProblem) int {
		return slices.Index(fieldOrder, a.Field) - slices.Index(fieldOrder, b.Field)
	})
	return &TargetError{Operation: r.operation.String(), Problems: r.problems}
}

// resolve finds the shape, takes what the path names into the target, and
// judges every field.
func (r *resolver) resolve() {
	r.shape = r.rowShape()
	if r.operation.Permission != nil {
		r.shape = r.permissionShape()
	}
	if r.shape == shapeNone {
		if len(r.problems) == 0 {
			r.problem(FieldOperation, "no operation is given")
		}
		return
	}
	r.fromPath()
	set := r.target.fields()
	may := allowed[r.shape]
	for _, field := range fieldOrder {
		if !set[field] || slices.Contains(may, field) || field == FieldZone && r.operation.has(zoneParam) {
			continue
		}
		if r.shape == shapeVerify && field == FieldAccount && r.operation.has(accountParam) {
			continue
		}
		r.problem(field, "does not belong to this operation: %s; leave it out", actsOn[r.shape])
	}
	r.required(set)
	r.zoneInAccount()
	r.record(set)
	r.bucket(set)
}

// rowShape is the shape of an operation of the table.
func (r *resolver) rowShape() shape {
	row := r.operation.Row
	if row == nil {
		return shapeNone
	}
	switch row.Target {
	case catalog.TargetUser:
		return shapeUser
	case catalog.TargetAccount:
		return shapeAccount
	case catalog.TargetZone, catalog.TargetCertificate:
		return shapeZone
	case catalog.TargetRecords:
		return shapeRecords
	case catalog.TargetAllZones:
		return shapeAllZones
	case catalog.TargetBucket:
		return shapeBucket
	case catalog.TargetCredential:
		return shapeVerify
	case catalog.TargetAccountList:
		return shapeAccountList
	case catalog.TargetZoneList:
		return shapeZoneList
	default:
		return shapeNone
	}
}

// permissionShape is the shape of a permission group: it follows from the
// group's scope and from what the target names. Whether a key of that scope
// reaches such a target is left to the engine.
func (r *resolver) permissionShape() shape {
	t, scope := r.target, r.operation.Permission.Scope
	switch {
	case scope == catalog.ScopeUser:
		return shapeUser
	case scope == catalog.ScopeR2Bucket, scope == catalog.ScopeAccount && t.Bucket != "":
		return shapeBucket
	case t.RecordType != "" || t.RecordName != "":
		return shapeRecords
	case !t.Zone.IsZero():
		return shapeZone
	case t.AllZones:
		return shapeAllZones
	case scope == catalog.ScopeAccount:
		return shapeAccount
	default:
		return shapeZone
	}
}

// fromPath takes what the path names into the target.
func (r *resolver) fromPath() {
	if r.operation.Row == nil {
		return
	}
	take := func(name, field string, to *authz.ID) {
		value := r.operation.param(name)
		if value == "" {
			return
		}
		id, _ := authz.ParseID(value)
		if !to.IsZero() && *to != id {
			r.problem(field, "is %s, but the path names %s", to, id)
			return
		}
		*to = id
	}
	take(accountParam, FieldAccount, &r.target.Account)
	take(zoneParam, FieldZone, &r.target.Zone)
	if value := r.operation.param(bucketParam); value != "" && r.shape == shapeBucket {
		// No bucket's name needs an escape, and one that holds an escape is
		// refused for its form.
		if r.target.Bucket != "" && r.target.Bucket != value {
			r.problem(FieldBucket, "is %q, but the path names %q", r.target.Bucket, value)
		} else {
			r.target.Bucket = value
		}
	}
}

// required names what is missing. set tells what the caller gave; what the path
// names need not be given, and may even be the id of nothing.
func (r *resolver) required(set map[string]bool) {
	account := set[FieldAccount] || r.operation.param(accountParam) != ""
	zone := set[FieldZone] || r.operation.param(zoneParam) != ""
	missing := func(field, what string) { r.problem(field, "is missing: %s; give %s", actsOn[r.shape], what) }
	needsAccount := r.shape == shapeAccount || r.shape == shapeAllZones || r.shape == shapeBucket ||
		r.shape == shapeVerify && r.operation.has(accountParam)
	if needsAccount && !account {
		missing(FieldAccount, "the account's id")
	}
	switch r.shape {
	case shapeZone, shapeRecords:
		if zone {
			break
		}
		if r.operation.Permission != nil && r.operation.Permission.Scope == catalog.ScopeZone {
			missing(FieldZone, "the zone's id, or all_zones with account_id")
			break
		}
		missing(FieldZone, "the zone's id")
	case shapeAccount:
		if r.operation.has(zoneParam) && !zone {
			missing(FieldZone, "the id of the zone below the account")
		}
	case shapeBucket:
		if r.target.Bucket == "" {
			missing(FieldBucket, "the bucket's name")
		}
	case shapeZoneList:
		if account && !zone {
			r.problem(FieldAccount, "does not belong to this operation by itself: it lists zones; give zone_id to ask whether that zone is in the list")
		}
	default:
	}
}

// zoneInAccount compares a zone with an account that was named beside it. A
// zone that does not exist is left to the engine.
func (r *resolver) zoneInAccount() {
	if r.shape == shapeAccount || r.target.Account.IsZero() || r.target.Zone.IsZero() {
		return
	}
	if zone := r.world.Zone(r.target.Zone); zone != nil && zone.Account != r.target.Account {
		r.problem(FieldAccount, "is %s, but the zone lies in account %s", r.target.Account, zone.Account)
	}
}

// record judges a record's type and name, and brings the name into the form in
// which the engine compares it.
func (r *resolver) record(set map[string]bool) {
	if r.shape != shapeRecords || !set[FieldRecordType] && !set[FieldRecordName] {
		return
	}
	r.target.RecordType = strings.ToUpper(r.target.RecordType)
	switch {
	case !set[FieldRecordType]:
		r.problem(FieldRecordType, "is missing: a record is named by its type and its name")
	case !authz.IsRecordType(r.target.RecordType):
		r.problem(FieldRecordType, "%q is not a DNS record type%s", r.target.RecordType,
			didYouMean(catalog.SuggestNames(r.target.RecordType, authz.RecordTypes(), nearestCount)))
	}
	if !set[FieldRecordName] {
		r.problem(FieldRecordName, "is missing: a record is named by its type and its name")
		return
	}
	zone := r.world.Zone(r.target.Zone)
	if zone == nil {
		return // gate 5 refuses, whatever the name
	}
	name, err := storedName(zone.Name, r.target.RecordName)
	if err != nil {
		r.problem(FieldRecordName, "%q %v", r.target.RecordName, err)
		return
	}
	r.target.RecordName = name
}

// bucket judges a bucket's name by the form of the key that would name it.
func (r *resolver) bucket(set map[string]bool) {
	if r.shape != shapeBucket || r.target.Bucket == "" {
		return
	}
	if !set[FieldJurisdiction] {
		r.target.Jurisdiction = "default"
	}
	key := authz.Key{Form: authz.KeyBucket, Account: r.target.Account, Bucket: r.target.Jurisdiction + "_" + r.target.Bucket}
	if _, err := authz.ParseResource(key.Resource()); err != nil {
		r.problem(FieldBucket, "%v", err)
	}
}
