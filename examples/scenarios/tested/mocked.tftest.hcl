# Needs neither a server nor a credential: `terraform test -filter=mocked.tftest.hcl`.

mock_provider "accesscontrol" {
  # What a mock makes up for an attribute is a few random letters. An id that goes on into an argument has to
  # be one: 32 lower-case hexadecimal digits.
  mock_data "accesscontrol_zone" {
    defaults = {
      zone_id    = "023e105f4ecef8ad9ca31a8372d0c353"
      account_id = "01a7362d577a6c3019a474fd6f485823"
    }
  }

  mock_resource "accesscontrol_api_token" {
    defaults = {
      id = "ed17574386854bf78a67040be0a770b0"
    }
  }
}

run "publisher_is_of_the_zone" {
  variables {
    zone = "example.net"
  }

  assert {
    condition     = accesscontrol_api_token.publisher.name == "Publisher of example.net"
    error_message = "The publisher is not named after its zone."
  }

  assert {
    condition     = accesscontrol_api_token.publisher.policies.publish.resources.zones == toset([data.accesscontrol_zone.site.zone_id])
    error_message = "The publisher has other zones than its own."
  }
}

run "dns_is_not_for_the_publisher" {
  command = plan

  variables {
    permissions = ["Cache Purge", "DNS Write"]
  }

  expect_failures = [accesscontrol_api_token.publisher]
}
