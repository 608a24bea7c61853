# All accounts on which the API is switched off.
list "accesscontrol_account_api_access" "off" {
  provider = accesscontrol

  config {
    enabled = false
  }
}
