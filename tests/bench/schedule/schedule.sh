#!/bin/sh
# schedule.sh SIMULATE: what extra reads gain (simulate.c), on rates drawn from ROLETIDE_SNAPSHOTS, dated
# snapshots of a job list (gzip of JSON lines: fetched_at, jobs with company, site, job_url, date_posted).
set -eu
snapshots=${ROLETIDE_SNAPSHOTS:-}
[ -n "$snapshots" ] && [ -r "$snapshots" ] || {
    echo "SKIP: ROLETIDE_SNAPSHOTS names no file of dated snapshots (.jsonl.gz)" >&2
    exit 77
}
rates=$(mktemp)
trap 'rm -f "$rates"' EXIT
"$(dirname "$0")/rates.py" "$snapshots" >"$rates"
"$1" "$rates" "${REPLICATES:-20}"
