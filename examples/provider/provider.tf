terraform {
  required_providers {
    accesscontrol = {
      source = "accesscontrol/accesscontrol"
    }
  }
}

variable "api_token" {
  type        = string
  sensitive   = true
  description = "The API token that Terraform runs with."
}

# Without base_url, requests go to the reference server on this machine.
provider "accesscontrol" {
  base_url  = "http://127.0.0.1:8787/client/v4"
  api_token = var.api_token
}
