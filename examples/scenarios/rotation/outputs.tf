output "secret" {
  description = "The secret that clients are to use from now on."
  value       = accesscontrol_api_token.exporter[tostring(local.generation)].value
  sensitive   = true
}
