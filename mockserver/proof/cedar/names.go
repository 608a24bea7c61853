// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"strings"

	"github.com/cedar-policy/cedar-go/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// The types of entity.
const (
	typeAction     types.EntityType = "Action"
	typeGroup      types.EntityType = "PermissionGroup"
	typeStrike     types.EntityType = "Strike"     // the denial of a group
	typeRole       types.EntityType = "Role"       // all that a role gives
	typeZoneRole   types.EntityType = "ZoneRole"   // what of it counts over zones
	typeRoleStrike types.EntityType = "RoleStrike" // the denial of all that a role gives
	typeZoneStrike types.EntityType = "ZoneStrike"
	typeFamily     types.EntityType = "Family"
	typeCredential types.EntityType = "Credential"
	typeMembership types.EntityType = "Membership"
	typeOwner      types.EntityType = "Owner"      // all accounts in which a credential may act
	typeOwnerZones types.EntityType = "OwnerZones" // all zones in them
	typeTenant     types.EntityType = "Tenant"
	typeUser       types.EntityType = "User"
	typeAccount    types.EntityType = "Account"
	typeZones      types.EntityType = "Zones" // "all zones of an account"
	typeZone       types.EntityType = "Zone"
	typeRecords    types.EntityType = "Records" // a zone as the container of its records
	typeRecord     types.EntityType = "Record"
	typeBucket     types.EntityType = "Bucket"
	typeAnywhere   types.EntityType = "Anywhere" // wherever a key may point
)

func uid(t types.EntityType, id string) types.EntityUID {
	return types.NewEntityUID(t, types.String(id))
}

func ownerOfUser(user string) string { return "user/" + user }

func ownerOfAccount(account string) string { return "account/" + account }

// membershipID names the membership of a user in an account.
func membershipID(user, account string) string { return user + "@" + account }

// The brackets around every character of a record's name. Names and patterns are ASCII.
const (
	opening = "‹"
	closing = "›"
)

// spelled writes a record's name in the form that spelledPattern matches.
func spelled(name string) types.String {
	var b strings.Builder
	for _, c := range name {
		b.WriteString(opening)
		b.WriteRune(c)
		b.WriteString(closing)
	}
	return types.String(b.String())
}

// spelledPattern writes a pattern of names, in which `*` stands for one or more characters, as a Cedar
// pattern over spelled names, in which the wildcard stands for zero or more. Between two brackets that
// stand next to a literal bracket or the end there is at least one whole character.
func spelledPattern(pattern string) types.Pattern {
	var components []any
	for _, c := range pattern {
		if string(c) == scene.Any {
			components = append(components, opening, types.Wildcard{}, closing)
		} else {
			components = append(components, opening+string(c)+closing)
		}
	}
	return types.NewPattern(components...)
}
