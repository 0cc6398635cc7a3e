@echo off
rem Starts pcn-group from the folder that this file is in, which may be read-only and on a share.
"%~dp0python\python.exe" -I -m pcn_group %*
