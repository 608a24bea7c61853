// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/google/go-cmp/cmp"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/leak"
)

// rollConfig is a token whose secret nobody holds until the action hands it out: when the token is made, when
// it is changed, and whenever somebody asks for it.
const rollConfig = leakVariables + `
resource "accesscontrol_api_token" "handed_out" {
  name           = "handed out, ${var.generation}"
  secret_storage = "none"
  policies       = local.policies

  lifecycle {
    action_trigger {
      events  = [after_create, after_update]
      actions = [action.accesscontrol_api_token_roll.hand_out]
    }
  }
}

action "accesscontrol_api_token_roll" "hand_out" {
  config {
    id         = accesscontrol_api_token.handed_out.id
    recipients = [%q]
  }
}

output "id" {
  value = accesscontrol_api_token.handed_out.id
}
`

// TestAccActions_roll hands out secrets by a trigger and by -invoke, and finds each in the age text alone. The
// secret before it is refused at once, and no plan has anything to do afterwards.
func TestAccActions_roll(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Actions)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	run := newLeakRun(t, tool, fmt.Sprintf(rollConfig, key.Recipient()))
	run.environment = append(run.environment, "ACCESSCONTROL_MAX_RETRIES=3")

	create := map[string]int{"POST /user/tokens": 1, "PUT /user/tokens/{token_id}/value": 1}
	roll := map[string]int{"PUT /user/tokens/{token_id}/value": 1}
	var secrets []string
	for i, step := range []struct {
		name      string
		arguments []string
		writes    map[string]int
	}{
		{"triggered by the create", []string{"apply", "-auto-approve"}, create},
		{"invoked", []string{"apply", "-auto-approve", "-invoke=action.accesscontrol_api_token_roll.hand_out"}, roll},
		{"triggered by an update", []string{"apply", "-auto-approve", "-var", "generation=2"}, map[string]int{
			"PUT /user/tokens/{token_id}": 1, "PUT /user/tokens/{token_id}/value": 1,
		}},
		{"planned, shown and applied", nil, roll},
	} {
		output := fmt.Sprintf("roll-%d.txt", i)
		run.env.Fresh()
		if step.arguments == nil {
			run.command(true, "", "plan", "-out=roll.tfplan", "-var", "generation=2", "-invoke=action.accesscontrol_api_token_roll.hand_out")
			run.command(true, "roll-plan.json", "show", "-json", "roll.tfplan")
			run.command(true, output, "apply", "roll.tfplan")
		} else {
			run.command(true, output, step.arguments...)
		}
		if diff := cmp.Diff(step.writes, run.writes()); diff != "" {
			t.Errorf("%s: writes (-want +got):\n%s", step.name, diff)
		}
		secrets = append(secrets, run.opened(output, key))
		for j, secret := range secrets {
			if works := accepted(t, run.issuer.server, secret); works != (j == i) {
				t.Errorf("%s: secret %d works: %t", step.name, j+1, works)
			}
		}
	}
	if !strings.Contains(run.file("roll-plan.json"), `"action_invocations"`) {
		t.Error("the plan does not list the action")
	}
	run.command(true, "", "plan", "-detailed-exitcode", "-var", "generation=2")
	run.command(true, "state.json", "show", "-json")

	// The first secret of each token was that of its create.
	if issued := run.issuer.secrets(run.credential)[1:]; len(issued) != len(secrets)+1 || accepted(t, run.issuer.server, issued[0].Value) {
		t.Errorf("%d secrets were issued, want %d; or the first of them works", len(issued), len(secrets)+1)
	}
	none := func(leak.Finding) bool { return false }
	for _, found := range run.leaks(none) {
		t.Error("leaked:", found)
	}
	run.logged()
	run.plantAll(run.issuer.secret("handed out, 1, secret 2"), none)
}

// TestAccActions_rollFails lets the roll of a trigger fail: the apply says so, the token stays as it was made,
// and -invoke makes up for it.
func TestAccActions_rollFails(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Actions)
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	run := newLeakRun(t, tool, fmt.Sprintf(rollConfig, key.Recipient()))
	lost := run.issuer.server.Fault(mocktest.Fault{Method: http.MethodPut, Path: "/user/tokens/*/value", DropAfter: true})
	run.command(false, "", "apply", "-auto-approve")
	lost.Remove()
	if says := run.file("errors-1.txt"); !strings.Contains(says, "may be lost") {
		t.Errorf("the apply says:\n%s", says)
	}
	run.command(true, "", "plan", "-detailed-exitcode")
	run.command(true, "roll.txt", "apply", "-auto-approve", "-invoke=action.accesscontrol_api_token_roll.hand_out")
	if !accepted(t, run.issuer.server, run.opened("roll.txt", key)) {
		t.Error("the secret that was handed out does not work")
	}
	if made := run.issuer.server.Count(http.MethodPost, "/user/tokens"); made != 1 {
		t.Errorf("%d tokens were made, want 1", made)
	}
	for _, found := range run.leaks(func(leak.Finding) bool { return false }) {
		t.Error("leaked:", found)
	}
}

