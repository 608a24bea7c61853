// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package policyset

import (
	"github.com/hashicorp/terraform-plugin-framework/resource/schema"
	"github.com/hashicorp/terraform-plugin-framework/types"
)

// PolicyAttributes are the attributes of one policy in a resource's schema. The map is fresh.
func PolicyAttributes() map[string]schema.Attribute {
	return map[string]schema.Attribute{
		"effect": schema.StringAttribute{
			Optional:            true,
			MarkdownDescription: "Whether the policy grants or takes away: `allow` or `deny`. Left out, it is `allow`. A deny beats every allow.",
		},
		"permission_groups": schema.SetAttribute{
			Required:    true,
			ElementType: types.StringType,
			MarkdownDescription: "The permissions, at least one, each by a name or an id of its permission group. Names are the API's, the dashboard's (`DNS Edit`), those of the public permission page, and older ones. " +
				"A name that belongs to groups of several scopes needs its scope before it: `user:`, `account:`, `zone:` or `r2:`, as in `zone:Logs Read`. " +
				"Each permission needs a resource of its scope in the same policy.",
		},
		"resources": schema.SingleNestedAttribute{
			Required:            true,
			MarkdownDescription: "The resources that the permissions act on, at least one. An empty set in it is the same as none.",
			Attributes:          resourcesAttributes(),
		},
	}
}

func resourcesAttributes() map[string]schema.Attribute {
	ids := func(description string) schema.Attribute {
		return schema.SetAttribute{Optional: true, ElementType: types.StringType, MarkdownDescription: description}
	}
	flag := func(description string) schema.Attribute {
		return schema.BoolAttribute{Optional: true, MarkdownDescription: description}
	}
	return map[string]schema.Attribute{
		"zones": ids("The ids of zones, for permissions that act on zones."),
		"accounts": ids("The ids of accounts, for permissions that act on accounts. With these, a policy holds no permission that acts on zones, " +
			"because that would open every zone of the accounts; `all_zones_of_accounts` says so where it is meant."),
		"all_zones_of_accounts": ids("The ids of accounts of which all zones are meant, for permissions that act on zones. Zones added later are included."),
		"all_zones": flag("Whether all zones are meant, for permissions that act on zones: those of every account the user is a member of, or, on an account-owned token, those of its account. " +
			"Zones added later are included. Left out, it is `false`."),
		"all_accounts": flag("Whether all accounts are meant that the user is a member of, for permissions that act on accounts. Not allowed on an account-owned token. Left out, it is `false`."),
		"user":         flag("Whether the token's own user is meant, for permissions that act on the user. Not allowed on an account-owned token. Left out, it is `false`."),
		"r2_buckets":   ids("R2 buckets, each as `<account id>_<jurisdiction>_<bucket name>`, for permissions that act on buckets. The jurisdiction of most buckets is `default`. A bucket need not exist yet."),
		"dns_records": schema.SetNestedAttribute{
			Optional: true,
			MarkdownDescription: "DNS records, for `DNS Read` and `DNS Write` alone, which then reach these records and nothing else of the zone. " +
				"This is an extension of the reference server; other endpoints refuse it.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"zone_id": schema.StringAttribute{Required: true, MarkdownDescription: "The id of the zone that holds the records."},
				"type":    schema.StringAttribute{Required: true, MarkdownDescription: "The type of the records in capitals, such as `TXT`, or `*` for every type."},
				"name": schema.StringAttribute{
					Required: true,
					MarkdownDescription: "A pattern that is compared with the full name of a record, such as `_acme-challenge.*`. It is lower case and ASCII, without final dot and without `@`; " +
						"`*` stands for one or more characters, dots included.",
				},
			}},
		},
		"other": schema.SetNestedAttribute{
			Optional: true,
			MarkdownDescription: "Resource keys of the API that no other attribute can say, written out. A token that is imported keeps such keys here. " +
				"The key of an account here serves permissions on accounts and, for all zones of it, permissions on zones.",
			NestedObject: schema.NestedAttributeObject{Attributes: map[string]schema.Attribute{
				"within": schema.StringAttribute{Optional: true, MarkdownDescription: "The key that `key` is nested under. Left out, `key` stands alone."},
				"key":    schema.StringAttribute{Required: true, MarkdownDescription: "The resource key, such as `com.cloudflare.api.account.zone.023e105f4ecef8ad9ca31a8372d0c353`."},
			}},
		},
	}
}
