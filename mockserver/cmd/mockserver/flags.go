// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package main

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/netip"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/control"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/ratelimit"
)

// flags are the command's flags. Each has an environment variable of the same name.
type flags struct {
	Listen       string   `default:"127.0.0.1:8787" placeholder:"ADDRESS" help:"Address to listen on; port 0 picks a free one (${default})."`
	AllowRemote  bool     `help:"Allow an address beyond the loopback interface. Credentials then cross the network unencrypted."`
	Seed         seedFile `placeholder:"FILE" help:"World to serve, as YAML or JSON; without it, the built-in world."`
	RateLimit    limits   `default:"published" placeholder:"published|off|N/WINDOW" help:"Rate limit: published is that of the public API, 1200 requests in 5 minutes for each user and account-owned token and 200 in a second for each address; N/WINDOW, such as 30/10s, limits each user and account-owned token alone (${default})."`
	TerseErrors  bool     `help:"Leave explanations out of refusals."`
	Lenient      bool     `help:"Ignore unknown fields in request bodies instead of refusing them."`
	ControlToken token    `placeholder:"SECRET" help:"Open the control plane (/_control: explain, who-can, what-can) to whoever sends this as Authorization: Bearer, and to nobody else; without it, it answers this machine alone. Other users of the machine can read a command line: prefer ACCESSCONTROL_SERVER_CONTROL_TOKEN."`
	PublicURL    origin   `name:"public-url" placeholder:"URL" help:"URL under which others reach the server, such as https://access.example.com: the control plane answers to its host, and to loopback ones."`
	TrustedProxy []prefix `placeholder:"CIDR" help:"Network whose X-Forwarded-For header is believed; may be given several times."`
	JSON         bool     `name:"json" help:"Print one line of JSON with base URL and credentials instead of the banner."`
	LogLevel     string   `enum:"debug,info,warn,error" default:"info" help:"Least level that is logged to standard error: ${enum} (${default})."`
	LogFormat    string   `enum:"text,json" default:"text" help:"Form of the log: ${enum} (${default})."`
	Version      bool     `help:"Print the version and exit."`
	Help         bool     `short:"h" help:"Print this help and exit."`
}

// seedFile names a seed. An empty name is refused: it is a variable that was
// meant to be set, and the built-in world is not what was meant.
type seedFile string

// UnmarshalText takes any name but the empty one.
func (s *seedFile) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		return errors.New("no file is named; leave it out for the built-in world")
	}
	*s = seedFile(text)
	return nil
}

// token is the control token. It is refused without being repeated.
type token string

// UnmarshalText takes a token that can guard something.
func (t *token) UnmarshalText(text []byte) error {
	if err := control.CheckToken(string(text)); err != nil {
		return err
	}
	*t = token(text)
	return nil
}

// origin is a URL of scheme and host alone.
type origin string

// UnmarshalText takes what the control plane can compare hosts with.
func (o *origin) UnmarshalText(text []byte) error {
	if _, err := control.ParsePublicURL(string(text)); err != nil {
		return err
	}
	*o = origin(text)
	return nil
}

// limits are rate limits.
type limits ratelimit.Policy

// UnmarshalText reads the words and the form that the flag's help names.
func (l *limits) UnmarshalText(text []byte) error {
	policy, err := ratelimit.Parse(string(text))
	if err != nil {
		return err
	}
	*l = limits(policy)
	return nil
}

// prefix is a network; a bare address is a network of one.
type prefix netip.Prefix

// UnmarshalText reads a network as IP conditions are read.
func (p *prefix) UnmarshalText(text []byte) error {
	parsed, err := authz.ParsePrefix(string(text))
	if err != nil {
		return fmt.Errorf("%q: %w", text, err)
	}
	*p = prefix(parsed)
	return nil
}

const (
	program     = "mockserver"
	description = `Reference server for API access control: a world of users, accounts, zones and tokens behind the v4 API, which really allows and really refuses.

Every flag has an environment variable, which the flag overrides: ACCESSCONTROL_SERVER_LISTEN for --listen, and so on; lists are separated by commas.`
)

