@echo off
rem Starts Gantry on Windows: a debug adapter on standard input and output, or one of its commands (gantry --help).
rem Writes nothing to standard output, which is the protocol's, but to a client that waits for an adapter that cannot start.
rem No parenthesis holds a path, which may have one itself.
rem
rem   GANTRY_JAVA          the java to run, 17 or later; else that of JAVA_HOME, else the first one in PATH
rem   GANTRY_JAVA_OPTIONS  more options for it, split at blanks
rem   GANTRY_BUILD         auto (default): build where there is no jar; always; never
setlocal EnableExtensions DisableDelayedExpansion
rem In a package it lies in bin, and what it needs in lib.
set "home=%~dp0"
set "parts=%home%adapter\target"
if exist "%home%..\lib\gantry.jar" set "parts=%home%..\lib"
set "jar=%parts%\gantry.jar"

if defined GANTRY_JAVA goto :own_java
set "jdk="
if not defined JAVA_HOME goto :java_of_path
set "jdk=%JAVA_HOME:"=%"
if exist "%jdk%\bin\java.exe" goto :java_of_home

:java_of_path
set "java="
for %%p in (java.exe) do set "java=%%~$PATH:p"
if not defined java if defined jdk goto :no_java_in_home
if not defined java goto :no_java
call :read_version "%java%" 2>nul
if errorlevel 17 goto :have_java
goto :old_java

:own_java
set "java=%GANTRY_JAVA:"=%"
if exist "%java%" goto :have_java
if exist "%java%.exe" goto :have_java
set "found="
for %%p in ("%java%") do set "found=%%~$PATH:p"
if not defined found for %%p in ("%java%.exe") do set "found=%%~$PATH:p"
if not defined found goto :no_such_java
set "java=%found%"
goto :have_java

:java_of_home
set "java=%jdk%\bin\java.exe"
call :read_version "%java%" 2>nul
if errorlevel 17 goto :have_java
set "java_of_path="
for %%p in (java.exe) do set "java_of_path=%%~$PATH:p"
if not defined java_of_path goto :old_java
call :read_version "%java_of_path%" 2>nul
if not errorlevel 17 goto :old_java
set "java=%java_of_path%"

:have_java
set "build=auto"
if not defined GANTRY_BUILD goto :know_build
set "build=%GANTRY_BUILD:"=%"

:know_build
if not exist "%home%pom.xml" set "build=never"
if /i "%build%"=="always" goto :build
if /i not "%build%"=="auto" if /i not "%build%"=="never" goto :no_such_build
if exist "%jar%" goto :start
if /i "%build%"=="never" goto :no_jar

:build
set "maven="
for %%p in (mvn.cmd) do set "maven=%%~$PATH:p"
if not defined maven goto :no_maven
echo gantry: building, which takes a minute or two>&2
call "%maven%" -q -B -f "%home%pom.xml" -Pfast -pl adapter -am package 1>&2 <nul
if errorlevel 1 goto :not_built
if not exist "%jar%" goto :not_built
echo gantry: built>&2

rem The line is read before endlocal is obeyed: it has our variables, and what it starts has none of them, but has a HOME of its own.
rem -Xlog, DisplayVMOutputToStderr: nothing of the JVM's own on standard output. C1 and the serial collector: the quickest start
rem and the least memory. Xmn: what is soon garbage stays within 8 MiB. jna.boot: its library is already a file.
:start
endlocal & "%java%" ^
    -XX:+IgnoreUnrecognizedVMOptions -Xlog:disable -Xlog:all=warning:stderr -XX:+DisplayVMOutputToStderr ^
    -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:-UsePerfData -Xss512k -Xmx512m -Xmn8m ^
    -Xlog:cds*=off:stderr -Dfile.encoding=UTF-8 ^
    "-Djna.boot.library.path=%parts%\native\win32-x86-64;%parts%\native\win32-aarch64" ^
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
set "reason=there is no Java here. Install Java 17 or later, as from adoptium.net, and set JAVA_HOME to it, or put it into PATH"
goto :give_up

:no_java_in_home
>&2 echo gantry: there is no "%jdk%\bin\java.exe"
set "reason=JAVA_HOME names no Java, and none is in PATH. Set JAVA_HOME to Java 17 or later, as from adoptium.net"
goto :give_up

:no_such_java
set "reason=GANTRY_JAVA names no program; set it to the java.exe of Java 17 or later, or unset it"
goto :give_up

:old_java
>&2 echo gantry: this is older than Java 17: "%java%"
set "reason=Java 17 or later is needed, and the Java here is older. Install one, as from adoptium.net, and set JAVA_HOME to it"
goto :give_up

:no_such_build
>&2 echo gantry: GANTRY_BUILD is "%build%"
set "reason=GANTRY_BUILD is none of auto, always and never; set it to one of them, or unset it"
goto :give_up

:no_jar
>&2 echo gantry: there is no "%jar%"
set "reason=it is not built. Build it, by mvn -Pfast -pl adapter -am package, or unset GANTRY_BUILD"
goto :give_up

:no_maven
>&2 echo gantry: there is no "%jar%"
set "reason=it is not built, and Maven is not in PATH. Install Maven and a JDK of 17 or later and start again, or copy a jar to there"
goto :give_up

:not_built
set "reason=the build failed; what Maven said is in standard error. Building needs a JDK of 17 or later in JAVA_HOME"

rem What keeps Gantry from starting goes to standard error, and to the client too if one waits: editors show their users nothing else.
rem The reason is ASCII without quotes and backslashes, so that its length in bytes is that of the text, which stands there twice.
:give_up
>&2 echo gantry: %reason%
if not "%~1"=="" if not "%~1"=="dap" exit /b 1
set "text=Gantry cannot start: %reason%"
set "rest=%text%"
set /a "length=0"
:count
set "rest=%rest:~1%"
set /a "length+=1"
if defined rest goto :count
set /a "length=2*length+149"
echo Content-Length: %length%
echo:
<nul set /p "none={"type":"response","seq":1,"request_seq":1,"command":"initialize","success":false,"message":"%text%","body":{"error":{"id":1,"format":"%text%","showUser":true}}}"
exit /b 1
