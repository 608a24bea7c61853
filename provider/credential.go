// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import (
	"fmt"
	"regexp"
	"slices"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/client"
)

// The forms of secrets (authorization model §2).
var (
	tokenForm = regexp.MustCompile(`^(?:[A-Za-z0-9_-]{40}|cf[ua]t_[A-Za-z0-9_-]{40}[0-9a-f]{8})$`)
	keyForm   = regexp.MustCompile(`^(?:[0-9a-f]{37}|cfk_[A-Za-z0-9_-]{40}[0-9a-f]{8})$`)
	emailForm = regexp.MustCompile(`^[^@\s[:cntrl:]]+@[^@\s[:cntrl:]]+$`)
)

// credential settles the credential and says from where it came. The first level that gives any part
// of one decides its kind; a part that is missing there may come from a lower level, which then
// counts as the origin of the whole.
func (r *resolver) credential() (client.Credential, level) {
	top, ok := r.credentialLevel()
	if !ok {
		r.fail(attrAPIToken, "Missing API credential", "The provider has no credential for the API.\n\n"+
			"Set the `api_token` attribute of the provider block or the ACCESSCONTROL_API_TOKEN environment variable; "+
			"or, for a Global API key, set `email` and `api_key`.")
		return client.Credential{}, levelConfig
	}
	if !r.checkOneKind(top) {
		return client.Credential{}, top
	}
	if token, ok := r.sources[top][attrAPIToken]; ok {
		r.checkSecretForm(attrAPIToken, token)
		return client.Credential{APIToken: token.text}, top
	}
	email, hasEmail := r.value(attrEmail)
	key, hasKey := r.value(attrAPIKey)
	switch {
	case !hasKey:
		r.fail(attrAPIKey, "Missing api_key", email.origin+" gives an e-mail address, which needs a Global API key beside it.\n\n"+
			"Set `api_key` or ACCESSCONTROL_API_KEY; or, to use an API token, remove the e-mail address and set `api_token`.")
		return client.Credential{}, top
	case !hasEmail:
		r.fail(attrEmail, "Missing email", key.origin+" gives a Global API key, which needs the e-mail address of its user beside it.\n\n"+
			"Set `email` or ACCESSCONTROL_EMAIL; or, if it is an API token, set `api_token` instead.")
		return client.Credential{}, top
	}
	r.checkSecretForm(attrEmail, email)
	r.checkSecretForm(attrAPIKey, key)
	return client.Credential{Email: email.text, APIKey: key.text}, max(email.level, key.level)
}

func (r *resolver) credentialLevel() (level, bool) {
	for i, settings := range r.sources {
		for _, name := range []string{attrAPIToken, attrEmail, attrAPIKey} {
			if _, ok := settings[name]; ok {
				return level(i), true
			}
		}
	}
	return 0, false
}

// checkOneKind refuses a level that gives both kinds of credential: which of them was meant decides
// whose access is used, and is not ours to guess. An e-mail address that the environment holds beside
// a token, without a key, is no second credential: many shells export one for other tools. In the
// provider block somebody wrote it there, so that it means something and is refused.
func (r *resolver) checkOneKind(at level) bool {
	given := r.sources[at]
	token, hasToken := given[attrAPIToken]
	if !hasToken {
		return true
	}
	decisive := []string{attrAPIKey}
	if at == levelConfig {
		decisive = append(decisive, attrEmail)
	}
	for _, name := range decisive {
		if other, ok := given[name]; ok {
			r.fail(name, "Two kinds of API credential", fmt.Sprintf(
				"%s and %s are both set, and they belong to different kinds of credential.\n\n"+
					"Keep either `api_token`, or `email` with `api_key`, and remove the other.", token.origin, lowerFirst(other.origin)))
			return false
		}
	}
	return true
}

// checkSecretForm finds secrets that cannot work because they are something else: pasted with a
// prefix, cut short, or of the other kind. The text itself is never shown.
func (r *resolver) checkSecretForm(attribute string, given setting) {
	switch attribute {
	case attrAPIToken:
		if tokenForm.MatchString(given.text) {
			return
		}
		advice := "Copy the secret again as it was shown when the token was created, without quotes, blanks or a word before it."
		if keyForm.MatchString(given.text) {
			advice = "It has the form of a Global API key: set it as `api_key`, together with `email`."
		}
		r.fail(attribute, "Invalid api_token", fmt.Sprintf(
			"%s does not have the form of an API token: 40 letters, digits, \"_\" or \"-\", or cfut_ or cfat_ followed by 48 of them.\n\n%s",
			given.origin, advice))
	case attrAPIKey:
		if keyForm.MatchString(given.text) {
			return
		}
		advice := "Copy the key again, without quotes or blanks."
		if tokenForm.MatchString(given.text) {
			advice = "It has the form of an API token: set it as `api_token`, and remove `email`."
		}
		r.fail(attribute, "Invalid api_key", fmt.Sprintf(
			"%s does not have the form of a Global API key: 37 hexadecimal digits, or cfk_ followed by 48 characters.\n\n%s",
			given.origin, advice))
	case attrEmail:
		if !emailForm.MatchString(given.text) {
			r.fail(attribute, "Invalid email", given.origin+" is no e-mail address.\n\nSet the address with which the user of the Global API key signs in.")
		}
	}
}

func sorted(names []string) []string {
	slices.Sort(names)
	return names
}

func lowerFirst(text string) string {
	if text != "" && text[0] >= 'A' && text[0] <= 'Z' {
		return string(text[0]+'a'-'A') + text[1:]
	}
	return text
}
