// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest_test

import (
	"archive/zip"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"filippo.io/age"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest/leak"
)

// everyLog turns on all that Terraform and the plugin SDK log. TF_LOG_SDK_PROTO_DATA_DIR is not among them:
// it writes whole messages to files, secrets included, which is what it is for.
var everyLog = []string{
	"TF_LOG=TRACE", "TF_LOG_CORE=TRACE", "TF_LOG_PROVIDER=TRACE", "TF_LOG_PROVIDER_ACCESSCONTROL=TRACE",
	"TF_LOG_SDK=TRACE", "TF_LOG_SDK_PROTO=TRACE", "TF_LOG_SDK_FRAMEWORK=TRACE",
}

const leakVariables = `
variable "generation" {
  type    = string
  default = "1"
}

variable "lose" {
  type    = bool
  default = false
}

data "accesscontrol_zone" "main" {
  name = "example.com"
}

locals {
  policies = { read = { permission_groups = ["DNS Read"], resources = { zones = [data.accesscontrol_zone.main.zone_id] } } }
}
`

const leakConfig = leakVariables + `
resource "accesscontrol_api_token" "state" {
  name            = "in state"
  rotate_triggers = { generation = var.generation }
  policies        = local.policies
}

resource "accesscontrol_api_token" "encrypted" {
  name            = "encrypted"
  secret_storage  = "encrypted"
  recipients      = [%q]
  rotate_triggers = { generation = var.generation }
  policies        = local.policies
}

resource "accesscontrol_api_token" "nowhere" {
  name            = "nowhere"
  secret_storage  = "none"
  rotate_triggers = { generation = var.generation }
  policies        = local.policies
}

resource "accesscontrol_api_token" "lost" {
  count          = var.lose ? 1 : 0
  name           = "lost"
  secret_storage = "none"
  policies       = local.policies
}

output "state" {
  value     = accesscontrol_api_token.state.value
  sensitive = true
}

output "encrypted" {
  value = accesscontrol_api_token.encrypted.encrypted_value
}
`

// leakRun is a workspace that keeps all that its commands print, and logs everything.
type leakRun struct {
	*workspace
	env        *acctest.Env
	issuer     *issuer
	credential string
	commands   int
}

// newLeakRun initialises a configuration with every log on.
func newLeakRun(t *testing.T, tool cli.Tool, config string, opts ...mocktest.Option) *leakRun {
	t.Helper()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	env := acctest.New(t, opts...)
	file := filepath.Join(t.TempDir(), "main.tf")
	if err := os.WriteFile(file, []byte(config), 0o600); err != nil {
		t.Fatal(err)
	}
	run := &leakRun{
		env:       env,
		workspace: prepare(t, tool, installProvider(t, root), env.Server, []string{file}),
		issuer:    newIssuer(t, env.Server), credential: env.Server.CredentialOf(mocktest.UserToken, acctest.Terraform).Value,
	}
	run.environment = append(run.environment, everyLog...)
	run.environment = append(run.environment,
		"TF_LOG_PATH="+filepath.Join(run.directory, "trace.log"),
		"ACCESSCONTROL_BASE_URL="+run.issuer.baseURL, "ACCESSCONTROL_MAX_RETRIES=0")
	return run
}

// command runs the CLI and keeps what it prints, in one file for each of the two streams, named if a name is
// given.
func (r *leakRun) command(succeeds bool, output string, arguments ...string) {
	r.t.Helper()
	r.commands++
	if output == "" {
		output = fmt.Sprintf("output-%d.txt", r.commands)
	}
	process := exec.CommandContext(r.t.Context(), r.tool.Path, append(arguments[:1:1], append([]string{"-no-color"}, arguments[1:]...)...)...)
	process.Dir, process.Env = r.directory, r.environment
	var stdout, stderr strings.Builder
	process.Stdout, process.Stderr = &stdout, &stderr
	err := process.Run()
	r.write(output, stdout.String())
	r.write(fmt.Sprintf("errors-%d.txt", r.commands), stderr.String())
	if (err == nil) != succeeds {
		r.t.Fatalf("%s: %v\n%s", strings.Join(arguments, " "), err, stderr.String())
	}
}

