data "accesscontrol_zone" "example" {
  name = "example.com"
}

resource "accesscontrol_api_token" "deploy" {
  name = "Deployment of example.com"

  policies = {
    deploy = {
      permission_groups = ["Cache Purge", "DNS Read"]
      resources         = { zones = [data.accesscontrol_zone.example.zone_id] }
    }
  }

  lifecycle {
    # A plan in which this token could write DNS records fails: where it could write some and not others, the
    # function does, since no single answer would be true.
    postcondition {
      condition = !provider::accesscontrol::can(self.policies, "DNS Write", {
        account_id = data.accesscontrol_zone.example.account_id
        zone_id    = data.accesscontrol_zone.example.zone_id
      })
      error_message = "The deployment must not write DNS records of example.com."
    }

    # A token that makes tokens makes one that can do what it cannot.
    postcondition {
      condition = !anytrue([
        provider::accesscontrol::can(self.policies, "POST /user/tokens", {}),
        provider::accesscontrol::can(self.policies, "POST /accounts/{account_id}/tokens", {
          account_id = data.accesscontrol_zone.example.account_id
        }),
      ])
      error_message = "The deployment must not make tokens."
    }
  }
}

output "may_purge" {
  value = provider::accesscontrol::can(
    accesscontrol_api_token.deploy.policies,
    "POST /zones/{zone_id}/purge_cache",
    { zone_id = data.accesscontrol_zone.example.zone_id },
  )
}

# Of a record the answer is one about that record.
output "may_write_mail" {
  value = provider::accesscontrol::can(accesscontrol_api_token.deploy.policies, "POST /zones/{zone_id}/dns_records", {
    account_id = data.accesscontrol_zone.example.account_id
    zone_id    = data.accesscontrol_zone.example.zone_id
    record     = { type = "MX", name = "example.com" }
  })
}
