# Sourced by dev: sees to it that the machine has the packages of a purpose (tools/packages.txt).

# need PURPOSE...: install what is missing. Costs one dpkg-query when nothing is. All output goes to standard
# error: `./dev fetch URL` prints a body on standard output.
need() {
  local packages missing
  packages=$(awk -v purposes=" $* " 'index(purposes, " " $1 " ") { $1 = ""; print }' \
    "$root/tools/packages.txt" | tr -s ' ' '\n' | sort -u | grep .)
  if ! command -v dpkg-query >/dev/null; then
    echo "dev: not a Debian system; it has to have the like of:" $packages >&2
    return
  fi
  missing=$(comm -23 <(echo "$packages") \
    <(dpkg-query -W -f '${db:Status-Abbrev}${Package}\n' $packages 2>/dev/null | sed -n 's/^ii *//p' | sort -u))
  [ -z "$missing" ] || install_packages $missing >&2
}

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_packages() {
  if [ "$(id -u)" != 0 ] && ! command -v sudo >/dev/null; then
    echo "dev: these packages are missing, and there is no sudo to install them: $*" >&2
    return 1
  fi
  echo "Installing Debian packages: $*"
  as_root apt-get update -qq -o DPkg::Lock::Timeout=600 || echo "dev: apt-get update failed; going on without"
  without_starting_services as_root env DEBIAN_FRONTEND=noninteractive \
    apt-get install -y -q --no-install-recommends -o DPkg::Lock::Timeout=600 "$@" </dev/null
  if [[ " $* " == *" nginx-light "* ]] && [ -d /run/systemd/system ]; then
    as_root systemctl --quiet disable nginx.service
  fi
}

# The tests start servers of their own, as the user and on loopback. Debian's way to install nginx without
# starting its service is a policy-rc.d that says no; one that is already there is left alone.
without_starting_services() (
  policy=/usr/sbin/policy-rc.d
  if [ ! -e $policy ]; then
    trap 'as_root rm -f $policy' EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee $policy >/dev/null
    as_root chmod 755 $policy
  fi
  "$@"
)
