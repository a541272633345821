#!/usr/bin/env bash
# For speed only: a CI machine that is Debian 12, root and without a Vulkan driver gets Mesa 25's lavapipe.
# Any failure is fine, the packaged SwiftShader serves then.
set -uo pipefail
if ls /usr/share/vulkan/icd.d/lvp_icd*.json >/dev/null 2>&1; then exit 0; fi
if [ "$(id -u)" != 0 ] || ! grep -q 'VERSION_CODENAME=bookworm' /etc/os-release; then exit 0; fi
mirror="$(grep -rhoE 'https?://[^ ]+/debian/?( |$)' /etc/apt/sources.list /etc/apt/sources.list.d 2>/dev/null | head -n 1 | tr -d ' ')"
[ -n "$mirror" ] || exit 0
list=/etc/apt/sources.list.d/bookworm-backports.list
grep -rqs bookworm-backports /etc/apt/sources.list /etc/apt/sources.list.d || echo "deb $mirror bookworm-backports main" >"$list"
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq -t bookworm-backports mesa-vulkan-drivers libvulkan1 >/dev/null || echo 'no lavapipe; SwiftShader will do'
exit 0
