# Two accounts, and who may use the API on them: the account's switch, and members who override it.

data "accesscontrol_account" "enterprise" {
  name = var.enterprise_account
}

data "accesscontrol_account" "standard" {
  name = var.standard_account
}

data "accesscontrol_zone" "main" {
  name = var.zone
}

# First the member that Terraform runs as, or the next step would be its last.
resource "accesscontrol_account_member_api_access" "operator" {
  account_id = data.accesscontrol_account.enterprise.account_id
  email      = var.operator_email
  api_access = "enabled"
}

# Then the switch of the account. Members without a setting of their own follow it, and so do the tokens
# that the account owns.
resource "accesscontrol_account_api_access" "enterprise" {
  account_id = data.accesscontrol_account.enterprise.account_id
  enabled    = var.account_api_access

  depends_on = [accesscontrol_account_member_api_access.operator]
}

# CI goes on, whatever the account says.
resource "accesscontrol_account_member_api_access" "ci" {
  account_id = data.accesscontrol_account.enterprise.account_id
  email      = var.ci_email
  api_access = "enabled"
}

# This one follows the account.
resource "accesscontrol_account_member_api_access" "second" {
  account_id = data.accesscontrol_account.enterprise.account_id
  email      = var.second_email
  api_access = var.second_api_access
}
