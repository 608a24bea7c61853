// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/lockout"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/policyset"
)

// reader is what is read of the API to answer a question.
type reader interface {
	User(ctx context.Context) (*client.User, error)
	Memberships(ctx context.Context) ([]client.Membership, error)
	Members(ctx context.Context, accountID string) ([]client.Member, error)
	Account(ctx context.Context, id string) (*client.Account, error)
	Zone(ctx context.Context, id string) (*client.Zone, error)
}

// inquirer finds out what a question depends on, one fact at a time and none twice.
type inquirer struct {
	api     reader
	subject *subject
	*knowledge

	// memberships are those of the calling user; asked is set once they were read, or refused.
	memberships []client.Membership
	asked       bool
	refusal     error
}

// answer decides the question, and reads what the engine asks for on the way.
func (i *inquirer) answer(ctx context.Context, q *question) (verdict, error) {
	for {
		_, missed, err := q.under(i.subject, i.knowledge, best.in(q.accounts[0]))
		if err != nil {
			return verdict{}, err
		}
		next, found := i.next(q, missed)
		if !found {
			break
		}
		i.read(ctx, next)
	}
	v, err := q.judge(i.subject, i.knowledge)
	if err != nil || v.policyAllows != nil {
		return v, err
	}
	// The decision was made before the zone mattered, or is about all zones; what the policies say depends on it.
	zones := []authz.ID{q.zone}
	if v.byZone != nil {
		zones = v.byZone.zones
	}
	found := false
	for _, id := range zones {
		if f := (fact{factZone, id}); !id.IsZero() && !i.has(f) {
			i.read(ctx, f)
			found = true
		}
	}
	if !found {
		return v, nil
	}
	return q.judge(i.subject, i.knowledge)
}

// locate reads the zone of which the target says more than the id. The wrong account would make every
// policy on the right one look as if it did not reach the zone: the engine refuses the question where the two
// contradict each other, and where the zone cannot be read the account is left out of it, as if nobody had said.
// The wrong name would make policies on the zone's records look as if they were about others: an answer for all of
// them goes by a name that was read, or by none, and one for a record by the given name is left open where policies
// name records.
func (i *inquirer) locate(ctx context.Context, q *question, policies []policyset.Keyed) {
	i.read(ctx, fact{factZone, q.zone})
	if q.aboutRecords() {
		delete(i.names, q.zone)
	}
	if _, unread := i.unread[fact{factZone, q.zone}]; !unread {
		return
	}
	q.claimedName = q.target.RecordType != ""
	q.target.Account, q.accounts = authz.ID{}, anywhere(policies)
	if c := i.subject.credential; c.Kind == authz.AccountToken {
		q.accounts = []authz.ID{c.Account} // It reaches nothing outside of it.
	}
}

// next is the first fact that the engine asked for and that can still be read. What a gate before the
// policies refuses needs no more facts.
func (i *inquirer) next(q *question, missed []fact) (fact, bool) {
	if authz.DecideCredential(&authz.Request{
		Presence: authz.WellFormed, Credential: i.subject.credential, Address: q.address, Now: q.now,
	}).Reason != authz.ReasonNone && (q.address.IsValid() || i.subject.credential.IP == nil) {
		return fact{}, false
	}
	for _, f := range missed {
		if f.id != elsewhere && !i.has(f) {
			return f, true
		}
	}
	return fact{}, false
}

func (i *inquirer) read(ctx context.Context, f fact) {
	switch f.kind {
	case factZone:
		i.readZone(ctx, f.id)
	case factAccount:
		i.readAccount(ctx, f.id)
	case factMember:
		i.readMember(ctx, f.id)
	}
}

func (i *inquirer) readZone(ctx context.Context, id authz.ID) {
	zone, err := i.api.Zone(ctx, id.String())
	if err != nil {
		i.fail(fact{factZone, id}, err)
		return
	}
	account, ok := authz.ParseID(zone.Account.ID)
	if !ok {
		i.fail(fact{factZone, id}, fmt.Errorf("the API says that it lies in account %q, which is no id", zone.Account.ID))
		return
	}
	i.zones[id] = &authz.Zone{ID: id, Account: account, Name: strings.ToLower(strings.TrimSuffix(zone.Name, "."))}
}

