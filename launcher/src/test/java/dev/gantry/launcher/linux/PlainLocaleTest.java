package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.LeakCheck;
import dev.gantry.launcher.Backend;
import dev.gantry.launcher.Backends;
import dev.gantry.launcher.Reactor;
import dev.gantry.launcher.ReactorOptions;
import dev.gantry.launcher.SpawnException;
import dev.gantry.launcher.SpawnRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** In the locale C, a container's usual one, the JVM has no file name but ASCII ones. The system has. */
@ExtendWith(LeakCheck.class)
@Timeout(60)
class PlainLocaleTest {
    private static final String ACCENT = "\u00e9";

    /** What a JVM in that locale runs: says what became of each start. */
    static final class Program {
        private Program() {}

        public static void main(String[] arguments) throws Exception {
            System.out.println("encoding=" + System.getProperty("sun.jnu.encoding"));
            for (Backend backend : Backends.all()) {
                if (backend.unavailableBecause().isPresent()) {
                    continue;
                }
                try (Reactor reactor = backend.open(ReactorOptions.defaults())) {
                    String name = backend.name();
                    String folder = arguments[0];
                    tell(name + " by path", reactor, SpawnRequest.of(folder + "/" + ACCENT + "/it"));
                    tell(name + " relative", reactor, SpawnRequest.of("./it"));
                    tell(name + " by name", reactor, SpawnRequest.of("it"));
                    tell(name + " another by name", reactor, SpawnRequest.of("true"));
                    tell(name + " missing", reactor, SpawnRequest.of("gone"));
                    tell(name + " variable", reactor, SpawnRequest.of("true").withEnvironment(Map.of("V", ACCENT)));
                    tell(name + " interpreter", reactor, SpawnRequest.of(folder + "/" + ACCENT + "/lost"));
                }
            }
        }

        private static void tell(String what, Reactor reactor, SpawnRequest request) throws Exception {
            Listening heard = new Listening();
            try {
                reactor.spawnProcess(heard, request);
                System.out.println(what + "=" + heard.awaitEnded().shellCode());
            } catch (SpawnException e) {
                System.out.println(what + "=" + e.step() + " " + e.errno() + " " + ascii(e.toString()));
            } catch (RuntimeException e) {
                System.out.println(what + "=" + ascii(e.toString()));
            }
        }

        private static String ascii(String text) {
            return text.replaceAll("[^ -~]", "?");
        }
    }

    @TempDir
    private Path folder;

    private Path script(String name, String content) throws IOException {
        Path file = Files.writeString(folder.resolve(ACCENT).resolve(name), content);
        assertThat(file.toFile().setExecutable(true)).isTrue();
        return file;
    }

    @Test
    void aNameThatIsNotAsciiStopsNobody() throws Exception {
        Path directory = Files.createDirectory(folder.resolve(ACCENT));
        script("it", "#!/bin/sh\nexit 7\n");
        script("lost", "#!/no/such/interpreter\n");
        Map<String, String> told = toldIn(directory);
        assertThat(told).containsEntry("encoding", "ANSI_X3.4-1968");
        assertThat(told)
                .containsEntry("linux by path", "7")
                .containsEntry("linux relative", "7")
                .containsEntry("linux by name", "7")
                .containsEntry("linux another by name", "0")
                .containsEntry("linux variable", "0");
        assertThat(told.get("linux missing")).startsWith("FIND_PROGRAM 2 ");
        assertThat(told.get("linux interpreter")).startsWith("EXECUTE 2 ").contains("/no/such/interpreter");
        // What the JDK cannot pass is refused by an exception of the contract; the rest runs.
        assertThat(told).containsEntry("portable another by name", "0");
        assertThat(told.get("portable by path")).startsWith("EXECUTE 22 ").contains("LC_ALL=C.UTF-8");
        assertThat(told.get("portable by name")).startsWith("FIND_PROGRAM 2 ").contains("LC_ALL=C.UTF-8");
        assertThat(told.get("portable variable")).startsWith("EXECUTE 22 ").contains("LC_ALL=C.UTF-8");
        assertThat(told.get("portable missing")).startsWith("FIND_PROGRAM 2 ");
    }

    private Map<String, String> toldIn(Path directory) throws Exception {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Program.class.getName(),
                folder.toString());
        Listening heard = new Listening();
        try (Reactor reactor = new LinuxBackend().open(ReactorOptions.defaults())) {
            reactor.spawnProcess(
                    heard,
                    SpawnRequest.of(command)
                            .withWorkingDirectory(directory)
                            .withEnvironment(Map.of("LC_ALL", "C", "PATH", directory + ":/usr/bin:/bin")));
            heard.awaitEnded();
        }
        return heard.text()
                .lines()
                .filter(line -> line.indexOf('=') > 0)
                .collect(Collectors.toMap(
                        line -> line.substring(0, line.indexOf('=')),
                        line -> line.substring(line.indexOf('=') + 1),
                        (first, second) -> first,
                        TreeMap::new));
    }
}
