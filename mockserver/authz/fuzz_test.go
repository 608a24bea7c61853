// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package authz

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// FuzzParseHeaders holds that no header value panics, and that what is well
// formed has the form that its kind asks.
func FuzzParseHeaders(f *testing.F) {
	f.Add("Bearer "+strings.Repeat("a", 40), "a@b", "0", "v1.0-00")
	f.Add("", "a@b.example", strings.Repeat("0", 37), "")
	f.Fuzz(func(t *testing.T, authorization, email, key, service string) {
		got := ParseHeaders(Headers{Authorization: []string{authorization}, Email: []string{email}, Key: []string{key}, ServiceKey: []string{service}})
		if got.Presence != WellFormed {
			if got.Secret != "" {
				t.Error("a secret without a well-formed credential")
			}
			if (got.Presence == Missing) != (got.Kind == PresentedNothing) || (got.Presence == Malformed) != (got.Defect != DefectNone) {
				t.Errorf("presence %d, kind %d, defect %d", got.Presence, got.Kind, got.Defect)
			}
			return
		}
		ofItsForm := map[PresentedKind]bool{
			PresentedBearer:     IsTokenForm(got.Secret) && strings.HasSuffix(strings.TrimRight(authorization, " \t"), " "+got.Secret),
			PresentedKey:        IsGlobalKeyForm(got.Secret) && IsEmailForm(got.Email),
			PresentedServiceKey: IsOriginCAKeyForm(got.Secret),
		}
		if !ofItsForm[got.Kind] || got.Defect != DefectNone {
			t.Errorf("kind %d with defect %d is well formed", got.Kind, got.Defect)
		}
		// The same credential on two lines is malformed whichever decides.
		twice := ParseHeaders(Headers{Authorization: []string{authorization, authorization}, Email: []string{email}, Key: []string{key}, ServiceKey: []string{service}})
		if twice.Presence != Malformed || twice.Secret != "" {
			t.Errorf("a repeated header is not malformed: presence %d", twice.Presence)
		}
	})
}

// FuzzParseID holds that exactly the wire form of an identifier parses, and
// that identifiers are ordered as their wire forms are.
func FuzzParseID(f *testing.F) {
	f.Add("0123456789abcdef0123456789abcdef", "00000000000000000000000000000001")
	f.Add("0123456789ABCDEF0123456789abcdef", "")
	f.Fuzz(func(t *testing.T, a, b string) {
		first, ok := ParseID(a)
		if ok && (first.String() != a || first.IsZero()) {
			t.Fatalf("%q came back as %s", a, first)
		}
		if second, also := ParseID(b); ok && also && first.Compare(second) != strings.Compare(a, b) {
			t.Errorf("%s and %s compare as %d", first, second, first.Compare(second))
		}
	})
}

// FuzzParseResource holds that what parses comes back as it was, that the
// policy compiles, and that the key reaches nothing that it cannot serve.
func FuzzParseResource(f *testing.F) {
	id := strings.Repeat("0a", 16)
	f.Add(accountPrefix+id, "")
	f.Add(accountPrefix+id, zonePrefix+"*")
	f.Add(zonePrefix+id, recordPrefix+"TXT._acme-challenge.*")
	f.Add(bucketPrefix+id+"_default_abc", "")
	f.Fuzz(func(t *testing.T, outer, nested string) {
		r := Resource{Key: outer}
		if nested != "" {
			r.Nested = []string{nested}
		}
		keys, err := ParseResource(r)
		compiled, compileErr := Compile([]Policy{{Effect: Allow, Resources: []Resource{r}}})
		if (err == nil) != (compileErr == nil) {
			t.Fatalf("%v parses with %v and compiles with %v", r, err, compileErr)
		}
		if err != nil {
			return
		}
		if len(keys) != 1 {
			t.Fatalf("%v is %d keys", r, len(keys))
		}
		if back := keys[0].Resource(); back.Key != r.Key || !slices.Equal(back.Nested, r.Nested) {
			t.Errorf("%v came back as %v", r, back)
		}
		if again := compiled.list[0].keys(); !slices.Equal(again, keys) {
			t.Errorf("%v was compiled to %v", r, again)
		}
		served := compiled.list[0].served()
		for i := range catalog.Groups() {
			if g := &catalog.Groups()[i]; keys[0].Serves(g) != served.Has(g.Index) {
				t.Errorf("%v serves %s: %t, compiled %t", r, g.Ref(), keys[0].Serves(g), served.Has(g.Index))
			}
		}
	})
}

// FuzzCheckRecordPattern holds that a pattern which is accepted makes a key
// that comes back as it was, that it matches itself, and that without a "*" it
// matches nothing else.
func FuzzCheckRecordPattern(f *testing.F) {
	f.Add("TXT", "_acme-challenge.*", "_acme-challenge.example.com")
	f.Add("*", "a.example.com", "A.example.com")
	f.Add("txt", "@", "example.com")
	f.Fuzz(func(t *testing.T, recordType, pattern, name string) {
		key := Key{Form: KeyRecord, Zone: named("z1"), RecordType: recordType, Pattern: pattern}
		err := CheckRecordPattern(recordType, pattern)
		keys, parseErr := ParseResource(key.Resource())
		if err != nil {
			// A type may hold no dot, so that the key's own parts are others.
			if parseErr == nil && keys[0] == key {
				t.Fatalf("%q %q is refused with %v and yet a key", recordType, pattern, err)
			}
			return
		}
		if parseErr != nil || keys[0] != key {
			t.Fatalf("%q %q came back as %v with %v", recordType, pattern, keys, parseErr)
		}
		if !matchPattern(pattern, pattern) {
			t.Errorf("%q does not match itself", pattern)
		}
		if matched := matchPattern(pattern, name); matched && pattern != name && !strings.Contains(pattern, "*") {
			t.Errorf("%q matches %q", pattern, name)
		}
		if strings.ToLower(pattern) != pattern || strings.HasSuffix(pattern, ".") || strings.Contains(pattern, "@") {
			t.Errorf("%q is accepted", pattern)
		}
	})
}

