// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/terraform-plugin-log/tflogtest"
)

const secretValue = "cfut_SECRETSECRETSECRETSECRETSECRETSECRETSECR01234567"

// echo answers with everything a reply must not make visible: the credential as the request carried
// it, and a secret of the server's own.
func echo(status int, contentType string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil {
			panic(http.ErrAbortHandler)
		}
		text := fmt.Sprintf("you sent %v %v %s", r.Header["Authorization"], r.Header["X-Auth-Key"], body)
		w.Header().Set("Cf-Ray", r.Header.Get("Authorization"))
		w.Header().Set("Location", "https://elsewhere.example/?v="+secretValue)
		w.Header().Set("Content-Type", contentType)
		w.WriteHeader(status)
		if contentType == "application/json" {
			fmt.Fprintf(w, `{"success":false,"result":{"value":%q},"errors":[{"code":1001,"message":%q,"source":{"pointer":%q}}]}`,
				secretValue, text, text)
			return
		}
		fmt.Fprintf(w, "%s and the value is %s", text, secretValue)
	}
}

// Whatever the API answers, neither the credential nor a token's value is in an error, in the printed
// form of anything that holds one, or in the log.
func TestSecretsNeverLeave(t *testing.T) {
	t.Parallel()
	credentials := map[string]Credential{
		"token": {APIToken: testToken},
		"key":   {Email: testEmail, APIKey: testAPIKey},
	}
	for name, credential := range credentials {
		for _, status := range []int{200, 302, 400, 401, 403, 404, 429, 500} {
			for _, contentType := range []string{"application/json", "text/plain"} {
				t.Run(fmt.Sprintf("%s %d %s", name, status, contentType), func(t *testing.T) {
					t.Parallel()
					api := newFakeAPI(t, func(w http.ResponseWriter, r *http.Request) { echo(status, contentType)(w, r) })
					c, _ := newTestClient(t, api.URL, func(o *Options, _ *environment) {
						o.Credential = credential
						o.MaxRetries = 1
					})
					var log bytes.Buffer
					ctx := tflogtest.RootLogger(t.Context(), &log)

					var texts []string
					keep := func(_ any, err error) {
						if err == nil {
							t.Error("a call succeeded")
							return
						}
						texts = append(texts, err.Error(), fmt.Sprintf("%+v %#v", err, err))
					}
					keep(c.CreateToken(ctx, Owner{}, TokenDefinition{Name: "n"}))
					keep(c.GetToken(ctx, Owner{}, hexID))
					keep(c.UpdateToken(ctx, Owner{AccountID: hexID}, hexID, TokenDefinition{Name: "n"}))
					keep(c.RollToken(ctx, Owner{}, hexID))
					keep(c.ListTokens(ctx, Owner{}))
					if status != 404 || contentType == "application/json" {
						if err := c.DeleteToken(ctx, Owner{}, hexID); err != nil {
							keep(nil, err)
						}
					}
					texts = append(texts, log.String())
					for _, text := range texts {
						for _, secret := range []string{testToken, testAPIKey, secretValue} {
							if strings.Contains(text, secret) {
								t.Errorf("a secret is visible: %s", strings.ReplaceAll(text, secret, "<<SECRET>>"))
							}
						}
					}
					if log.Len() == 0 {
						t.Error("nothing was logged, so that the test proves nothing about the log")
					}
				})
			}
		}
	}
}

func TestPrintedFormsHideSecrets(t *testing.T) {
	t.Parallel()
	c, _ := newTestClient(t, "http://localhost:1")
	values := []any{
		c,
		Credential{APIToken: testToken},
		Credential{Email: testEmail, APIKey: testAPIKey},
		&Credential{APIToken: testToken},
		Token{ID: "i", Value: secretValue},
		&Token{ID: "i", Value: secretValue},
		Options{Credential: Credential{APIToken: testToken}},
	}
	for _, value := range values {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s"} {
			text := fmt.Sprintf(verb, value)
			for _, secret := range []string{testToken, testAPIKey, secretValue} {
				if strings.Contains(text, secret) {
					t.Errorf("%s of %T shows a secret", verb, value)
				}
			}
		}
	}
}

func TestRedactBeforeCut(t *testing.T) {
	t.Parallel()
	c, _ := newTestClient(t, "http://localhost:1")
	// The secret straddles the place where a quotation is cut.
	text := c.quote(strings.Repeat("x", maxQuote-20) + testToken)
	if strings.Contains(text, testToken[:12]) {
		t.Errorf("half of the credential is left: %q", text)
	}
}
