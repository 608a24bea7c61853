# All tokens of an account that are switched off.
list "accesscontrol_api_token" "disabled" {
  provider = accesscontrol

  config {
    account_id = "01a7362d577a6c3019a474fd6f485823"
    status     = "disabled"
  }
}
