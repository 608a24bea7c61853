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

# A token whose secret only the holder of an age key can read. Another value in rotate_triggers gives it a
# new secret, and ends the old one.
resource "accesscontrol_api_token" "backup" {
  name = "Backup of the DNS records of example.com"

  secret_storage  = "encrypted"
  recipients      = ["age1egd52xh8vl0w7f0erkkvja3w9ryckedt2dwghpk6tlr8t089kadqcatf7h"]
  rotate_triggers = { quarter = "2030-1" }

  policies = {
    read = {
      permission_groups = ["DNS Read"]
      resources         = { zones = [data.accesscontrol_zone.example.zone_id] }
    }
  }
}

output "backup_token" {
  value = accesscontrol_api_token.backup.encrypted_value
}

# The secret of a token, for whoever is to use it.
output "acme_token" {
  value     = accesscontrol_api_token.acme.value
  sensitive = true
}