// revokeConfig revokes tokens that are not managed when they are named, and one that is when an incident is
// declared.
const revokeConfig = leakVariables + `
variable "of_user" {
  type = string
}

variable "of_account" {
  type = string
}

variable "incidents" {
  type    = number
  default = 0
}

data "accesscontrol_account" "acme" {
  name = "Acme"
}

resource "accesscontrol_api_token" "managed" {
  name           = "managed"
  secret_storage = "none"
  policies       = local.policies
}

resource "terraform_data" "incident" {
  count = var.incidents

  lifecycle {
    action_trigger {
      events  = [after_create]
      actions = [action.accesscontrol_api_token_revoke.managed]
    }
  }
}

action "accesscontrol_api_token_revoke" "managed" {
  config {
    id = accesscontrol_api_token.managed.id
  }
}

action "accesscontrol_api_token_revoke" "of_user" {
  config {
    id = var.of_user
  }
}

action "accesscontrol_api_token_revoke" "of_account" {
  config {
    account_id = data.accesscontrol_account.acme.account_id
    id         = var.of_account
  }
}
`

// TestAccActions_revoke revokes tokens of a user and of an account, twice each, of which the second time says that
// there was nothing to do; and a managed one by a trigger, which the apply after it makes anew.
func TestAccActions_revoke(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Actions)
	run := newLeakRun(t, tool, revokeConfig)
	user, userSecret := run.issue("/user/tokens", "of the user")
	account, accountSecret := run.issue("/accounts/"+run.env.ID("acme")+"/tokens", "of the account")
	run.environment = append(run.environment, "TF_VAR_of_user="+user, "TF_VAR_of_account="+account)
	run.command(true, "", "apply", "-auto-approve")
	managed := run.issuer.secret("managed, secret 1").Value

	zone := "/zones/" + run.env.ID("example.com")
	for name, revoked := range map[string]struct{ id, path, secret string }{
		"of_user":    {user, "/user/tokens/" + user, userSecret},
		"of_account": {account, "/accounts/" + run.env.ID("acme") + "/tokens/" + account, accountSecret},
	} {
		if status := run.status(revoked.secret, zone); status != http.StatusOK {
			t.Fatalf("%s: %d before it is revoked", name, status)
		}
		for _, want := range []string{"API token " + revoked.id + " is revoked.", "No API token to revoke"} {
			run.command(true, name+".txt", "apply", "-auto-approve", "-invoke=action.accesscontrol_api_token_revoke."+name)
			if says := run.file(name + ".txt"); !strings.Contains(says, want) {
				t.Errorf("%s: the apply says:\n%s\nwant %s", name, says, want)
			}
			if status := run.status(revoked.secret, zone); status != http.StatusForbidden {
				t.Errorf("%s: %d after it was revoked", name, status)
			}
		}
		if status, _ := run.issuer.server.Do("super", http.MethodGet, revoked.path, nil); status != http.StatusNotFound {
			t.Errorf("%s: the token is read with %d", name, status)
		}
	}
	if !accepted(t, run.issuer.server, managed) {
		t.Fatal("the managed token was touched")
	}

	run.env.Fresh()
	run.command(true, "", "apply", "-auto-approve", "-var", "incidents=1")
	if diff := cmp.Diff(map[string]int{"DELETE /user/tokens/{token_id}": 1}, run.writes()); diff != "" {
		t.Errorf("writes of the incident (-want +got):\n%s", diff)
	}
	if accepted(t, run.issuer.server, managed) {
		t.Error("the managed token works after it was revoked")
	}
	run.env.Fresh()
	run.command(true, "", "apply", "-auto-approve", "-var", "incidents=1")
	if diff := cmp.Diff(map[string]int{"POST /user/tokens": 1}, run.writes()); diff != "" {
		t.Errorf("writes of the apply after it (-want +got):\n%s", diff)
	}
	if !accepted(t, run.issuer.server, run.issuer.secret("managed, secret 2").Value) {
		t.Error("the token that was made anew does not work")
	}
	run.command(true, "", "plan", "-detailed-exitcode", "-var", "incidents=1")
	for _, found := range run.leaks(func(leak.Finding) bool { return false }) {
		t.Error("leaked:", found)
	}
}

