// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// What records have beside DNS stands behind them in a zone file as a comment:
// the record's own comment, then its tags, among them two that are no tags.
const (
	tagsMark    = "cf_tags="
	reservedTag = "cf-"
	tagProxied  = "cf-proxied"
	tagFlatten  = "cf-flatten-cname"
	flattenKey  = "flatten_cname"
)

// zoneFileAttributes writes the comment behind a record, without its
// semicolon; "" when there is nothing to say.
func zoneFileAttributes(r *state.Record) string {
	var tags []string
	for _, tag := range r.Tags {
		tags = append(tags, quoteTag(tag))
	}
	if isProxiable(r.Type) {
		tags = append(tags, tagProxied+":"+strconv.FormatBool(r.Proxied))
	}
	if r.Type == "CNAME" && flattens(r.Settings) {
		tags = append(tags, tagFlatten)
	}
	text := r.Comment
	if len(tags) > 0 || strings.Contains(text, tagsMark) {
		text = strings.TrimSpace(text + " " + tagsMark + strings.Join(tags, ","))
	}
	return text
}

// quoteTag writes a tag; a value that could not be told from what follows
// stands in quotes, as a JSON string.
func quoteTag(tag string) string {
	name, value, _ := strings.Cut(tag, ":")
	if strings.ContainsAny(value, `"=,\`) || strings.TrimSpace(value) != value {
		return name + ":" + string(quoted(value))
	}
	return tag
}

func flattens(settings json.RawMessage) bool {
	var s map[string]any
	if json.Unmarshal(settings, &s) != nil {
		return false
	}
	return s[flattenKey] == true
}

// addAttributes reads the comment behind a record into what is imported.
func (in *recordInput) addAttributes(comment string) error {
	text := strings.TrimPrefix(comment, ";")
	// The parser writes every further semicolon of a comment with a space in
	// front.
	text = strings.TrimSpace(strings.ReplaceAll(text, " ;", ";"))
	text, tags, err := splitTags(text)
	if err != nil {
		return err
	}
	if text != "" {
		in.comment, in.commentSent = &text, true
	}
	for _, tag := range tags {
		if err := in.addTag(tag); err != nil {
			return err
		}
	}
	return nil
}

// splitTags finds the mark that starts the tags: the first one with nothing
// but tags behind it. A comment that holds the mark as text has another one
// behind it.
func splitTags(text string) (comment string, tags []string, err error) {
	for at := 0; ; {
		i := strings.Index(text[at:], tagsMark)
		if i < 0 {
			return text, nil, err
		}
		at += i
		before, behind := text[:at], text[at+len(tagsMark):]
		at += len(tagsMark)
		if before != "" && !strings.HasSuffix(before, " ") {
			continue
		}
		if tags, err = parseTags(behind); err == nil {
			return strings.TrimRight(before, " "), tags, nil
		}
	}
}

// parseTags reads a list of tags: "name", "name:value", name:"value".
func parseTags(list string) ([]string, error) {
	var tags []string
	for rest := strings.TrimSpace(list); rest != ""; {
		end := strings.IndexAny(rest, ":,")
		if end < 0 {
			end = len(rest)
		}
		tag := rest[:end]
		if !isTagName(tag) {
			return nil, fmt.Errorf("the tag name %q must be letters, digits, - and _", tag)
		}
		rest = rest[end:]
		if strings.HasPrefix(rest, ":") {
			value, behind, err := tagValue(rest[1:])
			if err != nil {
				return nil, err
			}
			if value != "" {
				tag += ":" + value
			}
			rest = behind
		}
		if rest != "" && rest[0] != ',' {
			return nil, errors.New("the tags must stand between commas")
		}
		tags = append(tags, tag)
		rest = strings.TrimPrefix(rest, ",")
	}
	return tags, nil
}

// tagValue reads the value that a list of tags starts with.
func tagValue(s string) (value, behind string, err error) {
	if !strings.HasPrefix(s, `"`) {
		end := strings.IndexByte(s, ',')
		if end < 0 {
			end = len(s)
		}
		if strings.ContainsAny(s[:end], `"=\`) {
			return "", "", fmt.Errorf("the tag value %q must stand in quotes", s[:end])
		}
		return s[:end], s[end:], nil
	}
	end := closingQuote(s)
	if end < 0 || json.Unmarshal([]byte(s[:end+1]), &value) != nil {
		return "", "", errors.New("a tag value in quotes must be a JSON string")
	}
	return value, s[end+1:], nil
}

// isTagName reports whether s is what the name of a tag consists of.
func isTagName(s string) bool {
	return s != "" && strings.Trim(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_") == ""
}

// addTag adds a tag, or does what the reserved ones say.
func (in *recordInput) addTag(tag string) error {
	name, value, _ := strings.Cut(tag, ":")
	switch {
	case name == tagProxied && (value == "true" || value == "false"):
		proxied := value == "true"
		in.proxied = &proxied
	case name == tagFlatten && slices.Contains([]string{"", "true"}, value):
		in.settings = json.RawMessage(`{"` + flattenKey + `":true}`)
	case strings.HasPrefix(strings.ToLower(name), reservedTag):
		return fmt.Errorf("the tag %q is none of %s:true, %s:false and %s: names that start with %s are reserved",
			tag, tagProxied, tagProxied, tagFlatten, reservedTag)
	default:
		in.tags = append(in.tags, tag)
	}
	return nil
}
