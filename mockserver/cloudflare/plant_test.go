// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare_test

import (
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// planted is what stands for every placeholder but those of accounts and zones.
const planted = "planted"

// pathTo is a path to an operation: acme or its first zone, and planted
// wherever another object is named.
func pathTo(operation *catalog.Operation) string {
	path := strings.NewReplacer("{account_id}", acme, "{zone_id}", zoneCom).Replace(operation.Route)
	for strings.Contains(path, "{") {
		head, rest, _ := strings.Cut(path, "{")
		_, tail, _ := strings.Cut(rest, "}")
		path = head + planted + tail
	}
	return path
}

// plant makes every document that the path of an operation names, so that
// nothing on the way to it is absent.
func (s *server) plant(operation *catalog.Operation) {
	s.tb.Helper()
	route, path := strings.Split(operation.Route[1:], "/"), strings.Split(pathTo(operation)[1:], "/")
	place := state.DocumentPlace{Scope: state.ScopeUser}
	first, owner := 0, s.user("super")
	switch operation.Target {
	case catalog.TargetAccount, catalog.TargetBucket:
		place.Scope, owner, first = state.ScopeAccount, acme, 2
	case catalog.TargetZone:
		place.Scope, owner, first = state.ScopeZone, zoneCom, 2
	default:
	}
	place.Owner, _ = authz.ParseID(owner)
	prefix := ""
	if strings.HasPrefix(operation.Route, "/accounts/{account_id}/r2/buckets") || strings.HasPrefix(operation.Route, "/accounts/{account_id}/event_notifications/r2") {
		prefix = "/@default"
	}
	err := s.world.Update(func(tx *state.Tx) error {
		for i := first; i < len(route); i++ {
			if !strings.HasPrefix(route[i], "{") {
				continue
			}
			place.Path = prefix + "/" + strings.Join(path[first:i], "/")
			if err := tx.PutDocument(&state.Document{DocumentPlace: place, Name: path[i], Body: `{"planted":true}`, CreatedOn: noon, ModifiedOn: noon}); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		s.tb.Fatal(err)
	}
}
