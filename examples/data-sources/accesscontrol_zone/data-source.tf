data "accesscontrol_zone" "example" {
  name = "example.com"
}

output "zone_id" {
  value = data.accesscontrol_zone.example.zone_id
}
