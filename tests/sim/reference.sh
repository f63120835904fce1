#!/bin/sh
# reference.sh PROGRAM PANEL PAY LIFE: our simulations beside the reference programs in the folder that
# ROLETIDE_METHOD names (they are not part of the project). The programs are built in a folder of their own.
set -eu
method=${ROLETIDE_METHOD:-}
[ -n "$method" ] && [ -r "$method/hyb_conf.c" ] || {
    echo "SKIPPED: ROLETIDE_METHOD names no folder of reference programs" >&2
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
failed=0

# The same employers, both intervals.
cat >"$work/answer.c" <<'C'
#define main reference_main
#include "hyb_conf.c"
#undef main
int main(void)
{
    static int m[KM], y[KM];
    int k, c;
    double rho, low[NM], high[NM];

    while (scanf("%d %lf", &k, &rho) == 2) {
        for (int i = 0; i < k; i++)
            if (scanf("%d %d", &m[i], &y[i]) != 2)
                return 1;
        ints(k, m, y, rho, rho, low, high, &c);
        printf("%d %.12g %.12g %.12g %.12g\n", c, low[SHR], high[SHR], low[WCR], high[WCR]);
    }
    return 0;
}
C
${CC:-cc} -O2 -w -I"$method" "$work/answer.c" -o "$work/answer" -lm
"$1" draw >"$work/cases"
"$work/answer" <"$work/cases" >"$work/answers"
"$1" check "$work/cases" <"$work/answers" || failed=1

near() { # WHAT OURS REFERENCE TOLERANCE
    awk -v what="$1" -v x="$2" -v y="$3" -v by="$4" 'BEGIN {
        d = x - y; if (d < 0) d = -d
        printf "%s: %s, the reference %s\n", what, x, y
        exit !(x != "" && y != "" && d <= by) }' || { echo "$1: more than $4 apart"; failed=1; }
}
run() { # NAME: a reference program that needs no input
    ${CC:-cc} -O2 -w "$method/$1.c" -o "$work/$1" -lm
    "$work/$1" >"$work/$1.out"
}

run hire
"$2" >"$work/panel.out"
near "index of boards chosen while hiring, a year after 180 days" \
    "$(sed -n 's/.*index \([0-9.]*\) a year after.*/\1/p' "$work/panel.out")" \
    "$(sed -n 's/.*mean 0\.5 openings.*after 180: \([0-9.]*\).*/\1/p' "$work/hire.out")" 3

run misc
"$4" >"$work/life.out"
near "median life of 30 days, watched 60" \
    "$(sed -n 's/^employers 80, read every 1 days, habit 0\.3, 100% stated: median \([0-9.]*\).*/\1/p' "$work/life.out")" \
    "$(sed -n 's/.*watched 60 d.*delayed entry \([0-9.]*\);.*/\1/p' "$work/misc.out")" 1.5

run pay2
"$3" >"$work/pay.out"
for k in 8 15 40; do
    near "pay, median of $k employers, covered" \
        "$(sed -n "s/^employers $k quantile 0\.50 icc 0\.5: \(.*\)/\1/p" "$work/pay.out")" \
        "$(sed -n "s/^pay q50 employers $k .*n_eff cov \([0-9.]*\).*/\1/p" "$work/pay2.out" | awk '{ print $1 / 100 }')" .025
done
exit $failed
