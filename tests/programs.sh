#!/bin/sh
# Installs the programs that some tests drive, where that is possible: a browser for the report, a
# spreadsheet for the workbook, a word processor for the paper. Tests that find none are skipped, and
# say why.
missing=
command -v chromium-headless-shell > /dev/null || missing="chromium-headless-shell"
command -v soffice > /dev/null || missing="$missing libreoffice-calc-nogui"
office=$(dirname "$(readlink -f "$(command -v soffice || echo /usr/lib/libreoffice/program/soffice)")")
[ -e "$office/libswlo.so" ] || missing="$missing libreoffice-writer-nogui"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" != 0 ] || ! command -v apt-get > /dev/null; then
    echo "Not installed; tests that find nothing else to drive are skipped: $missing" >&2
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
# shellcheck disable=SC2086 # one word for each package
apt-get update -qq && apt-get install -y -qq --no-install-recommends $missing > /dev/null ||
    echo "Could not be installed; tests that find nothing else to drive are skipped: $missing" >&2
