variable "zone" {
  type        = string
  description = "Name of the zone that is deployed to."
  default     = "example.com"
}

variable "permissions" {
  type        = set(string)
  description = "What the deployment's token may do to the zone."
  default     = ["Cache Purge", "DNS Read"]
}

variable "account_permissions" {
  type        = set(string)
  description = "What it may do to the account of the zone."
  default     = []
}

variable "every_zone" {
  type        = bool
  description = "Whether the token is for every zone of the account."
  default     = false
}
