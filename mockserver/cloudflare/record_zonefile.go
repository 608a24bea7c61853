// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/miekg/dns"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// This file is both directions between a record and its line in a zone file:
// what zoneFileData writes, fromZoneFile reads. Zone files are read by package
// dns, never here.

// zoneFileData writes what a record says as zone files do: names with a final
// dot, texts in quotes, the priority in front. It is an error if the content
// is none of the record's type.
func zoneFileData(r *state.Record) (string, error) {
	switch r.Type {
	case "A", "AAAA":
		return r.Content, nil
	case "CNAME", "NS", "PTR":
		return dns.Fqdn(r.Content), nil
	case "TXT", "SPF":
		return zoneFileText(textStrings(r.Content)), nil
	}
	if hasControls(r.Content) {
		return "", errors.New("it holds control characters")
	}
	// Not dns.NewRR, which would read files that an $INCLUDE names.
	content := r.Content
	if r.Priority != nil {
		content = strconv.Itoa(int(*r.Priority)) + " " + content // The API keeps it apart.
	}
	line := fmt.Sprintf(". 1 IN %s %s\n", r.Type, content)
	parser := dns.NewZoneParser(strings.NewReader(line), ".", "")
	rr, ok := parser.Next()
	if err := parser.Err(); err != nil {
		return "", errors.New(strings.TrimPrefix(err.Error(), "dns: "))
	}
	if !ok {
		return "", errors.New("it is empty")
	}
	return dataOf(rr), nil
}

// dataOf is what a record says without its name, TTL, class and type.
func dataOf(rr dns.RR) string { return strings.TrimPrefix(rr.String(), rr.Header().String()) }

// fromZoneFile reads a record of a zone file as what a create would send. It
// reports false for a record that belongs to the zone's own machinery.
func fromZoneFile(zone *state.Zone, rr dns.RR) (in recordInput, ours bool, err error) {
	header := rr.Header()
	recordType := dns.TypeToString[header.Rrtype]
	if strings.Contains(header.Name, `\`) {
		// A name with an escape would be decided on as one name and served as
		// another.
		return in, false, fmt.Errorf("the name %q holds an escape: write its characters as they are", header.Name)
	}
	name, err := state.NormalizeAbsoluteName(zone.Name, header.Name)
	switch {
	case err != nil:
		return in, false, err
	case header.Class != dns.ClassINET:
		return in, false, fmt.Errorf("records of class %s cannot be imported: only IN can", dns.Class(header.Class))
	case header.Rrtype == dns.TypeSOA && name == zone.Name:
		return in, false, nil
	case !authz.IsRecordType(recordType):
		return in, false, fmt.Errorf("records of type %s cannot be imported", dns.Type(header.Rrtype))
	}
	ttl := int(header.Ttl)
	in = recordInput{recordType: &recordType, name: &name, ttl: &ttl}
	content, priority := fromData(rr)
	in.content = &content
	if priority != nil {
		n := int(*priority)
		in.priority = &n
	}
	return in, true, nil
}

// fromData takes a record's data apart as the API does.
func fromData(rr dns.RR) (content string, priority *uint16) {
	undotted := func(host string) string {
		if host == "." {
			return host
		}
		return strings.TrimSuffix(host, ".")
	}
	switch rr := rr.(type) {
	case *dns.A:
		return rr.A.String(), nil
	case *dns.AAAA:
		return rr.AAAA.String(), nil
	case *dns.CNAME:
		return undotted(rr.Target), nil
	case *dns.NS:
		return undotted(rr.Ns), nil
	case *dns.PTR:
		return undotted(rr.Ptr), nil
	case *dns.MX:
		return undotted(rr.Mx), &rr.Preference
	case *dns.SRV:
		return fmt.Sprintf("%d %d %s", rr.Weight, rr.Port, undotted(rr.Target)), &rr.Priority
	case *dns.URI:
		_, content, _ = strings.Cut(dataOf(rr), " ") // behind the priority
		return content, &rr.Priority
	case *dns.TXT:
		return fromText(rr.Txt), nil
	case *dns.SPF:
		return fromText(rr.Txt), nil
	default:
		return dataOf(rr), nil
	}
}

// fromText writes the strings of a text record, which package dns leaves
// escaped, as a content.
func fromText(escaped []string) string {
	list := make([]string, len(escaped))
	for i, s := range escaped {
		list[i] = unescapeText(s)
	}
	return quoteContent(list)
}
