// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"net/netip"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/idna"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The bounds of a record's values.
const (
	automaticTTL      = 1
	leastTTL          = 60
	leastEnterpriseTL = 30
	mostTTL           = 86400
	maxTXT            = 4096
	maxComment        = 500
	maxTag            = 100
)

// checkRecord holds what a record may say, and brings its content into the
// form that is stored.
func (x *exchange) checkRecord(zone *state.Zone, r *state.Record) error {
	if r.Proxied && !isProxiable(r.Type) {
		return recordFault(9041, "This DNS record cannot be proxied.")
	}
	least := leastTTL
	if a := x.tx.AccountByID(zone.Account); a != nil && a.IsEnterprise() {
		least = leastEnterpriseTL
	}
	if r.TTL != automaticTTL && (r.TTL < least || r.TTL > mostTTL) {
		return recordFault(9021, "Invalid TTL. Must be between 60 and 86,400 seconds (from 30 on Enterprise), or 1 for Automatic.")
	}
	if r.Proxied {
		r.TTL = automaticTTL
	}
	if utf8.RuneCountInString(r.Comment) > maxComment {
		return recordFault(9210, "A comment has at most 500 characters.")
	}
	if hasControls(r.Comment) {
		return recordFault(9210, "A comment holds no line breaks or other control characters.")
	}
	for _, tag := range r.Tags {
		if err := checkTag(tag); err != nil {
			return err
		}
	}
	if r.Type == "MX" && r.Priority == nil {
		return recordFault(9102, "MX records need a priority.")
	}
	return checkContent(zone, r)
}

// hasControls reports whether a text holds control characters, line breaks
// among them.
func hasControls(s string) bool {
	return strings.ContainsFunc(s, func(c rune) bool { return c < ' ' || c == 0x7f })
}

// checkTag holds what a tag is: a name, alone or with a colon and a value. The
// reserved names stand in zone files for what is no tag.
func checkTag(tag string) error {
	name, value, _ := strings.Cut(tag, ":")
	switch {
	case tag == "" || len(tag) > maxTag:
		return recordFault(9300, "A tag has 1 to 100 characters.")
	case !isTagName(name) || hasControls(value):
		return recordFault(9300, "A tag is name:value: the name letters, digits, - and _, the value without control characters.")
	case strings.HasPrefix(strings.ToLower(name), reservedTag):
		return recordFault(9300, "A tag's name does not start with cf-: those are reserved.")
	default:
		return nil
	}
}

// checkContent judges the content by the record's type.
func checkContent(zone *state.Zone, r *state.Record) error {
	// A line break in a content would be a record of its own in an export.
	if hasControls(r.Content) {
		return recordFault(9101, "A content holds no control characters.")
	}
	switch r.Type {
	case "A":
		addr, err := netip.ParseAddr(r.Content)
		if err != nil || !addr.Is4() {
			return recordFault(9005, "Content for A record must be a valid IPv4 address.")
		}
		r.Content = addr.String()
	case "AAAA":
		addr, err := netip.ParseAddr(r.Content)
		if err != nil || !addr.Is6() || addr.Zone() != "" {
			return recordFault(9006, "Content for AAAA record must be a valid IPv6 address.")
		}
		r.Content = addr.String()
	case "CNAME", "NS", "MX", "PTR":
		host, ok := hostName(zone.Name, r.Content, r.Type == "MX")
		if !ok {
			return recordFault(9007, "Content for "+r.Type+" record is invalid: it must be a host name.")
		}
		if r.Type == "CNAME" && host == r.Name {
			return recordFault(9039, "A CNAME record cannot reference itself.")
		}
		r.Content = host
	case "TXT", "SPF":
		if r.Content == "" || len(r.Content) > maxTXT {
			return recordFault(9009, "Content for "+r.Type+" record must have 1 to 4096 characters.")
		}
	default:
		if fields := recordData[r.Type]; r.Data == nil && len(strings.Fields(r.Content)) < contentFields(fields) {
			return recordFault(9101, r.Type+" records need data, or a content with all its fields.")
		}
		if strings.TrimSpace(r.Content) == "" {
			return recordFault(9101, r.Type+" records need a content.")
		}
		splitPriority(r)
		if _, err := zoneFileData(r); err != nil {
			return recordFault(9101, "Content for "+r.Type+" record is invalid: "+err.Error())
		}
	}
	return nil
}

// splitPriority takes the priority out of a content that holds it, as some
// clients send it. A service without one has the first.
func splitPriority(r *state.Record) {
	if r.Priority != nil || !hasPriority(r.Type) {
		return
	}
	first, rest, _ := strings.Cut(strings.TrimSpace(r.Content), " ")
	n, err := strconv.ParseUint(first, 10, 16)
	priority := uint16(n)
	switch {
	case len(strings.Fields(rest)) >= contentFields(recordData[r.Type]) && err == nil:
		r.Priority, r.Content = &priority, strings.TrimSpace(rest)
	case r.Type == "SRV":
		r.Priority = new(uint16)
	}
}

func contentFields(fields []dataField) int {
	n := 0
	for _, f := range fields {
		if !f.apart {
			n++
		}
	}
	return n
}

// hostName brings the name of a host into the form that is stored. "@" is the
// zone; root allows "." for "none".
func hostName(zone, content string, root bool) (string, bool) {
	if content == "@" {
		return zone, true
	}
	if content == "." {
		return content, root
	}
	host := strings.ToLower(strings.TrimSuffix(content, "."))
	for i := range len(host) {
		if host[i] >= utf8.RuneSelf {
			ascii, err := idna.Lookup.ToASCII(host)
			if err != nil {
				return "", false
			}
			host = ascii
			break
		}
	}
	if host == "" || len(host) > 253 {
		return "", false
	}
	for label := range strings.SplitSeq(host, ".") {
		if label == "" || len(label) > 63 || strings.Trim(label, "abcdefghijklmnopqrstuvwxyz0123456789-_*") != "" {
			return "", false
		}
	}
	return host, true
}

// checkNeighbours holds what records of one name may stand beside each other.
// It tells nothing of records that the caller may not see beyond what DNS
// itself tells everybody.
func (x *exchange) checkNeighbours(r *state.Record, identical ErrorCase) error {
	zone := x.tx.ZoneByID(r.Zone)
	for _, other := range x.tx.RecordsByName(r.Zone, r.Name) {
		if other.ID == r.ID {
			continue
		}
		if sameRecord(other, r) {
			return identical.refuse()
		}
		if r.Type == "CNAME" && isProxiable(other.Type) || other.Type == "CNAME" && isProxiable(r.Type) {
			return errRecordHost.refuse("An A, AAAA, or CNAME record with that host already exists.")
		}
		if (r.Type == "NS") != (other.Type == "NS") && r.Name != zone.Name {
			return errRecordHost.refuse("NS records cannot exist on the same name as any other record type.")
		}
	}
	return nil
}

func sameRecord(a, b *state.Record) bool {
	if a.Type != b.Type {
		return false
	}
	if a.Priority != nil && b.Priority != nil && *a.Priority != *b.Priority {
		return false
	}
	return plainContent(a.Content) == plainContent(b.Content)
}

// recordsOf lists the zone's records that pass a GET by the caller
// (authorization model §5).
func (x *exchange) recordsOf(zone authz.ID) []*state.Record {
	question := x.request
	question.Accepts, question.Needs = recordReaders(), 0
	var list []*state.Record
	for _, r := range x.tx.Records(zone) {
		if authz.Visible(x.tx, &question, *recordTarget(r)) {
			list = append(list, r)
		}
	}
	return list
}
