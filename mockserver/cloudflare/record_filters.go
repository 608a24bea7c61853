// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// recordFilter reads the filters of the record list.
func recordFilter(x *exchange, zone *state.Zone) (*filter[*state.Record], error) {
	f, err := newFilter[*state.Record](x)
	if err != nil {
		return nil, err
	}
	name := func(r *state.Record) string { return r.Name }
	content := func(r *state.Record) string { return r.Content }
	comment := func(r *state.Record) string { return r.Comment }
	dottedTests(x, f, "name", name, func(s string) string { return queriedName(zone.Name, s) })
	dottedTests(x, f, "content", content, plainContent)
	dottedTests(x, f, "comment", comment, nil)
	if x.query.Has("comment.present") {
		f.where(func(r *state.Record) bool { return r.Comment != "" })
	}
	if x.query.Has("comment.absent") {
		f.where(func(r *state.Record) bool { return r.Comment == "" })
	}
	if err := tagTests(x, f); err != nil {
		return nil, err
	}
	if recordType := x.query.Get("type"); recordType != "" {
		f.where(func(r *state.Record) bool { return strings.EqualFold(r.Type, recordType) })
	}
	if x.query.Get("proxied") != "" {
		proxied, err := x.queryBool("proxied", false)
		if err != nil {
			return nil, err
		}
		f.where(func(r *state.Record) bool { return r.Proxied == proxied })
	}
	if search := strings.ToLower(x.query.Get("search")); search != "" {
		f.where(func(r *state.Record) bool {
			all := strings.Join(append([]string{r.Name, r.Type, r.Content, r.Comment}, r.Tags...), "\n")
			return strings.Contains(strings.ToLower(all), search)
		})
	}
	return f, nil
}

// queriedName brings a name to look for into the stored form, without
// completing it: a filter compares full names.
func queriedName(zone, name string) string {
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	if isASCII(name) {
		return name
	}
	if stored, err := state.NormalizeRecordName(zone, name); err == nil {
		return stored
	}
	return name
}

func isASCII(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r >= 0x80 })
}

// tagTests makes the tests of the tag filters, which tag_match joins among
// themselves. A tag is "name:value" or a name alone.
func tagTests(x *exchange, outer *filter[*state.Record]) error {
	match, err := x.choice("tag_match", "all", "any")
	if err != nil {
		return err
	}
	f := &filter[*state.Record]{any: match == "any"}
	hasName := func(r *state.Record, name string) bool {
		return slices.ContainsFunc(r.Tags, func(tag string) bool {
			n, _, _ := strings.Cut(tag, ":")
			return strings.EqualFold(n, name)
		})
	}
	for _, parameter := range []string{"tag", "tag.exact"} {
		if want := x.query.Get(parameter); want != "" {
			f.where(func(r *state.Record) bool {
				return slices.ContainsFunc(r.Tags, func(tag string) bool { return strings.EqualFold(tag, want) })
			})
		}
	}
	if name := x.query.Get("tag.present"); name != "" {
		f.where(func(r *state.Record) bool { return hasName(r, name) })
	}
	if name := x.query.Get("tag.absent"); name != "" {
		f.where(func(r *state.Record) bool { return !hasName(r, name) })
	}
	if len(f.tests) > 0 {
		outer.where(f.passes)
	}
	return nil
}

// recordOrders are what the record list can be ordered by.
var recordOrders = map[string]func(*state.Record) string{
	"type":    func(r *state.Record) string { return r.Type },
	"name":    func(r *state.Record) string { return r.Name },
	"content": func(r *state.Record) string { return r.Content },
	"ttl":     func(r *state.Record) string { return fmt.Sprintf("%05d", r.TTL) },
	"proxied": func(r *state.Record) string { return strconv.FormatBool(r.Proxied) },
}
