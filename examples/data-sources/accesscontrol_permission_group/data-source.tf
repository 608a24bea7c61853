# By any of its names: this is the dashboard's for DNS Write.
data "accesscontrol_permission_group" "dns_edit" {
  name = "DNS Edit"
}

# A name that groups of several scopes have needs the scope.
data "accesscontrol_permission_group" "apps_read" {
  name  = "Access: Apps and Policies Read"
  scope = "zone"
}

# By its id.
data "accesscontrol_permission_group" "by_id" {
  id = "4755a26eedb94da69e1066d98aa820be"
}

output "references" {
  value = [
    data.accesscontrol_permission_group.dns_edit.reference,
    data.accesscontrol_permission_group.apps_read.reference,
    data.accesscontrol_permission_group.by_id.reference,
  ]
}
