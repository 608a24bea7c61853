// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package randomtokens_test

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// token is one that was drawn.
type token struct {
	// attributes are its configuration: strings, bools, nil, lists of these and objects.
	attributes acctest.Attributes
	// policies is what its policies mean, by key, and means what has to come of all of it.
	policies map[string]string
	means    meaning
}

// generator draws tokens. Equal generators draw equal tokens.
type generator struct {
	*rand.Rand
	places
	groups []group
	// managesTokens says that the caller may give away the right to manage tokens, which a token may not.
	managesTokens bool
	// features counts what the tokens so far had.
	features map[string]int
	earlier  []token
}

// newGenerator is the generator with that seed. With managesTokens its tokens are for a caller with a Global API key.
func newGenerator(p places, seed uint64, managesTokens bool) *generator {
	const stream = 0x746f6b656e73
	return &generator{
		Rand: rand.New(rand.NewPCG(seed, stream)), places: p, groups: groupsOfCatalogue(),
		managesTokens: managesTokens, features: map[string]int{},
	}
}

// ownerOf is the account that owns the token, nil for the user.
func (g *generator) ownerOf(drawn token) *account {
	for i := range g.accounts {
		if g.accounts[i].id == drawn.means.Account {
			return &g.accounts[i]
		}
	}
	return nil
}

// hit notes that a token has a feature.
func (g *generator) hit(format string, args ...any) { g.features[fmt.Sprintf(format, args...)]++ }

// chance is true once in n times.
func (g *generator) chance(n int) bool { return g.IntN(n) == 0 }

// pick draws one of some.
func pick[T any](g *generator, from ...T) T { return from[g.IntN(len(from))] }

// some draws between one and most of a list, in any order; the list stays as it is.
func some[T any](g *generator, most int, from []T) []T {
	shuffled := slices.Clone(from)
	g.Shuffle(len(shuffled), func(i, j int) { shuffled[i], shuffled[j] = shuffled[j], shuffled[i] })
	return shuffled[:1+g.IntN(min(most, len(shuffled)))]
}

// token draws the next token.
func (g *generator) token() token {
	if len(g.earlier) > 0 && g.chance(25) {
		// Names need not be unique, nor definitions.
		g.hit("twin of an earlier token")
		return pick(g, g.earlier...)
	}
	d := token{attributes: acctest.Attributes{}}
	if g.chance(2) {
		d.means.Account = g.accounts[g.IntN(len(g.accounts))].id
		d.attributes["account_id"] = d.means.Account
		g.hit("owned by an account")
	} else {
		g.absent(d.attributes, "account_id")
		g.hit("owned by the user")
	}
	g.rename(&d)
	g.policies(&d)
	g.condition(&d)
	g.times(&d)
	g.status(&d)
	g.secret(&d)
	switch g.IntN(4) {
	case 0:
		d.attributes["allow_self_lockout"] = g.chance(2)
		g.hit("allow_self_lockout")
	case 1:
		g.absent(d.attributes, "allow_self_lockout")
	}
	g.earlier = append(g.earlier, d)
	return d
}

// absent leaves an attribute out, or writes that it is null.
func (g *generator) absent(attributes map[string]any, name string) {
	if g.chance(3) {
		attributes[name] = nil
		g.hit("%s = null", name)
	}
}

func (g *generator) rename(d *token) {
	name := g.name()
	d.attributes["name"], d.means.Name = name, name
}

// policies draws one to five, beside those that the token has.
func (g *generator) policies(d *token) {
	if d.policies == nil {
		d.policies, d.attributes["policies"] = map[string]string{}, map[string]any{}
	}
	count := 1 + g.IntN(5)
	g.hit("%d policies", count)
	for len(d.policies) < count {
		if key := g.key(); d.policies[key] == "" {
			g.putPolicy(d, key)
		}
	}
}

// putPolicy draws a policy for a key, unless there is one of the same meaning.
func (g *generator) putPolicy(d *token, key string) {
	policy, means := g.policy(g.ownerOf(*d))
	policies, ok := d.attributes["policies"].(map[string]any)
	if !ok || slices.Contains(d.means.Policies, means) {
		return
	}
	policies[key], d.policies[key] = policy, means
	d.means.Policies = slices.Sorted(maps.Values(d.policies))
}

// policy draws one policy and says what it means.
func (g *generator) policy(own *account) (policy map[string]any, means string) {
	policy = map[string]any{}
	effect := "allow"
	switch g.IntN(5) {
	case 0:
		policy["effect"] = effect
		g.hit("effect allow")
	case 1, 2:
		effect = "deny"
		policy["effect"] = effect
		g.hit("effect deny")
	default:
		g.absent(policy, "effect")
		g.hit("effect left out")
	}
	r := g.resources(own)
	policy["resources"] = r.attributes
	refs, ids := g.groupsFor(r, own, effect)
	policy["permission_groups"] = refs
	return policy, policyMeaning(effect, ids, r.meanings())
}

