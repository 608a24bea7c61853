data "accesscontrol_zone" "example" {
  name = "example.com"
}

locals {
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

resource "accesscontrol_api_token" "acme" {
  name     = "ACME client for example.com"
  policies = local.policies
}

# Of a token that exists everything is judged: its life, the API access switch, what its owner may do. This
# one is made in the same apply, so the question is asked right after it.
data "accesscontrol_access_simulation" "challenge" {
  token_id  = accesscontrol_api_token.acme.id
  operation = "POST /zones/{zone_id}/dns_records"

  target = {
    zone_id   = data.accesscontrol_zone.example.zone_id
    zone_name = data.accesscontrol_zone.example.name
    record    = { type = "TXT", name = "_acme-challenge.www" }
  }

  lifecycle {
    postcondition {
      condition     = self.allowed
      error_message = "The ACME client could not do its work. ${self.explanation}"
    }
  }
}

# To hold that a token may not do something, ask what its policies say: `allowed` is also false where facts could
# not be read. Policies that are the resource's own may be read only in the apply that changes it, when the token is
# at work already; these are known while planning, and the plan fails.
data "accesscontrol_access_simulation" "mail" {
  policies  = local.policies
  operation = "DNS Write"

  target = {
    account_id = data.accesscontrol_zone.example.account_id
    zone_id    = data.accesscontrol_zone.example.zone_id
    zone_name  = data.accesscontrol_zone.example.name
    record     = { type = "MX", name = "@" }
  }

  lifecycle {
    postcondition {
      condition     = self.policy_allows == false
      error_message = "The ACME client could change where mail goes. ${self.explanation}"
    }
  }
}

output "missing_for_mail" {
  value = data.accesscontrol_access_simulation.mail.remedy
}
