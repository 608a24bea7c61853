// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package lockout keeps Terraform from ending its own access unknowingly.
//
// The API carries out a change that cuts its own caller off (authorization model §7), so a plan that
// turns the API access switch off, or deletes the token Terraform runs with, would succeed and leave
// a configuration that nobody can apply any more. A [Guard] looks at such a change twice: the plan
// warns, and the apply refuses right before the write.
//
// Who Terraform is comes from the credential: the verify endpoint names the token, GET /user the
// user, and GET /memberships the member and its own value of the switch. What cannot be read counts
// as a change that may lock out. Identities are read once a run; values of the switch are read
// afresh for every question, since an earlier step of the same apply may have changed them.
//
// The package knows nothing of resources and schemas. Start reading at guard.go.
package lockout
