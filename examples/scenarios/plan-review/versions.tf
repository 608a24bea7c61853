terraform {
  required_version = ">= 1.8.0"

  required_providers {
    accesscontrol = {
      source = "accesscontrol/accesscontrol"
    }
  }
}

# The endpoint and the credential come from ACCESSCONTROL_BASE_URL and ACCESSCONTROL_API_TOKEN.
provider "accesscontrol" {}
