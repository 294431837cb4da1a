#!/bin/sh
# Starts and stops JobManagers on this host.

script=$0
while [ -L "$script" ]; do
  link=$(readlink "$script")
  case $link in
    /*) script=$link ;;
    *) script=$(dirname "$script")/$link ;;
  esac
done
root=$(cd "$(dirname "$script")/.." && pwd -P)
. "$root/bin/config.sh"

exec "$node" "$root/dist/bundle/script-main.js" jobmanager "$@"
