# All members of an account whose override takes the API away, with their settings.
list "accesscontrol_account_member_api_access" "disabled" {
  provider         = accesscontrol
  include_resource = true

  config {
    account_id = "01a7362d577a6c3019a474fd6f485823"
    api_access = "disabled"
  }
}
