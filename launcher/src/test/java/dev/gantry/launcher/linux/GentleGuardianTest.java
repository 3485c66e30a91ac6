package dev.gantry.launcher.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.gantry.fixtures.LeakCheck;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** What the guardian does with programs in terminals, whose shells ask them to end at the same time. */
@ExtendWith(LeakCheck.class)
@Timeout(120)
class GentleGuardianTest {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final ProcFs proc = ProcFs.system();

    @TempDir
    private Path folder;

    @Test
    void whomTheShellDoesNotFindIsAskedHereAndWhoStaysIsKilled() throws Exception {
        Path asked = folder.resolve("asked");
        try (TestChild program = TestChild.session(noting("program"));
                TestChild polite = TestChild.session(noting("polite"));
                TestChild stubborn = TestChild.session("trap '' TERM; echo ready; while :; do sleep 0.1; done");
                TestGuardian guardian = new TestGuardian()) {
            Guardian.Ward ward = guardian.commands().watch(program.id());
            assertThat(ward.announce()).isTrue();
            ward.member(polite.id());
            ward.member(stubborn.id());
            guardian.proveListening();

            guardian.endOfInput();

            await().atMost(SOON).until(() -> !polite.isAlive());
            await().atMost(SOON).until(() -> !stubborn.isAlive() && !program.isAlive());
            assertThat(Files.readString(asked)).isEqualTo("polite\n");
        }
    }

    @Test
    void whatIsReleasedIsNeitherAskedNorKilled() throws Exception {
        try (TestChild program = TestChild.session("echo ready; read x");
                TestGuardian guardian = new TestGuardian()) {
            Guardian.Ward ward = guardian.commands().watch(program.id());
            assertThat(ward.announce()).isTrue();
            ward.release();

            guardian.endOfInput();

            await().atMost(SOON).until(() -> proc.identity(guardian.pid()).isEmpty());
            assertThat(program.isAlive()).isTrue();
        }
    }

    /** Says so in a file when it is asked to end. */
    private String noting(String name) {
        String exit = name.equals("polite") ? "; exit" : "";
        return "trap 'echo " + name + " >>" + folder.resolve("asked") + exit
                + "' TERM; echo ready; while :; do sleep 0.1; done";
    }
}
