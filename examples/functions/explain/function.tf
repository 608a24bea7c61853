locals {
  # Any object of the form of a token's policies will do; what is left out is left out.
  policies = {
    records = {
      permission_groups = ["DNS Write"]
      resources         = { zones = ["023e105f4ecef8ad9ca31a8372d0c353"] }
    }
    keep_mail = {
      effect            = "deny"
      permission_groups = ["DNS Write"]
      resources         = { dns_records = [{ zone_id = "023e105f4ecef8ad9ca31a8372d0c353", type = "MX", name = "*" }] }
    }
  }
}

output "why" {
  value = {
    for type in ["A", "MX"] : type => provider::accesscontrol::explain(local.policies, "POST /zones/{zone_id}/dns_records", {
      zone_id = "023e105f4ecef8ad9ca31a8372d0c353"
      record  = { type = type, name = "example.com" }
    })
  }
}
