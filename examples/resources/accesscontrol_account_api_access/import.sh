# The id of the account.
terraform import accesscontrol_account_api_access.acme 01a7362d577a6c3019a474fd6f485823
