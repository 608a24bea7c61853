// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package lockout

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// callerKind says how the caller stands to an account.
type callerKind int

const (
	// callerUnknown: nothing that names the caller could be read.
	callerUnknown callerKind = iota
	// callerForeign: a token that another account owns, so that no switch of this account can take
	// anything away.
	callerForeign
	// callerAbsent: a user whom the API shows as no accepted member of the account. Such a user cannot
	// even read it; one that can was left out of the list, which then proves nothing.
	callerAbsent
	// callerMember: a user who is an accepted member of the account.
	callerMember
	// callerAccountToken: a token that the account itself owns; it has no member.
	callerAccountToken
)

const statusAccepted = "accepted"

// caller is who Terraform runs as, seen from one account.
type caller struct {
	kind callerKind
	// memberID and value are those of the caller's own member, if it is one. The value is as fresh as
	// the question.
	memberID string
	value    *bool
	// tokenID is set for an account-owned token.
	tokenID string
	// user is nil when GET /user could not be read.
	user *client.User
	// unread lists what could not be read, for an unknown caller.
	unread []string
}

// is says whether the caller is that member. Either of the two ways to know suffices: the ids of a
// membership and of its member are one, and a member carries the id and the e-mail of its user.
func (c caller) is(member *client.Member) bool {
	if c.kind != callerMember {
		return false
	}
	if c.memberID == member.ID {
		return true
	}
	return c.user != nil && isUser(member, c.user)
}

// absent says whether the caller has nothing to lose in an account. An account that such a caller could read
// all the same contradicts what was read of the caller, who then counts as unknown.
func (c *caller) absent(readable bool) bool {
	switch {
	case c.kind == callerForeign:
		return true
	case c.kind != callerAbsent:
		return false
	case !readable:
		return true
	}
	c.kind = callerUnknown
	c.unread = append(c.unread, "the caller's own member: the lists show none, although the account can be read")
	return false
}

// name is what a person calls the caller.
func (c caller) name() string {
	switch {
	case c.kind == callerAccountToken:
		return fmt.Sprintf("the account-owned token %s that Terraform runs with", c.tokenID)
	case c.user != nil && c.user.Email != "":
		return c.user.Email + ", the member that Terraform runs as"
	case c.memberID != "":
		return fmt.Sprintf("member %s, whom Terraform runs as", c.memberID)
	default:
		return "whoever Terraform runs as"
	}
}

func isUser(member *client.Member, user *client.User) bool {
	if member.UserID != "" && user.ID != "" {
		return member.UserID == user.ID
	}
	return user.Email != "" && strings.EqualFold(member.Email, user.Email)
}

// callerIn finds out who the caller is to an account. It never fails: what cannot be read makes the
// caller unknown, with the reasons.
func (g *Guard) callerIn(ctx context.Context, accountID string) caller {
	var unread []string
	if g.api.HasAPIToken() {
		tokenID, owner, err := g.ownToken(ctx, accountID)
		switch {
		case err != nil:
			// A user may still be named below: an endpoint need not offer verify.
			unread = append(unread, "the token's own id: "+reason(err))
		case owner.AccountID == accountID:
			return caller{kind: callerAccountToken, tokenID: tokenID}
		case owner.AccountID != "":
			return caller{kind: callerForeign}
		}
	}

	user, err := g.api.User(ctx)
	if err != nil {
		unread = append(unread, "GET /user: "+reason(err))
		user = nil
	}

	memberships, err := g.api.Memberships(ctx)
	if err == nil {
		return fromMemberships(memberships, accountID, user)
	}
	unread = append(unread, "GET /memberships: "+reason(err))
	if user == nil {
		return caller{unread: unread}
	}

	// The list of members shows the same value, to whoever may read the account's settings.
	members, err := g.api.Members(ctx, accountID)
	if err != nil {
		return caller{user: user, unread: append(unread, "the account's members: "+reason(err))}
	}
	return fromMembers(members, user)
}

func fromMemberships(memberships []client.Membership, accountID string, user *client.User) caller {
	for _, membership := range memberships {
		if membership.Account.ID == accountID && membership.Status == statusAccepted {
			return caller{kind: callerMember, memberID: membership.ID, value: membership.APIAccessEnabled, user: user}
		}
	}
	return caller{kind: callerAbsent, user: user}
}

func fromMembers(members []client.Member, user *client.User) caller {
	for i := range members {
		if member := &members[i]; member.Status == statusAccepted && isUser(member, user) {
			return caller{kind: callerMember, memberID: member.ID, value: member.APIAccessEnabled, user: user}
		}
	}
	return caller{kind: callerAbsent, user: user}
}

// ownToken is the id and the owner of the token that the client runs with. A user-owned token is
// verified on the user's path, an account-owned one on the path of its account alone, so that an
// account is needed to recognise it. Successes are remembered for the run: the credential of a
// client never changes.
func (g *Guard) ownToken(ctx context.Context, accountID string) (string, client.Owner, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.tokenID != "" {
		return g.tokenID, g.tokenOwner, nil
	}
	userErr := g.verify(ctx, client.Owner{})
	if userErr == nil {
		return g.tokenID, g.tokenOwner, nil
	}
	if accountID == "" || !client.IsDenied(userErr) {
		return "", client.Owner{}, userErr
	}
	if err := g.verify(ctx, client.Owner{AccountID: accountID}); err != nil {
		return "", client.Owner{}, err
	}
	return g.tokenID, g.tokenOwner, nil
}

func (g *Guard) verify(ctx context.Context, owner client.Owner) error {
	verification, err := g.api.VerifyToken(ctx, owner)
	if err != nil {
		return err
	}
	if verification.ID == "" {
		return errors.New("the verify endpoint named no token")
	}
	g.tokenID, g.tokenOwner = verification.ID, owner
	return nil
}

// reason is one line about why something could not be read: the API's own words where there are any.
func reason(err error) string {
	var refused *client.Error
	if errors.As(err, &refused) && len(refused.Errors) > 0 {
		first := refused.Errors[0]
		return fmt.Sprintf("%s (HTTP %d, code %d)", first.Message, refused.Status, first.Code)
	}
	return err.Error()
}
