// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"strings"
	"unicode/utf8"

	"github.com/miekg/dns"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/state"
)

// The bounds of an import. The second is for directives, a few of which can
// stand for any number of records.
const (
	maxZoneFile      = 256 << 10 // bytes, as published
	maxImportRecords = 5000
)

// importInput is a zone file with the form field beside it.
type importInput struct {
	file    string
	proxied bool
}

// importResult answers an import.
type importResult struct {
	Added  int `json:"recs_added"`
	Parsed int `json:"total_records_parsed"`
}

// importEndpoint is that of the import, the only operation whose body is no
// JSON.
func importEndpoint() *endpoint {
	return &endpoint{
		take:   takeImport,
		handle: func(x *exchange) (*reply, error) { return importRecords(x, inputOf[importInput](x)) },
		work:   importWork,
	}
}

// takeImport reads a form or, since clients send either under any content
// type, a zone file alone.
func takeImport(x *exchange, body []byte) {
	in, err := readImport(body, x.dialect.options.Lenient)
	switch {
	case err != nil:
	case len(in.file) > maxZoneFile:
		err = fmt.Errorf("/file: a zone file has at most %d bytes", maxZoneFile)
	case !utf8.ValidString(in.file):
		err = errors.New("/file: it is not valid UTF-8")
	}
	if err != nil {
		pointer, _, _ := strings.Cut(err.Error(), ":")
		x.problems = append(x.problems, problem{pointer: pointer, message: err.Error()})
		return
	}
	x.input = in
}

// readImport takes a form apart. Its errors start with the field at fault.
func readImport(body []byte, lenient bool) (importInput, error) {
	boundary, isForm := formBoundary(body)
	if !isForm {
		if len(body) == 0 {
			return importInput{}, errors.New("/file: is required: a zone file")
		}
		return importInput{file: string(body)}, nil
	}
	form := multipart.NewReader(bytes.NewReader(body), boundary)
	fields := make(map[string]string)
	for {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return importInput{}, fmt.Errorf("/: the form cannot be read: %w", err)
		}
		name := part.FormName()
		value, err := io.ReadAll(part)
		_, twice := fields[name]
		switch {
		case err != nil:
			return importInput{}, fmt.Errorf("/%s: the form cannot be read: %w", name, err)
		case twice:
			return importInput{}, fmt.Errorf("/%s: the field stands twice", name)
		case name != "file" && name != "proxied" && !lenient:
			return importInput{}, fmt.Errorf("/%s: unknown field; the form has file and proxied", name)
		}
		fields[name] = string(value)
	}
	file, ok := fields["file"]
	if !ok {
		return importInput{}, errors.New("/file: is required: a zone file")
	}
	switch proxied := strings.TrimSpace(fields["proxied"]); proxied {
	case "", "false":
		return importInput{file: file}, nil
	case "true":
		return importInput{file: file, proxied: true}, nil
	default:
		return importInput{}, fmt.Errorf("/proxied: must be true or false, not %q", proxied)
	}
}

// formBoundary finds out whether a body is a form, by its first lines, and
// what its parts are separated with.
func formBoundary(body []byte) (string, bool) {
	first, rest, ok := bytes.Cut(bytes.TrimLeft(body, "\r\n"), []byte("\n"))
	boundary, dashed := strings.CutPrefix(strings.TrimRight(string(first), " \r"), "--")
	if !ok || !dashed || boundary == "" {
		return "", false
	}
	header := strings.ToLower(string(rest[:min(len(rest), len("content-disposition"))]))
	return boundary, strings.HasPrefix(header, "content-")
}

// imported is one record of a zone file and the line where it ends.
type imported struct {
	recordInput

	line int
}

// where names the record for an error message.
func (in imported) where() string {
	return fmt.Sprintf("line %d: %s %s", in.line, *in.recordType, *in.name)
}

// importRecords creates the file's records in order, each judged like a create
// of its own; the first failure answers and undoes all (authorization model
// §5).
func importRecords(x *exchange, in importInput) (*reply, error) {
	records, parsed, err := readZoneFile(x.tx.ZoneByID(x.zone()), in)
	if err != nil {
		return nil, invalid("/file", "/file: %s", err.Error())
	}
	for _, r := range records {
		if _, err := x.judgeAndMake(r.recordInput); err != nil {
			return nil, located(err, fmt.Sprintf("/file/line/%d", r.line), r.where())
		}
	}
	return result(importResult{Added: len(records), Parsed: parsed}), nil
}

// located says in a refusal which of the request's records it is about: by its
// place, and, where the chain says anything, by its name.
func located(err error, pointer, where string) error {
	refused, ok := errors.AsType[*refusal](err)
	if !ok || len(refused.items) != 1 {
		return err
	}
	item := &refused.items[0]
	if item.Source == nil {
		item.Source = &errorSource{}
	}
	item.Source.Pointer = pointer + item.Source.Pointer
	if where != "" && (refused.status == errInvalid.Status || len(item.Chain) > 0) {
		return refused.chained(where)
	}
	return refused
}

// readZoneFile reads all of a zone file. The zone's start of authority is
// parsed and left out: the service makes its own.
func readZoneFile(zone *state.Zone, in importInput) (records []imported, parsed int, err error) {
	lines := &lineReader{text: in.file + "\n"}
	parser := dns.NewZoneParser(lines, zone.Name, "")
	parser.SetDefaultTTL(automaticTTL)
	for rr, ok := parser.Next(); ok; rr, ok = parser.Next() {
		parsed++
		if parsed > maxImportRecords {
			return nil, 0, fmt.Errorf("line %d: one import has at most %d records", lines.line, maxImportRecords)
		}
		record, ours, err := fromZoneFile(zone, rr)
		if err == nil && ours {
			err = record.addAttributes(parser.Comment())
		}
		if err != nil {
			return nil, 0, fmt.Errorf("line %d: %w", lines.line, err)
		}
		if !ours {
			continue
		}
		if record.proxied == nil && in.proxied && isProxiable(*record.recordType) {
			record.proxied = &in.proxied
		}
		records = append(records, imported{recordInput: record, line: lines.line})
	}
	if err := parser.Err(); err != nil {
		return nil, 0, errors.New(strings.TrimPrefix(err.Error(), "dns: "))
	}
	return records, parsed, nil
}

// lineReader counts the lines that the parser has read. It gives single bytes,
// so that the parser reads no further than it has to.
type lineReader struct {
	text string
	at   int
	line int
}

// ReadByte gives the next byte.
func (r *lineReader) ReadByte() (byte, error) {
	if r.at == len(r.text) {
		return 0, io.EOF
	}
	c := r.text[r.at]
	r.at++
	if c == '\n' {
		r.line++
	}
	return c, nil
}

// Read gives what is left; the parser takes single bytes where it can.
func (r *lineReader) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.line += strings.Count(r.text[r.at:r.at+n], "\n")
	if r.at += n; n == 0 && len(p) > 0 {
		return 0, io.EOF
	}
	return n, nil
}
