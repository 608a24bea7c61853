// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package apitoken_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-go/tfprotov6"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/apitoken"
)

// called is a provider that is not configured, asked as the CLIs ask. What it says comes back in full.
type called struct {
	t      *testing.T
	server tfprotov6.ProviderServer
}

func (w *world) called() called {
	w.t.Helper()
	server, err := w.ProtoV6ProviderFactories["accesscontrol"]()
	if err != nil {
		w.t.Fatal(err)
	}
	return called{w.t, server}
}

func (c called) config(attributes map[string]any) *tfprotov6.DynamicValue {
	c.t.Helper()
	text, err := json.Marshal(attributes)
	if err != nil {
		c.t.Fatal(err)
	}
	return &tfprotov6.DynamicValue{JSON: text}
}

func (c called) dataSource(typeName string, attributes map[string]any) string {
	c.t.Helper()
	resp, err := c.server.ValidateDataResourceConfig(c.t.Context(), &tfprotov6.ValidateDataResourceConfigRequest{TypeName: typeName, Config: c.config(attributes)})
	if err != nil {
		c.t.Fatal(err)
	}
	return told(resp.Diagnostics)
}

// planned and invoked are what becomes of an action whose configuration comes from a variable: the validation does not
// know its value.
func (c called) planned(actionType string, attributes map[string]any) string {
	c.t.Helper()
	server, ok := c.server.(tfprotov6.ActionServer)
	if !ok {
		c.t.Fatal("the provider has no actions")
	}
	resp, err := server.PlanAction(c.t.Context(), &tfprotov6.PlanActionRequest{ActionType: actionType, Config: c.config(attributes)})
	if err != nil {
		c.t.Fatal(err)
	}
	return told(resp.Diagnostics)
}

func (c called) invoked(actionType string, attributes map[string]any) string {
	c.t.Helper()
	server, ok := c.server.(tfprotov6.ActionServer)
	if !ok {
		c.t.Fatal("the provider has no actions")
	}
	stream, err := server.InvokeAction(c.t.Context(), &tfprotov6.InvokeActionRequest{ActionType: actionType, Config: c.config(attributes)})
	if err != nil {
		c.t.Fatal(err)
	}
	var all []string
	for event := range stream.Events {
		switch event := event.Type.(type) {
		case tfprotov6.ProgressInvokeActionEventType:
			all = append(all, event.Message)
		case tfprotov6.CompletedInvokeActionEventType:
			all = append(all, told(event.Diagnostics))
		}
	}
	return strings.Join(all, "\n")
}

// pasted is what is said where the secret of a token stands in each place of an id, or of another short word.
func (w *world) pasted(secret, id string) map[string]string {
	w.t.Helper()
	provider, rpc, run, acme := w.called(), w.RPC(nil), w.Start(nil), w.ID("acme")
	said := map[string]string{
		"data source, id":         provider.dataSource(apitoken.TypeName, map[string]any{"id": secret}),
		"data source, account":    provider.dataSource(apitoken.TypeName, map[string]any{"id": id, "account_id": secret}),
		"data source of the list": provider.dataSource(apitoken.ListTypeName, map[string]any{"account_id": secret}),
	}
	for _, attribute := range []string{"account_id", "ttl"} {
		_, opened := rpc.Open(apitoken.TypeName, w.shortLived(map[string]any{attribute: secret}))
		said["ephemeral, "+attribute] = told(opened.Diagnostics)
	}
	for _, action := range []string{apitoken.RevokeTypeName, apitoken.RollTypeName} {
		for _, attribute := range []string{"id", "account_id"} {
			config := map[string]any{"id": id}
			if action == apitoken.RollTypeName {
				config["recipients"] = []any{"age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"}
			}
			config[attribute] = secret
			_, diags := rpc.Invoke(action, config)
			said[action+", "+attribute] = told(diags)
			said[action+", "+attribute+", planned"] = provider.planned(action, config)
			said[action+", "+attribute+", invoked"] = provider.invoked(action, config)
		}
	}
	_, diags := rpc.List(apitoken.TypeName, map[string]any{"account_id": secret}, false, 0)
	said["list resource"] = told(diags)
	for name, identity := range map[string]map[string]any{"id": {"id": secret, "account_id": nil}, "account_id": {"id": id, "account_id": secret}} {
		_, _, diags = rpc.Import(apitoken.TypeName, identity)
		said["import by identity, "+name] = told(diags)
	}
	for name, text := range map[string]string{"of the user": secret, "of an account": acme + "/" + secret, "as the account": secret + "/" + id} {
		_, err := run.Import(w.t.Context(), apitoken.TypeName, text)
		said["import, "+name] = fmt.Sprint(err)
	}
	said["resource"] = fmt.Sprint(run.Validate(w.t.Context(), apitoken.TypeName, acctest.Attributes(w.shortLived(map[string]any{"account_id": secret}))))
	return said
}

// TestAPIToken_pastedSecret pastes the secret of a live token where ids belong, as one does in a hurry to revoke it. It
// is refused and not shown: no provider learns that the variable which it came from is sensitive.
func TestAPIToken_pastedSecret(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	id, ofUser := w.issue("/user/tokens", "leaked")
	_, ofAccount := w.issue("/accounts/$acme/tokens", "leaked")
	for _, secret := range []string{ofUser, ofAccount} {
		for name, text := range w.pasted(secret, id) {
			if !strings.Contains(text, "Invalid") || !strings.Contains(text, "look like a secret and are not shown") {
				t.Errorf("%s: %q, want a refusal that shows no secret", name, text)
			}
			if strings.Contains(text, secret[8:24]) {
				t.Errorf("%s: the secret is shown", name)
			}
		}
		for _, request := range w.Server.Journal() {
			if strings.Contains(request.Path, secret) {
				t.Errorf("%s: the secret is in the path of a request", request.Method)
			}
		}
	}
	if !w.opens(ofUser) || !w.opens(ofAccount) {
		t.Error("a token was revoked or rolled")
	}
}
