data "accesscontrol_account" "acme" {
  name = "Acme"
}

output "has_api_access_switch" {
  value = data.accesscontrol_account.acme.type == "enterprise"
}
