// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"strings"
)

// withoutSecretParts is a form of several parts without the secrets in those
// parts that are JSON, as the bindings of an uploaded script: whoever may read
// the script is not shown them, and the change log does not hold them. All
// else stays as it came; so does what is no such form, or holds no secret.
func withoutSecretParts(content []byte, contentType string) []byte {
	name, params, err := mime.ParseMediaType(contentType)
	if err != nil || !strings.HasPrefix(name, "multipart/") {
		return content
	}
	reader := multipart.NewReader(bytes.NewReader(content), params["boundary"])
	var out bytes.Buffer
	writer := multipart.NewWriter(&out)
	if writer.SetBoundary(params["boundary"]) != nil {
		return content
	}
	changed := false
	for {
		part, err := reader.NextRawPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return content
		}
		data, err := io.ReadAll(part)
		if err != nil {
			return content
		}
		if v, wrong := parseJSON(data); wrong == nil && v.kind == kindObject {
			if clean, all := withoutSecrets(v, false).json(), v.json(); !bytes.Equal(clean, all) {
				data, changed = clean, true
			}
		}
		to, err := writer.CreatePart(part.Header)
		if err != nil {
			return content
		}
		_, _ = to.Write(data) // a buffer takes everything
	}
	if !changed || writer.Close() != nil {
		return content
	}
	return out.Bytes()
}
