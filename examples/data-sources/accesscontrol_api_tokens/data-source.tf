data "accesscontrol_api_tokens" "active" {
  status = "active"
}

# Tokens that nobody has used yet, or that never expire, are worth a question.
output "unused" {
  value = [for token in data.accesscontrol_api_tokens.active.tokens : token.name if token.last_used_on == null]
}

output "without_expiry" {
  value = [for token in data.accesscontrol_api_tokens.active.tokens : token.name if token.expires_on == null]
}
