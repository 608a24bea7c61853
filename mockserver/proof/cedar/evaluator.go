// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cedar

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	cedargo "github.com/cedar-policy/cedar-go"
	"github.com/cedar-policy/cedar-go/ast"
	"github.com/cedar-policy/cedar-go/types"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/panel"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/proof/scene"
)

// Evaluator is the translation as a [panel.Evaluator]. It is not safe for concurrent use.
type Evaluator struct {
	facts   *facts
	actions *actions
	// The gates by what they judge: the credential (1 to 4), the place (5 and 6), the grant (7 to 10), and
	// what a list that spans accounts asks instead of the latter two.
	credential, place, grant, list *gates
}

// New reads the model's data and the gates. It fails only when these are broken.
func New() (*Evaluator, error) {
	f, err := loadFacts()
	if err != nil {
		return nil, err
	}
	e := &Evaluator{facts: f, actions: newActions(f)}
	for _, file := range []struct {
		name string
		to   **gates
	}{{"credential.cedar", &e.credential}, {"place.cedar", &e.place}, {"grant.cedar", &e.grant}, {"list.cedar", &e.list}} {
		if *file.to, err = loadGates(file.name); err != nil {
			return nil, err
		}
	}
	return e, nil
}

// Name implements [panel.Evaluator].
func (*Evaluator) Name() string { return "cedar" }

// World implements [panel.Evaluator].
func (e *Evaluator) World(w *scene.World) (panel.World, error) { return e.readWorld(w) }

// Text is the policies that a scene's credential and its owner's memberships become, in Cedar's language.
func (e *Evaluator) Text(s *scene.Scene) (string, error) {
	w, err := e.readWorld(&s.World)
	if err != nil {
		return "", err
	}
	var b strings.Builder
	if c := s.Credential; c != nil {
		t, err := w.token(c.Policies)
		if err != nil {
			return "", err
		}
		b.WriteString("// The token.\n\n" + t.policies.all.text())
	}
	for _, m := range s.World.Members {
		if s.Credential != nil && m.User == s.Credential.User {
			b.WriteString("// The owner in account " + m.Account + ".\n\n" + w.members[membershipID(m.User, m.Account)].policies.all.text())
		}
	}
	return b.String(), nil
}

// Credential implements [panel.World].
func (w *world) Credential(c *scene.Credential) (panel.Credential, error) {
	b := &bound{world: w, gates: w.evaluator.credential, self: uid(typeCredential, "credential")}
	if c == nil {
		b.principal = types.Entity{UID: b.self}
		return b, nil
	}
	limited := c.Kind == scene.UserToken || c.Kind == scene.AccountToken
	attributes := types.RecordMap{"kind": types.String(c.Kind), "limited": types.Boolean(limited)}
	owner := ownerOfAccount(c.Account)
	if c.Kind != scene.AccountToken {
		b.user = c.User
		owner = ownerOfUser(c.User)
		attributes["user"] = uid(typeUser, c.User)
	}
	attributes["owner"], attributes["owner_zones"] = uid(typeOwner, owner), uid(typeOwnerZones, owner)
	if limited {
		var err error
		if b.token, err = w.token(c.Policies); err != nil {
			return nil, err
		}
		attributes["disabled"] = types.Boolean(c.Disabled)
		if c.ExpiresOn != nil {
			attributes["expires_on"] = types.Long(c.ExpiresOn.UnixNano())
		}
		if c.NotBefore != nil {
			attributes["not_before"] = types.Long(c.NotBefore.UnixNano())
		}
		if b.gates, err = b.gates.withRanges(c.In, c.NotIn); err != nil {
			return nil, err
		}
	}
	b.principal = types.Entity{UID: b.self, Attributes: types.NewRecord(attributes)}
	return b, nil
}

// withRanges adds gate 4 as policies of one credential: an address in no not_in range, and in some in range
// if there are any.
func (g *gates) withRanges(in, notIn []string) (*gates, error) {
	if len(in) == 0 && len(notIn) == 0 {
		return g, nil
	}
	with := &gates{policies: slices.Clip(g.policies), refusals: slices.Clip(g.refusals)}
	address := ast.Context().Access("address")
	refuse := func() *ast.Policy {
		return ast.Annotation("gate", types.String(strconv.Itoa(addressGate))).Annotation("reason", "ip_not_allowed").Forbid()
	}
	var list []*ast.Policy
	for _, s := range notIn {
		r, err := parseRange(s)
		if err != nil {
			return nil, err
		}
		list = append(list, refuse().When(address.IsInRange(ast.IPAddr(r))))
	}
	if len(in) > 0 {
		some := ast.False()
		for _, s := range in {
			r, err := parseRange(s)
			if err != nil {
				return nil, err
			}
			some = some.Or(address.IsInRange(ast.IPAddr(r)))
		}
		list = append(list, refuse().Unless(some))
	}
	for _, p := range list {
		if err := with.add(cedargo.NewPolicyFromAST(p)); err != nil {
			return nil, err
		}
	}
	return with, nil
}

const addressGate = 4

// parseRange reads a CIDR range or a bare address; ::ffff:a.b.c.d is a.b.c.d.
func parseRange(s string) (netip.Prefix, error) {
	if !strings.Contains(s, "/") {
		a, err := netip.ParseAddr(s)
		if err != nil {
			return netip.Prefix{}, fmt.Errorf("range %q: %w", s, err)
		}
		return a.Unmap().Prefix(a.Unmap().BitLen())
	}
	r, err := netip.ParsePrefix(s)
	if err != nil {
		return netip.Prefix{}, fmt.Errorf("range %q: %w", s, err)
	}
	bits := r.Bits()
	if r.Addr().Is4In6() {
		bits -= 96
	}
	return r.Addr().Unmap().Prefix(bits)
}
