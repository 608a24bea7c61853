// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package scene

// The fixed parts of resource keys as they stand on the wire (authorization model §3).
const (
	UserPrefix    = "com.cloudflare.api.user."
	AccountPrefix = "com.cloudflare.api.account."
	ZonePrefix    = "com.cloudflare.api.account.zone."
	RecordPrefix  = "com.cloudflare.api.account.zone.dns_record."
	BucketPrefix  = "com.cloudflare.edge.r2.bucket."
	// Any stands for every account or every zone at the end of a key, and is the value of a flat key.
	Any = "*"
)

// Flat returns resources that hold each of the keys with the value "*".
func Flat(keys ...string) map[string]any {
	resources := make(map[string]any, len(keys))
	for _, key := range keys {
		resources[key] = Any
	}
	return resources
}

// Nested returns resources that hold one key with the nested keys, each with the value "*".
func Nested(outer string, inner ...string) map[string]any {
	values := make(map[string]any, len(inner))
	for _, key := range inner {
		values[key] = Any
	}
	return map[string]any{outer: values}
}

// RecordKey returns the nested key of a record grant: a type in capitals or "*", and a pattern of names
// (authorization model §5).
func RecordKey(recordType, pattern string) string { return RecordPrefix + recordType + "." + pattern }
