// Copyright (c) The terraform-provider-accesscontrol authors
// SPDX-License-Identifier: MPL-2.0

package client

import "net/http"

// finalResponse is the error handler of the retry loop: when tries are used up, or the context ended
// after a complete answer, the final response is what the caller sees, with the API's own words in
// it. Only where there is none is it an error.
func finalResponse(resp *http.Response, err error, _ int) (*http.Response, error) {
	if resp != nil {
		return resp, nil
	}
	return nil, err
}
