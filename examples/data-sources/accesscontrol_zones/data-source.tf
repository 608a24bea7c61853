data "accesscontrol_account" "acme" {
  name = "Acme"
}

data "accesscontrol_zones" "acme" {
  account_id    = data.accesscontrol_account.acme.account_id
  name_contains = "example."
}

# A token for the zones that there are now; all_zones_of_accounts would include later ones.
resource "accesscontrol_api_token" "dns" {
  name = "DNS of the zones of today"

  policies = {
    dns = {
      permission_groups = ["DNS Write"]
      resources         = { zones = data.accesscontrol_zones.acme.zones[*].zone_id }
    }
  }
}
