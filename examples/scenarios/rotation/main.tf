# A token whose secret changes on a schedule, and clients that never notice. Two tokens of equal rights
# exist at any time: the one that is handed out, and the one before it, which still works for clients that
# have not fetched the new secret yet. To rotate, raise `generation` by one:
#
#   terraform apply -var generation=2
#
# That makes a third token, hands it out, and only then removes the oldest. A client has until the next
# rotation to move on.

data "accesscontrol_zone" "main" {
  name = var.zone
}

locals {
  generations = toset([for generation in [var.generation - 1, var.generation] : tostring(generation)])
}

resource "accesscontrol_api_token" "exporter" {
  for_each = local.generations

  name = "Metrics exporter of ${var.zone}, generation ${each.key}"

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

# Stands for the place where clients find the secret: a secret store, a variable of a CI system, a file. It
# gets the secret of the newest generation.
resource "terraform_data" "handed_out" {
  input = accesscontrol_api_token.exporter[tostring(var.generation)].value
}
