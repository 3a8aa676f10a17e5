#!/bin/sh
# Installs the npm packages when package-lock.json changed since the last time. Node 24 is one of them, so npm scripts
# run it whatever node the machine has.
set -eu
cd "$(dirname "$0")/.."
stamp=node_modules/.gantry-lock
if [ -f "$stamp" ] && cmp -s package-lock.json "$stamp"; then exit 0; fi
echo "installing npm packages (once; it took 80 s on a busy machine with 2 cores) ..."
# onnxruntime-node would download CUDA libraries; they come with the image instead.
ONNXRUNTIME_NODE_INSTALL=skip npm ci --no-audit --no-fund --loglevel=error </dev/null
cp package-lock.json "$stamp"
