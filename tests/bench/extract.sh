#!/bin/bash
# extract.sh ROLETIDE: the whole of `extract` (JSON in, all signals out) over ROLETIDE_CORPUS, a file of
# JSON lines: on one core, as a ratio to sha256sum over the same bytes (a yardstick of the machine), and
# on every core, as a ratio to one. Medians of RUNS (5) rounds. The answers must be the same.
set -eu
corpus=${ROLETIDE_CORPUS:-}
[ -n "$corpus" ] && [ -r "$corpus" ] || { echo "SKIP: ROLETIDE_CORPUS names no file of JSON lines" >&2; exit 77; }

room=$(mktemp -d)
trap 'rm -rf "$room"' EXIT
TIMEFORMAT='%U %R'
timed() { # NAME COMMAND...: a line of user and wall seconds in the file NAME
  local name=$1
  shift
  { time "$@" >"$room/out.$name"; } 2>>"$room/$name"
}
median() { cut -d' ' -f"$2" "$room/$1" | sort -n | awk '{ x[NR] = $1 } END { print x[int((NR + 1) / 2)] }'; }

for _ in $(seq "${RUNS:-5}"); do
  timed one taskset -c 0 "$1" extract -j1 "$corpus"
  timed yard taskset -c 0 sha256sum "$corpus"
  timed all "$1" extract "$corpus"
done
cmp "$room/out.one" "$room/out.all"
awk -v e="$(median one 1)" -v y="$(median yard 1)" -v b="$(stat -c %s "$corpus")" -v n="$(wc -l <"$corpus")" \
    -v one="$(median one 2)" -v all="$(median all 2)" -v c="$(nproc)" 'BEGIN {
  printf "extract %d ads, %.1f MB: %.2f s user, %.1f MB/s, %.0f us an ad; %.1f x sha256sum\n", n, b/1e6, e, b/1e6/e, e*1e6/n, e/y
  printf "on %d cores %.2f s instead of %.2f: %.2f x the speed, the same bytes\n", c, all, one, one/all }'
