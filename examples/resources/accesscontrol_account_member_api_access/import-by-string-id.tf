import {
  to = accesscontrol_account_member_api_access.ci
  id = "01a7362d577a6c3019a474fd6f485823/ci@example.com"
}
