data "accesscontrol_zone" "example" {
  name = "example.com"
}

# An ACME client proves control of a domain by TXT records at _acme-challenge.<name>. This token writes
# those, in one zone, and nothing else.
resource "accesscontrol_api_token" "acme" {
  name = "ACME client for example.com"

  policies = {
    challenges = {
      permission_groups = ["DNS Write"]
      resources = {
        dns_records = [{
          zone_id = data.accesscontrol_zone.example.zone_id
          type    = "TXT"
          name    = "_acme-challenge.*"
        }]
      }
    }
  }
}

# A deployment that edits DNS and purges the cache of one zone, from known addresses, until a date. What it
# must never touch is denied, and a deny beats every allow.
resource "accesscontrol_api_token" "deploy" {
  name       = "Deployment of example.com"
  expires_on = "2035-12-31T23:59:59Z"

  policies = {
    deploy = {
      permission_groups = ["Zone Read", "DNS Edit", "Cache Purge"]
      resources         = { zones = [data.accesscontrol_zone.example.zone_id] }
    }
    keep_mail = {
      effect            = "deny"
      permission_groups = ["DNS Write"]
      resources = {
        dns_records = [{
          zone_id = data.accesscontrol_zone.example.zone_id
          type    = "MX"
          name    = "*"
        }]
      }
    }
  }

  condition = {
    request_ip = {
      in     = ["198.51.100.0/24", "2001:db8::/32"]
      not_in = ["198.51.100.66"]
    }
  }
}

# A token that belongs to an account, and so to no user: it goes on when people leave. It reads the account
# and all its zones. Permissions on accounts and on zones are policies of their own.
resource "accesscontrol_api_token" "inventory" {
  account_id = data.accesscontrol_zone.example.account_id
  name       = "Inventory"

  policies = {
    account = {
      permission_groups = ["Account Settings Read"]
      resources         = { accounts = [data.accesscontrol_zone.example.account_id] }
    }
    zones = {
      permission_groups = ["Zone Read", "DNS Read"]
      resources         = { all_zones = true }
    }
  }
}

# The secret of a token, for whoever is to use it.
output "acme_token" {
  value     = accesscontrol_api_token.acme.value
  sensitive = true
}
