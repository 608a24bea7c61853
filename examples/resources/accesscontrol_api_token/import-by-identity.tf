import {
  to = accesscontrol_api_token.acme
  identity = {
    id = "ed17574386854bf78a67040be0a770b0"
  }
}
