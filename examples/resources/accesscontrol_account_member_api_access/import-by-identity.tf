import {
  to = accesscontrol_account_member_api_access.ci
  identity = {
    account_id = "01a7362d577a6c3019a474fd6f485823"
    member_id  = "d2b755c2693d060b9fc264d0c2a9f928"
  }
}
