// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// Ids of the catalogue.
const (
	superAdministratorRole = "33666b9c79b9a5273fc7344ff42f953d"
	accountSettingsWrite   = "1af1fa2adc104452b74a9a3364202f20"
	userDetailsRead        = "8acbe5bb0d54464ab867149d7f7cf8ac"
	membershipsRead        = "3518d0f75557482e952c6762d3e64903"
)

// variablesOfTheRescue are those that the page's configuration leaves to the reader, and besides something that
// acts on the account as the operator.
const variablesOfTheRescue = `
variable "account_id" {}

variable "token_of_another_super_administrator" {
  sensitive = true
}

data "accesscontrol_account" "this" {
  account_id = var.account_id
}
`

// anotherSuperAdministrator gives acme a second Super Administrator, whose access is on, and returns a token of
// that member.
func anotherSuperAdministrator(t *testing.T, env *acctest.Env) string {
	t.Helper()
	env.Must("super", http.MethodPut, "/accounts/"+env.ID("acme")+"/members/"+env.ID("acme/admin"),
		map[string]any{"roles": []any{map[string]any{"id": superAdministratorRole}}})
	env.SetMemberSwitch("acme/admin", new(true))
	policy := func(resource string, groups ...string) map[string]any {
		var ids []any
		for _, id := range groups {
			ids = append(ids, map[string]any{"id": id})
		}
		return map[string]any{"effect": "allow", "permission_groups": ids, "resources": map[string]any{resource: "*"}}
	}
	var made struct{ Value string }
	if err := env.Must("admin", http.MethodPost, "/user/tokens", map[string]any{"name": "rescue", "policies": []any{
		policy("com.cloudflare.api.account."+env.ID("acme"), accountSettingsWrite),
		policy("com.cloudflare.api.user."+env.ID("admin"), userDetailsRead, membershipsRead),
	}}).Decode(&made); err != nil {
		t.Fatal(err)
	}
	return made.Value
}

// The guide's way out of a lock-out is one: the operator has lost the override while the account is off, and the
// page's own configuration, as it stands there, brings it back.
func TestAccPages_rescue(t *testing.T) {
	t.Parallel()
	tool := acctest.NeedsCLI(t)
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t)
	everyday := chapter{
		page: switchGuide, blocks: []int{1}, more: variablesOfTheRescue,
		variables: map[string]string{"account_id": env.ID("acme")},
	}
	w := everyday.open(t, tool, installProvider(t, root), env.Server)
	w.environment = append(w.environment, "TF_VAR_token_of_another_super_administrator="+anotherSuperAdministrator(t, env))
	w.run("apply", "-auto-approve")

	// Somebody takes the override away.
	env.SetMemberSwitch("acme/super", nil)
	if passed, output := w.try("apply", "-auto-approve"); passed || !strings.Contains(output, "api_access_disabled") {
		t.Fatalf("the operator is not locked out: passed: %t\n%s", passed, output)
	}

	text := page(t, switchGuide)
	rescue := strings.ReplaceAll(configurationBlocks(text)[rescueChapter.blocks[0]-1], "operator@example.com", "super@example.com")
	command := regexp.MustCompile("(?m)^```shell\nterraform apply ((?: ?-target=[a-z_.]+)+)\n```$").FindStringSubmatch(text)
	if len(command) == 0 {
		t.Fatal("the page shows no command for the rescue")
	}
	apply := append([]string{"apply", "-auto-approve"}, strings.Fields(command[1])...)

	// With the alias on the switch alone, the override is still read as the operator.
	const alias = "  provider   = accesscontrol.rescue\n"
	if strings.Count(rescue, alias) != 2 {
		t.Fatalf("the page does not give the alias to both resources:\n%s", rescue)
	}
	w.write("main.tf", variablesOfTheRescue+strings.Replace(rescue, alias, "", 1))
	if passed, output := w.try(apply...); passed || !strings.Contains(output, "Not permitted to read member API access switch") {
		t.Errorf("the alias on the switch alone: passed: %t\n%s", passed, output)
	}

	w.write("main.tf", variablesOfTheRescue+rescue)
	if passed, output := w.try("apply", "-auto-approve"); passed || !strings.Contains(output, "api_access_disabled") {
		t.Errorf("what else acts on the account is not refused: passed: %t\n%s", passed, output)
	}
	w.run(apply[0], apply[1:]...)
	if own, account := env.MemberSwitch("acme/super"), env.AccountSwitch("acme"); own == nil || !*own || account == nil || *account {
		t.Errorf("after the rescue: own override %v, account %v", own, account)
	}
	w.run("plan", "-detailed-exitcode")

	// Without the alias everything is as it was before.
	w.write("main.tf", variablesOfTheRescue+strings.ReplaceAll(configurationBlocks(text)[0], "operator@example.com", "super@example.com"))
	w.run("plan", "-detailed-exitcode")
}
