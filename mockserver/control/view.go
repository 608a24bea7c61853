// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"net/netip"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// Thing names an object of the world in replies.
type Thing struct {
	// ID is the identifier on the wire.
	ID string `json:"id"`
	// Ref is the name that the seed gave it; empty for what came later.
	Ref string `json:"ref,omitempty"`
	// Name is an account's or zone's name, a user's e-mail address.
	Name string `json:"name,omitempty"`
}

// Owner is who a credential belongs to or acts as: one of the two is set.
type Owner struct {
	User    *Thing `json:"user,omitempty"`
	Account *Thing `json:"account,omitempty"`
}

// Credential is a credential, or a member, as replies show it: never with its
// secret.
type Credential struct {
	// Kind is user_token, account_token, global_key, origin_ca_key or member.
	Kind string `json:"kind"`
	// ID is a token's or member's; empty for keys, which have none.
	ID string `json:"id,omitempty"`
	// Ref is the seed's name of a token or member, of the user for keys.
	Ref string `json:"ref,omitempty"`
	// Name is a token's name.
	Name string `json:"name,omitempty"`
	// Hypothetical is true for a credential that is only thought of.
	Hypothetical bool `json:"hypothetical,omitempty"`
	Owner
	// Status is a member's: accepted, pending or rejected.
	Status string `json:"status,omitempty"`
	// APIAccess tells for a member whether API access to the account is on
	// for the credentials that act as it (authorization model §7).
	APIAccess *bool `json:"api_access,omitempty"`
}

// ownerOf names a user or an account; one that is gone keeps its id.
func (q *question) ownerOf(owner authz.Owner) Owner {
	if !owner.User.IsZero() {
		t := &Thing{ID: owner.User.String()}
		if u := q.tx.User(owner.User); u != nil {
			t.Ref, t.Name = u.Ref, u.Email
		}
		return Owner{User: t}
	}
	return Owner{Account: q.accountThing(owner.Account)}
}

func (q *question) accountThing(id authz.ID) *Thing {
	if id.IsZero() {
		return nil
	}
	t := &Thing{ID: id.String()}
	if a := q.tx.AccountByID(id); a != nil {
		t.Ref, t.Name = a.Ref, a.Name
	}
	return t
}

// Target is what was decided on.
type Target struct {
	// Kind is user, account, zone, all_zones, records, record or bucket.
	Kind    string `json:"kind"`
	Account *Thing `json:"account,omitempty"`
	Zone    *Thing `json:"zone,omitempty"`
	// RecordType and RecordName name a record as it is stored.
	RecordType string `json:"record_type,omitempty"`
	RecordName string `json:"record_name,omitempty"`
	// Bucket is "<jurisdiction>_<name>".
	Bucket string `json:"bucket,omitempty"`
}

var targetKinds = map[authz.TargetKind]string{
	authz.OnUser: "user", authz.OnAccount: "account", authz.OnZone: "zone", authz.OnAllZones: "all_zones",
	authz.OnRecords: "records", authz.OnRecord: "record", authz.OnBucket: "bucket",
}

// targetOf shows a target with what the world knows of it.
func (q *question) targetOf(t authz.Target) Target {
	view := Target{Kind: targetKinds[t.Kind]}
	account := t.Account
	if !t.Zone.IsZero() && t.Kind != authz.OnUser {
		view.Zone = &Thing{ID: t.Zone.String()}
		if z := q.tx.ZoneByID(t.Zone); z != nil {
			view.Zone.Name = z.Name
			if account.IsZero() {
				account = z.Account
			}
		}
	}
	if t.Kind != authz.OnUser {
		view.Account = q.accountThing(account)
	}
	switch t.Kind {
	case authz.OnRecord:
		view.RecordType, view.RecordName = t.RecordType, t.RecordName
	case authz.OnBucket:
		view.Bucket = t.Bucket
	default:
	}
	return view
}

func (q *question) targetsOf(list []authz.Target) []Target {
	views := make([]Target, 0, len(list))
	for _, t := range list {
		views = append(views, q.targetOf(t))
	}
	return views
}

// Group is a permission group in replies.
type Group struct {
	ID    string `json:"id"`
	Name  string `json:"name"`
	Scope string `json:"scope"`
}

func groupOf(g *catalog.Group) Group { return Group{ID: g.ID, Name: g.Name, Scope: g.Scope.String()} }

// Grant is a permission group on a resource key.
type Grant struct {
	PermissionGroup Group `json:"permission_group"`
	// Key is the resource key; a nested key follows its outer key after an
	// arrow.
	Key string `json:"key"`
	// Policy is the grant as a policy that a token's definition takes.
	Policy wirePolicy `json:"policy"`
}

func grantOf(g *authz.Grant) *Grant {
	if g == nil {
		return nil
	}
	return &Grant{PermissionGroup: groupOf(g.Group), Key: g.Key.String(), Policy: policyOf(*g)}
}

// Step is one gate of a trace (authorization model §6).
type Step struct {
	// Gate is the gate's number, from 1 to 10.
	Gate int `json:"gate"`
	// Asks is what the gate asks.
	Asks string `json:"asks"`
	// Outcome is passed, refused, skipped or not_reached.
	Outcome string `json:"outcome"`
	// Detail says what decided; it may be empty.
	Detail string `json:"detail,omitempty"`
}

var gateAsks = [...]string{
	authz.GatePresent:   "a credential is present and well formed",
	authz.GateKnown:     "it is known",
	authz.GateAlive:     "it is alive",
	authz.GateAddress:   "its IP condition holds",
	authz.GateTarget:    "the target exists for its owner",
	authz.GateAPIAccess: "API access is on",
	authz.GateGrant:     "a grant exists",
	authz.GateDeny:      "not everything granted is denied",
	authz.GateOwner:     "the owner holds the right too",
	authz.GateNeeds:     "what the operation asks beyond a group",
}

func traceOf(steps []authz.Step) []Step {
	trace := make([]Step, 0, len(steps))
	for _, s := range steps {
		trace = append(trace, Step{Gate: int(s.Gate), Asks: gateAsks[s.Gate], Outcome: string(s.Outcome), Detail: s.Detail})
	}
	return trace
}

// Circumstances are when and from where a question was thought to be asked.
type Circumstances struct {
	// At is the instant; the world is as it is now, whatever the instant.
	At time.Time `json:"at"`
	// IP is the client's address.
	IP netip.Addr `json:"ip"`
}

func (c circumstances) view() Circumstances { return Circumstances{At: c.at.UTC(), IP: c.ip} }
