// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package attacks

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strings"
)

// Kind names a way of attacking, as it is counted.
type Kind string

// The kinds of attack.
const (
	Create     Kind = "create"
	Rename     Kind = "rename"
	TypeChange Kind = "type change"
	Merge      Kind = "patch merge"
	Replace    Kind = "replace"
	Delete     Kind = "delete"
	Batch      Kind = "batch"
	Import     Kind = "import"
	Read       Kind = "read"
	List       Kind = "list"
	Export     Kind = "export"
	Elsewhere  Kind = "elsewhere"
)

// kinds are all kinds, in the order in which they are told.
var kinds = []Kind{Create, Rename, TypeChange, Merge, Replace, Delete, Batch, Import, Read, List, Export, Elsewhere}

// attack is one request.
type attack struct {
	kind         Kind
	method, path string
	body         string
	contentType  string
}

// String is the request as a message shows it.
func (a attack) String() string { return fmt.Sprintf("%s %s %q", a.method, a.path, a.body) }

// object is a JSON object whose fields keep their order and may repeat.
type object []string

func (o object) with(key string, value any) object {
	text, err := json.Marshal(value)
	if err != nil {
		text = []byte("null") // strings and numbers always have a JSON form
	}
	return append(o, fmt.Sprintf("%q:%s", key, text))
}

func (o object) String() string { return "{" + strings.Join(o, ",") + "}" }

// fields adds what a record's body may say, and sometimes what it must not: a field twice, null, ids and
// zones that are not its own.
func fields(rng *rand.Rand, o object, s *scenario, whole bool) object {
	if plain := pick(rng, plainTypes); whole && rng.IntN(3) > 0 {
		o = o.with("type", plain[0]).with("content", plain[1])
	} else {
		if whole || rng.IntN(2) == 0 {
			o = o.with("type", recordType(rng))
		}
		if whole || rng.IntN(2) == 0 {
			o = o.with("content", pick(rng, contents))
		}
	}
	if whole || rng.IntN(2) == 0 {
		o = o.with("name", name(rng))
	}
	switch rng.IntN(24) {
	case 0:
		o = o.with("name", name(rng))
	case 1:
		o = o.with("type", recordType(rng))
	case 2:
		o = o.with("id", s.anyRecord(rng).id)
	case 3:
		o = o.with("zone_id", s.zones[otherZone])
	case 4:
		o = o.with("zone_name", otherZone)
	case 5:
		o = o.with("name", nil)
	case 6:
		o = o.with("Name", name(rng))
	case 7:
		o = o.with("data", map[string]any{"name": name(rng), "service": "_x", "proto": "_tcp", "target": "a.example.net", "port": 1, "weight": 1, "priority": 1})
	case 8:
		o = o.with("priority", 10)
	default:
	}
	return o.with("ttl", 120)
}

// next makes an attack on the scenario's records as they are now.
func next(rng *rand.Rand, s *scenario) attack {
	zone := s.zones[ownZone]
	if rng.IntN(12) == 0 {
		zone = s.zones[otherZone]
	}
	records := "/zones/" + zone + "/dns_records"
	one := records + "/" + s.anyRecord(rng).id
	if rng.IntN(20) == 0 {
		one = records + "/" + spell(rng, "ffffffffffffffffffffffffffffffff")
	}
	kind := pick(rng, kinds)
	a := attack{kind: kind, method: "GET", contentType: "application/json"}
	switch kind {
	case Create:
		a.method, a.path, a.body = "POST", records, fields(rng, nil, s, true).String()
	case Rename:
		a.method, a.path, a.body = "PATCH", one, object{}.with("name", name(rng)).String()
	case TypeChange:
		a.method, a.path, a.body = "PATCH", one, object{}.with("type", recordType(rng)).with("content", pick(rng, contents)).String()
	case Merge:
		a.method, a.path, a.body = "PATCH", one, fields(rng, nil, s, false).String()
	case Replace:
		a.method, a.path, a.body = "PUT", one, fields(rng, nil, s, true).String()
	case Delete:
		a.method, a.path = "DELETE", one
	case Batch:
		a.method, a.path, a.body = "POST", records+"/batch", batch(rng, s)
	case Import:
		a.method, a.path = "POST", records+"/import"
		a.body, a.contentType = zoneFile(rng)
	case Read:
		a.path = one
	case List:
		a.path = records + "?" + filter(rng)
	case Export:
		a.path = records + "/export"
	case Elsewhere:
		a.path = "/zones/" + zone + pick(rng, []string{"", "/settings", "/dnssec", "/dns_settings", "/purge_cache", "/dns_records/scan", "/dns_records/usage", "/dns_analytics/report"})
		a.method, a.body = pick(rng, []string{"GET", "POST", "PATCH", "DELETE"}), pick(rng, []string{"", "{}", `{"purge_everything":true}`, `{"paused":true}`})
	}
	a.path = escape(a.path)
	return a
}

