package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The script {@code gantry} in a copy of the checkout, where java and mvn are scripts that tell how they were called. */
@Timeout(60)
class EntryScriptTest {
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";

    @TempDir
    private Path directory;

    private Path home = Path.of("");
    private final Map<String, String> environment = new LinkedHashMap<>();

    @BeforeEach
    void copyTheScripts() throws IOException {
        Path root = Path.of(System.getProperty("gantry.root"));
        home = Files.createDirectories(directory.resolve("a checkout"));
        copy(root, "gantry");
        copy(root, "build/bootstrap.sh");
        Files.writeString(home.resolve("pom.xml"), "");
        Files.createDirectories(home.resolve("launcher"));
        Files.createDirectories(home.resolve("adapter/target"));
        java(directory.resolve("jdk"), "17.0.1");
        environment.put("JAVA_HOME", directory.resolve("jdk").toString());
        environment.put("LC_ALL", "C.UTF-8");
        program("bin/mvn", "cat; echo noise; echo built >adapter/target/gantry.jar");
        environment.put("PATH", directory.resolve("bin") + ":/usr/bin:/bin");
    }

    private void copy(Path root, String file) throws IOException {
        Path target = home.resolve(file);
        Files.createDirectories(target.resolveSibling("."));
        Files.copy(root.resolve(file), target);
    }

    /** A script that prints its name, its locale and its arguments, then its input. */
    private void java(Path jdk, String version) throws IOException {
        String name = directory.relativize(jdk).toString();
        program(name + "/bin/java", "echo \"" + name + " LC_ALL=$LC_ALL\"; printf '<%s>' \"$@\"; echo; cat");
        program(name + "/bin/javac", "");
        Files.writeString(jdk.resolve("release"), "IMPLEMENTOR=\"x\"\nJAVA_VERSION=\"" + version + "\"\n");
    }

    private void program(String name, String body) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(file.resolveSibling("."));
        Files.writeString(file, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private void alreadyBuilt() throws IOException {
        Files.writeString(home.resolve("adapter/target/gantry.jar"), "built");
        Files.writeString(
                home.resolve("adapter/target/gantry.stamp"), directory.resolve("jdk/bin/java") + "\n" + COMMIT + "\n");
    }

    private void checkedOut(String commit) throws IOException {
        Files.createDirectories(home.resolve(".git/refs/heads"));
        Files.writeString(home.resolve(".git/HEAD"), "ref: refs/heads/main\n");
        Files.writeString(home.resolve(".git/refs/heads/main"), commit + "\n");
    }

    private record Result(int status, String out, String err) {}

    private Result gantry(String... arguments) throws IOException, InterruptedException {
        return run(home.resolve("gantry").toString(), arguments);
    }

    private Result run(String script, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(script));
        command.addAll(Arrays.asList(arguments));
        Path err = directory.resolve("stderr");
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(directory.toFile()).redirectError(err.toFile());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream stdin = process.getOutputStream()) {
            stdin.write("the protocol".getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            // The script has ended without reading: what it said counts.
            assertThat(e).hasMessageMatching("Broken pipe|Stream [Cc]losed");
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
        return new Result(process.exitValue(), out, Files.readString(err));
    }

    @Test
    void onceBuiltItOnlyStartsJavaWithTheArgumentsVerbatim() throws Exception {
        alreadyBuilt();
        Result result = gantry("run", "two words", "", "*");
        assertThat(result.err()).isEmpty();
        assertThat(result.out())
                .startsWith("jdk ")
                .contains("<-XX:+DisplayVMOutputToStderr>")
                .endsWith("<-jar><" + home + "/adapter/target/gantry.jar><run><two words><><*>\nthe protocol");
    }

    @Test
    void aSymbolicLinkAndARelativePathLeadToTheSameJar() throws Exception {
        alreadyBuilt();
        Files.createSymbolicLink(directory.resolve("link"), Path.of("a checkout/gantry"));
        Files.createSymbolicLink(directory.resolve("bin/g"), Path.of("../link"));
        String jar = "/adapter/target/gantry.jar>";
        assertThat(run("bin/g").out()).contains(jar).contains("the protocol");
        assertThat(run("sh", "-c", "cd 'a checkout' && ./gantry").out()).contains("<" + home + jar);
        assertThat(run("sh", "-c", "cd 'a checkout' && sh gantry").out()).contains("<" + home + jar);
    }

    @Test
    void theFirstStartBuildsAndKeepsTheProtocolStreamsClean() throws Exception {
        Result result = gantry();
        assertThat(result.status()).isZero();
        assertThat(result.out()).startsWith("jdk ").endsWith("\nthe protocol").doesNotContain("noise");
        assertThat(result.err()).contains("gantry: first start: building").contains("gantry: built");
        assertThat(gantry().err()).isEmpty();
    }

    @Test
    void aBuildThatFailsShowsItsErrorsAndEndsTheStart() throws Exception {
        program("bin/mvn", "echo '[ERROR] no such thing'; echo '[ERROR] Re-run Maven using the -X switch'; exit 1");
        Result result = gantry("run", "x");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.out()).isEmpty();
        assertThat(result.err())
                .contains("[ERROR] no such thing")
                .contains("target/build.log")
                .doesNotContain("Re-run");
        program("bin/mvn", "echo 'no java here'; exit 1");
        assertThat(gantry("run", "x").err()).contains("no java here");
    }

