// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import (
	"sync"

	"github.com/accesscontrol/terraform-provider-accesscontrol/mockserver/catalog"
)

var loadShapes = sync.OnceValue(func() map[string]*documentShape {
	return documentShapes(catalog.Operations(), endpoints())
})

// KeepsDocuments reports whether an operation has no behaviour of its own.
func KeepsDocuments(operation *catalog.Operation) bool { return loadShapes()[operation.Name()] != nil }
