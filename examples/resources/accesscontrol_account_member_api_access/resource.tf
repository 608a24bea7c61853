data "accesscontrol_account" "acme" {
  name = "Acme"
}

# Goes on whatever the account's switch says.
resource "accesscontrol_account_member_api_access" "ci" {
  account_id = data.accesscontrol_account.acme.account_id
  email      = "ci@example.com"
  api_access = "enabled"
}

# Cut off, whatever the account's switch says. The member is named by its id here; an e-mail beside it would
# have to name the same member.
data "accesscontrol_account_member" "viewer" {
  account_id = data.accesscontrol_account.acme.account_id
  email      = "viewer@example.com"
}

resource "accesscontrol_account_member_api_access" "viewer" {
  account_id = data.accesscontrol_account.acme.account_id
  member_id  = data.accesscontrol_account_member.viewer.member_id
  api_access = "disabled"
}

# Follows the account, and shows when somebody sets it otherwise outside Terraform.
resource "accesscontrol_account_member_api_access" "dns" {
  account_id = data.accesscontrol_account.acme.account_id
  email      = "dns@example.com"
  api_access = "account_default"
}
