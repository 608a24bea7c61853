# The rules of main.tf hold what they are meant to hold: `terraform test` or `tofu test`. Nothing is applied.

run "narrow_token_passes" {
  command = plan

  assert {
    condition     = length(accesscontrol_api_token.deploy.grants) == 2
    error_message = "The token opens more, or less, than purging the cache and reading DNS of one zone."
  }
}

run "token_that_writes_dns_is_refused" {
  command = plan

  variables {
    permissions = ["Cache Purge", "DNS Write"]
  }

  expect_failures = [accesscontrol_api_token.deploy]
}

run "token_that_routes_mail_is_refused" {
  command = plan

  variables {
    permissions = ["Cache Purge", "Email Routing Rules Write"]
  }

  expect_failures = [accesscontrol_api_token.deploy]
}

run "token_that_makes_tokens_is_refused" {
  command = plan

  variables {
    account_permissions = ["Account API Tokens Write"]
  }

  expect_failures = [accesscontrol_api_token.deploy]
}

run "token_for_every_zone_is_refused" {
  command = plan

  variables {
    every_zone = true
  }

  expect_failures = [accesscontrol_api_token.deploy]
}

run "token_without_its_permission_is_refused" {
  command = plan

  variables {
    permissions = ["DNS Read"]
  }

  expect_failures = [accesscontrol_api_token.deploy]
}
