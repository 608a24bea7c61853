// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

// Package complaints holds one test for each class of what users have reported, over the years, of providers
// for this API: the test named after the class shows that this provider does better, and the table beside it
// names the tests that look closer. The provider is spoken to over the plugin protocol, so no CLI is needed.
//
// It has no code of its own. Start reading at the table in complaints_test.go.
package complaints
