// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package inquiry

import (
	"fmt"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// Target says on what. Fields that the operation's path names already may
// stay zero; one that contradicts the path, or that cannot belong to the
// operation, is a problem. The zero value names nothing.
type Target struct {
	// Account and Zone are identifiers. With both, the zone must lie in the
	// account.
	Account, Zone authz.ID
	// RecordType and RecordName name a DNS record of Zone, which need not
	// exist: a type in any case, and a name as a person writes it ("@",
	// "www", "www.example.com"). Both or neither.
	RecordType, RecordName string
	// Jurisdiction and Bucket name an object storage bucket of Account; ""
	// is the jurisdiction "default".
	Jurisdiction, Bucket string
	// AllZones is "all zones of Account", what POST /zones acts on.
	AllZones bool
	// User is the user that the credential acts as. It may stay false where
	// an operation acts on nothing else.
	User bool
}

// The names of a target's fields in problems.
const (
	FieldAccount      = "account_id"
	FieldZone         = "zone_id"
	FieldRecordType   = "record.type"
	FieldRecordName   = "record.name"
	FieldBucket       = "bucket"
	FieldJurisdiction = "jurisdiction"
	FieldAllZones     = "all_zones"
	FieldUser         = "user"
	FieldSwitch       = "api_access_enabled"
	FieldOperation    = "operation"
)

// TargetProblem is one thing that is wrong with a question's target.
type TargetProblem struct {
	// Field is the field at fault, one of the Field constants.
	Field string
	// Message says what is wrong and what would be right.
	Message string
}

// TargetError says that a question's target is incomplete, or cannot belong to
// its operation. It holds every problem at once.
type TargetError struct {
	// Operation is the operation that was asked for, as its String.
	Operation string
	// Problems are in the order of the Field constants; never empty.
	Problems []TargetProblem
}

// Error lists the problems with their fields.
func (e *TargetError) Error() string {
	texts := make([]string, len(e.Problems))
	for i, p := range e.Problems {
		texts[i] = p.Field + ": " + p.Message
	}
	return fmt.Sprintf("the target does not fit %q: %s", e.Operation, strings.Join(texts, "; "))
}

// shape is what kinds of thing an operation can be asked about.
type shape uint8

// The shapes. The two lists are asked about one item, or about none.
const (
	shapeNone shape = iota
	shapeUser
	shapeAccount
	shapeZone
	shapeRecords
	shapeAllZones
	shapeBucket
	shapeVerify
	shapeAccountList
	shapeZoneList
)

// allowed lists the fields that may be set for a shape; account_id beside a
// zone is compared with the zone's own.
var allowed = map[shape][]string{
	shapeUser:        {FieldUser},
	shapeAccount:     {FieldAccount},
	shapeZone:        {FieldAccount, FieldZone},
	shapeRecords:     {FieldAccount, FieldZone, FieldRecordType, FieldRecordName},
	shapeAllZones:    {FieldAccount, FieldAllZones},
	shapeBucket:      {FieldAccount, FieldBucket, FieldJurisdiction},
	shapeVerify:      {},
	shapeAccountList: {FieldAccount},
	shapeZoneList:    {FieldAccount, FieldZone},
}

// actsOn says what a shape acts on, for messages.
var actsOn = map[shape]string{
	shapeUser:        "it acts on the user of the credential",
	shapeAccount:     "it acts on an account",
	shapeZone:        "it acts on a zone",
	shapeRecords:     "it acts on DNS records of a zone",
	shapeAllZones:    "it acts on all zones of an account",
	shapeBucket:      "it acts on a bucket",
	shapeVerify:      "it acts on the credential itself",
	shapeAccountList: "it lists accounts",
	shapeZoneList:    "it lists zones",
}

// fields returns which fields of the target are set, by name.
func (t Target) fields() map[string]bool {
	return map[string]bool{
		FieldAccount:      !t.Account.IsZero(),
		FieldZone:         !t.Zone.IsZero(),
		FieldRecordType:   t.RecordType != "",
		FieldRecordName:   t.RecordName != "",
		FieldBucket:       t.Bucket != "",
		FieldJurisdiction: t.Jurisdiction != "",
		FieldAllZones:     t.AllZones,
		FieldUser:         t.User,
	}
}

// fieldOrder is the order in which problems are told.
var fieldOrder = []string{
	FieldOperation, FieldAccount, FieldZone, FieldRecordType, FieldRecordName,
	FieldBucket, FieldJurisdiction, FieldAllZones, FieldUser, FieldSwitch,
}
