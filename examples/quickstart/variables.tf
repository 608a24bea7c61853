variable "enterprise_account" {
  type        = string
  description = "Name of the Enterprise account whose API access is switched."
  default     = "Acme"
}

variable "standard_account" {
  type        = string
  description = "Name of another account, which has no switch."
  default     = "Globex"
}

variable "zone" {
  type        = string
  description = "Name of the zone that the certificate client and the cache purger work on."
  default     = "example.com"
}

variable "operator_email" {
  type        = string
  description = "The member that Terraform runs as. It must keep its API access when the account loses it."
  default     = "super@example.com"
}

variable "ci_email" {
  type        = string
  description = "A member that keeps its API access."
  default     = "ci@example.com"
}

variable "second_email" {
  type        = string
  description = "A member that follows the account."
  default     = "dns@example.com"
}

variable "account_api_access" {
  type        = bool
  description = "Whether the API may be used on the Enterprise account at all."
  default     = false
}

variable "second_api_access" {
  type        = string
  description = "The second member's setting: enabled, disabled or account_default."
  default     = "account_default"
}

variable "office_ranges" {
  type        = set(string)
  description = "Where the read-only token works."
  default     = ["203.0.113.0/24"]
}
