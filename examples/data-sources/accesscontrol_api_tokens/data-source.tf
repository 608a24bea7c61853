data "accesscontrol_api_tokens" "active" {
  status = "active"
}

# Tokens that never expire are worth a question, and so are those that may write.
output "without_expiry" {
  value = [for token in data.accesscontrol_api_tokens.active.tokens : token.name if token.expires_on == null]
}

output "with_dns_write" {
  value = [
    for token in data.accesscontrol_api_tokens.active.tokens : token.name
    if anytrue([for grant in token.grants : startswith(grant, "allow DNS Write ")])
  ]
}
