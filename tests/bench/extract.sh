#!/bin/sh
# extract.sh ROLETIDE: the whole of `extract` (JSON in, all signals out) over ROLETIDE_CORPUS, a file of
# JSON lines: on one core, as a ratio to sha256sum over the same bytes (a yardstick of the machine), and
# on every core, as a ratio to one. The answers must be the same.
set -eu
corpus=${ROLETIDE_CORPUS:-}
[ -n "$corpus" ] && [ -r "$corpus" ] || { echo "SKIP: ROLETIDE_CORPUS names no file of JSON lines" >&2; exit 77; }

bash -c '
  set -eu
  TIMEFORMAT="%U %R"
  out=$(mktemp); trap "rm -f $out" EXIT
  read -r extract _ <<<"$( { time taskset -c 0 "$1" extract -j1 "$2" >/dev/null; } 2>&1 )"
  read -r yard _ <<<"$( { time taskset -c 0 sha256sum "$2" >/dev/null; } 2>&1 )"
  least() { for i in 1 2 3; do { time "$@" >/dev/null; } 2>&1 | cut -d" " -f2; done | sort -n | head -1; }
  one=$(least "$1" extract -j1 "$2")
  all=$(least "$1" extract "$2")
  "$1" extract -j1 "$2" >"$out"
  "$1" extract "$2" | cmp - "$out"
  bytes=$(stat -c %s "$2"); lines=$(wc -l <"$2")
  awk -v e="$extract" -v y="$yard" -v b="$bytes" -v n="$lines" -v one="$one" -v all="$all" -v c="$(nproc)" "BEGIN {
    printf \"extract %d ads, %.1f MB: %.2f s user, %.1f MB/s, %.0f us an ad; %.1f x sha256sum\\n\", n, b/1e6, e, b/1e6/e, e*1e6/n, e/y
    printf \"on %d cores %.2f s instead of %.2f: %.2f x the speed, the same bytes\\n\", c, all, one, one/all }"
' bench "$1" "$corpus"
