// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package catalog

import (
	"strings"
	"sync"
)

// TargetKind says on what an operation acts, and by that which function finds its targets (authorization
// model §4). The zero value is no kind.
type TargetKind uint8

// The kinds of target.
const (
	// TargetUser is the calling user: everything below /user, /memberships and /organizations, and
	// POST /accounts.
	TargetUser TargetKind = iota + 1
	// TargetAccount is the account that the path names.
	TargetAccount
	// TargetZone is the zone that the path names.
	TargetZone
	// TargetRecords are DNS records of the zone that the path names: the list, a single record, export,
	// import and batch.
	TargetRecords
	// TargetAllZones are all zones of the account that the body names: POST /zones.
	TargetAllZones
	// TargetBucket is the bucket of the object store that path and jurisdiction header name.
	TargetBucket
	// TargetCertificate are the zones of an origin certificate: /certificates.
	TargetCertificate
	// TargetCredential is the credential itself: the two verify operations, which no group opens.
	TargetCredential
	// TargetAccountList is each account where the owner is a member: GET /accounts.
	TargetAccountList
	// TargetZoneList is each zone of the accounts where the owner is a member: GET /zones.
	TargetZoneList
)

// Needs is what an operation asks beyond a permission group whatever the body holds: the static part of gate 10
// (authorization model §6). Values combine as bits.
type Needs uint8

// The single demands.
const (
	// NeedsUserCredential asks for a credential that belongs to a user. Every operation that asks for a role
	// asks for this too.
	NeedsUserCredential Needs = 1 << iota
	// NeedsSuperAdministrator asks that the user is a Super Administrator of the account.
	NeedsSuperAdministrator
	// NeedsAdministrator asks that the user is a Super Administrator or an Administrator of the account.
	NeedsAdministrator
	// NeedsEnterprise asks that the account is of type Enterprise. No row asks it by itself; it comes with a
	// body that sets an API access switch.
	NeedsEnterprise
	// NeedsTenantAdmin asks that the user administers a tenant.
	NeedsTenantAdmin
)

// Has reports whether n holds every demand of other.
func (n Needs) Has(other Needs) bool {
	return n&other == other
}

// What is known about an operation's accepted groups.
const (
	// EvidenceDocumented: a public source names the groups for the operation.
	EvidenceDocumented = "documented"
	// EvidenceInferred: a sibling operation or the group's name points there.
	EvidenceInferred = "inferred"
	// EvidenceProposed: no public operation was found, the route is made up under the right scope.
	EvidenceProposed = "proposed"
)

// Operation is one method on one route, and what it takes to carry it out. Values are shared by all callers
// and read-only.
type Operation struct {
	// Index is the position in Operations.
	Index int
	// Method is GET, POST, PUT, PATCH or DELETE.
	Method string
	// Route is the path below the API's base, with placeholders in braces.
	Route string
	// Accepts are the groups of which any one suffices. Groups that cannot reach the target are not among
	// them. An operation with none is open only to credentials without policies (authorization model §4).
	Accepts GroupSet
	// Target says on what the operation acts.
	Target TargetKind
	// Needs is what the operation asks beyond a group, whatever the body holds.
	Needs Needs
	// AnyMember marks the operations on which gate 9 passes for every accepted member with a role: the
	// account list and the single account (authorization model §8).
	AnyMember bool
	// Evidence is EvidenceDocumented, EvidenceInferred or EvidenceProposed.
	Evidence string
	// Source names the public source of the accepted groups, or how they were inferred. It may be empty where Note
	// says it.
	Source string
	// Note is a remark for people. It may be empty.
	Note string

	name   string
	params []string
}

// Name is method and route, as in "GET /zones/{zone_id}".
func (o *Operation) Name() string {
	return o.name
}

// Placeholders lists the names of the route's placeholders from left to right, without braces. A name may
// come twice. The slice is shared and read-only.
func (o *Operation) Placeholders() []string {
	return o.params
}

// operationCatalog is the operations table with its index and its matcher.
type operationCatalog struct {
	operations []*Operation
	byName     map[string]*Operation
	routes     routeTree
}

// loadOperations builds the operations table at the first call.
var loadOperations = sync.OnceValue(func() *operationCatalog {
	return buildOperationCatalog(loadGroups())
})

func buildOperationCatalog(groups *groupCatalog) *operationCatalog {
	c := &operationCatalog{operations: buildOperations(groups)}

	c.byName = make(map[string]*Operation, len(c.operations))
	for i, o := range c.operations {
		o.Index = i
		o.params = placeholders(o.Route)
		c.byName[o.name] = o
		c.routes.add(o)
	}

	return c
}

// Operations lists every operation, sorted by route and then by method. The slice is shared and read-only.
func Operations() []*Operation {
	return loadOperations().operations
}

// OperationByName finds an operation by its method and its route, spelled as in the table.
func OperationByName(method, route string) (*Operation, bool) {
	o, ok := loadOperations().byName[method+" "+route]

	return o, ok
}

// placeholders lists the names in braces of a route from left to right.
func placeholders(route string) []string {
	var names []string

	for {
		_, rest, ok := strings.Cut(route, "{")
		if !ok {
			return names
		}

		name, after, closed := strings.Cut(rest, "}")
		if !closed || name == "" {
			fault("route %q: placeholder without end or name", route)
		}

		names, route = append(names, name), after
	}
}
