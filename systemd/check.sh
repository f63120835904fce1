#!/bin/sh
# check.sh FOLDER: the configured units are well-formed and keep their exposure at 1.1 or less.
set -eu
if ! command -v systemd-analyze >/dev/null; then
    echo 'systemd-analyze is not installed: the units are NOT checked' >&2
    exit 77
fi
cd "$1"
systemd-analyze verify --man=no ./roletide.service ./roletide.timer './roletide-failed@.service'
systemd-analyze security --offline=true --threshold=12 --no-pager ./roletide.service | tail -1
