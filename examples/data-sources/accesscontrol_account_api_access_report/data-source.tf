data "accesscontrol_account" "acme" {
  name = "Acme"
}

data "accesscontrol_account_api_access_report" "acme" {
  account_id = data.accesscontrol_account.acme.account_id
}

output "members_with_api_access" {
  value = [
    for member in data.accesscontrol_account_api_access_report.acme.members : member.email
    if member.effective_api_access && member.status == "accepted"
  ]
}

# Blocking every member leaves these at work: tokens that the account owns have no member.
output "account_owned_tokens_at_work" {
  value = {
    for token in data.accesscontrol_account_api_access_report.acme.tokens : token.name => token.reaches_by
    if token.owner == "account" && token.usable
  }
}
