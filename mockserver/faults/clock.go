// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package faults

import "time"

// deadline is the instant that lies d ahead by the machine's clock: connections know no other.
func deadline(d time.Duration) time.Time { return time.Now().Add(d) }
