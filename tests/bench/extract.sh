#!/bin/sh
# extract.sh ROLETIDE: the whole of `extract` (JSON in, all signals out) over ROLETIDE_CORPUS, a file of
# JSON lines, on one core, as a ratio to sha256sum over the same bytes: a yardstick of the machine.
set -eu
corpus=${ROLETIDE_CORPUS:-}
[ -n "$corpus" ] && [ -r "$corpus" ] || { echo "SKIP: ROLETIDE_CORPUS names no file of JSON lines" >&2; exit 77; }

bash -c '
  TIMEFORMAT=%U
  extract=$( { time taskset -c 0 "$1" extract "$2" >/dev/null; } 2>&1 )
  yard=$( { time taskset -c 0 sha256sum "$2" >/dev/null; } 2>&1 )
  bytes=$(stat -c %s "$2"); lines=$(wc -l <"$2")
  awk -v e="$extract" -v y="$yard" -v b="$bytes" -v n="$lines" "BEGIN {
    printf \"extract %d ads, %.1f MB: %.2f s user, %.1f MB/s, %.0f us an ad; %.1f x sha256sum\\n\", n, b/1e6, e, b/1e6/e, e*1e6/n, e/y }"
' bench "$1" "$corpus"
