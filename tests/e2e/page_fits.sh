#!/bin/sh
# The published page in a real browser, at the width of a phone and of a desk: nothing reaches over
# the edge, and no text over its own box. The page is the one that unit.site left; 77: no browser.
set -eu
page=$1 work=$2
browser=$(command -v chromium) || { echo "SKIPPED: chromium is missing"; exit 77; }
[ -f "$page" ] || { echo "SKIPPED: $page: unit.site did not leave it"; exit 77; }
mkdir -p "$work"
# Without its policy, which forbids scripts: ours only measures, from outside.
sed 's/<meta http-equiv="Content-Security-Policy"[^>]*>//' "$page" >"$work/page.html"
status=0
for width in 360 1280; do
  cat >"$work/measure.html" <<END
<body><iframe id="page" src="page.html" style="width:${width}px;height:900px;border:0"></iframe>
<pre id="found"></pre>
<script>
onload = function () {
  var page = document.getElementById("page").contentDocument, root = page.documentElement;
  var found = "measured " + page.querySelectorAll("tr, li").length + "\n";
  page.querySelectorAll("body *").forEach(function (e) {
    var box = e.getBoundingClientRect();
    if (e.closest("svg, .skip") || getComputedStyle(e).display === "inline" || !box.width) return;
    if (box.right > root.clientWidth + 1 && !e.closest(".wide > *") || e.scrollWidth > e.clientWidth + 1)
      found += "WIDE " + e.tagName + "." + e.className + " " + e.textContent.trim().slice(0, 40) + "\n";
  });
  document.getElementById("found").textContent = found;
};
</script>
END
  timeout 60 "$browser" --headless --no-sandbox --disable-gpu --user-data-dir="$work/profile" \
    --allow-file-access-from-files --virtual-time-budget=3000 --dump-dom "file://$work/measure.html" \
    2>/dev/null | sed -n 's/^<pre id="found">//; /^measured/,/<\/pre>/p' >"$work/found.$width"
  grep -q '^measured [1-9]' "$work/found.$width" || { echo "$width px: the page was not measured"; status=1; }
  ! grep '^WIDE' "$work/found.$width" || { echo "at $width px"; status=1; }
done
exit $status
