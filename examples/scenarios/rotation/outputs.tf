output "secret" {
  description = "The secret that clients are to use from now on."
  value       = terraform_data.handed_out.output
  sensitive   = true
}
