#!/bin/sh
# Runs on the machine's own C library where it is new enough, so that its GPU drivers fit; else on the one in lib/.
case $0 in
  */*) self=$0 ;;
  *) self=./$0 ;;
esac
while [ -L "$self" ]; do
  target=$(readlink "$self")
  case $target in
    /*) self=$target ;;
    *) self=${self%/*}/$target ;;
  esac
done
here=${self%/*}
if "$here/bin/node" -e 0 2>/dev/null; then
  exec "$here/bin/node" "$here/app/start.js" "${self##*/}" "$@"
fi
exec "$here/lib/ld-linux-x86-64.so.2" --library-path "$here/lib:$here/lib/vulkan" \
  "$here/bin/node" "$here/app/start.js" "${self##*/}" "$@"
