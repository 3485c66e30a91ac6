@echo off
rem Starts Gantry on Windows: a debug adapter on standard input and output, or one of its commands (gantry --help).
rem Writes nothing to standard output, which is the protocol's. No parenthesis holds a path, which may have one itself.
rem
rem   GANTRY_JAVA          the java to run, 17 or later; else that of JAVA_HOME, else the first one in PATH
rem   GANTRY_JAVA_OPTIONS  more options for it, split at blanks
rem   GANTRY_BUILD         auto (default): build where there is no jar; always; never
setlocal EnableExtensions DisableDelayedExpansion
set "home=%~dp0"
set "jar=%home%adapter\target\gantry.jar"

if defined GANTRY_JAVA goto :own_java
if defined JAVA_HOME if exist "%JAVA_HOME%\bin\java.exe" goto :java_of_home
set "java="
for %%p in (java.exe) do set "java=%%~$PATH:p"
if not defined java goto :no_java
call :read_version "%java%" 2>nul
if errorlevel 17 goto :have_java
goto :old_java

:own_java
set "java=%GANTRY_JAVA:"=%"
if exist "%java%" goto :have_java
if exist "%java%.exe" goto :have_java
for %%p in ("%java%") do set "found=%%~$PATH:p"
if not defined found for %%p in ("%java%.exe") do set "found=%%~$PATH:p"
if not defined found goto :no_such_java
set "java=%found%"
goto :have_java

:java_of_home
set "java=%JAVA_HOME:"=%\bin\java.exe"
call :read_version "%java%" 2>nul
if errorlevel 17 goto :have_java
set "java_of_path="
for %%p in (java.exe) do set "java_of_path=%%~$PATH:p"
if not defined java_of_path goto :old_java
call :read_version "%java_of_path%" 2>nul
if not errorlevel 17 goto :old_java
set "java=%java_of_path%"

:have_java
if not defined GANTRY_BUILD set "GANTRY_BUILD=auto"
if not exist "%home%pom.xml" set "GANTRY_BUILD=never"
if /i "%GANTRY_BUILD%"=="always" goto :build
if exist "%jar%" goto :start
if /i "%GANTRY_BUILD%"=="never" goto :no_jar

:build
set "maven="
for %%p in (mvn.cmd) do set "maven=%%~$PATH:p"
if not defined maven goto :no_maven
echo gantry: building, which takes a minute or two>&2
call "%maven%" -q -B -f "%home%pom.xml" -Pfast -pl adapter -am package 1>&2 <nul
if errorlevel 1 goto :not_built
if not exist "%jar%" goto :not_built
echo gantry: built>&2

rem -Xlog, DisplayVMOutputToStderr: nothing of the JVM's own on standard output. C1 and the serial collector: the quickest start
rem and the least memory. Xmn: what is soon garbage stays within 8 MiB. jna.boot: its library is already a file.
:start
"%java%" ^
    -XX:+IgnoreUnrecognizedVMOptions -Xlog:disable -Xlog:all=warning:stderr -XX:+DisplayVMOutputToStderr ^
    -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xss512k -Xmx512m -Xmn8m ^
    -Xlog:cds*=off:stderr -Dfile.encoding=UTF-8 ^
    "-Djna.boot.library.path=%home%adapter\target\native\win32-x86-64;%home%adapter\target\native\win32-aarch64" ^
    %GANTRY_JAVA_OPTIONS% -jar "%jar%" %*
exit /b %ERRORLEVEL%

rem The first number of a java's version as the error level, by the release file beside it; a java without that file is trusted.
:read_version
set "version="
for %%p in (%1) do set "release=%%~dpp..\release"
if not exist "%release%" exit /b 17
for /f "usebackq tokens=1,2 delims==" %%a in ("%release%") do if "%%a"=="JAVA_VERSION" set "version=%%~b"
for /f "delims=.+-_" %%m in ("%version%") do set "version=%%m"
exit /b %version%

:no_java
echo gantry: there is no Java here. Install Java 17 or later, as from adoptium.net, and set JAVA_HOME to it, or put it into PATH>&2
exit /b 1

:no_such_java
echo gantry: GANTRY_JAVA names no program; set it to the java.exe of Java 17 or later, or unset it>&2
exit /b 1

:old_java
echo gantry: Java 17 or later is needed, and the java that was found is older: "%java%">&2
echo gantry: install one, as from adoptium.net, and set JAVA_HOME to it>&2
exit /b 1

:no_jar
echo gantry: there is no "%jar%">&2
echo gantry: build it (mvn -Pfast -pl adapter -am package), or unset GANTRY_BUILD>&2
exit /b 1

:no_maven
echo gantry: Gantry is not built, and Maven is not in PATH. Install Maven and a JDK of 17 or later and start again, or copy a>&2
echo gantry: gantry.jar that was built elsewhere to "%jar%">&2
exit /b 1

:not_built
echo gantry: the build failed; what Maven said stands above. Building needs a JDK of 17 or later in JAVA_HOME>&2
exit /b 1
