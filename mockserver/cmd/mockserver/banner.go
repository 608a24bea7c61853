// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/ratelimit"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/seed"
)

// announcement is the line that --json prints.
type announcement struct {
	BaseURL     string            `json:"base_url"`
	ControlURL  string            `json:"control_url"`
	World       string            `json:"world"`
	Credentials []seed.Credential `json:"credentials"`
}

// printJSON prints the announcement, one line.
func printJSON(w io.Writer, f *flags, server *mockserver.Server) error {
	credentials := server.Credentials()
	if credentials == nil {
		credentials = []seed.Credential{}
	}
	line, err := json.Marshal(announcement{
		BaseURL: server.BaseURL(), ControlURL: server.ControlURL(), World: f.world(), Credentials: credentials,
	})
	if err != nil {
		return fmt.Errorf("announcing the server: %w", err)
	}
	return emit(w, append(line, '\n'))
}

// usable are the world's credentials that something here accepts: a seed may
// hold keys of the Vultr dialect, which is not served.
func usable(server *mockserver.Server) []seed.Credential {
	var list []seed.Credential
	for _, c := range server.Credentials() {
		if c.Kind != seed.KindVultrKey {
			list = append(list, c)
		}
	}
	return list
}

// world names the world that is served.
func (f *flags) world() string {
	if f.Seed != "" {
		return string(f.Seed)
	}
	return "built-in"
}

// printBanner says in words what is served, where, how strictly, and to whom.
func printBanner(w io.Writer, f *flags, server *mockserver.Server) error {
	var b strings.Builder
	fmt.Fprintf(&b, "Reference server for API access control, version %s\n\n", version)
	reach := "loopback only: no other machine can reach it"
	if f.AllowRemote {
		reach = "may be reached from other machines, unencrypted (--allow-remote)"
	}
	world := "built-in"
	if f.Seed != "" {
		world = "from " + string(f.Seed)
	}
	strictness := "on: unknown fields in request bodies are refused"
	if f.Lenient {
		strictness = "off: unknown fields in request bodies are ignored (--lenient)"
	}
	explanations := "on: a refusal says which grant would have allowed the request"
	if f.TerseErrors {
		explanations = "off (--terse-errors)"
	}
	limited := ratelimit.Policy(f.RateLimit).String()
	if f.RateLimit != limits(ratelimit.Published()) {
		limited += " (--rate-limit)"
	}
	controlled := "answers this machine alone"
	if f.ControlToken != "" {
		controlled = "answers whoever holds the control token (--control-token)"
	}
	table := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	for _, row := range [][2]string{
		{"base URL", server.BaseURL()},
		{"control URL", server.ControlURL() + ", " + controlled},
		{"listening", reach},
		{"world", world + ", in memory: it is gone when the server stops"},
		{"enforcement", "on: every request passes the gates of the authorization model or is refused"},
		{"strictness", strictness},
		{"explanations", explanations},
		{"rate limit", limited},
	} {
		fmt.Fprintf(table, "  %s\t%s\n", row[0], row[1])
	}
	flush(table)
	printCredentials(&b, server)
	b.WriteString("\nStop it with Ctrl+C. Every flag: --help.\n\n")
	return emit(w, []byte(b.String()))
}

// printCredentials lists the world's credentials and shows how to use one.
func printCredentials(b *strings.Builder, server *mockserver.Server) {
	credentials := usable(server)
	if len(credentials) == 0 {
		b.WriteString("\nThis world has no credentials.\n")
		return
	}
	b.WriteString("\nCredentials of this world, made up and good for nothing else:\n\n")
	table := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintf(table, "  REF\tKIND\tE-MAIL\tVALUE\n")
	for _, c := range credentials {
		email := c.Email
		if email == "" {
			email = "-"
		}
		fmt.Fprintf(table, "  %s\t%s\t%s\t%s\n", c.Ref, c.Kind, email, c.Value)
	}
	flush(table)
	for _, c := range credentials {
		if c.Kind == seed.KindUserToken {
			fmt.Fprintf(b, "\nTry one:\n\n  curl -H 'Authorization: Bearer %s' %s/user/tokens/verify\n", c.Value, server.BaseURL())
			return
		}
	}
}

// flush writes out a table that goes to a strings.Builder, which takes everything.
func flush(table *tabwriter.Writer) { _ = table.Flush() }

// emit writes to standard output in one piece, so that what reads it never sees half.
func emit(w io.Writer, text []byte) error {
	if _, err := w.Write(text); err != nil {
		return fmt.Errorf("writing to standard output: %w", err)
	}
	return nil
}
