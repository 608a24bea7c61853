data "accesscontrol_zone" "example" {
  name = "example.com"
}

resource "accesscontrol_api_token" "dns" {
  name = "DNS of example.com"

  policies = {
    dns = {
      permission_groups = ["DNS Write"]
      resources         = { zones = [data.accesscontrol_zone.example.zone_id] }
    }
  }
}

# The time of the last use is only here: in the resource it would be a difference in every plan.
data "accesscontrol_api_token" "dns" {
  id = accesscontrol_api_token.dns.id
}

output "last_used_on" {
  value = data.accesscontrol_api_token.dns.last_used_on
}
