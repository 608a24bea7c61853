// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package state

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
)

// Zone is a domain in an account.
type Zone struct {
	ID      authz.ID `json:"id"`
	Account authz.ID `json:"account"`
	// Name is the domain as stored: lower case, punycode, no trailing dot.
	// No two zones of a world share one.
	Name string `json:"name"`
	// Type is "full", "partial" or "secondary".
	Type string `json:"type"`
	// Status is "initializing", "pending", "active" or "moved".
	Status string `json:"status"`
	Paused bool   `json:"paused,omitempty"`
	// DevelopmentMode is the number of seconds that it lasts yet, or,
	// negative, since it ended; 0 is never.
	DevelopmentMode     int      `json:"development_mode,omitempty"`
	NameServers         []string `json:"name_servers,omitempty"`
	OriginalNameServers []string `json:"original_name_servers,omitempty"`
	VanityNameServers   []string `json:"vanity_name_servers,omitempty"`
	// Plan is "free", "pro", "business" or "enterprise".
	Plan        string    `json:"plan,omitempty"`
	CreatedOn   time.Time `json:"created_on,omitzero"`
	ModifiedOn  time.Time `json:"modified_on,omitzero"`
	ActivatedOn time.Time `json:"activated_on,omitzero"`
	// Settings are the values of the zone's settings that differ from their
	// defaults, by the setting's id. Writers replace the map, never change it.
	Settings map[string]json.RawMessage `json:"settings,omitempty"`
	// SettingsModifiedOn says when a setting was last changed, by its id;
	// those never changed are not in it. Writers replace the map.
	SettingsModifiedOn map[string]time.Time `json:"settings_modified_on,omitempty"`

	view authz.Zone
}

type zoneTable struct {
	table[Zone]
	byName    unique[string, Zone]
	byAccount index[authz.ID, Zone]
}

func (t *zoneTable) init() {
	t.table.init(KindZone, func(z *Zone) authz.ID { return z.ID })
	t.byName = unique[string, Zone]{}
	t.byAccount = newIndex[authz.ID](compareZones)
	t.seal = func(z *Zone) error {
		z.view = authz.Zone{ID: z.ID, Account: z.Account, Name: z.Name}
		return nil
	}
	t.link = func(z *Zone) {
		t.byName[z.Name] = z
		t.byAccount.add(z.Account, z)
	}
	t.unlink = func(z *Zone) {
		t.byName.remove(z.Name, z)
		t.byAccount.remove(z.Account, z)
	}
}

// compareZones orders zones by name, then by identifier.
func compareZones(a, b *Zone) int {
	if c := strings.Compare(a.Name, b.Name); c != 0 {
		return c
	}
	return a.ID.Compare(b.ID)
}

// Zone returns what decisions need of the zone, nil when there is none with
// that id. [Tx.ZoneByID] returns all of it.
func (tx *Tx) Zone(id authz.ID) *authz.Zone {
	z := tx.w.zones.rows[id]
	if z == nil {
		return nil
	}
	return &z.view
}

// ZoneByID returns the zone, or nil when there is none with that id.
func (tx *Tx) ZoneByID(id authz.ID) *Zone { return tx.w.zones.rows[id] }

// ZoneByName returns the zone with that name in its stored form, or nil.
func (tx *Tx) ZoneByName(name string) *Zone { return tx.w.zones.byName[name] }

// ZonesIn lists the account's zones by name.
func (tx *Tx) ZonesIn(account authz.ID) []*Zone { return tx.w.zones.byAccount.lists[account] }

// Zones lists every zone by name. The list is fresh.
func (tx *Tx) Zones() []*Zone {
	list := make([]*Zone, 0, len(tx.w.zones.rows))
	for _, z := range tx.w.zones.rows {
		list = append(list, z)
	}
	slices.SortFunc(list, compareZones)
	return list
}

// PutZone creates or replaces a zone. It refuses a name that is not in its
// stored form or that another zone has, an account that does not exist, and a
// change of account.
func (tx *Tx) PutZone(z *Zone) error {
	zones := &tx.w.zones
	if name, err := NormalizeZoneName(z.Name); err != nil || name != z.Name {
		return invalid("%q is not the name of a zone in its stored form", z.Name)
	}
	if tx.w.accounts.rows[z.Account] == nil {
		return unknown("a zone names an account that does not exist")
	}
	if old := zones.rows[z.ID]; old != nil && old.Account != z.Account {
		return invalid("a zone cannot be moved to another account")
	}
	if other := zones.byName[z.Name]; other != nil && other.ID != z.ID {
		return taken("%s already exists", z.Name)
	}
	for id, value := range z.Settings {
		s, ok := FindZoneSetting(id)
		if !ok {
			return invalid("no zone setting has the id %q", id)
		}
		if problem := s.Problem(value); problem != "" {
			return invalid("the setting %q %s", id, problem)
		}
	}
	return put(tx, &zones.table, z)
}

// DeleteZone deletes the zone with its records, access rules, documents and
// the certificates that lie in no other zone. Policies of members and tokens
// keep naming it, which grants nothing. Deleting a zone that does not exist
// does nothing.
func (tx *Tx) DeleteZone(id authz.ID) error {
	for _, r := range tx.Records(id) {
		if err := tx.DeleteRecord(r.ID); err != nil {
			return err
		}
	}
	if err := tx.deleteAccessRules(ScopeZone, id); err != nil {
		return err
	}
	if err := tx.deleteDocuments(ScopeZone, id); err != nil {
		return err
	}
	if err := tx.leaveCertificates(id); err != nil {
		return err
	}
	return remove(tx, &tx.w.zones.table, id)
}
