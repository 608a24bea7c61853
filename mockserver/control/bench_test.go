// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// BenchmarkPages asks for pages that look at as much as a page may: how long
// one of them keeps writers waiting.
func BenchmarkPages(b *testing.B) {
	server, err := mockserver.New(mockserver.Options{})
	if err != nil {
		b.Fatal(err)
	}
	groups := authzGroups(b, "Zone Read")
	err = server.World().Update(func(tx *state.Tx) error {
		zones := tx.Zones()
		account := zones[0].Account
		for i := range 10_000 {
			id := tx.NewID("token")
			err := tx.PutToken(&state.Token{
				ID: id, Owner: authz.Owner{Account: account}, IssuedOn: time.Unix(int64(i), 0), SecretHash: tx.HashSecret(id.String()),
				Definition: authz.Definition{Name: strconv.Itoa(i), Policies: []authz.Policy{{
					Effect: authz.Allow, Groups: groups, Resources: []authz.Resource{authz.Key{Form: authz.KeyZone, Zone: zones[0].ID}.Resource()},
				}}},
			})
			if err != nil {
				return err
			}
		}
		for i := range 50 {
			zone := *zones[0]
			zone.ID, zone.Name = tx.NewID("zone"), fmt.Sprintf("z%d.example", i)
			if err := tx.PutZone(&zone); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		b.Fatal(err)
	}
	for name, question := range map[string]struct {
		path string
		body fields
	}{
		"who-can/none":      {"/who-can", fields{"operation": "DNS Write", "target": fields{"zone": "example.com"}}},
		"who-can/thousand":  {"/who-can", fields{"operation": "Zone Read", "target": fields{"zone": "example.com"}, "limit": 1000}},
		"what-can/none":     {"/what-can", fields{"credential": "dns_challenge", "method": "DELETE"}},
		"what-can/thousand": {"/what-can", fields{"credential": "super", "limit": 1000}},
	} {
		body, err := json.Marshal(question.body)
		if err != nil {
			b.Fatal(err)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				r := httptest.NewRequestWithContext(b.Context(), http.MethodPost, "/_control"+question.path, bytes.NewReader(body))
				r.RemoteAddr, r.Host = "127.0.0.1:1", "localhost"
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				server.Handler().ServeHTTP(w, r)
				if w.Code != http.StatusOK {
					b.Fatal(w.Body)
				}
			}
		})
	}
}
