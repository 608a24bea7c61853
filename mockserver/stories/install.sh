#!/usr/bin/env bash
# Copyright (c) The terraform-provider-accesscontrol authors
# SPDX-License-Identifier: MPL-2.0
#
# Installs the programs that the stories run, as Debian or Ubuntu packages them. It does nothing when they are
# all there, and needs root otherwise. Services that come with the packages are neither started nor enabled.
#
#   mockserver/stories/install.sh           install what is missing
#   mockserver/stories/install.sh --check   only say what is missing; 1 if anything is
set -euo pipefail

packages=(
  certbot python3-certbot-dns-cloudflare # story: a wildcard certificate
  python3-cloudflare                     # story: the Python library
  fail2ban curl                          # story: ban and unban; its actions call curl
  ddclient libio-socket-ssl-perl         # story: one record; the library is how ddclient speaks TLS
  jq age                                 # the pages: what their commands call, besides curl
)
# The units that the packages above bring along.
units=(certbot.timer fail2ban.service ddclient.service)

fail() {
  echo "$0: $*" >&2
  exit 1
}

list_missing() {
  local package
  missing=()
  for package in "${packages[@]}"; do
    # dpkg-query fails for a package it has never heard of.
    if [[ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null || true)" != installed ]]; then
      missing+=("$package")
    fi
  done
}

# Repeats what fails while something else holds apt's locks, or a mirror is slow.
attempt() {
  local i
  for i in 1 2 3 4 5; do
    if "$@"; then
      return 0
    fi
    echo "$0: attempt $i of 5 failed: $*" >&2
    ((i == 5)) || sleep $((i * 3))
  done
  return 1
}

if ! command -v apt-get >/dev/null || ! command -v dpkg-query >/dev/null; then
  fail "the stories run programs as Debian packages them, and this system has no apt-get; run them in a container of Debian or Ubuntu. Missing are: ${packages[*]}"
fi
list_missing
if ((${#missing[@]} == 0)); then
  echo 'the programs of the stories are installed'
  exit 0
fi
case "${1-}" in
'') ;;
--check) fail "not installed: ${missing[*]}; run $0 as root" ;;
*) fail "unknown argument $1; there is --check" ;;
esac
if ((EUID != 0)); then
  fail "not installed: ${missing[*]}; installing them needs root: sudo $0"
fi

# Debian starts a service when its package is installed, unless this file forbids it.
policy=/usr/sbin/policy-rc.d
if [[ ! -e $policy ]]; then
  trap 'rm -f "$policy"' EXIT
  printf '#!/bin/sh\nexit 101\n' >"$policy"
  chmod 755 "$policy"
fi

# Units that somebody enabled before are left as they are.
fresh=()
for unit in "${units[@]}"; do
  [[ -e /lib/systemd/system/$unit ]] || fresh+=("$unit")
done

export DEBIAN_FRONTEND=noninteractive
attempt apt-get update -q || fail 'apt-get update failed; see above'
attempt apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=120 "${missing[@]}" ||
  fail "apt-get could not install ${missing[*]}; see above"
# Without systemctl nothing would ever start them.
if command -v systemctl >/dev/null && ((${#fresh[@]})); then
  systemctl --quiet disable "${fresh[@]}" || true
fi

list_missing
if ((${#missing[@]})); then
  fail "still not installed: ${missing[*]}"
fi
echo 'the programs of the stories are installed'
