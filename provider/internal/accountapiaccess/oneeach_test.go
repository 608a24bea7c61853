// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package accountapiaccess_test

import (
	"fmt"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/accountapiaccess"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

func TestAccAccountAPIAccess_oneResourceEach(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.SetMemberSwitch("acme/super", new(true))
	env.TestOneResourceEach(accountapiaccess.TypeName, func(name string) string {
		return fmt.Sprintf("resource %q %q {\n  account_id = %q\n  enabled    = false\n}\n", accountapiaccess.TypeName, name, env.ID("acme"))
	}, wantSwitch(env, "acme", new(false)), wantSwitch(env, "acme", nil))
}

func TestSchema_oneResourceEach(t *testing.T) {
	t.Parallel()
	acctest.DescribesOneResourceEach(t, accountapiaccess.NewResource(), "account")
}
