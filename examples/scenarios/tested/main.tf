# A token for whatever publishes the site, and what is known about it once it exists. The file
# publisher.tftest.hcl holds this configuration to what it promises, against the reference server.

variable "zone" {
  type        = string
  description = "Zone of the site."
  default     = "example.com"
}

variable "permissions" {
  type        = set(string)
  description = "What the publisher may do to the zone."
  default     = ["Cache Purge"]
}

data "accesscontrol_zone" "site" {
  name = var.zone
}

resource "accesscontrol_api_token" "publisher" {
  name = "Publisher of ${var.zone}"

  policies = {
    publish = {
      permission_groups = var.permissions
      resources         = { zones = [data.accesscontrol_zone.site.zone_id] }
    }
  }

  lifecycle {
    # Asks what the token could do. A list of forbidden names would not: a permission has several, and an id.
    postcondition {
      condition = !provider::accesscontrol::can(self.policies, "DNS Write", {
        account_id = data.accesscontrol_zone.site.account_id
        zone_id    = data.accesscontrol_zone.site.zone_id
      })
      error_message = "The publisher has nothing to do with the DNS records of ${var.zone}."
    }
  }
}

# Asked of the token as it is, by the engine that the reference server decides with.
data "accesscontrol_access_simulation" "purge" {
  token_id  = accesscontrol_api_token.publisher.id
  operation = "POST /zones/{zone_id}/purge_cache"
  target    = { zone_id = data.accesscontrol_zone.site.zone_id }
}

# No record is named, so this is about all of them. With DNS Write on some alone, policy_allows would be null.
data "accesscontrol_access_simulation" "write_dns" {
  token_id  = accesscontrol_api_token.publisher.id
  operation = "DNS Write"
  target    = { zone_id = data.accesscontrol_zone.site.zone_id }
}

output "publisher_token" {
  value     = accesscontrol_api_token.publisher.value
  sensitive = true
}
