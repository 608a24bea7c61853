// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// serve takes one request from its route to its reply.
func (d *Dialect) serve(w http.ResponseWriter, r *http.Request) {
	ambient := ambientOf(r.Context())
	if ambient.RequestID != "" {
		w.Header().Set("CF-Ray", ambient.RequestID)
	}
	x := &exchange{dialect: d, http: r, world: d.options.World, shuffle: d.shuffle, now: ambient.Arrival}
	if x.now.IsZero() {
		x.now = d.options.Clock()
	}
	if ambient.World != nil {
		x.world = ambient.World
	}
	if ambient.Shuffle != 0 {
		x.shuffle = newShuffler(ambient.Shuffle)
	}
	answer, err := x.run()
	x.quota.announce(w.Header())
	if err == nil {
		writeReply(w, answer)
		return
	}
	refused, ok := errors.AsType[*refusal](err)
	if !ok {
		d.options.Logger.ErrorContext(r.Context(), "request failed",
			slog.String("request_id", ambient.RequestID), slog.String("error", err.Error()))
		refused = errInternal.refuse()
	}
	writeRefusal(w, refused, x.operation != nil && below(x.operation.Route, "/accounts/{account_id}/members"))
}

// run is the flow of the package comment.
func (x *exchange) run() (*reply, error) {
	if refused := x.route(); refused != nil {
		return nil, refused
	}
	x.presented = authz.ParseHeaders(authz.Headers{
		Authorization: x.http.Header.Values("Authorization"),
		Email:         x.http.Header.Values("X-Auth-Email"),
		Key:           x.http.Header.Values("X-Auth-Key"),
		ServiceKey:    x.http.Header.Values("X-Auth-User-Service-Key"),
	})
	x.address = clientAddress(x.http, x.dialect.options.TrustedProxies)
	if x.operation.Target == catalog.TargetCredential {
		return x.verify()
	}
	if err := x.world.View(x.admit); err != nil {
		return nil, err
	}
	x.readInput()
	var answer *reply
	act := func(tx *state.Tx) error {
		var err error
		answer, err = x.act(tx)
		x.report(x.http.Context())
		return err
	}
	if x.operation.Method == http.MethodGet {
		if err := x.world.View(act); err != nil {
			return nil, x.translate(err)
		}
	} else if err := x.world.Update(act); err != nil {
		return nil, x.translate(err)
	}
	return answer, nil
}

// route finds the operation, and answers what is answered before gate 1
// (authorization model §6 "Sight").
func (x *exchange) route() *refusal {
	full := x.http.URL.EscapedPath()
	path, ok := strings.CutPrefix(full, BasePath)
	if !ok {
		return errNoRoute.refuse(full)
	}
	operation, params, status := catalog.MatchRoute(x.http.Method, path)
	switch status {
	case catalog.MatchFound:
	case catalog.MatchNoMethod:
		r := errMethod.refuse(x.http.Method)
		r.allow = catalog.AllowedMethods(path)
		return r
	case catalog.MatchMalformedID:
		return errMalformedID.refuse(full)
	default:
		return errNoRoute.refuse(full)
	}
	x.operation, x.params, x.endpoint = operation, params, endpointOf(operation)
	return nil
}

// admit counts the request and runs gates 1 to 4, so that nobody else makes
// the server read a body.
func (x *exchange) admit(tx *state.Tx) error {
	x.begin(tx)
	d := authz.DecideCredential(&x.request)
	if err := x.limit(d); err != nil {
		return err
	}
	if d.Allowed {
		return nil
	}
	x.note(d, func() authz.Explanation { return authz.Explain(tx, &x.request) })
	x.report(x.http.Context())
	return x.refuseDecision(d)
}

// readInput reads query and body. What is wrong with them is kept until the
// request is known to come from someone who may learn of it.
func (x *exchange) readInput() {
	query, err := url.ParseQuery(x.http.URL.RawQuery)
	if err != nil {
		x.problems = append(x.problems, problem{message: "the query cannot be decoded"})
	}
	x.query = query
	if x.operation.Method == http.MethodGet || x.endpoint.read == nil && x.endpoint.take == nil {
		return
	}
	limit := x.dialect.options.BodyLimit
	body, err := io.ReadAll(io.LimitReader(x.http.Body, limit+1))
	switch {
	case err != nil:
		x.problems = append(x.problems, problem{message: "it could not be read to its end", syntax: true})
		return
	case int64(len(body)) > limit:
		x.problems = append(x.problems, problem{message: fmt.Sprintf("it is larger than %d bytes", limit), syntax: true})
		return
	case x.endpoint.take != nil:
		x.endpoint.take(x, body)
		return
	case len(body) == 0 && x.endpoint.emptyBody:
		body = []byte("{}")
	}
	v, wrong := parseJSON(body)
	if wrong != nil {
		x.problems = append(x.problems, *wrong)
		return
	}
	reader := &bodyReader{lenient: x.dialect.options.Lenient}
	x.input = x.endpoint.read(reader, v)
	x.problems = append(x.problems, reader.problems...)
}

// act is the part that runs in the transaction: targets, decision, handler.
func (x *exchange) act(tx *state.Tx) (*reply, error) {
	x.begin(tx)
	if err := x.decideOperation(); err != nil {
		return nil, err
	}
	if len(x.problems) > 0 {
		return nil, refuseProblems(x.problems)
	}
	answer, err := x.endpoint.handle(x)
	if x.made.Decision.Allowed {
		x.touch()
	}
	return answer, err
}

// touch notes the token's use: one that was allowed, whatever came of it.
func (x *exchange) touch() {
	if c := x.request.Credential; c.Kind.HasPolicies() {
		x.world.Touch(c.ID, x.now)
	}
}

// translate turns what a transaction ended with into the reply's error. The
// world's own rules are refusals like any other invalid value.
func (x *exchange) translate(err error) error {
	if rule, ok := errors.AsType[*state.RuleError](err); ok {
		return invalid("", "%s", rule.Message)
	}
	return err
}

// below reports whether a route is the prefix or lies below it.
func below(route, prefix string) bool {
	rest, ok := strings.CutPrefix(route, prefix)
	return ok && (rest == "" || rest[0] == '/')
}
