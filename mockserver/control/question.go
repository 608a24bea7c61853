// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"errors"
	"net/netip"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz/inquiry"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// question is one request under way, within its view of the world.
type question struct {
	tx       *state.Tx
	problems *problems
	root     *object
	now      time.Time
	peer     netip.Addr
	// notes are sentences about how the question was read.
	notes []string
}

// circumstances are when and from where a question is thought to be asked.
type circumstances struct {
	at time.Time
	ip netip.Addr
}

// circumstances reads "at" and "ip"; left out, they are those of this request.
func (q *question) circumstances() circumstances {
	c := circumstances{at: q.root.instant("at"), ip: q.peer}
	if c.at.IsZero() {
		c.at = q.now
	}
	if text := q.root.text("ip"); text != "" {
		ip, err := netip.ParseAddr(text)
		if err != nil || ip.Zone() != "" {
			q.problems.add("/ip", "must be an IP address")
			return c
		}
		c.ip = ip.Unmap()
	}
	return c
}

// asker is a credential in these circumstances.
func (c circumstances) asker(credential *authz.Credential) inquiry.Asker {
	return inquiry.Asker{Credential: credential, Address: c.ip, Now: c.at}
}

// prepare reads "operation", "target" and "api_access_enabled". It returns nil
// when something is wrong with them, which is noted.
func (q *question) prepare() *inquiry.Prepared {
	operation, known := q.operation()
	target, found := q.target(operation)
	change, changes := q.switchChange(operation, target)
	if !known || !found {
		return nil
	}
	if !changes {
		change = nil
	}
	prepared, err := inquiry.Prepare(q.tx, operation, target, change)
	if err == nil {
		return prepared
	}
	if wrong, ok := errors.AsType[*inquiry.TargetError](err); ok {
		for _, p := range wrong.Problems {
			q.problems.add(fieldPaths[p.Field], "%s", p.Message)
		}
		return nil
	}
	q.problems.add("", "%v", err)
	return nil
}

// fieldPaths are the places of the body that hold a target's fields.
var fieldPaths = map[string]string{
	inquiry.FieldOperation:    "/operation",
	inquiry.FieldAccount:      "/target/account",
	inquiry.FieldZone:         "/target/zone",
	inquiry.FieldRecordType:   "/target/record/type",
	inquiry.FieldRecordName:   "/target/record/name",
	inquiry.FieldBucket:       "/target/bucket/name",
	inquiry.FieldJurisdiction: "/target/bucket/jurisdiction",
	inquiry.FieldAllZones:     "/target/all_zones",
	inquiry.FieldUser:         "/target/user",
	inquiry.FieldSwitch:       "/api_access_enabled",
}

// maxOperation bounds what is compared with every known name, and repeated in
// the reply, when it is none.
const maxOperation = 4096

// operation reads "operation": a permission group, or a method and a path.
func (q *question) operation() (inquiry.Operation, bool) {
	text := q.root.text("operation")
	if text == "" {
		if !q.root.has("operation") {
			q.problems.add("/operation", `is required: a method and a path such as "GET /zones/{zone_id}", or a permission such as "DNS Write"`)
		}
		return inquiry.Operation{}, false
	}
	if len(text) > maxOperation {
		q.problems.add("/operation", "is longer than the %d bytes that an operation can have", maxOperation)
		return inquiry.Operation{}, false
	}
	operation, err := inquiry.ParseOperation(text)
	if err == nil {
		return operation, true
	}
	p := Problem{Path: "/operation", Message: err.Error()}
	if unknown, ok := errors.AsType[*inquiry.UnknownOperationError](err); ok {
		p.Nearest = unknown.Nearest
	}
	if unknown, ok := errors.AsType[*inquiry.UnknownPermissionError](err); ok {
		p.Nearest = unknown.Nearest
	}
	if ambiguous, ok := errors.AsType[*catalog.AmbiguousGroupError](err); ok {
		for _, g := range ambiguous.Candidates {
			p.Nearest = append(p.Nearest, g.Ref())
		}
	}
	q.problems.list = append(q.problems.list, p)
	return inquiry.Operation{}, false
}

// switchChange reads "api_access_enabled", the value that the request's body
// would give an API access switch; null is a value, absence is none. A value
// that repeats what is stored is no change (authorization model §6 "Gate 10").
func (q *question) switchChange(operation inquiry.Operation, target inquiry.Target) (change *inquiry.SwitchChange, changes bool) {
	const name = "api_access_enabled"
	q.root.get(name)
	v, given := q.root.members[name]
	if !given {
		return nil, false
	}
	to := authz.Unset
	switch {
	case v.kind == isBool:
		to = authz.SwitchOf(&v.truth)
	case v.kind != isNull:
		q.problems.add("/"+name, "must be true, false or null, not %s", v.kind)
		return nil, false
	}
	stored := q.storedSwitch(operation, target)
	return &inquiry.SwitchChange{To: to}, stored == nil || *stored != to
}

// storedSwitch is the switch that an operation would write, nil when the
// question does not say which it is; then the value counts as a change.
func (q *question) storedSwitch(operation inquiry.Operation, target inquiry.Target) *authz.Switch {
	if operation.Row == nil {
		return nil
	}
	account := target.Account
	if id, ok := authz.ParseID(operation.Params.Get("account_id")); ok {
		account = id
	}
	unset := authz.Unset
	switch operation.String() {
	case "PUT /accounts/{account_id}":
		if a := q.tx.AccountByID(account); a != nil {
			return &a.APIAccess
		}
	case "POST /accounts/{account_id}/members":
		return &unset
	case "PUT /accounts/{account_id}/members/{member_id}", "PATCH /accounts/{account_id}/members/{member_id}":
		id, _ := authz.ParseID(operation.Params.Get("member_id"))
		if m := q.tx.Member(account, id); m != nil {
			return &m.APIAccess
		}
	}
	return nil
}
