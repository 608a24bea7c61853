# One token for each job, each as narrow as the job.

# What a client that proves control of a domain by DNS needs, and no more: TXT records at
# _acme-challenge.<anything> of one zone.
resource "accesscontrol_api_token" "acme_client" {
  name = "ACME client for ${var.zone}"

  policies = {
    challenges = {
      permission_groups = ["DNS Write"]
      resources = {
        dns_records = [{
          zone_id = data.accesscontrol_zone.main.zone_id
          type    = "TXT"
          name    = "_acme-challenge.*"
        }]
      }
    }
  }
}

# What a deployment needs that only throws away the cache.
resource "accesscontrol_api_token" "purge" {
  name = "Cache purge for ${var.zone}"

  policies = {
    purge = {
      permission_groups = ["Cache Purge"]
      resources         = { zones = [data.accesscontrol_zone.main.zone_id] }
    }
  }
}

# The expiry is set once, 90 days from the first plan, and stays.
resource "terraform_data" "reader_expiry" {
  input = timeadd(plantimestamp(), "2160h")

  lifecycle {
    ignore_changes = [input]
  }
}

# A token that belongs to the second account, reads it, works from the office alone, and expires.
resource "accesscontrol_api_token" "reader" {
  account_id = data.accesscontrol_account.standard.account_id
  name       = "Read-only from the office"
  expires_on = terraform_data.reader_expiry.output

  policies = {
    account = {
      permission_groups = ["account:Account Settings Read"]
      resources         = { accounts = [data.accesscontrol_account.standard.account_id] }
    }
    zones = {
      permission_groups = ["Zone Read", "DNS Read"]
      resources         = { all_zones_of_accounts = [data.accesscontrol_account.standard.account_id] }
    }
  }

  condition = {
    request_ip = { in = var.office_ranges }
  }
}

# A token that belongs to the Enterprise account: nobody's setting overrides the switch for it.
resource "accesscontrol_api_token" "inventory" {
  account_id = data.accesscontrol_account.enterprise.account_id
  name       = "Inventory"

  policies = {
    zones = {
      permission_groups = ["Zone Read"]
      resources         = { all_zones_of_accounts = [data.accesscontrol_account.enterprise.account_id] }
    }
  }
}
