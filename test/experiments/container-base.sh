#!/usr/bin/env bash
# container-base.sh NODE IMAGE: a stand-in for the base image of containers/Containerfile, where no image registry is in
# reach. It holds this machine's Node and npm, a shell, find, and the libraries that they load; nothing else.
set -euo pipefail
node=$1 image=$2
root=$(mktemp -d)
trap 'rm -rf "$root"' EXIT

mkdir -p "$root/etc" "$root/usr/bin" "$root/usr/lib/node_modules"
install -d -m 1777 "$root/tmp"
tools=(/bin/sh /usr/bin/env /usr/bin/find)
for file in "${tools[@]}" $(ldd "$node" "${tools[@]}" | grep -o '/[^ ]* (0x' | cut -d ' ' -f 1 | sort -u); do
  cp --parents --dereference "$file" "$root"
done
cp --dereference "$node" "$root/usr/bin/node"
npm=$(dirname "$(dirname "$(readlink -f "$(command -v npm)")")")
cp --recursive "$npm" "$root/usr/lib/node_modules/npm"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$root/usr/bin/npm"

environment=(--change "ENV PATH=/usr/bin:/bin")
certificates=${NODE_EXTRA_CA_CERTS:-}
if [ -n "$certificates" ]; then # a registry behind a proxy of one's own
  cp "$certificates" "$root/etc/certificates.pem"
  environment+=(--change "ENV NODE_EXTRA_CA_CERTS=/etc/certificates.pem")
fi
tar -C "$root" -c . | podman import --quiet "${environment[@]}" - "$image"
