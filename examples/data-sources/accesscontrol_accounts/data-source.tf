data "accesscontrol_accounts" "enterprise" {
  type = "enterprise"
}

# Every Enterprise account whose API access switch is off.
output "accounts_without_api" {
  value = [
    for account in data.accesscontrol_accounts.enterprise.accounts : account.name
    if account.settings.api_access_enabled == false
  ]
}
