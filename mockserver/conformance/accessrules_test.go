// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package conformance_test

import (
	"context"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/cloudflare/cloudflare-go"
)

// place is where access rules can be: the client's methods for it.
type place struct {
	name   string
	scope  string
	create func(context.Context, *cloudflare.API, cloudflare.AccessRule) (*cloudflare.AccessRuleResponse, error)
	list   func(context.Context, *cloudflare.API, cloudflare.AccessRule) (*cloudflare.AccessRuleListResponse, error)
	read   func(ctx context.Context, api *cloudflare.API, id string) (*cloudflare.AccessRuleResponse, error) // nil where there is none
	update func(ctx context.Context, api *cloudflare.API, id string, rule cloudflare.AccessRule) (*cloudflare.AccessRuleResponse, error)
	remove func(ctx context.Context, api *cloudflare.API, id string) (*cloudflare.AccessRuleResponse, error)
	allow  []string // may write rules there
	deny   []string // may not read or write them
	code   int      // of the refusals
}

func places(s *mocktest.Server) []place {
	zone, account := s.ID("example.com"), s.ID("acme")
	return []place{
		{
			name: "zone", scope: "zone",
			create: func(ctx context.Context, api *cloudflare.API, r cloudflare.AccessRule) (*cloudflare.AccessRuleResponse, error) {
				return api.CreateZoneAccessRule(ctx, zone, r)
			},
			list: func(ctx context.Context, api *cloudflare.API, r cloudflare.AccessRule) (*cloudflare.AccessRuleListResponse, error) {
				return api.ListZoneAccessRules(ctx, zone, r, 1)
			},
			read: func(ctx context.Context, api *cloudflare.API, id string) (*cloudflare.AccessRuleResponse, error) {
				return api.ZoneAccessRule(ctx, zone, id)
			},
			update: func(ctx context.Context, api *cloudflare.API, id string, r cloudflare.AccessRule) (*cloudflare.AccessRuleResponse, error) {
				return api.UpdateZoneAccessRule(ctx, zone, id, r)
			},
			remove: func(ctx context.Context, api *cloudflare.API, id string) (*cloudflare.AccessRuleResponse, error) {
				return api.DeleteZoneAccessRule(ctx, zone, id)
			},
			allow: []string{"terraform", "super"}, deny: []string{"ci_dns", "viewer_read", "acme_ops", "dns"}, code: 10000,
		},
		{
			name: "account", scope: "account",
			create: func(ctx context.Context, api *cloudflare.API, r cloudflare.AccessRule) (*cloudflare.AccessRuleResponse, error) {
				return api.CreateAccountAccessRule(ctx, account, r)
			},
			list: func(ctx context.Context, api *cloudflare.API, r cloudflare.AccessRule) (*cloudflare.AccessRuleListResponse, error) {
				return api.ListAccountAccessRules(ctx, account, r, 1)
			},
			read: func(ctx context.Context, api *cloudflare.API, id string) (*cloudflare.AccessRuleResponse, error) {
				return api.AccountAccessRule(ctx, account, id)
			},
			update: func(ctx context.Context, api *cloudflare.API, id string, r cloudflare.AccessRule) (*cloudflare.AccessRuleResponse, error) {
				return api.UpdateAccountAccessRule(ctx, account, id, r)
			},
			remove: func(ctx context.Context, api *cloudflare.API, id string) (*cloudflare.AccessRuleResponse, error) {
				return api.DeleteAccountAccessRule(ctx, account, id)
			},
			allow: []string{"terraform", "super"}, deny: []string{"ci_dns", "viewer_read", "acme_ops", "dns"}, code: 10000,
		},
		{
			name: "user", scope: "user",
			create: func(ctx context.Context, api *cloudflare.API, r cloudflare.AccessRule) (*cloudflare.AccessRuleResponse, error) {
				return api.CreateUserAccessRule(ctx, r)
			},
			list: func(ctx context.Context, api *cloudflare.API, r cloudflare.AccessRule) (*cloudflare.AccessRuleListResponse, error) {
				return api.ListUserAccessRules(ctx, r, 1)
			},
			update: func(ctx context.Context, api *cloudflare.API, id string, r cloudflare.AccessRule) (*cloudflare.AccessRuleResponse, error) {
				return api.UpdateUserAccessRule(ctx, id, r)
			},
			remove: func(ctx context.Context, api *cloudflare.API, id string) (*cloudflare.AccessRuleResponse, error) {
				return api.DeleteUserAccessRule(ctx, id)
			},
			// Open to credentials without policies alone (authorization model §4).
			allow: []string{"super", "dns"}, deny: []string{"terraform", "ci_dns", "acme_ops"}, code: 9109,
		},
	}
}

