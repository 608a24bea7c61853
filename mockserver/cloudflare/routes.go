// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// endpoints are the operations with behaviour of their own, by the names of
// their rows in the operations table. All others keep documents.
func endpoints() map[string]*endpoint {
	const (
		accounts = "/accounts/{account_id}"
		zones    = "/zones/{zone_id}"
	)
	all := map[string]*endpoint{
		"GET /user":               plain(getUser),
		"PATCH /user":             row[userInput]{read: readUser, handle: updateUser}.endpoint(),
		"GET /user/organizations": plain(listOrganizations),

		"GET /user/invites":               plain(listInvites),
		"GET /user/invites/{invite_id}":   plain(getInvite),
		"PATCH /user/invites/{invite_id}": row[*string]{read: readInvite, handle: answerInvite}.endpoint(),

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
		"POST " + accounts + "/iam/resource_groups":                        row[resourceGroupInput]{read: readResourceGroup, handle: createResourceGroup}.endpoint(),
		"PUT " + accounts + "/iam/resource_groups/{resource_group_id}":     row[resourceGroupInput]{read: readResourceGroup, handle: updateResourceGroup}.endpoint(),
		"DELETE " + accounts + "/iam/resource_groups/{resource_group_id}":  plain(deleteResourceGroup),

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

		"POST " + zones + "/dns_records/batch":  batchEndpoint(),
		"GET " + zones + "/dns_records/export":  plain(exportRecords),
		"POST " + zones + "/dns_records/import": importEndpoint(),

		"POST " + zones + "/purge_cache":            row[purgeInput]{read: readPurge, handle: purgeCache}.endpoint(),
		"GET " + zones + "/settings":                plain(listSettings),
		"PATCH " + zones + "/settings":              row[[]settingInput]{read: readSettings, handle: editSettings}.endpoint(),
		"GET " + zones + "/settings/{setting_id}":   plain(getSetting),
		"PATCH " + zones + "/settings/{setting_id}": row[settingInput]{read: readSetting, handle: editSetting}.endpoint(),

		"GET /certificates":                     plain(listCertificates),
		"POST /certificates":                    row[certificateInput]{read: readCertificate, handle: createCertificate}.endpoint(),
		"GET /certificates/{certificate_id}":    plain(getCertificate),
		"DELETE /certificates/{certificate_id}": plain(revokeCertificate),
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
	shapes := documentShapes(catalog.Operations(), named)
	list := make([]*endpoint, len(catalog.Operations()))
	for i, operation := range catalog.Operations() {
		switch shape := shapes[operation.Name()]; {
		case named[operation.Name()] != nil:
			list[i] = named[operation.Name()]
		case shape != nil:
			list[i] = documentEndpoint(shape)
		default:
			list[i] = &endpoint{}
		}
	}
	return list
})

// endpointOf returns the endpoint of an operation. The two verify operations
// have one without a handler: they are answered before anything is decided.
func endpointOf(operation *catalog.Operation) *endpoint { return loadEndpoints()[operation.Index] }
