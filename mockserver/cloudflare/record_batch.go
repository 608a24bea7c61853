// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"fmt"
	"slices"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/authz"
	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// batchInput is what a batch does, in the order in which it is done.
type batchInput struct {
	deletes, patches, puts, posts []recordInput
}

// batchResult answers a batch with the records of each part.
type batchResult struct {
	Deletes []recordView `json:"deletes"`
	Patches []recordView `json:"patches"`
	Puts    []recordView `json:"puts"`
	Posts   []recordView `json:"posts"`
}

func readBatch(o *object) batchInput {
	part := func(name string) []recordInput {
		items := o.objects(name)
		list := make([]recordInput, 0, len(items))
		for _, item := range items {
			if name != "posts" {
				item.requiredText("id")
			}
			list = append(list, readRecord(item))
			item.end()
		}
		return list
	}
	return batchInput{deletes: part("deletes"), patches: part("patches"), puts: part("puts"), posts: part("posts")}
}

// batchRecords carries its operations out in order in one transaction, each
// judged like the single operation; the first failure answers and undoes all
// (authorization model §5).
func batchRecords(x *exchange, in batchInput) (*reply, error) {
	parts := []struct {
		list []recordInput
		do   func(authz.ID, recordInput) (*state.Record, error)
	}{
		{in.deletes, func(id authz.ID, _ recordInput) (*state.Record, error) { return x.dropRecord(id) }},
		{in.patches, func(id authz.ID, r recordInput) (*state.Record, error) { return x.changeRecord(id, r, fromStored) }},
		{in.puts, func(id authz.ID, r recordInput) (*state.Record, error) { return x.changeRecord(id, r, anew) }},
		{in.posts, func(_ authz.ID, r recordInput) (*state.Record, error) { return x.judgeAndMake(r) }},
	}
	var views [4][]recordView
	for i, part := range parts {
		views[i] = []recordView{}
		for _, item := range part.list {
			id, _ := authz.ParseID(item.id)
			r, err := part.do(id, item)
			if err != nil {
				return nil, err
			}
			views[i] = append(views[i], viewRecord(r))
		}
	}
	return result(batchResult{Deletes: views[0], Patches: views[1], Puts: views[2], Posts: views[3]}), nil
}

// judgeAndMake is a create within a batch, which was decided on the zone alone.
func (x *exchange) judgeAndMake(in recordInput) (*state.Record, error) {
	zone := x.tx.ZoneByID(x.zone())
	recordType, name, err := in.place(zone, nil)
	if err != nil {
		return nil, err
	}
	if err := x.decide([]authz.Target{authz.RecordTarget(zone.ID, recordType, name)}); err != nil {
		return nil, err
	}
	return x.makeRecord(in)
}

// exportRecords answers the records that pass a GET as a zone file.
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
		fmt.Fprintf(&b, "%s.\t%d\tIN\t%s\t%s\n", r.Name, r.TTL, r.Type, zoneFileContent(r))
	}
	return &reply{text: b.String()}, nil
}

// zoneFileContent writes a record's data as zone files do: names with a final
// dot, texts in quotes, the priority in front.
func zoneFileContent(r *state.Record) string {
	content := r.Content
	switch r.Type {
	case "CNAME", "NS", "MX", "PTR", "SRV":
		content = strings.TrimSuffix(content, ".") + "."
	case "TXT", "SPF":
		if !strings.HasPrefix(content, `"`) {
			content = `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(content) + `"`
		}
	}
	if r.Priority != nil {
		content = fmt.Sprintf("%d %s", *r.Priority, content)
	}
	return content
}
