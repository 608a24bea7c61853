# A token of the calling user, by its id.
terraform import accesscontrol_api_token.acme ed17574386854bf78a67040be0a770b0

# A token of an account, by the ids of both.
terraform import accesscontrol_api_token.inventory 023e105f4ecef8ad9ca31a8372d0c353/f267e341f3dd4697bd3b9f71dd96247f
