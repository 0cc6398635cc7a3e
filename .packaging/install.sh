#!/bin/sh
# Installs pcn-group from the wheels beside this file, without a network and without a compiler.
#
#   sh install.sh [FOLDER]      into ~/pcn-group unless another folder is named
#
# PYTHON names the interpreter where it is not python@PYTHON@ on the path.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:-$HOME/pcn-group}
python=${PYTHON:-python@PYTHON@}
if ! "$python" -c 'import sys; sys.exit(sys.version_info[:2] != (3, @MINOR@))'; then
    echo "These wheels are for Python @PYTHON@. Name it: PYTHON=/path/to/python@PYTHON@ sh $0" >&2
    exit 2
fi
# A pip of their own, and none of this machine's settings: those may name an index.
"$python" -m venv --without-pip "$folder"
PIP_CONFIG_FILE=/dev/null "$folder/bin/python" "$here/wheels/@PIP@/pip" --isolated install \
    --quiet --disable-pip-version-check --no-index --find-links "$here/wheels" \
    --require-hashes --no-deps --requirement "$here/requirements.txt"
echo "Installed. Run: $folder/bin/pcn-group"
