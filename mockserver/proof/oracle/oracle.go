// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package oracle decides questions about access a second time, so that the engine can be compared with it.
//
// It is written from the authorization model and its data files alone and shares no code with the engine:
// it joins the operations table itself, parses resource keys, record patterns and address ranges itself, and
// runs the gates itself. It is meant to be read next to the model: one function for each sentence or table,
// plain loops over plain data, every function with the section that it renders. What the model leaves open
// is read strictly, and the comment at that place says so.
package oracle

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// ErrScene says that a scene is no question: it names an operation, a group, a role or a form that does not
// exist, or a world that the model refuses to store. It is never the answer to a question.
var ErrScene = errors.New("malformed scene")

// Oracle is the second evaluator. It is immutable after New and safe for concurrent use.
type Oracle struct {
	rows   map[string]*row   // the operations table, by "METHOD /route"
	names  []string          // the keys of rows, sorted
	groups map[string]*group // by id
	roles  map[string]*role  // by id

	// What the model calls by name.
	dnsRead, dnsWrite    *group // the groups of record keys (§3)
	accountSettingsWrite *group // the group of a change of the switch (§6 gate 10)
	superAdministrator   string // id of the role (§8)
	administrator        string // id of the role (§8)
	readRecord           *row   // the GET that decides whether a record is seen (§5)
}

// New joins the data files into an Oracle. It fails when a file does not hold what the model says of it:
// a name that resolves to no group, a family without the level of an operation, a missing role.
func New() (*Oracle, error) {
	facts, err := loadFacts()
	if err != nil {
		return nil, err
	}
	o := &Oracle{groups: map[string]*group{}, roles: map[string]*role{}}
	for _, g := range facts.groups {
		o.groups[g.id] = g
	}
	if o.rows, err = joinTable(facts); err != nil {
		return nil, err
	}
	for name := range o.rows {
		o.names = append(o.names, name)
	}
	slices.Sort(o.names)
	for _, r := range facts.roles {
		o.roles[r.id] = r
	}
	if err := o.findNamed(facts); err != nil {
		return nil, err
	}
	return o, nil
}

// findNamed finds what the model calls by name.
func (o *Oracle) findNamed(facts *facts) error {
	o.dnsRead = facts.groupNamed("zone", "DNS Read")
	o.dnsWrite = facts.groupNamed("zone", "DNS Write")
	o.accountSettingsWrite = facts.groupNamed("account", "Account Settings Write")
	if o.dnsRead == nil || o.dnsWrite == nil || o.accountSettingsWrite == nil {
		return errors.New("groups.json: DNS Read, DNS Write or Account Settings Write is missing")
	}
	for _, r := range o.roles {
		switch r.name {
		case "Super Administrator - All Privileges":
			o.superAdministrator = r.id
		case "Administrator":
			o.administrator = r.id
		}
	}
	if o.superAdministrator == "" || o.administrator == "" {
		return errors.New("roles.json: Super Administrator or Administrator is missing")
	}
	o.readRecord = o.rows["GET /zones/{zone_id}/dns_records/{dns_record_id}"]
	if o.readRecord == nil {
		return errors.New("operations.json: the GET of one DNS record is missing")
	}
	return nil
}

// Operations are the rows of the operations table, "METHOD /route", sorted. The slice is the caller's own.
func (o *Oracle) Operations() []string {
	return slices.Clone(o.names)
}

// Accepts are the ids of the groups that an operation accepts, sorted: the A of authorization model §6. It is
// empty for rows that are open to credentials without policies only. An unknown operation is an error.
func (o *Oracle) Accepts(operation string) ([]string, error) {
	r, err := o.row(operation)
	if err != nil {
		return nil, err
	}
	ids := make([]string, 0, len(r.accepts))
	for _, g := range r.accepts {
		ids = append(ids, g.id)
	}
	slices.Sort(ids)
	return ids, nil
}

// Judge answers one question. It fails only for a scene that is itself malformed, with ErrScene, and does so
// whatever the answer would have been: also when an earlier gate would have refused.
func (o *Oracle) Judge(s *scene.Scene) (scene.Verdict, error) {
	j, err := o.read(s)
	if err != nil {
		return scene.Verdict{}, fmt.Errorf("%w: %w", ErrScene, err)
	}
	switch {
	case isVerify(j.row):
		return j.judgeVerify(), nil
	case s.Request.Mode == scene.ModeList:
		return j.judgeList(), nil
	case s.Request.Mode == scene.ModeRecord:
		return j.judgeRecord(), nil
	default:
		return j.judgeTargets(), nil
	}
}

// row finds a row of the table. HEAD counts as GET (authorization model §4).
func (o *Oracle) row(operation string) (*row, error) {
	if route, isHead := strings.CutPrefix(operation, "HEAD "); isHead {
		operation = "GET " + route
	}
	r := o.rows[operation]
	if r == nil {
		return nil, fmt.Errorf("no operation %q", operation)
	}
	return r, nil
}
