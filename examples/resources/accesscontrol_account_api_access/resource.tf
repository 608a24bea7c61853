data "accesscontrol_account" "acme" {
  name = "Acme"
}

# The member that Terraform runs as comes first: it keeps its API access whatever the account's switch says.
resource "accesscontrol_account_member_api_access" "operator" {
  account_id = data.accesscontrol_account.acme.account_id
  email      = "super@example.com"
  api_access = "enabled"
}

# Then the switch. The order matters, and depends_on keeps it: switched off first, Terraform could not go on.
# On destroy the order is reversed, so that nobody is locked out either.
resource "accesscontrol_account_api_access" "acme" {
  account_id = data.accesscontrol_account.acme.account_id
  enabled    = false

  depends_on = [accesscontrol_account_member_api_access.operator]
}
