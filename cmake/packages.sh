# packages.sh: sourced by ./run and ./test. need PACKAGE... installs what is missing (Debian 12).
build_packages="gcc libc6-dev cmake ninja-build pkg-config libcurl4-openssl-dev libxml2-dev
  libpcre2-dev libsqlite3-dev libjson-c-dev libyaml-dev libsmartcols-dev libutf8proc-dev
  libxxhash-dev libzstd-dev libmicrohttpd-dev zlib1g-dev scdoc ca-certificates"
test_packages="clang libclang-rt-14-dev libcmocka-dev clang-format sqlite3 systemd chromium"

need() {
  missing=
  for p in "$@"; do
    case "$(dpkg-query -W -f '${Status}' "$p" 2>/dev/null)" in
      "install ok installed") ;;
      *) missing="$missing $p" ;;
    esac
  done
  [ -n "$missing" ] || return 0
  if [ "$(id -u)" = 0 ]; then sudo=; else sudo=sudo; fi
  echo "installing:$missing" >&2
  $sudo apt-get update -qq >&2
  DEBIAN_FRONTEND=noninteractive $sudo apt-get install -y -qq --no-install-recommends $missing >&2
}