    @Test
    void withBuildingForbiddenAMissingJarIsSaid() throws Exception {
        environment.put("GANTRY_BUILD", "never");
        Result result = gantry("run", "x");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err()).contains("GANTRY_BUILD=never");
    }

    @Test
    void anotherCommitBuildsAgainIfASourceIsNewer() throws Exception {
        alreadyBuilt();
        checkedOut(COMMIT);
        assertThat(gantry().err()).isEmpty();
        checkedOut(COMMIT.replace('0', 'f'));
        Files.setLastModifiedTime(
                home.resolve("adapter/target/gantry.jar"), java.nio.file.attribute.FileTime.fromMillis(0));
        assertThat(gantry().err()).contains("the sources changed").contains("gantry: built");
        assertThat(gantry().err()).isEmpty();
    }

    @Test
    void aJarThatIsNewerThanItsArchiveOfClassesGetsANewOne() throws Exception {
        home = Files.move(home, directory.resolve("checkout"));
        alreadyBuilt();
        program("jdk/bin/java", """
                dump=
                for option; do
                    case $option in
                        -XX:SharedArchiveFile=*) archive=${option#*=} ;;
                        -Xshare:dump) dump=1 ;;
                    esac
                done
                [ -z "$dump" ] || echo new >"$archive"
                printf '<%s>' "$@"
                """);
        Path archive = home.resolve("adapter/target/gantry.jsa");
        Files.writeString(archive, "old");
        Path jar = home.resolve("adapter/target/gantry.jar");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plusSeconds(5)));
        environment.put("GANTRY_BUILD", "never");
        gantry("--version");
        assertThat(archive).hasContent("old");
        environment.remove("GANTRY_BUILD");
        Result result = gantry("--version");
        assertThat(archive).hasContent("new");
        assertThat(result.out()).contains("<-XX:SharedArchiveFile=" + archive + ">");
        assertThat(result.err()).isEmpty();
    }

    @Test
    void anArchiveOfClassesOfAnotherJavaOrPlaceIsNotUsed() throws Exception {
        home = Files.move(home, directory.resolve("checkout"));
        alreadyBuilt();
        java(directory.resolve("jdk"), "17.0.1");
        Path jar = home.resolve("adapter/target/gantry.jar");
        Path archive = home.resolve("adapter/target/gantry.jsa");
        Files.writeString(archive, "classes");
        Files.setLastModifiedTime(archive, Files.getLastModifiedTime(jar));
        String option = "<-XX:SharedArchiveFile=" + archive + ">";
        environment.put("GANTRY_BUILD", "never");
        assertThat(gantry("--version").out()).doesNotContain(option);
        Files.writeString(
                home.resolve("adapter/target/gantry.stamp"),
                directory.resolve("jdk/bin/java") + "\n" + COMMIT + "\n17.0.1 " + jar + "\n");
        assertThat(gantry("--version").out()).contains(option);
        java(directory.resolve("jdk"), "17.0.2");
        assertThat(gantry("--version").out()).doesNotContain(option);
        java(directory.resolve("jdk"), "17.0.1");
        Files.setLastModifiedTime(
                archive,
                FileTime.from(Files.getLastModifiedTime(jar).toInstant().plusSeconds(5)));
        assertThat(gantry("--version").out()).doesNotContain(option);
    }

    @Test
    void whatTheUserSaysOfTheCollectorAndTheHeapCounts() throws Exception {
        alreadyBuilt();
        assertThat(gantry().out()).contains("<-XX:+UseSerialGC>").contains("<-Xmx512m>");
        environment.put("GANTRY_JAVA_OPTIONS", "-XX:+UseG1GC");
        assertThat(gantry().out()).doesNotContain("SerialGC").contains("<-Xmx512m>");
        environment.remove("GANTRY_JAVA_OPTIONS");
        environment.put("JAVA_TOOL_OPTIONS", "-Xmx12m");
        assertThat(gantry().out()).contains("<-XX:+UseSerialGC>").doesNotContain("-Xm");
    }

    @Test
    void aWorkingDirectoryThatWasRemovedIsSaid() throws Exception {
        alreadyBuilt();
        program("run-in-nowhere", "mkdir gone; cd gone; rmdir ../gone; exec \"" + home + "/gantry\" \"$@\"");
        Result result = run(directory.resolve("run-in-nowhere").toString(), "dap");
        assertThat(result.status()).isEqualTo(1);
        assertThat(result.err())
                .contains("gantry: the working directory does not exist any more; change to another one");
        assertThat(result.out()).contains("Gantry cannot start: the working directory");
    }

    @Test
    void javaIsTheUsersChoiceThenJavaHomeThenTheOneOfTheBuild() throws Exception {
        alreadyBuilt();
        java(directory.resolve("chosen"), "21");
        java(directory.resolve("homely"), "25.0.1");
        java(directory.resolve("old"), "1.8.0_400");
        environment.put("JAVA_HOME", directory.resolve("homely").toString());
        assertThat(gantry().out()).startsWith("homely ");
        environment.put("GANTRY_JAVA", directory.resolve("chosen/bin/java").toString());
        assertThat(gantry().out()).startsWith("chosen ");
        environment.remove("GANTRY_JAVA");
        environment.put("JAVA_HOME", directory.resolve("old").toString());
        assertThat(gantry().out()).startsWith("jdk ");
    }

    @Test
    void javaRunsInALocaleThatNamesAllFilesAndTheFormerOneIsRemembered() throws Exception {
        alreadyBuilt();
        // Named, but perhaps not installed: to a JVM that is the C locale.
        for (String locale : List.of("C", "POSIX", "xy_ZZ.UTF-8")) {
            environment.put("LC_ALL", locale);
            assertThat(gantry().out())
                    .startsWith("jdk LC_ALL=C.UTF-8\n")
                    .contains("<-Dgantry.restore.LC_ALL=" + locale + ">");
        }
        environment.remove("LC_ALL");
        environment.put("LANG", "xy_ZZ.UTF-8");
        assertThat(gantry().out()).startsWith("jdk LC_ALL=C.UTF-8\n").contains("<-Dgantry.restore.LC_ALL=>");
        environment.put("LC_ALL", "C.UTF-8");
        assertThat(gantry().out()).startsWith("jdk LC_ALL=C.UTF-8\n").doesNotContain("gantry.restore");
    }

    @Test
    void aClosedStreamIsNoFileOfJavas() throws Exception {
        alreadyBuilt();
        Files.writeString(
                directory.resolve("jdk/bin/java"),
                "#!/bin/sh\nstreams=$(readlink /proc/$$/fd/0 /proc/$$/fd/1 /proc/$$/fd/2)\necho \"$streams\" >&9\n");
        for (String closed : List.of("<&-", ">&-", "2>&-", "<&- >&- 2>&-")) {
            assertThat(run("sh", "-c", "'a checkout/gantry' 9>&1 " + closed).out())
                    .as("started with " + closed)
                    .contains("/dev/null")
                    .hasLineCount(3);
        }
    }

    @Test
    void anUnusableChoiceIsSaid() throws Exception {
        alreadyBuilt();
        environment.put("GANTRY_JAVA", "/nope/java");
        assertThat(gantry().err()).startsWith("gantry: GANTRY_JAVA is '/nope/java', which cannot be run");
        environment.remove("GANTRY_JAVA");
        environment.put("GANTRY_BUILD", "perhaps");
        assertThat(gantry().err()).startsWith("gantry: GANTRY_BUILD is 'perhaps'; it is auto, always or never");
    }

    @Test
    void aClientThatWaitsHearsWhyNothingStarts() throws Exception {
        environment.put("GANTRY_BUILD", "never");
        Result dap = gantry("dap");
        assertThat(dap.status()).isEqualTo(1);
        int body = dap.out().indexOf('{');
        assertThat(dap.out())
                .startsWith("Content-Length: " + dap.out().substring(body).length() + "\r\n\r\n{");
        JsonObject answer = JsonParser.parseString(dap.out().substring(body)).getAsJsonObject();
        assertThat(answer.get("request_seq").getAsInt()).isEqualTo(1);
        assertThat(answer.get("success").getAsBoolean()).isFalse();
        assertThat(answer.get("message").getAsString()).contains("Gantry cannot start: not built");
        assertThat(gantry("run", "x").out()).isEmpty();
    }

    @Test
    void withoutSourcesNothingIsBuiltAndNoVariableIsNeededForThat() throws Exception {
        alreadyBuilt();
        checkedOut(COMMIT.replace('0', 'f'));
        Files.delete(home.resolve("pom.xml"));
        Files.setLastModifiedTime(
                home.resolve("adapter/target/gantry.jar"), java.nio.file.attribute.FileTime.fromMillis(0));
        assertThat(gantry().err()).isEmpty();
    }

    @Test
    void aPackedBranchAndAWorktreeAreReadToo() throws Exception {
        alreadyBuilt();
        checkedOut(COMMIT);
        Path worktree = Files.createDirectories(directory.resolve("main/.git/worktrees/w"));
        Files.createDirectories(directory.resolve("main/.git/refs"));
        Files.move(home.resolve(".git/refs/heads"), directory.resolve("main/.git/refs/heads"));
        Files.move(home.resolve(".git/HEAD"), worktree.resolve("HEAD"));
        Files.delete(home.resolve(".git/refs"));
        Files.delete(home.resolve(".git"));
        Files.writeString(home.resolve(".git"), "gitdir: ../main/.git/worktrees/w\n");
        Files.writeString(worktree.resolve("commondir"), "../..\n");
        assertThat(gantry().err()).isEmpty();
        Files.delete(directory.resolve("main/.git/refs/heads/main"));
        Files.writeString(
                directory.resolve("main/.git/packed-refs"),
                "# pack-refs with: peeled\nffff refs/heads/other\n" + COMMIT.replace('0', 'f') + " refs/heads/main\n");
        Files.setLastModifiedTime(
                home.resolve("adapter/target/gantry.jar"), java.nio.file.attribute.FileTime.fromMillis(0));
        assertThat(gantry().err()).contains("the sources changed").contains("gantry: built");
    }

    /** The layout of a package: the script in bin, all else in lib, the java of jdk in JAVA_HOME. */
    private void packed() throws IOException {
        Files.createDirectories(home.resolve("bin"));
        Files.move(home.resolve("gantry"), home.resolve("bin/gantry"));
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/gantry.jar"), "built");
        Files.delete(home.resolve("pom.xml"));
        Files.writeString(home.resolve("lib/archive.sh"), "printf '%s\\n' \"$@\" >>\"" + directory + "/asked\"\n");
    }

    private Result packedGantry(String... arguments) throws IOException, InterruptedException {
        return run(home.resolve("bin/gantry").toString(), arguments);
    }

    @Test
    void aPackageTakesTheUsersChoiceThenItsOwnJavaThenJavaHomeThenThePath() throws Exception {
        packed();
        java(directory.resolve("old"), "11.0.1");
        java(directory.resolve("onpath"), "21.0.1");
        environment.put(
                "PATH", directory.resolve("old/bin") + ":" + directory.resolve("onpath/bin") + ":/usr/bin:/bin");
        String jar = "<-jar><" + home + "/lib/gantry.jar><x>";
        assertThat(packedGantry("x").out()).startsWith("jdk ").contains(jar);
        environment.put("JAVA_HOME", directory.resolve("old").toString());
        assertThat(packedGantry("x").out()).startsWith("onpath ").contains(jar);
        java(home.resolve("jre"), "25.0.1");
        Files.createDirectories(home.resolve("jre/lib"));
        Files.writeString(home.resolve("jre/lib/gantry.jsa"), "classes");
        assertThat(packedGantry("x").out())
                .startsWith("a checkout/jre ")
                .contains("<-XX:SharedArchiveFile=" + home + "/jre/lib/gantry.jsa>")
                .contains("<-m><dev.gantry/dev.gantry.adapter.Main><x>");
        environment.put("GANTRY_JAVA", directory.resolve("jdk/bin/java").toString());
        assertThat(packedGantry("x").out()).startsWith("jdk ").contains(jar).doesNotContain("SharedArchiveFile");
        environment.put("GANTRY_JAVA", home.resolve("jre/bin/java").toString());
        assertThat(packedGantry("x").out()).contains("<-m><dev.gantry/");
    }

    @Test
    void aPackageUsesTheArchiveOfItsJarAndJavaAndElseHasItMade() throws Exception {
        packed();
        environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
        Path jar = home.resolve("lib/gantry.jar");
        Path archive = Path.of(directory + "/cache/gantry/classes/17.0.1" + directory + "/jdk/%" + jar + ".jsa");
        Path asked = directory.resolve("asked");
        assertThat(packedGantry().out()).doesNotContain("SharedArchiveFile");
        await().until(() -> Files.exists(asked) && Files.readAllLines(asked).size() == 3);
        assertThat(Files.readAllLines(asked))
                .containsExactly(directory + "/jdk/bin/java", jar.toString(), archive.toString());
        Files.createDirectories(archive.resolveSibling("."));
        Files.writeString(archive, "classes");
        Files.setLastModifiedTime(archive, Files.getLastModifiedTime(jar));
        Files.delete(asked);
        String use = "<-XX:SharedArchiveFile=" + archive + ">";
        assertThat(packedGantry().out()).contains(use);
        // One that says that this java makes none.
        Files.writeString(archive, "");
        Files.setLastModifiedTime(archive, Files.getLastModifiedTime(jar));
        assertThat(packedGantry().out()).doesNotContain("SharedArchiveFile");
        Files.setLastModifiedTime(jar, FileTime.fromMillis(0));
        assertThat(packedGantry().out()).doesNotContain("SharedArchiveFile");
        // Those who had one before did not ask: each that does adds its lines.
        await().until(() -> Files.exists(asked) && Files.readAllLines(asked).size() >= 3);
        assertThat(Files.readAllLines(asked)).hasSize(3);
    }
}
