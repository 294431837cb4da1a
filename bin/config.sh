# Sourced by the other scripts, which set "root" to the directory of the installation. Sets "node" to the Node to run.

conf_dir=${FLINK_CONF_DIR:-$root/conf}
node_home=
if [ -f "$conf_dir/flink-conf.yaml" ]; then
  node_home=$(sed -n 's/^env\.java\.home: *//p' "$conf_dir/flink-conf.yaml" | sed 's/[[:space:]]*#.*//; s/[[:space:]]*$//' | tail -n 1)
fi

if [ -n "$node_home" ]; then
  node=$node_home/bin/node
  if [ ! -x "$node" ]; then
    echo "[ERROR] \"env.java.home\" is \"$node_home\", but \"$node\" is not there or cannot be executed." >&2
    echo "  Set \"env.java.home\" in $conf_dir/flink-conf.yaml to the directory of a Node installation, or leave it out." >&2
    exit 1
  fi
elif command -v node >/dev/null 2>&1; then
  node=node
else
  echo '[ERROR] flink-ts needs Node.js 20.19 or newer, and there is no "node" on the PATH.' >&2
  echo '  Install it from https://nodejs.org, or set "env.java.home" to its directory.' >&2
  exit 1
fi

if [ ! -d "$root/dist/bundle" ]; then
  echo "[ERROR] flink-ts is not built: there is no \"$root/dist\"." >&2
  echo "  Run \"npm ci && npm run build\" in $root." >&2
  exit 1
fi
