#!/bin/sh
# For image builds, as root in a stage on Debian: gathers in FOLDER what a program and its add-ons need of the system, so that
# the final image holds no shell, no package manager and no other program. PROGRAM is node where nothing else is set.
#   [PROGRAM=/usr/bin/python3.11] sh rootfs.sh FOLDER APP PACKAGE...
# The shared libraries of the Debian packages are taken; needed.sh fails the build where a binary in APP needs another.
# Converters of character sets (gconv) stay out: glibc has UTF-8 built in.
set -eu
root=$1
app=$2
shift 2
program=${PROGRAM:-/usr/local/bin/node}
scripts=$(cd "$(dirname "$0")" && pwd)
# cp --parents of coreutils 9.1 looks for the folders of an absolute path below the working folder.
cd /

mkdir -p "$root/usr/lib" "$root/etc" "$root/var/lib/dpkg/status.d" "$root/tmp"
for link in /lib /lib64; do
  if [ -L "$link" ]; then
    cp -a "$link" "$root/"
    mkdir -p "$root/usr$link"
  fi
done
cp -a --parents "$program" "$root"

# Scanners read which packages an image holds from status.d, and which Debian they belong to from os-release.
cp -aL /etc/os-release /etc/debian_version "$root/etc/"
for package in "$@"; do
  dpkg-query --status "$package" >"$root/var/lib/dpkg/status.d/$package"
  dpkg-query --listfiles "$package" | grep -v /gconv/ | grep -E '/(lib[^/]*\.so(\.[0-9.]+)?|ld-linux[^/]*)$' | while read -r file; do
    cp -a --parents "$file" "$root"
  done || true # a package may have none
  if [ -e "/usr/share/doc/$package/copyright" ]; then
    mkdir -p "$root/usr/share/doc/$package"
    cp -L "/usr/share/doc/$package/copyright" "$root/usr/share/doc/$package/"
  fi
done

# 10001 is the user of our pods. Without nsswitch.conf, the files of hosts would be read after DNS.
echo 'root:x:0:0:root:/:/sbin/nologin
nobody:x:65534:65534:nobody:/:/sbin/nologin
gantry:x:10001:10001:gantry:/:/sbin/nologin' >"$root/etc/passwd"
echo 'root:x:0:
nogroup:x:65534:
gantry:x:10001:' >"$root/etc/group"
echo 'hosts: files dns' >"$root/etc/nsswitch.conf"

chown -R 0:0 "$root"
chmod -R u=rwX,go=rX "$root"
chmod 1777 "$root/tmp"

sh "$scripts/needed.sh" "$root" "$root$(dirname "$program")" "$app"
