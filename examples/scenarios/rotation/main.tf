# A token whose secret changes on a schedule, and clients that never notice. Two tokens of equal rights
# exist at any time: the one that is handed out, and the one before it, which still works for clients that
# have not fetched the new secret yet.
#
# To rotate, raise `generation` by one, commit that, and apply. This makes a third token, hands it out, and
# only then removes the oldest. A client has until the next rotation to move on.

locals {
  generation = 1

  name = "Metrics exporter of ${var.zone}, generation"
}

# Holds back every plan that goes back, or on by more than one: it would remove a token that clients use. No
# configuration remembers what it was, so this asks the API for the newest generation that exists: the one
# given here, or the one before it, or none at all (0).
data "accesscontrol_api_tokens" "exporter" {
  name_contains = local.name

  lifecycle {
    postcondition {
      condition = contains([0, local.generation - 1, local.generation], max(0, flatten([
        for token in self.tokens : regexall("generation ([0-9]+)$", token.name)
      ])...))
      error_message = "Generation ${local.generation} is neither the newest that exists nor the one after it: ${join("; ", self.tokens[*].name)}."
    }
  }
}

data "accesscontrol_zone" "main" {
  name = var.zone
}

resource "accesscontrol_api_token" "exporter" {
  for_each = toset([for generation in [local.generation - 1, local.generation] : tostring(generation)])

  name = "${local.name} ${each.key}"

  policies = {
    read = {
      permission_groups = ["Zone Read", "DNS Read"]
      resources         = { zones = [data.accesscontrol_zone.main.zone_id] }
    }
  }

  # Without this the oldest token could be gone before whatever hands out the secrets has the newest. It
  # also has a token that must be replaced for another reason made anew before the old one is removed.
  lifecycle {
    create_before_destroy = true
  }
}

# Stands for the place where clients find the secret: a secret store, a variable of a CI system, a file. A real
# one gets the `value` of the newest generation; this one gets the id alone, because the plan of the next
# rotation would print what a terraform_data holds.
resource "terraform_data" "handed_out" {
  input = accesscontrol_api_token.exporter[tostring(local.generation)].id
}
