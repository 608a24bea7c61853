# The endpoint and the credential come from the environment:
#
#   export ACCESSCONTROL_BASE_URL=http://127.0.0.1:8787/client/v4
#   export ACCESSCONTROL_API_TOKEN=...
provider "accesscontrol" {}
