variable "token_id" {
  type    = string
  default = "ed17574386854bf78a67040be0a770b0"
}

# The new secret is shown as age text, which only the holders of these keys can read.
#
# terraform apply -invoke=action.accesscontrol_api_token_roll.deploy
action "accesscontrol_api_token_roll" "deploy" {
  config {
    id         = var.token_id
    recipients = ["age1egd52xh8vl0w7f0erkkvja3w9ryckedt2dwghpk6tlr8t089kadqcatf7h"]
  }
}
