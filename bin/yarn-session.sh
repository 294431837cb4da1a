#!/bin/sh
# Starts a session on YARN, or attaches to one: "flink-ts yarn-session" under the name that Flink's users type.

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

exec "$node" --enable-source-maps "$root/bin/flink-ts.js" yarn-session "$@"