// leaks are the findings in the workspace that are not where they may be.
func (r *leakRun) leaks(may func(leak.Finding) bool) []string {
	r.t.Helper()
	findings, err := leak.Tree(r.directory, r.issuer.secrets(r.credential))
	if err != nil {
		r.t.Fatal(err)
	}
	var found []string
	for _, finding := range findings {
		if !may(finding) {
			found = append(found, finding.String())
		}
	}
	return found
}

// logged expects that the logs are there at all, the plugin's own among them: an empty file holds no secret.
func (r *leakRun) logged() {
	r.t.Helper()
	text, err := os.ReadFile(filepath.Join(r.directory, "trace.log"))
	if err != nil {
		r.t.Fatal(err)
	}
	for _, line := range []string{"[TRACE]", "terraform-provider-accesscontrol", "sdk.framework", "sdk.proto", "/user/tokens"} {
		if !strings.Contains(string(text), line) {
			r.t.Errorf("trace.log has %d bytes and says nothing of %s", len(text), line)
		}
	}
}

// plantAll puts the secret into one file for each form, half of them archives, and expects the search to find
// each. It is what says that an empty result means something.
func (r *leakRun) plantAll(secret leak.Secret, may func(leak.Finding) bool) {
	r.t.Helper()
	var planted []leak.Finding
	for i, form := range leak.Forms() {
		text := "2030-01-01T00:00:00Z [TRACE] provider: " + leak.Write(form, secret.Value) + "\n"
		name := fmt.Sprintf("planted-%d.log", i)
		place := name
		if i%2 == 1 {
			name, place = fmt.Sprintf("planted-%d.tfplan", i), fmt.Sprintf("planted-%d.tfplan!tfplan", i)
			text = archive(r.t, text)
		}
		r.write(name, text)
		planted = append(planted, leak.Finding{Secret: secret.Name, File: place, Form: form})
	}
	found := r.leaks(may)
	for _, want := range planted {
		if !slices.Contains(found, want.String()) {
			r.t.Errorf("a leak that was planted is not found: %s", want)
		}
	}
}

