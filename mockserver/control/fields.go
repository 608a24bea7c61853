// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package control

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

// problems collects all that is wrong with a request.
type problems struct{ list []Problem }

// maxProblems bounds how many problems a reply lists; nobody reads more.
const maxProblems = 100

// add notes a problem at a place of the body, a JSON pointer.
func (p *problems) add(path, format string, args ...any) {
	p.suggest(path, nil, format, args...)
}

// suggest notes a problem with what was perhaps meant.
func (p *problems) suggest(path string, nearest []string, format string, args ...any) {
	if !p.full() {
		p.list = append(p.list, Problem{Path: path, Message: fmt.Sprintf(format, args...) + didYouMean(nearest), Nearest: nearest})
	}
}

// full reports whether no further problem would be listed.
func (p *problems) full() bool { return len(p.list) >= maxProblems }

// didYouMean is the tail of a message about an unknown name.
func didYouMean(nearest []string) string {
	if len(nearest) == 0 {
		return ""
	}
	quoted := make([]string, len(nearest))
	for i, name := range nearest {
		quoted[i] = strconv.Quote(name)
	}
	return ": did you mean " + strings.Join(quoted, " or ") + "?"
}

// object reads the members of one JSON object. Members that were not asked for
// when [object.end] runs are unknown.
type object struct {
	problems *problems
	path     string
	members  map[string]value
	asked    []string
}

// newObject reads an object; another value is a problem, and then nothing is
// in it.
func (p *problems) newObject(path string, v value) *object {
	o := &object{problems: p, path: path, members: make(map[string]value)}
	if v.kind != isObject {
		p.add(path, "must be an object, not %s", v.kind)
		return o
	}
	for _, m := range v.members {
		o.members[m.name] = m.value
	}
	return o
}

// at is the place of a member.
func (o *object) at(name string) string { return o.path + "/" + escape(name) }

// escape writes a name as one token of a JSON pointer.
func escape(name string) string {
	return strings.NewReplacer("~", "~0", "/", "~1").Replace(shorten(name))
}

// get returns a member. null is as good as absent, save where a caller asks
// for the value itself.
func (o *object) get(name string) (value, bool) {
	if !slices.Contains(o.asked, name) {
		o.asked = append(o.asked, name)
	}
	v, ok := o.members[name]
	return v, ok && v.kind != isNull
}

// has reports whether a member is there and is not null.
func (o *object) has(name string) bool {
	_, ok := o.get(name)
	return ok
}

// text returns a string, "" when it is absent or wrong. An empty string is a
// problem: what it would mean is told by leaving the member out.
func (o *object) text(name string) string {
	v, ok := o.get(name)
	switch {
	case !ok:
		return ""
	case v.kind != isString:
		o.problems.add(o.at(name), "must be a string, not %s", v.kind)
		return ""
	case v.text == "":
		o.problems.add(o.at(name), "must not be empty: leave it out instead")
		return ""
	default:
		return v.text
	}
}

// boolean returns a boolean, false when it is absent or wrong.
func (o *object) boolean(name string) bool {
	v, ok := o.get(name)
	if ok && v.kind != isBool {
		o.problems.add(o.at(name), "must be true or false, not %s", v.kind)
	}
	return v.truth
}

// integer returns a whole number within bounds, or the default.
func (o *object) integer(name string, otherwise, least, most int) int {
	v, ok := o.get(name)
	if !ok {
		return otherwise
	}
	n, err := strconv.Atoi(v.text)
	if v.kind != isNumber || err != nil || n < least || n > most {
		o.problems.add(o.at(name), "must be a whole number from %d to %d", least, most)
		return otherwise
	}
	return n
}

// instant returns a time, the zero time when it is absent or wrong.
func (o *object) instant(name string) time.Time {
	text := o.text(name)
	if text == "" {
		return time.Time{}
	}
	at, err := time.Parse(time.RFC3339Nano, text)
	if err != nil {
		o.problems.add(o.at(name), "must be a time such as \"2030-01-01T00:00:00Z\"")
	}
	return at
}

// object returns an object, nil when it is absent.
func (o *object) object(name string) *object {
	v, ok := o.get(name)
	if !ok {
		return nil
	}
	return o.problems.newObject(o.at(name), v)
}

// array returns the items of an array, nil when it is absent or wrong.
func (o *object) array(name string) []value {
	v, ok := o.get(name)
	if ok && v.kind != isArray {
		o.problems.add(o.at(name), "must be an array, not %s", v.kind)
	}
	return v.items
}

// texts returns an array of strings.
func (o *object) texts(name string) []string {
	items := o.array(name)
	list := make([]string, 0, len(items))
	for i, v := range items {
		if v.kind != isString {
			o.problems.add(o.at(name)+"/"+strconv.Itoa(i), "must be a string, not %s", v.kind)
			continue
		}
		list = append(list, v.text)
	}
	return list
}

// end reports the members that nobody asked for, in their order by name.
func (o *object) end() {
	var unknown []string
	for name := range o.members {
		if !slices.Contains(o.asked, name) {
			unknown = append(unknown, name)
		}
	}
	slices.Sort(unknown)
	for _, name := range unknown {
		if o.problems.full() {
			return
		}
		if like := catalog.SuggestNames(shorten(name), o.asked, 1); len(like) > 0 {
			o.problems.suggest(o.at(name), like, "is not a known field")
			continue
		}
		o.problems.add(o.at(name), "is not a known field: there are %s", strings.Join(o.asked, ", "))
	}
}
