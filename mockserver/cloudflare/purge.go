// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

// purgeInput says what is purged: everything, or what one list names.
type purgeInput struct {
	kinds int // how many kinds were named
}

// maxPurged is how many files, tags, hosts or prefixes one request may name.
const maxPurged = 500

func readPurge(o *object) purgeInput {
	var in purgeInput
	if all := o.optionalBool("purge_everything"); all != nil {
		if !*all {
			o.fault("purge_everything", "can only be true")
		}
		in.kinds++
	}
	for _, name := range []string{"tags", "hosts", "prefixes"} {
		if list := o.texts(name); list != nil {
			in.count(o, name, len(list))
		}
	}
	if files, ok := o.typed("files", kindArray); ok {
		for _, file := range files.items {
			if file.kind == kindString {
				continue
			}
			f := o.reader.object(file)
			f.requiredText("url")
			f.ignore("headers")
			f.end()
		}
		in.count(o, "files", len(files.items))
	}
	return in
}

func (in *purgeInput) count(o *object, name string, n int) {
	if n == 0 || n > maxPurged {
		o.fault(name, "must hold 1 to %d entries", maxPurged)
	}
	in.kinds++
}

// purgeCache answers the zone's id. There is no cache behind this server, so
// what is purged has no further effect.
func purgeCache(x *exchange, in purgeInput) (*reply, error) {
	if in.kinds != 1 {
		return nil, invalid("", "name exactly one of purge_everything, files, tags, hosts and prefixes")
	}
	return result(deleted{x.zone().String()}), nil
}
