// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package memberapiaccess_test

import (
	"fmt"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/memberapiaccess"
)

func TestAccMemberAPIAccess_oneResourceEach(t *testing.T) {
	t.Parallel()
	env := acctest.New(t)
	env.TestOneResourceEach(memberapiaccess.TypeName, func(name string) string {
		return fmt.Sprintf("resource %q %q {\n  account_id = %q\n  email      = \"ci@example.com\"\n  api_access = \"disabled\"\n}\n", memberapiaccess.TypeName, name, env.ID("acme"))
	}, wantSwitch(env, "acme/ci", new(false)), wantSwitch(env, "acme/ci", nil))
}

func TestSchema_oneResourceEach(t *testing.T) {
	t.Parallel()
	acctest.DescribesOneResourceEach(t, memberapiaccess.NewResource(), "member")
}
