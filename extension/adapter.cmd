@echo off
rem What VS Code starts on Windows: the copy inside the packed extension, else the checkout that this directory belongs to, else
rem the gantry.cmd of GANTRY_HOME or of PATH.
setlocal EnableExtensions DisableDelayedExpansion
set "gantry=%~dp0server\bin\gantry.cmd"
if exist "%gantry%" goto :start
set "gantry=%~dp0..\gantry.cmd"
if exist "%gantry%" goto :start
set "gantry=gantry.cmd"
if defined GANTRY_HOME set "gantry=%GANTRY_HOME:"=%\gantry.cmd"
:start
call "%gantry%" %*
exit /b %ERRORLEVEL%