// errShown says that what was asked for has been printed and there is nothing to serve.
var errShown = errors.New("shown")

// parse reads arguments and environment. Help and version are printed to stdout.
func parse(args, environ []string, stdout io.Writer) (*flags, error) {
	parsed := &flags{}
	variables := serverVariables(environ)
	parser, err := kong.New(parsed,
		kong.Name(program), kong.Description(description), kong.NoDefaultHelp(),
		kong.Writers(stdout, io.Discard), kong.Resolvers(variables))
	if err != nil {
		return nil, err
	}
	context, err := parser.Parse(args)
	if err != nil {
		return nil, explain(err, parser.Model, variables, args)
	}
	switch {
	case parsed.Help:
		if err := context.PrintUsage(false); err != nil {
			return nil, err
		}
		return nil, errShown
	case parsed.Version:
		if _, err := fmt.Fprintln(stdout, version); err != nil {
			return nil, err
		}
		return nil, errShown
	}
	return parsed, nil
}

// explain adds to the parser's error what it does not know: the nearest flag, and that a value stands in the
// environment.
func explain(err error, app *kong.Application, environment variables, args []string) error {
	const unknown = "unknown flag "
	if given, found := strings.CutPrefix(err.Error(), unknown); found {
		if strings.Contains(given, "did you mean") {
			return err
		}
		return fmt.Errorf("%s%s; %s", unknown, given, nearest(strings.TrimLeft(given, "-"), flagNames(app), func(flag string) string {
			return "--" + flag
		}))
	}
	for _, flag := range flagNames(app) {
		onCommandLine := slices.ContainsFunc(args, func(arg string) bool { return strings.HasPrefix(arg, "--"+flag) })
		_, inEnvironment := environment[variableOf(flag)]
		if strings.HasPrefix(err.Error(), "--"+flag) && inEnvironment && !onCommandLine {
			return fmt.Errorf("%w (from %s)", err, variableOf(flag))
		}
	}
	return err
}

// flagNames lists the flags without dashes.
func flagNames(app *kong.Application) []string {
	names := make([]string, 0, len(app.Flags))
	for _, flag := range app.Flags {
		names = append(names, flag.Name)
	}
	return names
}

// nearest says which of the names is most like a given one, or lists them all when none is.
func nearest(name string, names []string, show func(string) string) string {
	if like := catalog.SuggestNames(name, names, 1); len(like) > 0 {
		return "did you mean " + show(like[0]) + "?"
	}
	shown := make([]string, 0, len(names))
	for _, n := range names {
		shown = append(shown, show(n))
	}
	return "there are " + strings.Join(shown, ", ")
}

// options turns the flags into the server's options, with the log going to stderr.
func (f *flags) options(stderr io.Writer) (mockserver.Options, error) {
	policy := ratelimit.Policy(f.RateLimit)
	options := mockserver.Options{
		RateLimit:   &policy,
		Listen:      f.Listen,
		AllowRemote: f.AllowRemote,
		TerseErrors: f.TerseErrors,
		Lenient:     f.Lenient,
		Logger:      f.logger(stderr),

		ControlToken: string(f.ControlToken),
		PublicURL:    string(f.PublicURL),
	}
	for _, p := range f.TrustedProxy {
		options.TrustedProxies = append(options.TrustedProxies, netip.Prefix(p))
	}
	if f.Seed != "" {
		data, err := os.ReadFile(string(f.Seed)) //nolint:gosec // the flag is there for the user to name a file
		if err != nil {
			return mockserver.Options{}, fmt.Errorf("--seed: %w", err)
		}
		options.Seed, options.SeedName = data, string(f.Seed)
	}
	return options, nil
}

// logger writes what the flags ask for. The parser has checked both values.
func (f *flags) logger(stderr io.Writer) *slog.Logger {
	levels := map[string]slog.Level{
		"debug": slog.LevelDebug, "info": slog.LevelInfo, "warn": slog.LevelWarn, "error": slog.LevelError,
	}
	options := &slog.HandlerOptions{Level: levels[f.LogLevel]}
	if f.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(stderr, options))
	}
	return slog.New(slog.NewTextHandler(stderr, options))
}