// FuzzMatchPattern compares with a plain recursive matcher.
func FuzzMatchPattern(f *testing.F) {
	f.Add("_acme-challenge.*", "_acme-challenge.example.com")
	f.Add("a*b*c", "abXbc")
	f.Fuzz(func(t *testing.T, pattern, name string) {
		if len(pattern) > 12 || len(name) > 24 {
			return
		}
		if got, want := matchPattern(pattern, name), plainMatch(pattern, name); got != want {
			t.Errorf("%q on %q: %t, want %t", pattern, name, got, want)
		}
	})
}

func plainMatch(pattern, name string) bool {
	if pattern == "" {
		return name == ""
	}
	if pattern[0] != '*' {
		return name != "" && name[0] == pattern[0] && plainMatch(pattern[1:], name[1:])
	}
	for i := 1; i <= len(name); i++ {
		if plainMatch(pattern[1:], name[i:]) {
			return true
		}
	}
	return false
}

// FuzzCompileIP holds that a range which parses is its own canonical form once
// printed, that it compiles, and that a condition on it decides as the range
// does: in allows what not_in refuses.
func FuzzCompileIP(f *testing.F) {
	f.Add("192.0.2.0/24")
	f.Add("::ffff:192.0.2.7")
	f.Add("fe80::1%eth0")
	f.Fuzz(func(t *testing.T, text string) {
		prefix, err := ParsePrefix(text)
		in, inErr := CompileIP([]string{text}, nil)
		notIn, notInErr := CompileIP(nil, []string{text})
		if (err == nil) != (inErr == nil) || (err == nil) != (notInErr == nil) {
			t.Fatalf("%q parses with %v and compiles with %v and %v", text, err, inErr, notInErr)
		}
		if err != nil {
			return
		}
		if again, err := ParsePrefix(prefix.String()); err != nil || again != prefix {
			t.Fatalf("%q is %s, and that %s with %v", text, prefix, again, err)
		}
		if first := prefix.Addr(); !in.allows(first) || notIn.allows(first) {
			t.Errorf("%q does not hold its first address", text)
		}
		if in.allows(address) == notIn.allows(address) {
			t.Errorf("%q holds and does not hold %s", text, address)
		}
	})
}

// FuzzCheckDefinition holds that what a create accepts compiles and is
// accepted again in its canonical form, and that an update may repeat it.
func FuzzCheckDefinition(f *testing.F) {
	dnsWrite := groupNamed(f, "DNS Write").ID
	z1 := zonePrefix + named("z1").String()
	f.Add("name", "allow", dnsWrite, z1, "", "192.0.2.0/24", int64(3600))
	f.Add("name", "deny", dnsWrite, z1, recordPrefix+"TXT.*", "", int64(0))
	f.Add("", "permit", "x", accountPrefix+"*", zonePrefix+"*", "x", int64(-1))
	f.Fuzz(func(t *testing.T, name, effect, group, outer, nested, ip string, seconds int64) {
		w := newWorld(t)
		in := PolicyInput{Effect: Effect(effect), Groups: []string{group}, Resources: []Resource{{Key: outer}}}
		if nested != "" {
			in.Resources[0].Nested = []string{nested}
		}
		var ranges []string
		if ip != "" {
			ranges = []string{ip}
		}
		var expires time.Time
		if seconds != 0 {
			expires = instant.Add(time.Duration(seconds%1e6) * time.Second)
		}
		check := &Check{Owner: Owner{User: named("super")}, Caller: named("super"), Now: instant}
		policies, problems := CheckDefinition(w, check, name, []PolicyInput{in}, ranges, nil, time.Time{}, expires)
		for _, p := range problems {
			if p.Error() == "" {
				t.Error("a problem without text")
			}
		}
		if problems != nil {
			return
		}
		compiled, err := Compile(policies)
		if err != nil {
			t.Fatalf("accepted, and does not compile: %v", err)
		}
		if compiled.denies != (effect == string(Deny)) {
			t.Errorf("effect %q denies: %t", effect, compiled.denies)
		}
		if _, err := CompileIP(ranges, nil); err != nil {
			t.Fatalf("accepted, and the condition does not compile: %v", err)
		}
		later := *check
		later.Stored = &Definition{Name: name, Policies: policies, In: ranges, ExpiresOn: expires}
		again := PolicyInput{Effect: policies[0].Effect, Groups: []string{catalog.Groups()[policies[0].Groups[0]].ID}, Resources: policies[0].Resources}
		for _, c := range []*Check{check, &later} {
			same, problems := CheckDefinition(w, c, name, []PolicyInput{again}, ranges, nil, time.Time{}, expires)
			if problems != nil || ComparePolicies(same[0], policies[0]) != 0 {
				t.Errorf("accepted, and not again: %s", texts(problems))
			}
		}
	})
}
