# Copyright (c) The terraform-provider-accesscontrol authors
# SPDX-License-Identifier: MPL-2.0
"""Looks around with the token in CLOUDFLARE_API_TOKEN and prints what it finds as one JSON object.

Refusals go to standard error, each with the explanation that the server gives, and end the program with 1.
"""

import json
import sys

import CloudFlare


def main():
    cf = CloudFlare.CloudFlare()
    zones = cf.zones.get()
    found = {
        "zones": [zone["name"] for zone in zones],
        "other": [zone["name"] for zone in cf.zones.get(params={"name": "example.org"})],
        "records": sorted(
            record["name"] for zone in zones for record in cf.zones.dns_records.get(zone["id"])
        ),
    }
    json.dump(found, sys.stdout)


try:
    main()
except CloudFlare.exceptions.CloudFlareAPIError as error:
    print(f"{int(error)} {error}", file=sys.stderr)
    for reason in error:
        print(f"{int(reason)} {reason}", file=sys.stderr)
    sys.exit(1)
