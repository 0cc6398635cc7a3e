@echo off
rem Installs pcn-group from the wheels beside this file, without a network, a compiler, or the
rem rights of an administrator.
rem
rem   install.cmd [FOLDER]      into %LOCALAPPDATA%\pcn-group unless another folder is named
rem
rem PYTHON names the interpreter where it is not "py -@PYTHON@", in quotes if its path has spaces.
setlocal
set "folder=%~1"
if not defined folder set "folder=%LOCALAPPDATA%\pcn-group"
if not defined PYTHON set "PYTHON=py -@PYTHON@"
%PYTHON% -c "import sys; sys.exit(sys.version_info[:2] != (3, @MINOR@))"
if errorlevel 1 (
    echo These wheels are for Python @PYTHON@. Name it: set PYTHON="C:\path\to\python.exe" 1>&2
    exit /b 2
)
rem A pip of their own, and none of this machine's settings: those may name an index.
set "PIP_CONFIG_FILE=nul"
%PYTHON% -m venv --without-pip "%folder%"
if errorlevel 1 exit /b 1
"%folder%\Scripts\python.exe" "%~dp0wheels\@PIP@\pip" --isolated install --quiet --disable-pip-version-check ^
    --no-index --find-links "%~dp0wheels" --require-hashes --no-deps ^
    --requirement "%~dp0requirements.txt"
if errorlevel 1 exit /b 1
rem Where Visual C++'s libraries are, which came with the wheels.
echo import os, sys; os.add_dll_directory(sys.prefix)> "%folder%\Lib\site-packages\runtime.pth"
echo Installed. Run: "%folder%\Scripts\pcn-group.exe"
