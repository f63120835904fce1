#!/bin/sh
# check.sh PROGRAM SCRATCH: every example of these pages says what the program says now.
# A block that begins with "$ roletide ..." is asked of the store of example.jsonl; the rest of the
# block is the answer. How many boards are configured is not the example's, so it is not compared.
set -eu
program=$1 scratch=$2 folder=$(dirname "$0")
bad=0 asked=0
export LC_ALL=C.UTF-8
rm -rf "$scratch"
mkdir -p "$scratch/state" "$scratch/config"
ask() { "$program" --state "$scratch/state" --now 2026-11-10T14:30:00Z "$@"; }
ask import "$folder/example.jsonl" 2>"$scratch/import"
for page in "$folder"/*.scd; do
	awk -v to="$scratch/" '
		/^```$/ { inside = !inside; if (inside) { n++; first = 1 }; next }
		inside && first { sub(/^\$ roletide /, ""); print > (to n ".words"); printf "" > (to n ".want"); first = 0; next }
		inside { print > (to n ".want") }' "$page"
	for words in "$scratch"/*.words; do
		want=${words%.words}.want
		eval "set -- $(cat "$words")"
		if [ "$1" != import ]; then
			asked=$((asked + 1))
			ask "$@" >"$scratch/got" 2>&1 || true
			sed -i '/^not read, of /s/[0-9][0-9]*/N/g' "$want" "$scratch/got"
			diff -u "$want" "$scratch/got" || { bad=1; echo "$page: roletide $(cat "$words")"; }
		fi
		rm "$words" "$want"
	done
done
[ "$asked" -ge 15 ] || { echo "only $asked examples: the check would prove nothing"; bad=1; }
exit "$bad"
