data "accesscontrol_account" "acme" {
  name = "Acme"
}

data "accesscontrol_account_members" "company" {
  account_id     = data.accesscontrol_account.acme.account_id
  email_contains = "@example.com"
  status         = "accepted"
}

# Who of them may use the API, and why.
output "api_access" {
  value = {
    for member in data.accesscontrol_account_members.company.members :
    member.email => member.effective_api_access_reason if member.effective_api_access
  }
}
