data "accesscontrol_account" "acme" {
  name = "Acme"
}

data "accesscontrol_account_member" "ci" {
  account_id = data.accesscontrol_account.acme.account_id
  email      = "ci@example.com"
}

# The pipeline is of no use without the API, so a plan that would leave it without says so.
check "ci_may_use_the_api" {
  assert {
    condition     = data.accesscontrol_account_member.ci.effective_api_access
    error_message = "CI has no API access: ${data.accesscontrol_account_member.ci.effective_api_access_reason}"
  }
}
