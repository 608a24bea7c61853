// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package acctest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	tfjson "github.com/hashicorp/terraform-json"
	"github.com/hashicorp/terraform-plugin-testing/plancheck"
	"github.com/hashicorp/terraform-plugin-testing/statecheck"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
)

// secretForm is what the secrets of tokens and keys look like that the server makes.
var secretForm = regexp.MustCompile(`cf(?:ut|at|k)_[A-Za-z0-9]{40}[0-9a-f]{8}`)

var (
	_ plancheck.PlanCheck   = secretCheck{}
	_ statecheck.StateCheck = secretCheck{}
)

// secretCheck looks for secrets in the open.
type secretCheck struct{ credential mocktest.Credential }

// ExpectSecretsHidden expects that no secret is in plan or state but under an attribute marked as
// sensitive, and that the credential Terraform runs with is not there at all.
func (e *Env) ExpectSecretsHidden() interface {
	plancheck.PlanCheck
	statecheck.StateCheck
} {
	e.t.Helper()
	return secretCheck{credential: e.Server.Credential(Terraform)}
}

// CheckPlan looks through every planned change.
func (c secretCheck) CheckPlan(_ context.Context, req plancheck.CheckPlanRequest, resp *plancheck.CheckPlanResponse) {
	var found []error
	for _, change := range req.Plan.ResourceChanges {
		found = append(found,
			c.look(change.Address, change.Change.Before, change.Change.BeforeSensitive),
			c.look(change.Address, change.Change.After, change.Change.AfterSensitive))
	}
	resp.Error = errors.Join(found...)
}

// CheckState looks through every resource of the root module and its children.
func (c secretCheck) CheckState(_ context.Context, req statecheck.CheckStateRequest, resp *statecheck.CheckStateResponse) {
	if req.State.Values == nil {
		return
	}
	resp.Error = c.module(req.State.Values.RootModule)
}

func (c secretCheck) module(module *tfjson.StateModule) error {
	if module == nil {
		return nil
	}
	var found []error
	for _, resource := range module.Resources {
		var sensitive any
		if len(resource.SensitiveValues) > 0 {
			if err := json.Unmarshal(resource.SensitiveValues, &sensitive); err != nil {
				return fmt.Errorf("%s: sensitive values: %w", resource.Address, err)
			}
		}
		found = append(found, c.look(resource.Address, resource.AttributeValues, sensitive))
	}
	for _, child := range module.ChildModules {
		found = append(found, c.module(child))
	}
	return errors.Join(found...)
}

// look walks a value along with the marks of its sensitive parts, which mirror its form. The errors
// never quote what was found.
func (c secretCheck) look(place string, value, sensitive any) error {
	hidden, _ := sensitive.(bool)
	switch value := value.(type) {
	case string:
		switch {
		case c.credential.Value != "" && strings.Contains(value, c.credential.Value):
			return fmt.Errorf("%s holds the credential that Terraform runs with", place)
		case !hidden && secretForm.MatchString(value):
			return fmt.Errorf("%s holds a secret and is not marked as sensitive", place)
		}
		return nil
	case map[string]any:
		marks, _ := sensitive.(map[string]any)
		var found []error
		for name, element := range value {
			mark := sensitive
			if !hidden {
				mark = marks[name]
			}
			found = append(found, c.look(place+"."+name, element, mark))
		}
		return errors.Join(found...)
	case []any:
		marks, _ := sensitive.([]any)
		var found []error
		for i, element := range value {
			mark := sensitive
			if !hidden {
				mark = nil
				if i < len(marks) {
					mark = marks[i]
				}
			}
			found = append(found, c.look(fmt.Sprintf("%s[%d]", place, i), element, mark))
		}
		return errors.Join(found...)
	default:
		return nil
	}
}
