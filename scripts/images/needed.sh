#!/bin/sh
# For image builds, in a stage on Debian: fails where a binary in one of the FOLDERs needs a shared library that neither
# they nor the image has. A library of the build stage would be found here and be missing there.
#   sh needed.sh IMAGE_ROOT FOLDER...
# libcuda.so.1 is part of the driver, which comes from the node.
set -eu
root=$1
shift

is_in_folders() {
  for folder in "$@"; do
    case "$path" in "$folder"/*) return 0 ;; esac
  done
  return 1
}

missing=$(
  find "$@" -type f \( -name node -o -name 'python3*' -o -name '*.node' -o -name '*.so' -o -name '*.so.*' \) | while read -r binary; do
    ldd "$binary" | while read -r name arrow path rest; do
      if [ "$arrow" != '=>' ] || [ "$name" = libcuda.so.1 ]; then continue; fi
      if [ "$path" = not ]; then
        # What loads a library of a Python package names its folder, where the libraries that this one needs lie, too.
        if [ -e "$(dirname "$binary")/$name" ]; then continue; fi
        echo "$binary needs $name, which is not there"
      else
        path=$(realpath "$path")
        if ! is_in_folders "$@" && [ ! -e "$root$path" ]; then echo "$binary needs $path, which the image lacks"; fi
      fi
    done
  done
)
if [ -n "$missing" ]; then
  echo "$missing" >&2
  exit 1
fi
