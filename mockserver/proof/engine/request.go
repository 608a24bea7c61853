// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package engine

import (
	"fmt"
	"net/netip"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

var presences = map[string]authz.Presence{
	scene.PresentedNothing: authz.Missing, scene.PresentedMalformed: authz.Malformed, scene.PresentedWell: authz.WellFormed,
}

// request is what the engine is asked.
type request struct {
	authz.Request
	// userOnly is true for the list that account-owned tokens may not ask.
	userOnly bool
}

func (b *bound) request(r *scene.Request) (*request, error) {
	operation, ok := b.bench.evaluator.operations[r.Operation]
	if !ok {
		return nil, fmt.Errorf("unknown operation %q", r.Operation)
	}
	presence, ok := presences[r.Presented]
	if !ok {
		return nil, fmt.Errorf("unknown presence %q", r.Presented)
	}
	q := &request{
		Request:  authz.Request{Presence: presence, Credential: b.credential, Now: r.Now},
		userOnly: operation.Target == catalog.TargetAccountList,
	}
	q.For(operation)
	if r.Switch != nil {
		q.ChangesSwitch(authz.SwitchOf(r.Switch.To))
	}
	var err error
	if q.Address, err = netip.ParseAddr(r.Address); err != nil {
		return nil, fmt.Errorf("address of the client: %w", err)
	}
	q.Targets = make([]authz.Target, len(r.Targets))
	for i := range r.Targets {
		if q.Targets[i], err = readTarget(&r.Targets[i]); err != nil {
			return nil, fmt.Errorf("target %d: %w", i, err)
		}
	}
	return q, nil
}

// pair reads the record before and after.
func (*request) pair(r *scene.Request) (before, after *authz.Target, err error) {
	for _, side := range []struct {
		from *scene.Target
		to   **authz.Target
	}{{r.Before, &before}, {r.After, &after}} {
		if side.from == nil {
			continue
		}
		t, err := readTarget(side.from)
		if err != nil {
			return nil, nil, err
		}
		*side.to = &t
	}
	return before, after, nil
}

var targetKinds = map[string]authz.TargetKind{
	scene.OnUser: authz.OnUser, scene.OnAccount: authz.OnAccount, scene.OnZone: authz.OnZone, scene.OnAllZones: authz.OnAllZones,
	scene.OnRecords: authz.OnRecords, scene.OnRecord: authz.OnRecord, scene.OnBucket: authz.OnBucket,
}

func readTarget(t *scene.Target) (authz.Target, error) {
	kind, ok := targetKinds[t.Kind]
	if !ok {
		return authz.Target{}, fmt.Errorf("unknown kind of target %q", t.Kind)
	}
	read := authz.Target{Kind: kind, RecordType: t.RecordType, RecordName: t.RecordName, Bucket: t.Bucket}
	for _, id := range []struct {
		from string
		to   *authz.ID
	}{{t.Account, &read.Account}, {t.Zone, &read.Zone}} {
		if id.from == "" {
			continue
		}
		parsed, err := identifier(id.from)
		if err != nil {
			return authz.Target{}, err
		}
		*id.to = parsed
	}
	return read, nil
}
