// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package complaints_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/internal/cli"
)

// complaint is a class of reports.
type complaint struct {
	// class is what people report.
	class string
	// test is the one named after it, in this package; closer are others, as package.Test.
	test   string
	closer []string
}

// complaints lists every class, in the order in which they were collected.
var complaints = []complaint{
	{"endless differences in the order of policies and permission groups", "TestAccComplaint_order", []string{"apitoken.TestAccAPIToken_respelled", "policyset.TestPair_KeepsKeyAndSpelling"}},
	{"large policies are slow to plan", "TestAccComplaint_largePolicies", []string{"apitoken.TestAPIToken_thousand", "acctest.TestAccFleet"}},
	{"value becomes null or unknown after update, refresh or import", "TestAccComplaint_valueLost", []string{"apitoken.TestAccAPIToken_update", "apitoken.TestAccAPIToken_secretImported"}},
	{"import is missing or of no use", "TestAccComplaint_import", []string{"apitoken.TestAccAPIToken_importBlock", "acctest.TestAccGeneratedConfiguration"}},
	{"the secret lies in state", "TestAccComplaint_secretInState", []string{"acctest.TestAccLeak_storage", "acctest.TestAccLeak_ephemeral", "apitoken.TestAccAPIToken_secretEncrypted"}},
	{"condition: inconsistent results, removal that does nothing, empty blocks", "TestAccComplaint_condition", []string{"apitoken.TestCompileCondition", "apitoken.TestAccAPIToken_everyAttribute"}},
	{"resources are JSON in a string", "TestAccComplaint_resourcesAsText", []string{"policyset.TestCompile_WireForm", "policyset.TestCompile_Problems"}},
	{"zones of an account-owned token fail at apply", "TestAccComplaint_accountOwnedZones", []string{"apitoken.TestAccAPIToken_enforcedAccountOwned"}},
	{"names of groups: twice, renamed, other than documented", "TestAccComplaint_groupNames", []string{"permissiongroup.TestAccPermissionGroup_unknownName"}},
	{"permission groups and IAM groups are mixed up", "TestAccComplaint_otherGroups", []string{"apitoken.TestAccAPIToken_groupNotEmbedded"}},
	{"the creator lacks the permission; limits of sub-tokens", "TestAccComplaint_creatorLacksPermission", []string{"apitoken.TestAccAPIToken_refusedByAPI", "tfkit.TestGolden_everyRemedyIsSeen"}},
	{"the message about a missing group id is cryptic", "TestAccComplaint_missingGroup", []string{"apitoken.TestAccAPIToken_invalid"}},
	{"a read-only token fails with a bare 403", "TestAccComplaint_bareRefusal", []string{"tfkit.TestServer_missingGrantAsHCL", "tfkit.TestAPIError_fromTheWire"}},
	{"an expired or revoked token counts as alive", "TestAccComplaint_deadToken", []string{"apitoken.TestAccAPIToken_revoked", "apitoken.TestAccAPIToken_expired"}},
	{"times are ignored or come back in another form", "TestAccComplaint_times", []string{"apitoken.TestTimestamp_SameInstant"}},
	{"modified_on and last_used_on drift", "TestAccComplaint_computedTimes", []string{"apitoken.TestAccAPIToken_dataSources"}},
	{"the status of members drifts", "TestAccComplaint_memberStatus", []string{"memberapiaccess.TestAccMemberAPIAccess_pendingMember"}},
	{"roles and policies of members are lost or confused", "TestAccComplaint_memberRoles", []string{"client.TestClient_SetMemberAPIAccess"}},
	{"members cannot be imported", "TestAccComplaint_memberImport", []string{"memberapiaccess.TestAccMemberAPIAccess_names", "memberapiaccess.TestAccMemberAPIAccess_identity"}},
	{"only one kind of credential works", "TestAccComplaint_credentials", []string{"accountapiaccess.TestAccAccountAPIAccess_globalKey", "client.TestNew_credential"}},
	{"names of zones and records drift", "TestAccComplaint_recordNames", []string{"policyset.TestCompile_Problems", "zone.TestAccZone_byNameAndByID"}},
	{"an invalid credential gives a cryptic message", "TestAccComplaint_invalidCredential", []string{"tfkit.TestAPIError_golden"}},
	{"429 ends the run", "TestAccComplaint_rateLimit", []string{"client.TestClient_publishedRateLimit", "acctest.TestAccFleet"}},
	{"account-owned credentials fail where the user is asked for", "TestAccComplaint_accountCredential", []string{"lockout.TestGuard_tokenOfAnotherAccount"}},
}

// Every class has its test, every test of this package its class, and what the table points to exists.
func TestTable(t *testing.T) {
	t.Parallel()
	root, err := cli.Root()
	if err != nil {
		t.Fatal(err)
	}
	exists, ours := testsBelow(t, os.DirFS(root))
	for _, c := range complaints {
		if _, ok := ours[c.test]; !ok {
			t.Errorf("%s: there is no test %s", c.class, c.test)
		}
		delete(ours, c.test)
		for _, name := range c.closer {
			if !exists[name] {
				t.Errorf("%s: there is no test %s", c.class, name)
			}
		}
	}
	for name := range ours {
		t.Errorf("%s belongs to no class", name)
	}
}

// testsBelow lists the tests of the provider as package.Test, and those of this package.
func testsBelow(t *testing.T, root fs.FS) (all map[string]bool, ours map[string]struct{}) {
	t.Helper()
	all, ours = map[string]bool{}, map[string]struct{}{}
	err := fs.WalkDir(root, "provider", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(name, "_test.go") {
			return err
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(token.NewFileSet(), name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		for _, declaration := range file.Decls {
			function, ok := declaration.(*ast.FuncDecl)
			if !ok || function.Recv != nil || !strings.HasPrefix(function.Name.Name, "Test") {
				continue
			}
			all[path.Base(path.Dir(name))+"."+function.Name.Name] = true
			if strings.HasPrefix(function.Name.Name, "TestAccComplaint_") {
				ours[function.Name.Name] = struct{}{}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return all, ours
}
