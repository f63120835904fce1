#!/bin/sh
# years.sh YEARS_PROGRAM: ten years of runs in a folder of their own (YEARS=10).
set -eu
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$1" "$folder" "${YEARS:-10}"