func archive(t *testing.T, content string) string {
	t.Helper()
	var b strings.Builder
	writer := zip.NewWriter(&b)
	entry, err := writer.Create("tfplan")
	if err == nil {
		_, err = io.WriteString(entry, content)
	}
	if err == nil {
		err = writer.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// With every log at TRACE, secrets are where secret_storage says, and nowhere else: through creation, plans
// that are saved, rotation, a reply that breaks off behind the secret, failures, and the end.
func TestAccLeak_storage(t *testing.T) {
	t.Parallel()
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	run := newLeakRun(t, acctest.NeedsCLI(t), fmt.Sprintf(leakConfig, key.Recipient()))

	run.command(true, "", "plan", "-out=create.tfplan")
	run.command(true, "", "apply", "create.tfplan")
	run.command(true, "", "plan", "-detailed-exitcode")
	run.command(true, "", "plan", "-out=rotate.tfplan", "-var", "generation=2")
	run.command(true, "plan.json", "show", "-json", "rotate.tfplan")
	run.command(true, "", "show", "rotate.tfplan")
	run.command(true, "", "apply", "rotate.tfplan")
	run.command(true, "state.json", "show", "-json")
	run.command(true, "", "show")
	run.command(true, "", "output")

	run.issuer.mu.Lock()
	run.issuer.cut = true
	run.issuer.mu.Unlock()
	run.command(true, "", "apply", "-auto-approve", "-var", "generation=2", "-var", "lose=true")

	// The roll of a secret fails, twice each and for good; then the refresh does.
	run.issuer.server.Fault(mocktest.Fault{Method: http.MethodPut, Path: "/user/tokens/*/value", Times: 6, DropAfter: true})
	run.command(false, "", "apply", "-auto-approve", "-var", "generation=3", "-var", "lose=true")
	refusal := run.issuer.server.Fault(mocktest.Fault{Method: http.MethodGet, Path: "/user/tokens/**", Status: http.StatusForbidden})
	run.command(false, "", "plan")
	refusal.Remove()
	run.command(true, "", "apply", "-auto-approve", "-var", "generation=4", "-var", "lose=true")

	mayHold := []string{"terraform.tfstate", "terraform.tfstate.backup", "state.json", "plan.json", "create.tfplan!", "rotate.tfplan!"}
	may := func(f leak.Finding) bool {
		return strings.HasPrefix(f.Secret, "in state, ") &&
			slices.ContainsFunc(mayHold, func(name string) bool {
				return f.File == name || strings.HasSuffix(name, "!") && strings.HasPrefix(f.File, name)
			})
	}
	for _, found := range run.leaks(may) {
		t.Error("leaked:", found)
	}

	run.logged()

	// Where a secret is kept, it is found: the current one in state, the one before in the plan that replaced it.
	everything := run.leaks(func(leak.Finding) bool { return false })
	latest := 0
	for _, secret := range run.issuer.secrets(run.credential) {
		if strings.HasPrefix(secret.Name, "in state, ") {
			latest++
		}
	}
	for _, want := range []leak.Finding{
		{Secret: fmt.Sprintf("in state, secret %d", latest), File: "terraform.tfstate", Form: "plain text"},
		{Secret: "in state, secret 1", File: "rotate.tfplan!tfstate", Form: "plain text"},
		{Secret: "in state, secret 1", File: "plan.json", Form: "plain text"},
		{Secret: "in state, secret 2", File: "state.json", Form: "plain text"},
	} {
		if !slices.Contains(everything, want.String()) {
			t.Errorf("not found, though it must be there: %s", want)
		}
	}
	for _, name := range []string{"encrypted, secret 2", "nowhere, secret 2", "lost, secret 2"} {
		run.issuer.secret(name)
	}
	run.plantAll(run.issuer.secret("nowhere, secret 1"), may)

	run.command(true, "", "destroy", "-auto-approve", "-var", "generation=4", "-var", "lose=true")
}

const leakEphemeral = leakVariables + `
ephemeral "accesscontrol_api_token" "run" {
  name     = "ephemeral"
  ttl      = "5m"
  policies = { read = { permission_groups = ["Zone Read"], resources = { zones = [data.accesscontrol_zone.main.zone_id] } } }
}

provider "accesscontrol" {
  alias     = "run"
  api_token = ephemeral.accesscontrol_api_token.run.value
}

# Read with the ephemeral token, in the plan and, since the input is not known before, in the apply.
data "accesscontrol_zone" "seen" {
  provider = accesscontrol.run
  name     = terraform_data.name.output
}

resource "terraform_data" "name" {
  input            = "example.com"
  triggers_replace = var.generation
}
`

// The secrets of ephemeral tokens, those of plans and those of applies, are nowhere at all.
func TestAccLeak_ephemeral(t *testing.T) {
	t.Parallel()
	run := newLeakRun(t, acctest.Needs(t, acctest.Ephemeral), leakEphemeral)
	run.command(true, "", "plan", "-out=create.tfplan")
	run.command(true, "plan.json", "show", "-json", "create.tfplan")
	run.command(true, "", "apply", "create.tfplan")
	run.command(true, "state.json", "show", "-json")
	run.issuer.server.Fault(mocktest.Fault{Method: http.MethodDelete, Path: "/user/tokens/*", Times: 1, Status: http.StatusForbidden})
	run.command(true, "", "plan", "-var", "generation=2")
	none := func(leak.Finding) bool { return false }
	for _, found := range run.leaks(none) {
		t.Error("leaked:", found)
	}
	run.logged()
	run.plantAll(run.issuer.secret("ephemeral, secret 2"), none)
}
