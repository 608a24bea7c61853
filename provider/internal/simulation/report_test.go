// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package simulation

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

const (
	dnsWrite  = "4755a26eedb94da69e1066d98aa820be"
	tokensAll = "686d18d5ac6c441c867cbf6771e58a0a" // API Tokens Write
	ofAccount = "5bc3f8b21c554832afc660159ab75fa4" // Account API Tokens Write
)

// inventory is what a report reads: tokens of the caller's own, and zones by their account.
type inventory struct {
	*canned
	own   []client.Token
	zones map[string]string
}

// ListTokens lists the caller's own tokens; the account has none.
func (i inventory) ListTokens(_ context.Context, owner client.Owner) ([]client.Token, error) {
	if owner.AccountID != "" {
		return nil, nil
	}
	return i.own, nil
}

// Zone reads a zone.
func (i inventory) Zone(_ context.Context, id string) (*client.Zone, error) {
	i.count["zone "+id]++
	account, ok := i.zones[id]
	if !ok {
		return nil, errNotThere
	}
	return &client.Zone{ID: id, Account: client.AccountRef{ID: account}}, nil
}

// TestReporter_userTokens holds which of the caller's tokens reach the account, and which of them work.
func TestReporter_userTokens(t *testing.T) {
	t.Parallel()
	now := time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC)
	token := func(id, group, outer string, nested ...string) client.Token {
		return client.Token{ID: id, Name: id, Status: client.StatusActive, Policies: []client.Policy{{
			Effect: client.EffectAllow, Groups: []client.PolicyGroup{{ID: group}}, Resources: map[string]client.ResourceValue{outer: {Nested: nested}},
		}}}
	}
	expired := token("expired", dnsWrite, zonePrefix+"*")
	expired.ExpiresOn = &now
	early := token("early", dnsWrite, zonePrefix+"*")
	early.NotBefore = new(now.Add(time.Second))
	both := token("tokens of another account, and a zone", ofAccount, accountPrefix+accountB.String())
	both.Policies = append(both.Policies, token("", dnsWrite, zonePrefix+zoneA.String()).Policies...)
	disabled := token("disabled", dnsWrite, zonePrefix+"*")
	disabled.Status = client.StatusDisabled
	deny := token("denies alone", dnsWrite, zonePrefix+"*")
	deny.Policies[0].Effect = client.EffectDeny
	hidden := authz.ID{9}
	api := inventory{
		canned: &canned{count: map[string]int{}},
		zones:  map[string]string{zoneA.String(): accountA.String(), zoneB.String(): accountB.String()},
		own: []client.Token{
			token("account", "c1fde68c7bcc44588cbb6ddbc16d6480", accountPrefix+accountA.String()),
			token("another account", dnsWrite, accountPrefix+accountB.String(), zonePrefix+"*"),
			token("its zones", dnsWrite, accountPrefix+accountA.String(), zonePrefix+"*"),
			token("zone", dnsWrite, zonePrefix+zoneA.String()), token("zone again", dnsWrite, zonePrefix+zoneA.String()),
			token("another zone", dnsWrite, zonePrefix+zoneB.String()),
			token("hidden zone", dnsWrite, zonePrefix+hidden.String()),
			token("record", dnsWrite, zonePrefix+zoneA.String(), zonePrefix+"dns_record.TXT.x.example.com"),
			token("bucket", "6a018a9f2fc74eb6b293b0c548f38b39", "com.cloudflare.edge.r2.bucket."+accountA.String()+"_default_backups"),
			token("manages tokens", tokensAll, "com.cloudflare.api.user."+self.String()),
			token("tokens of the account", ofAccount, accountPrefix+accountA.String()),
			token("tokens of another account", ofAccount, accountPrefix+accountB.String()),
			token("tokens of all accounts", ofAccount, accountPrefix+"*"), both,
			token("user", "8acbe5bb0d54464ab867149d7f7cf8ac", "com.cloudflare.api.user."+self.String()),
			token("strange", dnsWrite, accountPrefix+accountB.String(), "com.cloudflare.edge.worker.script.abc"),
			expired, early, disabled, deny,
		},
	}
	r := &reporter{
		api: api, now: now, account: &client.Account{ID: accountA.String(), Type: typeStandard}, zones: map[authz.ID]bool{},
		members: []client.Member{{UserID: "someone else", Status: statusAccepted}, {UserID: "u1", Status: statusAccepted}},
	}
	got := map[string]string{}
	for _, row := range r.tokenRows(t.Context()) {
		got[row.Name.ValueString()] = fmt.Sprintf("usable %v, manages %v, lines %d", row.Usable.ValueBool(), row.ManagesTokens.ValueBool(), len(row.ReachesBy))
	}
	works := "usable true, manages false, lines 1"
	want := map[string]string{
		"account": works, "its zones": works, "zone": works, "zone again": works, "hidden zone": works, "record": works, "bucket": works, "strange": works,
		"manages tokens": "usable true, manages true, lines 1", "tokens of the account": "usable true, manages true, lines 1",
		"tokens of all accounts": "usable true, manages true, lines 1", "tokens of another account, and a zone": works,
		"expired": "usable false, manages false, lines 1", "early": "usable false, manages false, lines 1", "disabled": "usable false, manages false, lines 1",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tokens (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"the account that zone " + hidden.String() + " lies in (the test holds none)"}, r.unread); diff != "" {
		t.Errorf("unread (-want +got):\n%s", diff)
	}
	reads := map[string]int{"user": 1, "zone " + zoneA.String(): 1, "zone " + zoneB.String(): 1, "zone " + hidden.String(): 1}
	if diff := cmp.Diff(reads, api.count); diff != "" {
		t.Errorf("reads (-want +got):\n%s", diff)
	}
}

// A caller who is not among the members is told, and nothing is said of what its tokens may do.
func TestReporter_callerUnknown(t *testing.T) {
	t.Parallel()
	api := inventory{canned: &canned{count: map[string]int{}}, own: []client.Token{{
		ID: "t", Status: client.StatusActive, Policies: []client.Policy{{
			Effect: client.EffectAllow, Groups: []client.PolicyGroup{{ID: dnsWrite}}, Resources: map[string]client.ResourceValue{zonePrefix + "*": {}},
		}},
	}}}
	r := &reporter{api: api, account: &client.Account{ID: accountA.String(), Type: typeEnterprise}, zones: map[authz.ID]bool{}}
	rows := r.tokenRows(t.Context())
	if len(rows) != 1 || !rows[0].EffectiveAPIAccess.IsNull() || !rows[0].Usable.IsNull() || len(r.unread) != 1 {
		t.Errorf("rows %+v, unread %v", rows, r.unread)
	}
	api.own[0].Status = client.StatusDisabled
	if rows = r.tokenRows(t.Context()); len(rows) != 1 || rows[0].Usable.IsNull() || rows[0].Usable.ValueBool() {
		t.Errorf("a disabled token is of no use to anybody: %+v", rows)
	}
}

// Roles that policies give are roles of the report too; those that policies take away are not.
func TestRoleNames(t *testing.T) {
	t.Parallel()
	m := &client.Member{Policies: []client.MemberPolicy{
		{Access: client.EffectAllow, Roles: []client.Role{{Name: "DNS"}, {Name: "Billing"}}},
		{Access: client.EffectAllow, Roles: []client.Role{{Name: "DNS"}}},
		{Access: client.EffectDeny, Roles: []client.Role{{Name: "Cache Purge"}}},
	}}
	if diff := cmp.Diff([]string{"Billing", "DNS"}, roleNames(m)); diff != "" {
		t.Errorf("roles (-want +got):\n%s", diff)
	}
}
