# A token of the calling user, by its id.
terraform import accesscontrol_api_token.acme ed17574386854bf78a67040be0a770b0

# A token of an account, by the ids of both.
terraform import accesscontrol_api_token.inventory 01a7362d577a6c3019a474fd6f485823/f267e341f3dd4697bd3b9f71dd96247f
