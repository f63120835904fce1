#!/bin/sh
# boot.sh SOURCE WORK: boots a Debian 12 with the program installed under a systemd of its own
# (systemd-nspawn) and runs checks.sh inside it. WORK keeps the build and the pristine system for
# the next time. Exit 77, loudly, where this machine cannot do it.
set -eu
source=$(realpath "$1")
mkdir -p "$2"
work=$(realpath "$2")
base=$work/base
root=$work/root
limit_s=240
runtime="libcurl4,libxml2,libpcre2-8-0,libsqlite3-0,libjson-c5,libyaml-0-2,libsmartcols1"
runtime="$runtime,libutf8proc2,libzstd1,libmicrohttpd12"

skip() {
  echo "the units are NOT booted: $*" >&2
  exit 77
}

[ "$(id -u)" = 0 ] || skip "this needs root"
for tool in debootstrap systemd-nspawn; do
  command -v $tool >/dev/null || skip "$tool is not installed (apt-get install debootstrap systemd-container)"
done

if [ ! -d "$base" ]; then
  rm -rf "$base.new"
  debootstrap --variant=minbase \
    --include="systemd,systemd-sysv,systemd-resolved,dbus,sqlite3,procps,ca-certificates,$runtime" \
    bookworm "$base.new" >"$work/debootstrap.log" 2>&1 ||
    skip "debootstrap failed: $(tail -1 "$work/debootstrap.log")"
  mv "$base.new" "$base"
fi

cmake -S "$source" -B "$work/stage" -G Ninja -DCMAKE_INSTALL_PREFIX=/usr -DBUILD_TESTING=OFF \
  -DCMAKE_BUILD_TYPE=RelWithDebInfo -DCMAKE_POSITION_INDEPENDENT_CODE=ON \
  -DCMAKE_C_FLAGS="-fstack-protector-strong -D_FORTIFY_SOURCE=2" \
  -DCMAKE_EXE_LINKER_FLAGS="-pie -Wl,-z,relro,-z,now" >/dev/null
cmake --build "$work/stage" -j 2 >"$work/build.log" || { tail -20 "$work/build.log" >&2; exit 1; }

rm -rf "$root"
cp -a --reflink=auto "$base" "$root"
trap 'rm -rf "$root"' EXIT
DESTDIR=$root cmake --install "$work/stage" >/dev/null

install "$work/stage/tests/boards/roletide-boards" "$root/usr/local/bin/"
mkdir -p "$root/srv/boards" "$root/etc/roletide/sources"
cp -r "$source"/tests/fixtures/demo/127.* "$source"/tests/boot/boards/* "$root/srv/boards/"
cp "$source/tests/fixtures/demo/config/roletide.yaml" "$root/etc/roletide/"
cp "$source"/tests/fixtures/demo/config/sources/*.yaml "$root/etc/roletide/sources/"
cp "$source/tests/boot/sources.yaml" "$root/etc/roletide/sources/boot.yaml"
install "$source/tests/boot/checks.sh" "$root/checks.sh"

# Names are asked of the stub resolver, by DNS, as on a real host; it knows one from /etc/hosts.
echo "127.0.0.2 boards.test" >>"$root/etc/hosts"
sed -i 's/^hosts:.*/hosts: dns/' "$root/etc/nsswitch.conf"
rm -f "$root/etc/resolv.conf"
echo "nameserver 127.0.0.53" >"$root/etc/resolv.conf"

cat >"$root/etc/systemd/system/checks.service" <<U
[Unit]
After=multi-user.target
# Named here, a unit that has ended is not forgotten, and can be asked how.
After=roletide.service
[Service]
Type=exec
ExecStart=/checks.sh
ExecStopPost=/bin/systemctl poweroff --no-block
StandardOutput=file:/checks.out
StandardError=file:/checks.err
[Install]
WantedBy=multi-user.target
U
mkdir -p "$root/etc/systemd/system/multi-user.target.wants"
ln -s ../checks.service "$root/etc/systemd/system/multi-user.target.wants/"

# The capabilities and bpf(2) let the inner systemd attach its IP filter; without them
# IPAddressDeny= does nothing, silently, and the check of it fails.
SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 timeout -k 10 $limit_s systemd-nspawn -q -D "$root" \
  --private-network --resolv-conf=off --timezone=off --capability=CAP_BPF,CAP_NET_ADMIN \
  --system-call-filter=bpf --register=no --keep-unit -b --console=read-only \
  </dev/null >"$work/boot.log" 2>&1 || echo "nspawn ended with $?" >&2

if [ ! -s "$root/checks.out" ]; then
  tail -20 "$work/boot.log" >&2
  echo "it did not boot: $work/boot.log" >&2
  exit 1
fi
cp "$root/checks.out" "$root/checks.err" "$work/"
cp "$root/journal.txt" "$work/" 2>/dev/null || :
cat "$work/checks.out"
tail -5 "$work/checks.err" >&2
tail -1 "$work/checks.out" | grep -q '^all [0-9]* checks hold$'
