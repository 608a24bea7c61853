output "ids" {
  value = {
    dns_write = provider::accesscontrol::permission_group("zone", "DNS Write")
    logs_read = provider::accesscontrol::permission_group("account", "Logs Read")
  }
}
