// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// exportRecords answers the records that pass a GET as a zone file, which an
// import takes.
func exportRecords(x *exchange) (*reply, error) {
	zone := x.tx.ZoneByID(x.zone())
	records := slices.Clone(x.recordsOf(zone.ID))
	slices.SortStableFunc(records, func(a, b *state.Record) int { return strings.Compare(a.Type, b.Type) })
	var b strings.Builder
	fmt.Fprintf(&b, ";; Domain:     %s.\n;; Exported:   %s\n", zone.Name, x.now.UTC().Format("2006-01-02 15:04:05"))
	last := ""
	for _, r := range records {
		if r.Type != last {
			fmt.Fprintf(&b, "\n;; %s Records\n", r.Type)
			last = r.Type
		}
		b.WriteString(zoneFileLine(r))
		b.WriteByte('\n')
	}
	return &reply{text: b.String()}, nil
}

// zoneFileLine writes one record. A content that is none of its type, which
// only a seed can give, becomes a comment: as a line it could say anything.
func zoneFileLine(r *state.Record) string {
	data, err := zoneFileData(r)
	if err != nil {
		return fmt.Sprintf(";; %s\t%s: its content %q cannot be written: %q", r.Name, r.Type, r.Content, err.Error())
	}
	line := fmt.Sprintf("%s.\t%d\tIN\t%s\t%s", r.Name, r.TTL, r.Type, data)
	if attributes := zoneFileAttributes(r); attributes != "" {
		line += " ; " + attributes
	}
	// Nothing that a record says can end its line.
	return strings.NewReplacer("\n", " ", "\r", " ").Replace(line)
}
