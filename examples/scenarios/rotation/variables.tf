variable "zone" {
  type        = string
  description = "Name of the zone that the exporter reads."
  default     = "example.com"
}

variable "generation" {
  type        = number
  description = "Which generation of the token is handed out. Raise it by exactly one to rotate, and never lower it: clients use this generation and the one before."
  default     = 1

  validation {
    condition     = var.generation >= 1 && floor(var.generation) == var.generation
    error_message = "The generation is a whole number from 1 on."
  }
}
