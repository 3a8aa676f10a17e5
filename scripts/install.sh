#!/bin/sh
# Installs the npm packages when package-lock.json changed since the last time. Node 24 is one of them, so npm scripts
# run it whatever node the machine has.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.gantry-lock
is_installed() { [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; }
if is_installed; then exit 0; fi
# Two commands that begin at once would each delete what the other one installs.
exec 9<package-lock.json
if command -v flock >/dev/null; then flock 9; fi
if is_installed; then exit 0; fi
echo "installing npm packages (once; it took 80 s on a busy machine with 2 cores) ..."
# onnxruntime-node would download CUDA libraries; they come with the image instead.
ONNXRUNTIME_NODE_INSTALL=skip npm ci --no-audit --no-fund --loglevel=error </dev/null
cp package-lock.json "$stamp"
