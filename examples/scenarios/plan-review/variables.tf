variable "zone" {
  type        = string
  description = "Name of the zone that is deployed to."
  default     = "example.com"
}

variable "permissions" {
  type        = set(string)
  description = "What the deployment's token may do."
  default     = ["Cache Purge", "DNS Read"]
}

variable "every_zone" {
  type        = bool
  description = "Whether the token is for every zone of the account."
  default     = false
}
