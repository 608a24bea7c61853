// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package seed

import (
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// accessRules reads the access rules of a user, account or zone.
func (l *loader) accessRules(f *form, scope string, owner authz.ID, ownerRef string, created time.Time) {
	for i, it := range f.list("access_rules") {
		rf := l.form(it.node, it.path, "id", "mode", "notes", "configuration", "created_on", "modified_on")
		if rf == nil {
			continue
		}
		before := len(l.problems)
		r := state.AccessRule{
			Scope: scope, Owner: owner, Notes: rf.text("notes", ""),
			Mode:      rf.choice("mode", "block", "challenge", "whitelist", "js_challenge", "managed_challenge"),
			CreatedOn: rf.instant("created_on", after(created, i)),
		}
		r.ModifiedOn = rf.instant("modified_on", r.CreatedOn)
		if rf.get("configuration") == nil {
			rf.problem("configuration", "an access rule needs a target and a value")
			continue
		}
		cf := l.form(rf.get("configuration"), rf.at("configuration"), "target", "value")
		if cf == nil {
			continue
		}
		r.Target = cf.choice("target", "ip", "ip6", "ip_range", "asn", "country")
		if r.Value = cf.text("value", ""); r.Value == "" {
			cf.problem("value", "an access rule needs a value")
		}
		r.ID = rf.id("access_rule", ownerRef+"/"+r.Target+"/"+r.Value)
		if rf.unusedID(r.ID, l.tx.AccessRuleByID(r.ID) != nil) && len(l.problems) == before {
			l.stored(it.line, it.path, l.tx.PutAccessRule(&r))
		}
	}
}
