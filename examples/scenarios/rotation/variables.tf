variable "zone" {
  type        = string
  description = "Name of the zone that the exporter reads."
  default     = "example.com"
}
