// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package cloudflare

import "time"

// wallClock is the clock of a dialect that was given none.
func wallClock() time.Time { return time.Now() }
