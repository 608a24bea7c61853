// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faultrun

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/mocktest"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
	"github.com/accesscontrol/terraform-provider-accesscontrol/provider/internal/acctest"
)

// judge holds the world against what the state knows: after the apply under faults and at the end, when all
// must be as it was asked for (done).
func (w *world) judge(op *operation, subject subject, done bool) {
	w.t.Helper()
	w.judgeTokens(subject)
	w.judgeWrites(op)
	others := w.others()
	for name, before := range w.foreign {
		if now := others[name]; now != before {
			w.fault("%s was %s and is %s, and the operation is not about it", name, before, now)
		}
	}
	subject.judge(w, done)
}

// judgeTokens finds tokens that nobody knows of, tokens that there are twice, and strangers that changed.
func (w *world) judgeTokens(subject subject) {
	known, unsettled := subject.known(w)
	now := w.tokens()
	for id, changed := range w.strangers {
		if now[id] != changed {
			w.fault("the token %s of somebody else was changed or deleted", id)
		}
	}
	names := map[string][]string{}
	for _, id := range slices.Sorted(maps.Keys(now)) {
		if _, stranger := w.strangers[id]; stranger || w.adopted[id] {
			continue
		}
		name := w.describe(id)
		names[name] = append(names[name], id)
		if known[id] {
			continue
		}
		unsettled--
		if unsettled < 0 {
			w.result.Orphans = append(w.result.Orphans, fmt.Sprintf("the token %s (%s) lives, and the state does not know it", id, name))
		}
	}
	for name, ids := range names {
		for _, id := range ids[1:] {
			if !known[id] || !known[ids[0]] {
				w.result.Duplicates = append(w.result.Duplicates, fmt.Sprintf("%s: %s and %s", name, ids[0], id))
			}
		}
	}
}

// judgeWrites expects no write but those that the plan may come to, and none to a token of somebody else.
func (w *world) judgeWrites(op *operation) {
	for _, entry := range w.Server.Journal(mocktest.Writes, mocktest.By(acctest.Terraform)) {
		if !slices.Contains(op.allowed, entry.Method+" "+entry.Route) {
			w.fault("%s %s is nothing that the plan said", entry.Method, entry.Path)
		}
		for id := range w.strangers {
			if strings.Contains(entry.Path, id) {
				w.fault("%s %s is about somebody else's token", entry.Method, entry.Path)
			}
		}
	}
}

// tokens are all tokens of the world: the id, and what changes when the token does.
func (w *world) tokens() map[string]string {
	all := map[string]string{}
	w.view(func(tx *state.Tx) {
		for _, t := range tx.Tokens() {
			all[t.ID.String()] = fmt.Sprint(t.Disabled, t.ModifiedOn, t.SecretHash)
		}
	})
	return all
}

// describe names a token by owner and name, which the operation gives to one alone.
func (w *world) describe(id string) string {
	text := "gone"
	w.view(func(tx *state.Tx) {
		for _, t := range tx.Tokens() {
			if t.ID.String() == id {
				text = fmt.Sprintf("%q of %v", t.Definition.Name, t.Owner)
			}
		}
	})
	return text
}

// others are the switches of all accounts and members, and what else is written along with them.
func (w *world) others() map[string]string {
	all := map[string]string{}
	w.view(func(tx *state.Tx) {
		for _, ref := range []string{"acme", "globex"} {
			a := tx.AccountByRef(ref)
			all["account "+ref+", its switch"] = fmt.Sprint(a.APIAccess)
			all["account "+ref] = fmt.Sprint(a.Name, a.Type, a.EnforceTwofactor, a.OAuthAppAccess)
		}
		for _, ref := range []string{"acme/super", "acme/admin", "acme/dns", "acme/ci", "globex/super"} {
			m := tx.MemberByRef(ref)
			all["member "+ref+", its switch"] = fmt.Sprint(m.APIAccess)
			all["member "+ref] = fmt.Sprint(m.Status, m.Roles, m.Policies)
		}
	})
	return all
}

// adopt takes a token for one that the user knows of, such as the one that an import names.
func (w *world) adopt(id string) { w.adopted[id] = true }

// fault enters something that must not be.
func (w *world) fault(format string, args ...any) {
	w.result.WrongStates = append(w.result.WrongStates, fmt.Sprintf(format, args...))
}

// note enters a line into the journal of the run, after the requests so far.
func (w *world) note(format string, args ...any) {
	w.journal()
	w.result.Journal = append(w.result.Journal, "-- "+fmt.Sprintf(format, args...))
}

// journal takes over the requests since it was last called.
func (w *world) journal() {
	for _, entry := range w.Server.Journal() {
		if entry.Seq <= w.seen || entry.Credential != acctest.Terraform && entry.Decided {
			continue
		}
		w.seen = entry.Seq
		line := fmt.Sprintf("%s %s → %d", entry.Method, entry.Path, entry.Status)
		if entry.Fault != "" {
			line += " [" + entry.Fault + "]"
		}
		w.result.Journal = append(w.result.Journal, line)
	}
}

func (w *world) view(fn func(*state.Tx)) {
	w.t.Helper()
	if err := w.Server.World().View(func(tx *state.Tx) error { fn(tx); return nil }); err != nil {
		w.t.Fatalf("faultrun: %v", err)
	}
}

// canonical is a value as JSON, in which null and absent are the same, and so are sets in any order.
func canonical(value any) string {
	text, err := json.Marshal(normal(value))
	if err != nil {
		return err.Error()
	}
	return string(text)
}

func normal(value any) any {
	switch value := value.(type) {
	case map[string]any:
		kept := map[string]any{}
		for name, element := range value {
			if element = normal(element); element != nil {
				kept[name] = element
			}
		}
		return kept
	case []any:
		kept := make([]any, 0, len(value))
		for _, element := range value {
			kept = append(kept, normal(element))
		}
		slices.SortFunc(kept, func(a, b any) int { return strings.Compare(canonical(a), canonical(b)) })
		return kept
	default:
		return value
	}
}
