package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import dev.gantry.launcher.ChildFd;
import java.io.IOException;
import java.nio.file.Files;
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

    @Test
    void theStubThatOpensTheStoreIsLeftOut() throws IOException {
        Path stub = Files.createFile(file("Local/Microsoft/WindowsApps/python.exe"));
        assertThat(stub.toFile().setExecutable(true)).isTrue();
        environment.put("Path", stub.getParent() + ";" + at("two"));
        assertThat(plan("{'module':'m'}").executable()).isEqualTo(Path.of(at("two/python.exe")));
        environment.put("Path", String.valueOf(stub.getParent()));
        assertThat(refusal("{'module':'m'}"))
                .contains("no Python interpreter found: set 'python' to one, or install one, as from python.org")
                .contains(stub + " only opens Microsoft's Store");
        assertThat(plan("{'module':'m','python':'" + stub + "'}").executable()).isEqualTo(stub);
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