var blockOne = cloudflare.AccessRule{
	Mode: "block", Notes: "made by a test", Configuration: cloudflare.AccessRuleConfiguration{Target: "ip", Value: "198.51.100.4"},
}

func TestLifeOfAnAccessRule(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	for _, p := range places(s) {
		for _, ref := range p.allow {
			api := as(t, s, ref)
			created := must[*cloudflare.AccessRuleResponse](t)(p.create(ctx, api, blockOne)).Result
			if created.ID == "" || created.Mode != "block" || created.Configuration != blockOne.Configuration || created.Scope.Type == "" {
				t.Errorf("%s, %s: created %+v", p.name, ref, created)
			}
			found := must[*cloudflare.AccessRuleListResponse](t)(p.list(ctx, api, blockOne))
			if len(found.Result) != 1 || found.Result[0].ID != created.ID {
				t.Errorf("%s, %s: found %+v", p.name, ref, found.Result)
			}
			changed := created
			changed.Mode, changed.Notes = "challenge", "changed"
			updated := must[*cloudflare.AccessRuleResponse](t)(p.update(ctx, api, created.ID, changed)).Result
			if updated.Mode != "challenge" || updated.Notes != "changed" {
				t.Errorf("%s, %s: updated %+v", p.name, ref, updated)
			}
			if p.read != nil {
				if read := must[*cloudflare.AccessRuleResponse](t)(p.read(ctx, api, created.ID)).Result; read.Mode != updated.Mode || read.Notes != updated.Notes {
					t.Errorf("%s, %s: read %+v", p.name, ref, read)
				}
			}
			must[*cloudflare.AccessRuleResponse](t)(p.remove(ctx, api, created.ID))
			if left := must[*cloudflare.AccessRuleListResponse](t)(p.list(ctx, api, blockOne)); len(left.Result) != 0 {
				t.Errorf("%s, %s: left %+v", p.name, ref, left.Result)
			}
		}
	}
}

func TestAccessRulesThatAreRefused(t *testing.T) {
	t.Parallel()
	s := mocktest.New(t)
	ctx := t.Context()
	for _, p := range places(s) {
		rule := must[*cloudflare.AccessRuleResponse](t)(p.create(ctx, as(t, s, "super"), blockOne)).Result
		unchanged(t, s, func() {
			for _, ref := range p.deny {
				api := as(t, s, ref)
				_, err := p.create(ctx, api, cloudflare.AccessRule{Mode: "block", Configuration: cloudflare.AccessRuleConfiguration{Target: "ip", Value: "198.51.100.5"}})
				refused(t, err, forbidden, p.code)
				_, err = p.list(ctx, api, cloudflare.AccessRule{})
				refused(t, err, forbidden, p.code)
				_, err = p.update(ctx, api, rule.ID, rule)
				refused(t, err, forbidden, p.code)
				_, err = p.remove(ctx, api, rule.ID)
				refused(t, err, forbidden, p.code)
			}
			_, err := p.create(ctx, as(t, s, "super"), blockOne)
			refused(t, err, badRequest, 10009)
		})
	}
}
