// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package scene describes one question about access in plain data, so that evaluators which share no code
// can be asked the same one: a world, a credential with its policies as they stand on the wire, and a
// request. A scene is JSON: what evaluators disagree on is written to a file and replayed from it.
//
// The package decides nothing and imports nothing but the standard library. Identifiers are 32 lower-case
// hexadecimal digits, as on the wire.
package scene

import "time"

// Scene is one question. The zero value is an empty world and a request without a credential.
type Scene struct {
	World      World       `json:"world"`
	Credential *Credential `json:"credential,omitempty"` // nil: the presented secret is unknown
	Request    Request     `json:"request"`
}

// World is the part of a world that decisions read.
type World struct {
	Accounts []Account `json:"accounts,omitempty"`
	Zones    []Zone    `json:"zones,omitempty"`
	Members  []Member  `json:"members,omitempty"`
	// TenantAdmins are the users who may create and delete accounts.
	TenantAdmins []string `json:"tenant_admins,omitempty"`
}

// Account is an account.
type Account struct {
	ID         string `json:"id"`
	Enterprise bool   `json:"enterprise,omitempty"`
	// APIAccess is settings.api_access_enabled: true, false or null.
	APIAccess *bool `json:"api_access,omitempty"`
}

// Zone is a zone; Name is its domain name in stored form.
type Zone struct {
	ID      string `json:"id"`
	Account string `json:"account"`
	Name    string `json:"name"`
}

// Member is a user's membership of an account (authorization model §8). It has Roles or Policies, never both.
type Member struct {
	User    string `json:"user"`
	Account string `json:"account"`
	// Status is "accepted", "pending" or "rejected".
	Status string `json:"status"`
	// APIAccess is the member's value of the switch; nil is Account Default.
	APIAccess *bool `json:"api_access,omitempty"`
	// Roles are ids of roles of level account.
	Roles    []string       `json:"roles,omitempty"`
	Policies []MemberPolicy `json:"policies,omitempty"`
}

// MemberPolicy is one policy of a member.
type MemberPolicy struct {
	// Access is "allow" or "deny".
	Access string `json:"access"`
	// Roles are ids of roles of either level.
	Roles []string `json:"roles"`
	// Zones are the zones it covers; empty is the whole account.
	Zones []string `json:"zones,omitempty"`
}

// The kinds of credential (authorization model §2).
const (
	UserToken      = "user_token"
	AccountToken   = "account_token"
	GlobalKey      = "global_key"
	OriginCAKey    = "origin_ca_key"
	ConsoleSession = "console_session"
)

// Credential is a known credential.
type Credential struct {
	Kind string `json:"kind"`
	// User is who it acts as; empty for account-owned tokens, which have Account instead.
	User    string `json:"user,omitempty"`
	Account string `json:"account,omitempty"`
	// The rest is for tokens only.
	Disabled  bool       `json:"disabled,omitempty"`
	NotBefore *time.Time `json:"not_before,omitempty"`
	ExpiresOn *time.Time `json:"expires_on,omitempty"`
	// In and NotIn are the ranges of the IP condition.
	In       []string `json:"in,omitempty"`
	NotIn    []string `json:"not_in,omitempty"`
	Policies []Policy `json:"policies,omitempty"`
}

// Policy is one policy of a token as it stands on the wire.
type Policy struct {
	// Effect is "allow" or "deny".
	Effect string `json:"effect"`
	// Groups are ids of permission groups.
	Groups []string `json:"groups"`
	// Resources are the wire's resources: a key with "*", or with nested keys that each have "*"
	// (authorization model §3). The value is a string or a map[string]any of strings.
	Resources map[string]any `json:"resources"`
}

// What a request presents (gate 1).
const (
	PresentedNothing   = "nothing"
	PresentedMalformed = "malformed"
	PresentedWell      = "well_formed"
)

// How a request is judged.
const (
	// ModeTargets runs the ten gates over Targets.
	ModeTargets = "targets"
	// ModeList judges whether GET /accounts or GET /zones is answered at all, and then each of Targets as
	// an item of the list (authorization model §6 "Lists").
	ModeList = "list"
	// ModeRecord judges an operation on records past their container: Before and After (authorization
	// model §5 "Past that"). The container has been judged by a scene of its own in ModeTargets.
	ModeRecord = "record"
)

// Request is what is asked.
type Request struct {
	Mode      string `json:"mode"`
	Presented string `json:"presented"`
	// Operation is the row of the operations table, "GET /zones/{zone_id}".
	Operation string `json:"operation"`
	// Targets are what the operation acts on; all must pass.
	Targets []Target `json:"targets,omitempty"`
	// Before and After are the record as stored (nil: there is none with that id; a creation is judged in
	// ModeTargets) and as it would be written (nil for reads and deletions); ModeRecord only.
	Before *Target `json:"before,omitempty"`
	After  *Target `json:"after,omitempty"`
	// Switch is set when the body changes an API access switch to another value than the stored one.
	Switch *SwitchChange `json:"switch,omitempty"`
	// Address is the client's address, Now the instant of arrival.
	Address string    `json:"address"`
	Now     time.Time `json:"now"`
}

// SwitchChange is a change of an API access switch; To is the new value, nil for null.
type SwitchChange struct {
	To *bool `json:"to"`
}

// The kinds of target (authorization model §1, §4).
const (
	OnUser     = "user"
	OnAccount  = "account"
	OnZone     = "zone"
	OnAllZones = "all_zones" // "all zones of an account"
	OnRecords  = "records"   // a zone as the container of its records (§5 "First the zone")
	OnRecord   = "record"
	OnBucket   = "bucket"
)

// Target is one thing that an operation acts on.
type Target struct {
	Kind    string `json:"kind"`
	Account string `json:"account,omitempty"` // account, all_zones, bucket
	// Zone is the zone of zone, records and record; on an account, the zone named below it ("" for none).
	Zone string `json:"zone,omitempty"`
	// RecordType is in capitals, RecordName in stored form.
	RecordType string `json:"record_type,omitempty"`
	RecordName string `json:"record_name,omitempty"`
	// Bucket is "<jurisdiction>_<name>".
	Bucket string `json:"bucket,omitempty"`
}

// Verdict is an evaluator's answer.
type Verdict struct {
	Allowed bool `json:"allowed"`
	// Gate (1 to 10) and Reason name the refusal; zero and empty when Allowed.
	Gate   int    `json:"gate,omitempty"`
	Reason string `json:"reason,omitempty"`
	// Hidden is true in ModeRecord when the caller must be answered as if the record were absent.
	Hidden bool `json:"hidden,omitempty"`
	// Items are, in ModeList, the outcomes of Targets in their order, once the list itself is answered.
	Items []bool `json:"items,omitempty"`
}
