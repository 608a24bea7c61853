data "accesscontrol_zone" "example" {
  name = "example.com"
}

# A token for this run alone. It is made for the plan and again for the apply, and revoked after each.
ephemeral "accesscontrol_api_token" "run" {
  name = "Terraform run"
  ttl  = "15m"

  policies = {
    dns = {
      permission_groups = ["Zone Read", "DNS Write"]
      resources         = { zones = [data.accesscontrol_zone.example.zone_id] }
    }
  }
}

# Its secret can configure a provider; it is neither in the state nor in the plan.
provider "accesscontrol" {
  alias     = "narrow"
  api_token = ephemeral.accesscontrol_api_token.run.value
}

data "accesscontrol_zone" "narrow" {
  provider = accesscontrol.narrow
  zone_id  = data.accesscontrol_zone.example.zone_id
}
