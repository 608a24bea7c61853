// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package provider

import "time"

// systemClock is the one place where the provider learns what time it is.
func systemClock() time.Time { return time.Now() }
