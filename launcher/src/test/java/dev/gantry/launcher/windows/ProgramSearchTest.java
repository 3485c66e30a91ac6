package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.launcher.SpawnException.Step;
import dev.gantry.launcher.windows.ProgramSearch.Batch;
import dev.gantry.launcher.windows.ProgramSearch.Executable;
import dev.gantry.launcher.windows.ProgramSearch.Found;
import dev.gantry.launcher.windows.ProgramSearch.Missing;
import dev.gantry.launcher.windows.ProgramSearch.Script;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProgramSearchTest {
    private static final String HERE = "C:\\work";
    private static final String STORE = "C:\\Users\\u\\AppData\\Local\\Microsoft\\WindowsApps";

    private final FakeFiles files = new FakeFiles();

    private Found find(String name, String path) {
        return find(name, Map.of("Path", path));
    }

    private Found find(String name, Map<String, String> variables) {
        Map<String, String> environment = new TreeMap<>(EnvironmentBlock.NAMES);
        environment.putAll(variables);
        return new ProgramSearch(files, environment, HERE).find(name);
    }

    private Missing missing(Found found) {
        assertThat(found).isInstanceOf(Missing.class);
        return (Missing) found;
    }

    @ParameterizedTest
    @CsvSource({
        "tool, C:\\bin\\tool.EXE",
        "tool.exe, C:\\bin\\tool.exe",
        "C:\\bin\\tool, C:\\bin\\tool.EXE",
        "..\\bin\\tool.exe, C:\\bin\\tool.exe",
        "../bin/tool, C:\\bin\\tool.EXE",
        "\\bin\\tool, C:\\bin\\tool.EXE",
        "sub\\it, C:\\work\\sub\\it.COM",
    })
    void aProgramIsFoundInFull(String name, String file) {
        files.programs("C:\\bin\\tool.exe", "C:\\work\\sub\\it.com", "C:\\work\\sub\\it.exe");
        assertThat(find(name, "C:\\other;C:\\bin")).isEqualTo(new Executable(file));
    }

    @Test
    void aNameIsNotSearchedInTheCurrentDirectory() {
        files.programs("C:\\work\\tool.exe");
        assertThat(find("tool", "C:\\bin;;\"\"")).isInstanceOf(Missing.class);
        assertThat(find("tool", "C:\\bin;.")).isEqualTo(new Executable("C:\\work\\tool.EXE"));
        assertThat(find("tool", "C:;D:bin")).isInstanceOf(Missing.class);
    }

    @Test
    void theFirstDirectoryGoesBeforeTheFirstExtension() {
        files.programs("C:\\b\\tool.com", "C:\\a\\tool.exe").file("C:\\a\\tool.bat", "");
        assertThat(find("tool", "C:\\a;C:\\b")).isEqualTo(new Executable("C:\\a\\tool.EXE"));
        assertThat(find("tool", "C:\\b;C:\\a")).isEqualTo(new Executable("C:\\b\\tool.COM"));
    }

    @Test
    void pathextGivesTheOrder() {
        files.programs("C:\\a\\tool.exe").file("C:\\a\\tool.cmd", "");
        assertThat(find("tool", Map.of("PATH", "C:\\a", "PathExt", "x; .CMD ;.EXE")))
                .isEqualTo(new Batch("C:\\a\\tool.CMD"));
    }

    /** What is behind it in PATH may be on a drive that lets everybody wait. */
    @ParameterizedTest
    @ValueSource(strings = {"tool", "tool.exe", ".\\script"})
    void theSearchEndsWithWhatIsFound(String name) {
        files.programs("C:\\a\\tool.exe").file("C:\\work\\script", "#!/usr/bin/env tool\n");
        assertThat(find(name, "C:\\a;N:\\dead")).isNotInstanceOf(Missing.class);
        assertThat(files.lookedFor()).isNotEmpty().noneMatch(file -> file.startsWith("N:"));
    }

    @Test
    void eachPlaceIsLookedIntoOnceWhenNothingIsFound() {
        assertThat(find("tool", Map.of("PATH", "C:\\a;C:\\b", "PATHEXT", ".EXE;.BAT")))
                .isInstanceOf(Missing.class);
        assertThat(files.lookedFor())
                .containsExactly(
                        "C:\\a\\tool.EXE",
                        "C:\\a\\tool.BAT",
                        "C:\\b\\tool.EXE",
                        "C:\\b\\tool.BAT",
                        "C:\\a\\tool",
                        "C:\\b\\tool");
    }

    @Test
    void ofSeveralThatAreNoProgramsTheSystemRefusesTheFirst() {
        files.file("C:\\a\\data.txt", "text").file("C:\\b\\data.txt", "text");
        assertThat(find("data.txt", "C:\\a;C:\\b")).isEqualTo(new Executable("C:\\a\\data.txt"));
    }

    @Test
    void quotationMarksInPathAreNoPartOfIt() {
        files.programs("C:\\a;b\\tool.exe", "C:\\c d\\other.exe");
        String path = "\"C:\\a;b\";C:\\\"c d\"";
        assertThat(find("tool", path)).isEqualTo(new Executable("C:\\a;b\\tool.EXE"));
        assertThat(find("other", path)).isEqualTo(new Executable("C:\\c d\\other.EXE"));
        assertThat(find("other", "\"C:\\c d")).isEqualTo(new Executable("C:\\c d\\other.EXE"));
    }

    @Test
    void aBatchFileIsOneWhateverIsBehindItsName() {
        files.file("C:\\work\\x.bat", "@echo off");
        assertThat(find(".\\x.BAT. ", "")).isEqualTo(new Batch("C:\\work\\x.BAT"));
    }

    @Test
    void aScriptOfJustThatNameComesAfterProgramsWithExtensions() {
        files.file("C:\\a\\npm", "#!/bin/sh\n").file("C:\\b\\npm.cmd", "").programs("C:\\b\\sh.exe");
        assertThat(find("npm", "C:\\a;C:\\b")).isEqualTo(new Batch("C:\\b\\npm.CMD"));
        assertThat(find("npm.", "C:\\a;C:\\b"))
                .isEqualTo(new Script("C:\\a\\npm", new Executable("C:\\b\\sh.EXE"), List.of()));
    }

    @Test
    void aNameWithADotIsNotTakenForOneWithAnExtensionOnly() {
        files.programs("C:\\a\\python3.11.exe");
        assertThat(find("python3.11", "C:\\a")).isEqualTo(new Executable("C:\\a\\python3.11.EXE"));
    }

    @Test
    void whatIsNoProgramIsLeftToTheSystemToRefuse() {
        files.file("C:\\work\\data.txt", "text");
        assertThat(find("C:\\work\\data.txt", "")).isEqualTo(new Executable("C:\\work\\data.txt"));
        assertThat(find("data.txt", HERE)).isEqualTo(new Executable("C:\\work\\data.txt"));
    }

    @Test
    void withoutPathWindowsOwnDirectoriesAreSearched() {
        files.programs("C:\\Windows\\System32\\cmd.exe");
        assertThat(find("cmd", Map.of("SystemRoot", "C:\\Windows")))
                .isEqualTo(new Executable("C:\\Windows\\System32\\cmd.EXE"));
        assertThat(find("cmd", Map.of())).isInstanceOf(Missing.class);
    }

    @Test
    void aMissingNameTellsThePlaces() {
        Missing missing = missing(find("tool", Map.of("PATH", "C:\\a;sub", "PATHEXT", ".EXE;.BAT")));
        assertThat(missing.failure())
                .hasMessage("program 'tool' is in no directory of PATH, also with the extensions .EXE;.BAT:"
                        + " C:\\a;C:\\work\\sub [error 2]");
        assertThat(missing.failure().errno()).isEqualTo(2);
        assertThat(missing.failure().step()).isEqualTo(Step.FIND_PROGRAM);
        assertThat(missing.failure().file()).isEqualTo("tool");
        assertThat(missing.places()).containsExactly("C:\\a", "C:\\work\\sub");
    }

    @Test
    void aMissingPathTellsWhereThatIs() {
        Missing missing = missing(find("sub\\tool", Map.of("PATHEXT", ".EXE")));
        assertThat(missing.message())
                .isEqualTo("program 'sub\\tool' does not exist (that is C:\\work\\sub\\tool),"
                        + " nor with an extension of PATHEXT: .EXE [error 2]");
        assertThat(missing.places()).containsExactly("C:\\work\\sub\\tool.EXE", "C:\\work\\sub\\tool");
    }

    @Test
    void whatIsNoNameIsRefused() {
        files.directory("C:\\work\\sub");
        assertThat(missing(find("", "")).message()).isEqualTo("program '' is empty [error 2]");
        assertThat(missing(find("a\0b", "")).message()).isEqualTo("program 'a\\0b' has a NUL character [error 123]");
        assertThat(missing(find(".\\sub", "")).message()).isEqualTo("program 'C:\\work\\sub' is a directory [error 5]");
        assertThat(missing(find("D:tool", "")).message())
                .isEqualTo(
                        "program 'D:tool' starts at drive D:'s own directory, and a child has none: write the full path, or a"
                                + " relative one without a drive [error 123]");
    }

    @Test
    void aDirectoryDoesNotHideAProgram() {
        files.directory("C:\\work\\tool").programs("C:\\work\\tool.exe");
        assertThat(find(".\\tool", "")).isEqualTo(new Executable("C:\\work\\tool.EXE"));
    }

    @Test
    void aScriptsInterpreterIsTakenByItsPathIfItIsThere() {
        files.file("C:\\work\\s", "#!C:\\py\\python.exe -u\r\n")
                .programs("C:\\py\\python.exe", "C:\\usr\\bin\\perl.exe");
        files.file("C:\\work\\p", "#!/usr/bin/perl -w\n");
        assertThat(find(".\\s", ""))
                .isEqualTo(new Script("C:\\work\\s", new Executable("C:\\py\\python.exe"), List.of("-u")));
        assertThat(find(".\\p", ""))
                .isEqualTo(new Script("C:\\work\\p", new Executable("C:\\usr\\bin\\perl.EXE"), List.of("-w")));
    }

    @Test
    void elseByItsNameInPathAndPythonsByTheirOtherNames() {
        files.file("C:\\work\\s", "#!/usr/bin/env python3 -u\n").programs("C:\\py\\py.exe");
        assertThat(find(".\\s", "C:\\py"))
                .isEqualTo(new Script("C:\\work\\s", new Executable("C:\\py\\py.EXE"), List.of("-3", "-u")));
        files.programs("C:\\py\\python.exe");
        assertThat(find(".\\s", "C:\\py"))
                .isEqualTo(new Script("C:\\work\\s", new Executable("C:\\py\\python.EXE"), List.of("-u")));
        files.programs("C:\\py\\python3.exe");
        assertThat(find(".\\s", "C:\\py"))
                .isEqualTo(new Script("C:\\work\\s", new Executable("C:\\py\\python3.EXE"), List.of("-u")));
    }

    @Test
    void thePythonsOfTheStoreComeLast() {
        files.file("C:\\work\\s", "#!/usr/bin/python3\n").programs(STORE + "\\python3.exe");
        assertThat(find(".\\s", STORE + ";C:\\py"))
                .isEqualTo(new Script("C:\\work\\s", new Executable(STORE + "\\python3.EXE"), List.of()));
        files.programs("C:\\py\\python.exe");
        assertThat(find(".\\s", STORE + ";C:\\py"))
                .isEqualTo(new Script("C:\\work\\s", new Executable("C:\\py\\python.EXE"), List.of()));
    }

    @Test
    void anInterpreterMayBeABatchFile() {
        files.file("C:\\work\\s", "#!/usr/bin/env python\n").file("C:\\shims\\python.bat", "");
        assertThat(find(".\\s", "C:\\shims"))
                .isEqualTo(new Script("C:\\work\\s", new Batch("C:\\shims\\python.BAT"), List.of()));
    }

    @Test
    void aMissingInterpreterIsTold() {
        files.file("C:\\work\\s.py", "#!/usr/bin/python3 -u\n").file("C:\\work\\t", "#!/nonexistent/interpreter\n");
        Missing missing = missing(find(".\\s.py", "C:\\a"));
        assertThat(missing.message())
                .isEqualTo("cannot run C:\\work\\s.py: missing interpreter /usr/bin/python3 of script C:\\work\\s.py,"
                        + " and no python3, python or py in PATH [error 2]");
        assertThat(missing.step()).isEqualTo(Step.EXECUTE);
        assertThat(missing.places()).containsExactly("C:\\a");
        assertThat(missing(find(".\\t", "")).message())
                .contains("missing interpreter /nonexistent/interpreter of script");
    }
}