// status draws one of those that can be set.
func (g *generator) status(d *token) {
	switch g.IntN(4) {
	case 0:
		d.attributes["status"], d.means.Disabled = "active", false
		g.hit("status active")
	case 1:
		d.attributes["status"], d.means.Disabled = "disabled", true
		g.hit("status disabled")
	default:
		g.absent(d.attributes, "status")
		g.hit("status left out")
	}
}

// recipients are age recipients whose private keys nobody has.
var recipients = []string{
	"age1hkdfm9kujxy6adek4ch5rejzccvxhadcqq449n2r0qxuve39adpqw9qlsf",
	"age1mqyv29h6nhrwjruj00x70dd69z8cjdyfdhj3wwgp3fyh6ffgyslsj2p3qy",
	"age1cfaj8f06uagylh3nk6jl5wvq9s7alaqgv8r7fct4wre4z72cfu0s8aetqx",
	"age1753tqsuavm6pxqhnge79qmwjqnevm7mgtkn4jffr3lg88jxwagfsp326xy",
}

// secret draws where the secret goes, and what would replace it.
func (g *generator) secret(d *token) {
	switch mode := pick(g, "", "", "state", "none", "encrypted"); mode {
	case "":
		g.absent(d.attributes, "secret_storage")
		g.hit("secret_storage left out")
	case "encrypted":
		d.attributes["recipients"] = anys(some(g, len(recipients), recipients))
		fallthrough
	default:
		d.attributes["secret_storage"] = mode
		g.hit("secret_storage %s", mode)
	}
	if d.attributes["recipients"] == nil {
		g.absent(d.attributes, "recipients")
	}
	switch g.IntN(5) {
	case 0:
		d.attributes["rotate_triggers"] = map[string]any{}
		g.hit("rotate_triggers empty")
	case 1, 2:
		triggers := map[string]any{}
		for range 1 + g.IntN(3) {
			triggers[g.key()] = g.name()
		}
		if g.chance(3) {
			triggers[g.key()] = nil
			g.hit("rotate_triggers with a null")
		}
		d.attributes["rotate_triggers"] = triggers
		g.hit("rotate_triggers")
	default:
		g.absent(d.attributes, "rotate_triggers")
	}
}

// oddTexts are parts of names that some layer between a configuration and the API could take for something else.
var oddTexts = []string{
	"ci", "Deploy bot", "a.b", "a/b", "C:\\temp\\new", `"quoted"`, "'single'", "`tick`", "${var.x}", "%{ if true }", "$${", "%%{", "$", "%",
	"#no comment", "//", "/*", "<b>&amp;", "{}", "[0]", "null", "true", "0", "1e3", "-", "*", "?", "+", "=", ",", ":", ";", "\\u0041", "%41", "%s",
	"é", "Cafe\u0301", "Ünïcödé", "日本語", "עברית", "Ωmega", "\u2028", "\u00a0", "\u200d", "👩‍💻", "🔑", "🇩🇪", "𝔘",
	" ", "  two  blanks  ", "\t", "\n", "line\nline\n", "\r\n", "\u0001", "\u007f", "\ufeff", "\ufffd",
}

// name draws a text of 1 to 120 characters.
func (g *generator) name() string {
	const most = 120
	var b strings.Builder
	for range 1 + g.IntN(5) {
		text := pick(g, oddTexts...)
		b.WriteString(text)
		if g.chance(2) {
			b.WriteString(pick(g, " ", "-", "_", "7"))
		}
	}
	runes := []rune(b.String())
	if g.chance(20) {
		runes = slices.Repeat(runes, most)[:most]
		g.hit("name of %d characters", most)
	}
	runes = runes[:min(len(runes), most)]
	text := string(runes)
	for feature, holds := range map[string]bool{
		"text beyond ASCII":              strings.ContainsFunc(text, func(r rune) bool { return r > 0x7f }),
		"text beyond the basic plane":    strings.ContainsFunc(text, func(r rune) bool { return r > 0xffff }),
		"text that is not composed":      text != composed(text),
		"text with a template mark":      strings.Contains(text, "${") || strings.Contains(text, "%{"),
		"text with a quote":              strings.Contains(text, `"`),
		"text with a backslash":          strings.Contains(text, `\`),
		"text with a control character":  strings.ContainsFunc(text, func(r rune) bool { return r < ' ' }),
		"text that ends in a line break": strings.HasSuffix(text, "\n"),
		"text that begins or ends blank": text != strings.TrimSpace(text),
		"text that is blank":             strings.TrimSpace(text) == "",
	} {
		if holds {
			g.hit("%s", feature)
		}
	}
	return text
}

// composed is a text as the CLIs hand it on: in normalization form C. Of what that changes, names have one thing.
func composed(text string) string { return strings.ReplaceAll(text, "e\u0301", "\u00e9") }

// key draws the key of a map, which can be any text.
func (g *generator) key() string {
	if g.chance(3) {
		return pick(g, "read", "write", "policy_2", "edge-cache")
	}
	if g.chance(30) {
		g.hit("key that is empty")
		return ""
	}
	g.hit("key that is no identifier")
	return composed(g.name())
}

// anys are strings as an attribute holds them.
func anys(texts []string) []any {
	out := make([]any, 0, len(texts))
	for _, text := range texts {
		out = append(out, text)
	}
	return out
}
