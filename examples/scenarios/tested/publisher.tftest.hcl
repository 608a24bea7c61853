# Run with a reference server of your own: `terraform test` or `tofu test`. Each file of tests has its own
# state, and what its runs made is destroyed at the end.

run "publisher_can_do_its_work" {
  assert {
    condition     = data.accesscontrol_access_simulation.purge.allowed
    error_message = "The publisher cannot purge the cache. ${data.accesscontrol_access_simulation.purge.explanation}"
  }

  assert {
    condition     = data.accesscontrol_access_simulation.write_dns.policy_allows == false
    error_message = "The publisher could write DNS records."
  }

  assert {
    condition     = accesscontrol_api_token.publisher.status == "active"
    error_message = "The publisher's token does not work."
  }
}

# The second run changes the token that the first one made.
run "more_permissions_add_up" {
  variables {
    permissions = ["Cache Purge", "DNS Read"]
  }

  assert {
    condition     = length(accesscontrol_api_token.publisher.grants) == 2
    error_message = "The publisher has other permissions than it was given."
  }
}

# One permission, by each way to name it.
run "dns_is_not_for_the_publisher" {
  command = plan

  variables {
    permissions = ["Cache Purge", "DNS Write"]
  }

  expect_failures = [accesscontrol_api_token.publisher]
}

run "nor_by_another_name" {
  command = plan

  variables {
    permissions = ["Cache Purge", "DNS Edit"]
  }

  expect_failures = [accesscontrol_api_token.publisher]
}

run "nor_by_its_id" {
  command = plan

  variables {
    permissions = ["Cache Purge", "4755a26eedb94da69e1066d98aa820be"]
  }

  expect_failures = [accesscontrol_api_token.publisher]
}
