#!/bin/sh
# Tries an installed pcn-group from nothing, in an empty folder: invents a region, solves it, draws
# the plan, writes a paper on it and judges it. All that it is given is the command, which may be
# several words.
set -eu
folder=$(mktemp -d)
trap 'cd / && rm -rf "$folder"' EXIT
cd "$folder"
"$@" doctor
"$@" sample --practices 30 --seed 7 --out practices.csv
"$@" solve practices.csv --out plan --quiet
"$@" report plan --out pictures
"$@" paper plan --out paper.docx
"$@" budget plan --year 2019/20 --workbook --out money > money.txt
"$@" check plan
ls plan pictures money
cksum plan/groupings.csv
