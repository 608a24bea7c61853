// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// topLevel are the attributes of a token that a configuration can set.
var topLevel = []string{
	"account_id", "name", "policies", "condition", "not_before", "expires_on", "status", "allow_self_lockout",
	"secret_storage", "recipients", "rotate_triggers",
}

// typedVariable is a variable in which the configuration language itself gives every token its type: whatever is left
// out becomes null and every list a set.
const typedVariable = `
variable "typed" {
  type = map(object({
    account_id         = optional(string)
    name               = string
    not_before         = optional(string)
    expires_on         = optional(string)
    status             = optional(string)
    allow_self_lockout = optional(bool)
    secret_storage     = optional(string)
    recipients         = optional(set(string))
    rotate_triggers    = optional(map(string))
    condition = optional(object({
      request_ip = object({
        in     = optional(set(string))
        not_in = optional(set(string))
      })
    }))
    policies = map(object({
      effect            = optional(string)
      permission_groups = set(string)
      resources = object({
        zones                 = optional(set(string))
        accounts              = optional(set(string))
        all_zones_of_accounts = optional(set(string))
        all_zones             = optional(bool)
        all_accounts          = optional(bool)
        user                  = optional(bool)
        r2_buckets            = optional(set(string))
        dns_records           = optional(set(object({ zone_id = string, type = string, name = string })))
        other                 = optional(set(object({ within = optional(string), key = string })))
      })
    }))
  }))
}
`

// The ways in which the values of a token reach the provider. Tokens of a way are instances of one resource, which has
// its name, but for those that are written out as resources of their own.
const (
	wayLiteral  = "literal"  // a resource of its own
	wayLocal    = "local"    // for_each over an object
	wayDecoded  = "decoded"  // for_each over what jsondecode reads
	wayTyped    = "typed"    // for_each over a variable with a type
	wayComputed = "computed" // the output of another resource, which a plan that creates or changes both does not know
	wayMixed    = "mixed"    // the same, but of the resources in its policies alone
)

var ways = []string{wayLiteral, wayLocal, wayDecoded, wayTyped, wayComputed, wayMixed}

// configuration is a whole configuration: its files by name, and its tokens by their addresses.
type configuration struct {
	files  map[string]string
	tokens map[string]token
}

// configuration draws that many tokens and writes them.
func (g *generator) configuration(t *testing.T, count int) ([]token, configuration) {
	t.Helper()
	tokens := make([]token, count)
	for i := range tokens {
		tokens[i] = g.token()
	}
	return tokens, g.write(t, tokens)
}

// write writes tokens as a configuration. Tokens in one place of the list have one address in every configuration.
func (g *generator) write(t *testing.T, tokens []token) configuration {
	t.Helper()
	c := configuration{files: map[string]string{}, tokens: map[string]token{}}
	byWay := map[string]map[string]any{}
	var text strings.Builder
	for i, drawn := range tokens {
		way, key := ways[i%len(ways)], fmt.Sprintf("t%d", i)
		g.hit("way %s", way)
		if way == wayLiteral {
			c.tokens[tokenType+"."+key] = drawn
			fmt.Fprintf(&text, "\nresource %q %q {\n%s}\n", tokenType, key, g.arguments(drawn.attributes))
			continue
		}
		if byWay[way] == nil {
			byWay[way] = map[string]any{}
		}
		byWay[way][key] = map[string]any(drawn.attributes)
		c.tokens[fmt.Sprintf("%s.%s[%q]", tokenType, way, key)] = drawn
	}
	for _, way := range sortedKeys(byWay) {
		over, values := "local."+way, map[string]string{}
		for _, name := range topLevel {
			values[name] = "try(each.value." + name + ", null)"
		}
		tokens := byWay[way]
		switch way {
		case wayDecoded:
			c.files["decoded.json"] = asJSON(t, tokens)
			fmt.Fprintf(&text, "\nlocals {\n  %s = jsondecode(file(\"${path.module}/decoded.json\"))\n}\n", way)
		case wayTyped:
			c.files["terraform.tfvars.json"] = asJSON(t, map[string]any{way: tokens})
			text.WriteString(typedVariable)
			over = "var." + way
		default:
			fmt.Fprintf(&text, "\nlocals {\n  %s = %s\n}\n", way, g.objectOfTokens(tokens))
		}
		switch way {
		case wayComputed:
			fmt.Fprintf(&text, "\nresource \"terraform_data\" %q {\n  for_each = %s\n  input = each.value\n}\n", way, over)
			for _, name := range topLevel {
				values[name] = "try(terraform_data." + way + "[each.key].output." + name + ", null)"
			}
			// An owner that a plan does not know may be another one, so the plan would replace the token: it comes from
			// what never changes.
			fmt.Fprintf(&text, "\nresource \"terraform_data\" \"owner\" {\n  for_each = %s\n  input = { id = try(each.value.account_id, null) }\n}\n", over)
			values["account_id"] = "terraform_data.owner[each.key].output.id"
		case wayMixed:
			fmt.Fprintf(&text, "\nresource \"terraform_data\" %q {\n  for_each = %s\n  input = each.value\n}\n", way, over)
			values["policies"] = `{
    for key, policy in each.value.policies : key => {
      effect            = try(policy.effect, null)
      permission_groups = policy.permission_groups
      resources         = terraform_data.` + way + `[each.key].output.policies[key].resources
    }
  }`
		}
		fmt.Fprintf(&text, "\nresource %q %q {\n  for_each = %s\n", tokenType, way, over)
		for _, name := range topLevel {
			fmt.Fprintf(&text, "  %s = %s\n", name, values[name])
		}
		text.WriteString("}\n")
		fmt.Fprintf(&text, "\noutput %q {\n  value = { for key, token in %s.%s : key => [token.id, token.grants, token.policies, token.condition, token.modified_on] }\n}\n", way, tokenType, way)
	}
	c.files["main.tf"] = requiredProviders + text.String()
	return c
}

const requiredProviders = `terraform {
  required_providers {
    accesscontrol = {
      source = "accesscontrol/accesscontrol"
    }
  }
}
`

// arguments writes the attributes of a resource in any order.
func (g *generator) arguments(attributes acctest.Attributes) string {
	var b strings.Builder
	names := sortedKeys(attributes)
	for _, i := range g.Perm(len(names)) {
		fmt.Fprintf(&b, "  %s = %s\n", names[i], g.expression(attributes[names[i]]))
	}
	return b.String()
}

// objectOfTokens writes tokens as an object, whose keys no merge may hide from for_each.
func (g *generator) objectOfTokens(tokens map[string]any) string {
	var b strings.Builder
	b.WriteString("{\n")
	for _, key := range sortedKeys(tokens) {
		fmt.Fprintf(&b, "%s = %s\n", key, g.expression(tokens[key]))
	}
	b.WriteString("}")
	return b.String()
}

func asJSON(t *testing.T, value any) string {
	t.Helper()
	text, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