// readAccount finds out about an account. For a token that another account owns, and for a user who is no
// member, nothing of it matters: the engine refuses before it looks.
func (i *inquirer) readAccount(ctx context.Context, id authz.ID) {
	c := i.subject.credential
	if c.Kind == authz.AccountToken && c.Account != id {
		i.accounts[id] = nil
		return
	}
	if c.Kind == authz.UserToken {
		if !i.has(fact{factMember, id}) {
			i.readMember(ctx, id)
		}
		if m, known := i.members[id]; known && (m.value == nil || !m.value.Accepted) {
			i.accounts[id] = nil
			return
		}
	}
	if m := i.membershipOf(id); m != nil && m.AccountDetails != nil {
		i.takeAccount(id, m.AccountDetails)
		return
	}
	account, err := i.api.Account(ctx, id.String())
	if err != nil {
		i.fail(fact{factAccount, id}, err)
		return
	}
	i.takeAccount(id, account)
}

// Types of accounts. The switch applies to Enterprise accounts alone (authorization model §7).
const (
	typeStandard   = lockout.AccountTypeStandard
	typeEnterprise = "enterprise"
)

func (i *inquirer) takeAccount(id authz.ID, account *client.Account) {
	if account.Type != typeStandard && account.Type != typeEnterprise {
		i.fail(fact{factAccount, id}, fmt.Errorf("the API says that its type is %q, of which it is not known whether the switch applies", account.Type))
		return
	}
	i.accounts[id] = &authz.Account{
		ID: id, Enterprise: account.Type == typeEnterprise, APIAccess: authz.SwitchOf(account.Settings.APIAccessEnabled),
	}
}

// membershipOf is the caller's own membership, if it was read.
func (i *inquirer) membershipOf(account authz.ID) *client.Membership {
	for n := range i.memberships {
		if i.memberships[n].Account.ID == account.String() {
			return &i.memberships[n]
		}
	}
	return nil
}

// readMember finds the token's owner in an account. A user-owned token that can be read is the caller's
// own, so that the caller's memberships are the owner's; where they may not be read, the account's list
// of members shows the same.
func (i *inquirer) readMember(ctx context.Context, account authz.ID) {
	if !i.asked {
		i.memberships, i.refusal = i.api.Memberships(ctx)
		i.asked = true
	}
	if i.refusal == nil {
		m := i.membershipOf(account)
		if m == nil {
			i.members[account] = membership{}
			return
		}
		roles := make([]client.Role, 0, len(m.Roles))
		for _, name := range m.Roles {
			roles = append(roles, client.Role{Name: name})
		}
		i.members[account] = standing(account, m.Status, m.APIAccessEnabled, roles, m.Policies)
		return
	}
	user, err := i.api.User(ctx)
	if err != nil {
		i.fail(fact{factMember, account}, i.refusal)
		return
	}
	members, err := i.api.Members(ctx, account.String())
	if err != nil {
		i.fail(fact{factMember, account}, i.refusal)
		return
	}
	i.members[account] = membership{}
	for n := range members {
		if m := &members[n]; isMember(m, user) {
			i.members[account] = standing(account, m.Status, m.APIAccessEnabled, m.Roles, m.Policies)
		}
	}
}

func (i *inquirer) fail(f fact, err error) { i.unread[f] = reasonOf(err) }

// reasonOf is one line about why something could not be read: the API's own words where there are any.
func reasonOf(err error) string {
	if refused, ok := errors.AsType[*client.Error](err); ok && len(refused.Errors) > 0 {
		first := refused.Errors[0]
		return fmt.Sprintf("%s %s: %s (HTTP %d, code %d)", refused.Method, refused.Path, first.Message, refused.Status, first.Code)
	}
	return err.Error()
}
