import {
  to = accesscontrol_account_api_access.acme
  identity = {
    account_id = "01a7362d577a6c3019a474fd6f485823"
  }
}
