#!/usr/bin/env bash
# Makes playground.png and audit.png again, in headless Chromium: the playground of a service that is started for it, and the
# page of an audit of the queries in data/queries, with numbers of searches and results that are made up.
#
#   npm run build && docs/pictures/make.sh [DATASET]
#
# Needs Chromium (Debian: apt-get install chromium fonts-dejavu) and, to make the file smaller, pngquant where there is one.
set -euo pipefail
cd "$(dirname "$0")/../.."

port=${PORT:-18099}
work=$(mktemp -d)
dataset=${1:-}

node dist/services/emend.js serve --host 127.0.0.1 --port "$port" --rules "$work/rules" ${dataset:+--dataset "$dataset"} \
  > "$work/log" 2> "$work/ready" &
service=$!
trap 'kill "$service" 2> /dev/null || true; wait "$service" 2> /dev/null || true; rm -rf "$work"' EXIT

# The first start builds the bundled dataset: up to ten minutes on a busy machine.
for _ in $(seq 600); do
  grep -q 'ready on' "$work/ready" && break
  kill -0 "$service" || { cat "$work/ready" >&2; exit 1; }
  sleep 1
done
# The first answer compiles code; the picture shows a later one.
for _ in $(seq 20); do
  curl -sS -o "$work/answer.json" "http://127.0.0.1:$port/rewrite?q=wireles+hedphones+for+runing"
done

chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
  --virtual-time-budget=4000 --window-size=980,775 --screenshot="$work/playground.png" \
  "http://127.0.0.1:$port/#q=smeg+tosater+bathroomvanity+wrf555sdfz" > "$work/chromium.log" 2>&1

awk 'BEGIN { print "query\tcount\thits" }
  { print $0 "\t" int(400 / (1 + (NR * 37) % 97)) + 1 "\t" ((NR * 53) % 11 == 0 ? 0 : (NR * 29) % 90 + 1) }' \
  data/queries/wands_furniture.txt data/queries/chorus_electronics.txt > "$work/log.tsv"
node dist/services/emend.js audit --queries "$work/log.tsv" --out "$work/audit.html" --rules "$work/no-rules" \
  ${dataset:+--dataset "$dataset"} > "$work/audit.log"
chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
  --window-size=860,1300 --screenshot="$work/audit.png" "file://$work/audit.html" > "$work/chromium.log" 2>&1

for picture in playground audit; do
  if command -v pngquant > "$work/which"; then
    pngquant --force --skip-if-larger --output "docs/pictures/$picture.png" "$work/$picture.png"
  else
    cp "$work/$picture.png" "docs/pictures/$picture.png"
  fi
  ls -l "docs/pictures/$picture.png"
done
