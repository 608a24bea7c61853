// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

//go:build prove

package apitoken_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// A thousand tokens of one user, whose quota is lifted: a list of twenty pages.
func TestProveAPIToken_thousandOfAUser(t *testing.T) {
	t.Parallel()
	newFleet(t, scaleCount).wholeLife()
}

// Five thousand tokens are refreshed and planned, and nothing changes.
func TestProveAPIToken_planOfFiveThousand(t *testing.T) {
	t.Parallel()
	f := newFleet(t, 5*scaleCount)
	ids := f.plant()
	run := f.Start(nil)
	for i, id := range ids {
		attributes := f.attributes(i)
		attributes["id"] = id
		instance, err := run.Instance(apitoken.TypeName, attributes)
		if err != nil {
			t.Fatal(err)
		}
		f.instances[i] = instance
	}
	f.Fresh()
	f.all(func(ctx context.Context, i int) error {
		instance, err := run.Read(ctx, apitoken.TypeName, f.instances[i])
		if err != nil || instance == nil {
			return fmt.Errorf("read: gone %t, %w", instance == nil, err)
		}
		plan, err := run.Plan(ctx, apitoken.TypeName, instance, f.attributes(i))
		if err == nil && !plan.IsEmpty() {
			err = fmt.Errorf("the plan of %s is not empty", instance.Text("id"))
		}
		return err
	})
	// A hundred pages are worth it only once some reads have asked for them.
	f.expect(f.CheckRequests(5*scaleCount/50 + 20))
}

// plant puts the fleet's tokens into the world behind the API and returns their ids.
func (f *fleet) plant() []string {
	f.t.Helper()
	run := f.Start(nil)
	plan, err := run.Plan(f.t.Context(), apitoken.TypeName, nil, f.attributes(0))
	if err != nil {
		f.t.Fatal(err)
	}
	first, err := run.Apply(f.t.Context(), apitoken.TypeName, plan)
	if err != nil {
		f.t.Fatal(err)
	}
	ids := []string{first.Text("id")}
	err = f.Server.World().Update(func(tx *state.Tx) error {
		var model state.Token
		for _, token := range tx.Tokens() {
			if token.ID.String() == ids[0] {
				model = *token
			}
		}
		for i := 1; i < len(f.instances); i++ {
			token := model
			token.ID, token.Definition.Name = tx.NewID("token"), fmt.Sprintf("token %d", i)
			token.SecretHash = tx.HashSecret(tx.NewSecret(state.UserTokenPrefix))
			if err := tx.PutToken(&token); err != nil {
				return err
			}
			ids = append(ids, token.ID.String())
		}
		return nil
	})
	if err != nil {
		f.t.Fatal(err)
	}
	return ids
}
