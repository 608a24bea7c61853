# A token, and the rules that it is reviewed by. The rules ask what the token could do, not how its policies
# are written, so that no spelling gets around them.

data "accesscontrol_zone" "main" {
  name = var.zone
}

locals {
  account = { account_id = data.accesscontrol_zone.main.account_id }
  zone = {
    account_id = data.accesscontrol_zone.main.account_id
    zone_id    = data.accesscontrol_zone.main.zone_id
  }

  # No policy names this zone: what reaches it reaches every zone of the account.
  no_zone = "ffffffffffffffffffffffffffffffff"

  # What the token is for.
  needed = {
    "purge the cache" = { operation = "POST /zones/{zone_id}/purge_cache", target = local.zone }
  }

  # What it must never be able to do.
  forbidden = {
    "delete the zone"           = { operation = "DELETE /zones/{zone_id}", target = local.zone }
    "write DNS records"         = { operation = "DNS Write", target = local.zone }
    "change where mail goes"    = { operation = "DNS Write", target = merge(local.zone, { record = { type = "MX", name = var.zone } }) }
    "have mail routed"          = { operation = "POST /zones/{zone_id}/email/routing/dns", target = local.zone }
    "forward mail"              = { operation = "POST /zones/{zone_id}/email/routing/rules", target = local.zone }
    "take records from outside" = { operation = "PUT /zones/{zone_id}/secondary_dns/incoming", target = local.zone }
    "make tokens of its user"   = { operation = "POST /user/tokens", target = {} }
    "make tokens of an account" = { operation = "POST /accounts/{account_id}/tokens", target = local.account }
    "give members rights"       = { operation = "PUT /accounts/{account_id}/members/{member_id}", target = local.account }
    "reach other zones"         = { operation = "Cache Purge", target = merge(local.account, { zone_id = local.no_zone }) }
  }
}

resource "accesscontrol_api_token" "deploy" {
  name = "Deployment of ${var.zone}"

  policies = { for name, policy in {
    deploy = {
      permission_groups = var.permissions
      resources = {
        zones                 = var.every_zone ? null : [local.zone.zone_id]
        all_zones_of_accounts = var.every_zone ? [local.zone.account_id] : null
      }
    }
    account = {
      permission_groups = var.account_permissions
      resources         = { accounts = [local.account.account_id] }
    }
  } : name => policy if length(policy.permission_groups) > 0 }

  lifecycle {
    # Policies are known while planning, so these fail the plan. (A `check` block would only warn.)
    postcondition {
      condition = alltrue([
        for question in local.needed : provider::accesscontrol::can(self.policies, question.operation, question.target)
      ])
      error_message = join("\n", concat(["The token could not do its work:"], [
        for what, question in local.needed :
        "- ${what}: ${provider::accesscontrol::explain(self.policies, question.operation, question.target)}"
        if !provider::accesscontrol::can(self.policies, question.operation, question.target)
      ]))
    }

    postcondition {
      condition = !anytrue([
        for question in local.forbidden : provider::accesscontrol::can(self.policies, question.operation, question.target)
      ])
      error_message = join("\n", concat(["The token could do too much:"], [
        for what, question in local.forbidden :
        "- ${what}: ${provider::accesscontrol::explain(self.policies, question.operation, question.target)}"
        if provider::accesscontrol::can(self.policies, question.operation, question.target)
      ]))
    }
  }
}
