// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"slices"
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// endpoints are the operations that this package carries out, by the names of
// their rows in the operations table.
func endpoints() map[string]*endpoint {
	const (
		accounts = "/accounts/{account_id}"
		zones    = "/zones/{zone_id}"
	)
	all := map[string]*endpoint{
		"GET /user":               plain(getUser),
		"PATCH /user":             row[userInput]{read: readUser, handle: updateUser}.endpoint(),
		"GET /user/organizations": plain(listOrganizations),

		"GET /memberships":                    plain(listMemberships),
		"GET /memberships/{membership_id}":    plain(getMembership),
		"PUT /memberships/{membership_id}":    row[membershipInput]{read: readMembership, handle: answerInvitation}.endpoint(),
		"DELETE /memberships/{membership_id}": plain(leaveAccount),

		"GET /accounts":                        plain(listAccounts),
		"POST /accounts":                       row[accountInput]{read: readAccount, adjust: adjustNewAccount, handle: createAccount}.endpoint(),
		"GET " + accounts:                      plain(getAccount),
		"PUT " + accounts:                      row[accountInput]{read: readAccount, adjust: adjustAccount, handle: updateAccount}.endpoint(),
		"DELETE " + accounts:                   plain(deleteAccount),
		"GET " + accounts + "/roles":           plain(listRoles),
		"GET " + accounts + "/roles/{role_id}": plain(getRole),

		"GET " + accounts + "/iam/permission_groups":                       plain(listIAMGroups),
		"GET " + accounts + "/iam/permission_groups/{permission_group_id}": plain(getIAMGroup),
		"GET " + accounts + "/iam/resource_groups":                         plain(listResourceGroups),
		"GET " + accounts + "/iam/resource_groups/{resource_group_id}":     plain(getResourceGroup),

		"GET " + accounts + "/members":                plain(listMembers),
		"POST " + accounts + "/members":               row[memberInput]{read: readInvitation, adjust: adjustInvitation, handle: inviteMember}.endpoint(),
		"GET " + accounts + "/members/{member_id}":    plain(getMember),
		"PUT " + accounts + "/members/{member_id}":    row[memberInput]{read: readMember, adjust: adjustMember, handle: updateMember}.endpoint(),
		"PATCH " + accounts + "/members/{member_id}":  row[memberInput]{read: readMember, adjust: adjustMember, handle: updateMember}.endpoint(),
		"DELETE " + accounts + "/members/{member_id}": plain(deleteMember),

		"GET /zones":      plain(listZones),
		"POST /zones":     row[zoneInput]{read: readZone, targets: zoneTargets, handle: createZone}.endpoint(),
		"GET " + zones:    plain(getZone),
		"PATCH " + zones:  row[zoneEdit]{read: readZoneEdit, handle: editZone}.endpoint(),
		"DELETE " + zones: plain(deleteZone),

		"GET " + zones + "/dns_records":  plain(listRecords),
		"POST " + zones + "/dns_records": row[recordInput]{read: readRecord, targets: newRecordTargets, handle: createRecord}.endpoint(),
		"GET " + recordRoute:             plain(getRecord),
		"PUT " + recordRoute:             row[recordInput]{read: readRecord, handle: replaceRecord}.endpoint(),
		"PATCH " + recordRoute:           row[recordInput]{read: readRecord, handle: editRecord}.endpoint(),
		"DELETE " + recordRoute:          plain(deleteRecord),

		"POST " + zones + "/dns_records/batch": row[batchInput]{read: readBatch, handle: batchRecords}.endpoint(),
		"GET " + zones + "/dns_records/export": plain(exportRecords),

		"POST " + zones + "/purge_cache":            row[purgeInput]{read: readPurge, handle: purgeCache}.endpoint(),
		"GET " + zones + "/settings":                plain(listSettings),
		"PATCH " + zones + "/settings":              row[[]settingInput]{read: readSettings, handle: editSettings}.endpoint(),
		"GET " + zones + "/settings/{setting_id}":   plain(getSetting),
		"PATCH " + zones + "/settings/{setting_id}": row[settingInput]{read: readSetting, handle: editSetting}.endpoint(),

		"POST /certificates": row[certificateInput]{read: readCertificate}.endpoint(),
	}
	for _, base := range []string{"/user/tokens", accounts + "/tokens"} {
		all["GET "+base] = plain(listTokens)
		all["POST "+base] = row[tokenInput]{read: readToken, handle: createToken}.endpoint()
		all["GET "+base+"/permission_groups"] = plain(listTokenGroups)
		all["GET "+base+"/{token_id}"] = plain(getToken)
		all["PUT "+base+"/{token_id}"] = row[tokenInput]{read: readToken, handle: updateToken}.endpoint()
		all["DELETE "+base+"/{token_id}"] = plain(deleteToken)
		all["PUT "+base+"/{token_id}/value"] = row[nothing]{
			read: func(*object) nothing { return nothing{} }, emptyBody: true, handle: rollToken,
		}.endpoint()
	}
	for _, base := range []string{"/user", accounts, zones} {
		rules := base + "/firewall/access_rules/rules"
		all["GET "+rules] = plain(listRules)
		all["POST "+rules] = row[ruleInput]{read: readRule, handle: createRule}.endpoint()
		if base != "/user" { // The table has no row that reads one rule of a user.
			all["GET "+rules+"/{rule_id}"] = plain(getRule)
		}
		all["PATCH "+rules+"/{rule_id}"] = row[ruleInput]{read: readRule, handle: updateRule}.endpoint()
		all["DELETE "+rules+"/{rule_id}"] = row[nothing]{read: readCascade, emptyBody: true, handle: deleteRule}.endpoint()
	}
	return all
}

// loadEndpoints lays the endpoints out by the index of their operation.
var loadEndpoints = sync.OnceValue(func() []*endpoint {
	named := endpoints()
	list := make([]*endpoint, len(catalog.Operations()))
	for i, operation := range catalog.Operations() {
		if list[i] = named[operation.Name()]; list[i] == nil {
			list[i] = &endpoint{}
		}
	}
	return list
})

// endpointOf returns the endpoint of an operation; one without a handler for
// operations that this package does not carry out.
func endpointOf(operation *catalog.Operation) *endpoint { return loadEndpoints()[operation.Index] }

// Handled lists the names of the operations that this package carries out,
// sorted; all others of the operations table are decided and then refused.
// The slice is fresh.
func Handled() []string {
	var names []string
	for _, operation := range catalog.Operations() {
		if endpointOf(operation).handle != nil || operation.Target == catalog.TargetCredential {
			names = append(names, operation.Name())
		}
	}
	slices.Sort(names)
	return names
}
