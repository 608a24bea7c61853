// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// verification is what the verify operations answer.
type verification struct {
	ID        string `json:"id"`
	Status    string `json:"status"`
	NotBefore *bound `json:"not_before,omitempty"`
	ExpiresOn *bound `json:"expires_on,omitempty"`
}

// verify answers whether a token is a live one of this path: gates 1 and 2 and
// ownership alone (authorization model §6 "Verify").
func (x *exchange) verify() (*reply, error) {
	var answer *reply
	err := x.world.View(func(tx *state.Tx) error {
		x.begin(tx)
		if err := x.limit(authz.DecideCredential(&x.request)); err != nil {
			return err
		}
		defer func() { x.report(x.http.Context()) }()
		if x.presented.Presence != authz.WellFormed {
			d := authz.DecideCredential(&x.request)
			x.note(d, func() authz.Explanation { return authz.Explain(tx, &x.request) })
			return x.refuseDecision(d)
		}
		c := x.request.Credential
		bearer := x.presented.Kind == authz.PresentedBearer
		outcome := authz.DecideVerify(bearer, c, x.account())
		if outcome == authz.VerifyKnown && len(x.operation.Placeholders()) > 0 && x.account().IsZero() {
			// The id of all zeros names no account; without one the engine
			// takes the path for the user's.
			outcome = authz.VerifyInvalid
		}
		if outcome != authz.VerifyKnown {
			d := authz.Decision{Gate: authz.GateKnown, Reason: authz.ReasonCredentialUnknown}
			x.note(d, func() authz.Explanation { return authz.Explanation{Decision: d} })
			if outcome == authz.VerifyNeedsBearer {
				return errVerifyBearer.refuse()
			}
			return errVerifyUnknown.refuse()
		}
		d := authz.Decision{Allowed: true}
		x.note(d, func() authz.Explanation { return authz.Explanation{Decision: d} })
		answer = verified(c, x.now)
		x.touch()
		return nil
	})
	return answer, err
}

func verified(c *authz.Credential, now time.Time) *reply {
	status := c.VerifyStatus(now)
	r := result(verification{
		ID: c.ID.String(), Status: status,
		NotBefore: optionalBound(c.NotBefore), ExpiresOn: optionalBound(c.ExpiresOn),
	})
	if status == "active" {
		r.messages = []message{{Code: 10000, Message: "This API Token is valid and active"}}
	}
	return r
}