// escape keeps a path one that a request line can hold.
func escape(path string) string {
	target, query, found := strings.Cut(path, "?")
	target = (&url.URL{Path: target}).EscapedPath()
	if found {
		return target + "?" + query
	}
	return target
}

// batch mixes the four lists, so that what one part does is what the next one meets.
func batch(rng *rand.Rand, s *scenario) string {
	part := func(n int, one func() object) string {
		items := texts(n, one)
		return "[" + strings.Join(items, ",") + "]"
	}
	withID := func() object { return object{}.with("id", s.anyRecord(rng).id) }
	return fmt.Sprintf(`{"deletes":%s,"patches":%s,"puts":%s,"posts":%s}`,
		part(rng.IntN(2), withID),
		part(rng.IntN(3), func() object { return fields(rng, withID(), s, false) }),
		part(rng.IntN(2), func() object { return fields(rng, withID(), s, true) }),
		part(rng.IntN(3), func() object { return fields(rng, nil, s, true) }))
}

func texts(n int, one func() object) []string {
	items := make([]string, 0, n)
	for range n {
		items = append(items, one().String())
	}
	return items
}

// zoneFile is a file with a few records, and sometimes with directives that move the ones after them.
func zoneFile(rng *rand.Rand) (body, contentType string) {
	var b strings.Builder
	for range 1 + rng.IntN(2) {
		switch rng.IntN(12) {
		case 0:
			fmt.Fprintf(&b, "$ORIGIN %s\n", spell(rng, pick(rng, []string{ownZone + ".", otherZone + ".", "."})))
		case 1:
			b.WriteString(pick(rng, []string{"$INCLUDE /etc/hostname\n", "$GENERATE 1-3 a$ A 198.51.100.$\n", "$TTL 1h\n"}))
		case 2:
			fmt.Fprintf(&b, "%s 300 IN %s (\n %s )\n", name(rng), recordType(rng), pick(rng, contents))
		case 3:
			fmt.Fprintf(&b, " 300 IN %s %s\n", recordType(rng), pick(rng, contents))
		case 4, 5, 6:
			plain := pick(rng, plainTypes)
			fmt.Fprintf(&b, "%s 300 IN %s %s\n", name(rng), plain[0], plain[1])
		default:
			fmt.Fprintf(&b, "%s 300 IN %s %s\n", name(rng), recordType(rng), pick(rng, contents))
		}
	}
	const boundary = "an-attack"
	if rng.IntN(2) == 0 {
		return b.String(), "text/plain"
	}
	return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"zone\"\r\n\r\n" + b.String() +
		"\r\n--" + boundary + "--\r\n", "multipart/form-data; boundary=" + boundary
}

// filter is a query of a list; some of them ask for one hidden record after the other.
func filter(rng *rand.Rand) string {
	q := url.Values{}
	for range rng.IntN(3) {
		switch rng.IntN(6) {
		case 0:
			q.Set("name", name(rng))
		case 1:
			q.Set("type", recordType(rng))
		case 2:
			q.Set("content", pick(rng, contents))
		case 3:
			q.Set("search", pick(rng, []string{"secret", "marker", "203.0.113"}))
		case 4:
			q.Set("name.contains", pick(rng, []string{"secret", "a", "_acme"}))
		case 5:
			q.Set("match", "any")
		}
	}
	if rng.IntN(3) == 0 {
		q.Set("per_page", pick(rng, []string{"1", "5", "100"}))
		q.Set("page", pick(rng, []string{"1", "2", "3"}))
	}
	return q.Encode()
}
