# What can be granted on zones that has to do with DNS.
data "accesscontrol_permission_groups" "dns" {
  scope         = "zone"
  name_contains = "dns"
}

output "dns_permissions" {
  value = {
    for group in data.accesscontrol_permission_groups.dns.permission_groups : group.reference => group.level
  }
}
