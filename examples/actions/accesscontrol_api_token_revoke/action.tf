variable "leaked_token_id" {
  type    = string
  default = "ed17574386854bf78a67040be0a770b0"
}

# terraform apply -invoke=action.accesscontrol_api_token_revoke.leaked
action "accesscontrol_api_token_revoke" "leaked" {
  config {
    id = var.leaked_token_id
  }
}
