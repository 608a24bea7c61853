// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
)

// The refs of the users of the built-in world that the demo speaks of.
const (
	operatorRef = "super"
	ciRef       = "ci"
	secondRef   = "dns"
)

// The zones of the built-in world: two of the Enterprise account and one of the standard account.
const (
	mainZone     = "example.com"
	siblingZone  = "example.org"
	standardZone = "globex.example"
)

// actors are the ways into the world that the rows use, and the objects that they ask for.
type actors struct {
	api   *api
	names *strings.Replacer

	operator, ci, second                   credential // Global API keys of members
	acmeToken, purge, readerKey, inventory credential // tokens that Terraform made

	enterprise, standard        string // account ids
	zone, sibling, standardZone string // zone ids
	wwwRecord                   string // a record of the zone that is no challenge
	oldChallenge                string // a challenge that someone else left in the zone
}

// newActors looks up what the rows need, as the operator, and leaves one challenge in the zone, as an
// earlier run of a certificate client would.
func newActors(ctx context.Context, a announcement, made outputs) (*actors, error) {
	s := &actors{
		api:        newAPI(a.BaseURL),
		acmeToken:  credential{Kind: kindUserToken, Value: made.Tokens["acme_client"]},
		purge:      credential{Kind: kindUserToken, Value: made.Tokens["purge"]},
		readerKey:  credential{Kind: kindUserToken, Value: made.Tokens["reader"]},
		inventory:  credential{Kind: kindUserToken, Value: made.Tokens["inventory"]},
		enterprise: made.IDs["enterprise_account"],
		standard:   made.IDs["standard_account"],
		zone:       made.IDs["zone"],
	}
	for ref, into := range map[string]*credential{operatorRef: &s.operator, ciRef: &s.ci, secondRef: &s.second} {
		found, err := a.find(kindGlobalKey, ref)
		if err != nil {
			return nil, err
		}
		*into = found
	}
	for name, into := range map[string]*string{siblingZone: &s.sibling, standardZone: &s.standardZone} {
		id, err := s.only(ctx, "/zones?name="+url.QueryEscape(name))
		if err != nil {
			return nil, err
		}
		*into = id
	}
	var err error
	if s.wwwRecord, err = s.only(ctx, "/zones/"+s.zone+"/dns_records?type=A&name=www."+mainZone); err != nil {
		return nil, err
	}
	var record struct {
		ID string `json:"id"`
	}
	err = s.api.must(ctx, s.operator, request{
		method: http.MethodPost, path: "/zones/" + s.zone + "/dns_records",
		body: recordBody("TXT", "_acme-challenge.old."+mainZone, "left-over"),
	}, &record)
	if err != nil {
		return nil, err
	}
	s.oldChallenge = record.ID
	s.names = strings.NewReplacer(
		s.enterprise, "acme", s.standard, "globex",
		s.zone, mainZone, s.sibling, siblingZone, s.standardZone, standardZone,
		s.wwwRecord, "(A www)", s.oldChallenge, "(TXT _acme-challenge.old)",
	)
	return s, nil
}

// only returns the id of the one object that a list holds.
func (s *actors) only(ctx context.Context, path string) (string, error) {
	var found []struct {
		ID string `json:"id"`
	}
	if err := s.api.must(ctx, s.operator, request{method: http.MethodGet, path: path}, &found); err != nil {
		return "", err
	}
	if len(found) != 1 {
		return "", fmt.Errorf("GET %s: %d objects, want one", path, len(found))
	}
	return found[0].ID, nil
}

// recordBody is the body that creates a record.
func recordBody(recordType, name, content string) map[string]any {
	return map[string]any{"type": recordType, "name": name, "content": content, "ttl": 120}
}

// get is the request that most rows send.
func get(path string) []request {
	return []request{{method: http.MethodGet, path: path}}
}
