// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import "strconv"

// TargetKind tells what an operation acts on (authorization model §1, §4).
type TargetKind uint8

// The kinds of target. The zero value is refused by every decision.
const (
	// OnUser is the calling user.
	OnUser TargetKind = iota + 1
	// OnAccount is an account.
	OnAccount
	// OnZone is a zone.
	OnZone
	// OnAllZones is "all zones of an account", the target of POST /zones.
	OnAllZones
	// OnRecords is a zone as the container of its DNS records: reached like
	// the zone, and passed also by record grants, so that what they name can
	// be looked at next (authorization model §5 "First the zone").
	OnRecords
	// OnRecord is one DNS record, present or about to be.
	OnRecord
	// OnBucket is an object storage bucket.
	OnBucket
)

// Target is one thing that an operation acts on. Which fields count depends
// on Kind; the others are ignored.
type Target struct {
	Kind TargetKind
	// Account is the account of OnAccount, OnAllZones and OnBucket. For
	// zones and records it is read from the world.
	Account ID
	// Zone is the zone of OnZone, OnRecords and OnRecord. On OnAccount it is
	// the zone named below the account, zero when none is: that zone must
	// lie in the account.
	Zone ID
	// RecordType and RecordName are the type in capitals and the name as it
	// would be stored (completed, lower case, punycode, no final dot).
	RecordType, RecordName string
	// Bucket is the bucket's key without its account:
	// "<jurisdiction>_<name>".
	Bucket string
}

// UserTarget is the calling user.
func UserTarget() Target { return Target{Kind: OnUser} }

// AccountTarget is the account with that id.
func AccountTarget(account ID) Target { return Target{Kind: OnAccount, Account: account} }

// ZoneTarget is the zone with that id.
func ZoneTarget(zone ID) Target { return Target{Kind: OnZone, Zone: zone} }

// AllZonesTarget is all zones of the account.
func AllZonesTarget(account ID) Target { return Target{Kind: OnAllZones, Account: account} }

// RecordsTarget is the zone as the container of its records.
func RecordsTarget(zone ID) Target { return Target{Kind: OnRecords, Zone: zone} }

// RecordTarget is one record of the zone; name must be in its stored form.
func RecordTarget(zone ID, recordType, name string) Target {
	return Target{Kind: OnRecord, Zone: zone, RecordType: recordType, RecordName: name}
}

// BucketTarget is the bucket of the account in a jurisdiction.
func BucketTarget(account ID, jurisdiction, name string) Target {
	return Target{Kind: OnBucket, Account: account, Bucket: jurisdiction + "_" + name}
}

// String names the target in the words of the resource tree (authorization
// model §1).
func (t Target) String() string {
	switch t.Kind {
	case OnUser:
		return "the calling user"
	case OnAccount:
		return "account " + t.Account.String()
	case OnZone:
		return "zone " + t.Zone.String()
	case OnAllZones:
		return "all zones of account " + t.Account.String()
	case OnRecords:
		return "the DNS records of zone " + t.Zone.String()
	case OnRecord:
		return "DNS record " + t.RecordType + " " + t.RecordName + " in zone " + t.Zone.String()
	case OnBucket:
		return "bucket " + t.Bucket + " of account " + t.Account.String()
	default:
		return "target of unknown kind " + strconv.Itoa(int(t.Kind))
	}
}