const ownConfig = `
variable "own" {
  type = string
}

variable "recipients" {
  type    = set(string)
  default = ["age1egd52xh8vl0w7f0erkkvja3w9ryckedt2dwghpk6tlr8t089kadqcatf7h"]
}

variable "allow" {
  type    = bool
  default = null
}

action "accesscontrol_api_token_revoke" "own" {
  config {
    id                 = var.own
    allow_self_lockout = var.allow
  }
}

action "accesscontrol_api_token_roll" "own" {
  config {
    id                 = var.own
    recipients         = var.recipients
    allow_self_lockout = var.allow
  }
}
`

// TestAccActions_refused: neither action ends the token that Terraform runs with unasked, and a roll for nobody
// is no roll. What is refused sends nothing that could change something.
func TestAccActions_refused(t *testing.T) {
	t.Parallel()
	tool := acctest.Needs(t, acctest.Actions)
	run := newLeakRun(t, tool, ownConfig)
	run.environment = append(run.environment, "TF_VAR_own="+run.env.ID(acctest.Terraform))
	for _, refused := range []struct {
		action, says string
		arguments    []string
	}{
		{"revoke", "lock", nil},
		{"roll", "lock", nil},
		{"roll", "No recipients to encrypt to", []string{"-var", "recipients=[]"}},
		{"revoke", "Invalid token id", []string{"-var", "own=mine"}},
	} {
		arguments := append([]string{"apply", "-auto-approve", "-invoke=action.accesscontrol_api_token_" + refused.action + ".own"}, refused.arguments...)
		if passed, output := run.try(arguments...); passed || !strings.Contains(output, refused.says) {
			t.Errorf("%s: passed: %t, want one that says %q\n%s", strings.Join(arguments, " "), passed, refused.says, output)
		}
	}
	if diff := cmp.Diff(map[string]int{}, run.writes()); diff != "" {
		t.Errorf("writes (-want +got):\n%s", diff)
	}
	run.command(true, "", "apply", "-auto-approve", "-invoke=action.accesscontrol_api_token_revoke.own", "-var", "allow=true")
	if accepted(t, run.issuer.server, run.credential) {
		t.Error("the token works after its revocation was allowed")
	}
}

// writes counts the requests by method and route since the journal was reset, of those that could change
// something.
func (r *leakRun) writes() map[string]int {
	counts := map[string]int{}
	for _, entry := range r.issuer.server.Journal(mocktest.Writes) {
		counts[entry.Method+" "+entry.Route]++
	}
	return counts
}

// file is the content of a file of the workspace.
func (r *leakRun) file(name string) string {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.directory, name))
	if err != nil {
		r.t.Fatal(err)
	}
	return string(text)
}

// opened decrypts the age text in the output of a run.
func (r *leakRun) opened(output string, key age.Identity) string {
	r.t.Helper()
	const begin, end = "-----BEGIN AGE ENCRYPTED FILE-----", "-----END AGE ENCRYPTED FILE-----"
	_, text, found := strings.Cut(r.file(output), begin)
	text, _, ended := strings.Cut(text, end)
	if !found || !ended {
		r.t.Fatalf("%s holds no age text:\n%s", output, r.file(output))
	}
	plain, err := age.Decrypt(armor.NewReader(strings.NewReader(begin+text+end)), key)
	if err != nil {
		r.t.Fatal(err)
	}
	secret, err := io.ReadAll(plain)
	if err != nil {
		r.t.Fatal(err)
	}
	return string(secret)
}

// issue makes a token outside Terraform, notes its secret, and returns it with the id.
func (r *leakRun) issue(path, name string) (id, secret string) {
	r.t.Helper()
	id, secret = newToken(r.t, r.env, path, name)
	r.issuer.mu.Lock()
	defer r.issuer.mu.Unlock()
	r.issuer.names[id] = name
	r.issuer.note(name, secret)
	return id, secret
}

// status is what the server answers to a GET with the secret.
func (r *leakRun) status(secret, path string) int {
	r.t.Helper()
	request := r.issuer.server.Request("", http.MethodGet, path, nil)
	request.Header.Set("Authorization", "Bearer "+secret)
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		r.t.Fatal(err)
	}
	_ = response.Body.Close()
	return response.StatusCode
}
