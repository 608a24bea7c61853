output "ids" {
  description = "The objects that the tokens are about."
  value = {
    enterprise_account = data.accesscontrol_account.enterprise.account_id
    standard_account   = data.accesscontrol_account.standard.account_id
    zone               = data.accesscontrol_zone.main.zone_id
  }
}

output "grants" {
  description = "What each token opens."
  value = {
    acme_client = accesscontrol_api_token.acme_client.grants
    purge       = accesscontrol_api_token.purge.grants
    reader      = accesscontrol_api_token.reader.grants
    inventory   = accesscontrol_api_token.inventory.grants
  }
}

output "tokens" {
  description = "The secrets, for whoever is to use the tokens."
  sensitive   = true
  value = {
    acme_client = accesscontrol_api_token.acme_client.value
    purge       = accesscontrol_api_token.purge.value
    reader      = accesscontrol_api_token.reader.value
    inventory   = accesscontrol_api_token.inventory.value
  }
}
