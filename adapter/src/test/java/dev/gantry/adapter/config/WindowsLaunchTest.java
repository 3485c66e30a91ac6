package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.launcher.ChildFd;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is found and set where Windows' conventions hold, tried in any directory: {@code $D} in a text. */
class WindowsLaunchTest {
    @TempDir
    Path directory = Path.of("");

    private final Map<String, String> environment = new HashMap<>();

    @BeforeEach
    void makeFiles() throws IOException {
        directory = directory.toRealPath();
        environment.put("Path", "\"" + directory + "/one\";;" + directory + "/two");
        program("two/python.exe");
        program("two/tool.exe");
        program("two/tool.cmd");
        program("here.bat");
        program("venv/Scripts/python.exe");
        program("conda/python.exe");
        Files.writeString(file("notes.txt"), "just text\n");
        Files.writeString(file("batch.cmd"), "@echo off\r\n");
        Files.writeString(file("script"), "#!/usr/bin/env perl\n");
    }

    private Path file(String name) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return file;
    }

    private void program(String name) throws IOException {
        Files.write(file(name), new byte[] {'M', 'Z', 0});
        assertThat(file(name).toFile().setExecutable(true)).isTrue();
    }

    private LaunchResult parse(String json) {
        String text = json.replace('\'', '"').replace("$D", directory.toString());
        JsonObject arguments = JsonParser.parseString(text).getAsJsonObject();
        return new LaunchParser(new Host(environment, Map.of(), directory, Platform.WINDOWS)).parse(arguments);
    }

    private LaunchPlan plan(String json) {
        LaunchResult result = parse(json);
        assertThat(result).as(json).isInstanceOf(LaunchResult.Accepted.class);
        return ((LaunchResult.Accepted) result).plan();
    }

    private String refusal(String json) {
        LaunchResult result = parse(json);
        assertThat(result).as(json).isInstanceOf(LaunchResult.Refused.class);
        return ((LaunchResult.Refused) result).message();
    }

    private String at(String name) {
        return directory.resolve(name).toString();
    }

    @Test
    void thePathIsFoundHoweverItIsWrittenAndItsEmptyEntriesAreNoDirectory() {
        assertThat(plan("{'module':'m'}").command()).containsExactly(at("two/python.exe"), "-u", "-m", "m");
        assertThat(refusal("{'program':'nowhere'}")).doesNotContain(at("nowhere.com"));
    }

    @Test
    void theStarterThatTheInstallerPutsThereFindsWhatThePathDoesNot() throws IOException {
        program("two/py.exe");
        assertThat(plan("{'module':'m'}").command()).containsExactly(at("two/python.exe"), "-u", "-m", "m");
        Files.delete(file("two/python.exe"));
        assertThat(plan("{'module':'m'}").command()).containsExactly(at("two/py.exe"), "-3", "-u", "-m", "m");
        assertThat(plan("{'module':'m','python':'py'}").command()).containsExactly(at("two/py.exe"), "-u", "-m", "m");
    }

    @ParameterizedTest
    @CsvSource({"VIRTUAL_ENV,venv,venv/Scripts/python.exe", "Conda_Prefix,conda,conda/python.exe"})
    void anActivatedEnvironmentComesFirst(String variable, String name, String interpreter) throws IOException {
        program("two/py.exe");
        environment.put(variable, at(name));
        assertThat(plan("{'module':'m'}").executable()).isEqualTo(Path.of(at(interpreter)));
    }

    private Path storePython() throws IOException {
        Path stub = Files.createFile(file("Local/Microsoft/WindowsApps/python.exe"));
        assertThat(stub.toFile().setExecutable(true)).isTrue();
        environment.put("Path", String.valueOf(stub.getParent()));
        return stub;
    }

    @Test
    void thePythonOfTheStoreIsTheLastResort() throws IOException {
        Path stub = storePython();
        LaunchResult.Accepted last = (LaunchResult.Accepted) parse("{'module':'m'}");
        assertThat(last.plan().executable()).isEqualTo(stub);
        assertThat(last.warnings())
                .singleElement()
                .asString()
                .contains("no Python was found but " + stub + ", which may only open Microsoft's Store")
                .contains("name it in 'python'; else install one, as from python.org");
        environment.put("Path", stub.getParent() + ";" + at("two"));
        LaunchResult.Accepted other = (LaunchResult.Accepted) parse("{'module':'m'}");
        assertThat(other.plan().executable()).isEqualTo(Path.of(at("two/python.exe")));
        assertThat(other.warnings()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"$S", "python", "python.exe"})
    void whoNamesThePythonOfTheStoreMeansIt(String python) throws IOException {
        Path stub = storePython();
        LaunchResult.Accepted accepted = (LaunchResult.Accepted)
                parse("{'module':'m','python':'" + python.replace("$S", stub.toString()) + "'}");
        assertThat(accepted.plan().executable()).isEqualTo(stub);
        assertThat(accepted.warnings()).isEmpty();
    }

    /** To Java it is like a link that leads nowhere: it exists, and cannot be opened. */
    @Test
    void aProgramOfTheStoreNeedNotBeAFileThatJavaCanOpen() throws IOException {
        Path alias = file("Local/Microsoft/WindowsApps/py.exe");
        Files.createSymbolicLink(alias, Path.of("nowhere"));
        environment.put("Path", String.valueOf(alias.getParent()));
        assertThat(plan("{'module':'m'}").command()).containsExactly(alias.toString(), "-3", "-u", "-m", "m");
        assertThat(plan("{'program':'py'}").executable()).isEqualTo(alias);
        assertThat(plan("{'program':'" + alias + "'}").executable()).isEqualTo(alias);
        assertThat(plan("{'module':'m','python':'" + alias + "'}").executable()).isEqualTo(alias);
    }

    @Test
    void aBatchFileIsNotTheStarterOfPythons() throws IOException {
        Files.writeString(file("two/py.bat"), "@echo off\r\n");
        Files.delete(file("two/python.exe"));
        environment.put("Path", at("two"));
        assertThat(refusal("{'module':'m'}")).startsWith("no Python interpreter found");
    }

    @Test
    void anEmptyPathIsSaidToBe() {
        environment.put("Path", "");
        assertThat(refusal("{'module':'m'}")).endsWith("PATH names no directory to look in");
        assertThat(refusal("{'module':'m','python':'python3'}")).endsWith("PATH names no directory to look in");
        assertThat(refusal("{'program':'nowhere'}")).endsWith("looked at " + at("nowhere"));
    }

    @Test
    void whoNamesTheDirectoryOfAPythonIsToldTheFile() throws IOException {
        assertThat(refusal("{'module':'m','python':'$D/venv'}"))
                .endsWith("is a directory; did you mean " + at("venv/Scripts/python.exe") + "?");
        assertThat(refusal("{'module':'m','python':'$D/conda'}"))
                .endsWith("is a directory; did you mean " + at("conda/python.exe") + "?");
        Files.delete(file("two/python.exe"));
        assertThat(refusal("{'module':'m','python':'$D/two'}")).endsWith("is a directory");
    }

    @Test
    void aNameMeansWhatTheBackendStarts() throws IOException {
        Files.writeString(file("hb"), "#!/bin/sh\n");
        Files.writeString(file("hb.cmd"), "@echo off\r\n");
        Files.writeString(file("two/plain"), "just text\n");
        Files.writeString(file("two/plain.cmd"), "@echo off\r\n");
        Files.createDirectories(directory.resolve("two/dir"));
        Files.writeString(file("two/dir.bat"), "@echo off\r\n");
        Files.writeString(file("two/run"), "#!/usr/bin/env perl\n");
        program("two/some.v2");
        program("two/some.v2.exe");
        Map<String, String> expected = Map.of(
                "$D/hb", "hb.cmd",
                "hb", "hb.cmd",
                "plain", "two/plain.cmd",
                "./two/plain", "two/plain.cmd",
                "dir", "two/dir.bat",
                "two/dir", "two/dir.bat",
                "run", "two/run",
                "some.v2", "two/some.v2",
                "$D/two/some.v2", "two/some.v2");
        expected.forEach((program, found) -> assertThat(plan("{'program':'" + program + "','runtime':'process'}")
                        .executable())
                .as(program)
                .isEqualTo(Path.of(at(found))));
    }

    @Test
    void theEndingsAreThoseOfPathextInItsOrder() {
        assertThat(plan("{'program':'tool','env':{'PathExt':' .CMD ;;x;.;.EXE'}}")
                        .executable())
                .isEqualTo(Path.of(at("two/tool.cmd")));
        assertThat(plan("{'program':'$D/two/tool','env':{'PATHEXT':'.CMD;.EXE'}}")
                        .executable())
                .isEqualTo(Path.of(at("two/tool.cmd")));
        environment.put("PATHEXT", ".CMD");
        assertThat(refusal("{'module':'m'}")).contains("no Python interpreter found");
        assertThat(plan("{'module':'m','env':{'PATHEXT':null}}").executable()).isEqualTo(Path.of(at("two/python.exe")));
    }

    @Test
    void aSignalThatIsNoneIsToldWhichThereAre() {
        assertThat(refusal("{'program':'tool','stopLadder':['SIGFOO']}"))
                .contains("'stopLadder[0]': no signal is named 'SIGFOO'; there are SIGINT, SIGTERM and SIGKILL");
    }

    @Test
    void aLetterThatNoNameCanHaveIsNamed() {
        assertThat(Paths.whyNoPath(new InvalidPathException("C:\\a?b", "Illegal char <?>", 4)))
                .isEqualTo("C:\\a?b has '?', which no name of a file can have");
        assertThat(Paths.whyNoPath(new InvalidPathException("a\nb", "Illegal char <\n>", 1)))
                .isEqualTo("a\nb has U+000A, which no name of a file can have");
        assertThat(Paths.whyNoPath(new InvalidPathException("a", "Nul character not allowed")))
                .isEqualTo("Nul character not allowed: a");
    }

    @Test
    void aPathOfAnotherDrivesDirectoryIsSaidToBe() {
        assertThat(Paths.ofDrive("D:foo"))
                .isEqualTo(
                        "D:foo starts at the own directory of drive D:, which a new program has not: write the full path,"
                                + " or a relative one without a drive");
    }

    @ParameterizedTest
    @CsvSource({
        "tool,two/tool.exe",
        "tool.cmd,two/tool.cmd",
        "$D/here,here.bat",
        "./here,here.bat",
        "here,here.bat",
        "$D/batch.cmd,batch.cmd",
        "$D/script,script"
    })
    void anEndingMayBeLeftOut(String program, String found) {
        assertThat(plan("{'program':'" + program + "'}").executable()).isEqualTo(Path.of(at(found)));
    }

    @Test
    void aTextIsNoProgram() {
        assertThat(refusal("{'program':'$D/notes.txt'}")).contains("is a text, which Windows does not start");
    }

    @Test
    void aStringOfArgumentsIsSplitAsOnWindows() {
        assertThat(plan("{'program':'tool','args':'C:\\\\dir\\\\x \\u0022a b\\u0022 *'}")
                        .command())
                .containsExactly(at("two/tool.exe"), "C:\\dir\\x", "a b", "*");
        assertThat(refusal("{'program':'tool','args':'a \\u0022b'}")).contains("double quote at position 3");
    }

    @Test
    void aVariableIsChangedByTheNameThatItHas() {
        environment.put("Lang", "de");
        LaunchPlan plan = plan("{'program':'tool','env':{'PATH':'$D/two','LANG':null,'New':'1','NEW':'2'}}");
        assertThat(plan.environment()).containsOnlyKeys("Path", "Lang", "New");
        assertThat(plan.environment())
                .containsEntry("Path", at("two"))
                .containsEntry("Lang", null)
                .containsEntry("New", "2");
    }

    @Test
    void pythonWritesUtf8UnlessSomebodyHasDecided() {
        assertThat(plan("{'module':'m'}").environment()).isEqualTo(Map.of("PYTHONIOENCODING", "utf-8"));
        assertThat(plan("{'program':'tool'}").environment()).isEmpty();
        assertThat(plan("{'module':'m','outputEncoding':'cp1252'}").environment())
                .isEmpty();
        assertThat(plan("{'module':'m','env':{'pythonioencoding':'cp437'}}").environment())
                .isEqualTo(Map.of("pythonioencoding", "cp437"));
        assertThat(plan("{'module':'m','env':{'PYTHONUTF8':null}}").environment())
                .containsOnlyKeys("PYTHONUTF8");
        environment.put("PythonUtf8", "1");
        assertThat(plan("{'module':'m'}").environment()).isEmpty();
    }

    @Test
    void nothingIsCalledNul() {
        assertThat(plan("{'program':'tool','stdio':['nul','/dev/null',{'path':'NUL','append':true}]}")
                        .childFds()
                        .values())
                .containsOnly(ChildFd.nullDevice());
    }

    @Test
    void aDriveIsNoNameToSearch() {
        assertThat(List.of("tool", "a.b")).allMatch(Platform.WINDOWS::isBare);
        assertThat(List.of("C:tool", ".\\tool", "a/b")).noneMatch(Platform.WINDOWS::isBare);
        assertThat(List.of("C:tool", ".\\tool")).allMatch(Platform.POSIX::isBare);
    }
}
