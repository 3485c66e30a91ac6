package dev.gantry.adapter.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.gantry.fixtures.Entry;
import dev.gantry.fixtures.LeakCheck;
import dev.gantry.fixtures.Python;
import dev.gantry.fixtures.Pythons;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Requests that name what there is not, or nothing: real programs do not go on by mistake. On the oldest and the newest Python. */
@ExtendWith(LeakCheck.class)
class DebugRefusalsTest {
    private static final String READS = """
            import asyncio
            answer = 41
            async def main():
                global answer
                answer += 1
            asyncio.run(main())
            print("read", input())
            """;

    @TempDir
    private Path folder;

    static Stream<Python> pythons() {
        List<Python> all = Pythons.atLeast(3, 8);
        return Stream.of(all.get(0), all.get(all.size() - 1)).distinct();
    }

    private static void assertRefused(PythonSession session, String words, String command, Object... arguments) {
        Entry answer = session.request(command, arguments);
        assertThat(answer.success()).as(answer.toString()).isFalse();
        assertThat(answer.toString()).contains(words);
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aThreadThatThereIsNotLetsNobodyGoOn(Python python) {
        try (PythonSession session = PythonSession.of(folder, READS).launch(python)) {
            session.breakpoints(5);
            session.go();
            session.stopped("breakpoint");
            for (String command : List.of("continue", "next", "stepIn", "stepOut", "pause", "stackTrace")) {
                assertRefused(session, "names thread 99, which there is not", command, "threadId", 99);
            }
            for (String command : List.of("next", "stepIn", "stepOut", "goto", "stackTrace", "exceptionInfo")) {
                assertRefused(session, "needs 'threadId': one of those that 'threads' lists", command);
            }
            assertThat(session.line()).isEqualTo(5);
            for (var thread : PythonSession.objects(session.ask("threads").getAsJsonArray("threads"))) {
                assertThat(session.request("stackTrace", "threadId", thread.get("id"))
                                .success())
                        .as(thread.toString())
                        .isTrue();
            }
            int frame = session.frames().get(0).get("id").getAsInt();
            session.ask("continue");
            assertRefused(session, "frame", "evaluate", "expression", "answer", "frameId", frame);
            assertThat(session.evaluate("answer", "context", "watch")).isIn("41", "42");
            session.ask("evaluate", "expression", "typed");
            session.ends(0);
            assertThat(session.stdout()).isEqualTo("read typed\n");
        }
    }

    @ParameterizedTest
    @MethodSource("pythons")
    void aPauseOfNoThreadInParticularStops(Python python) {
        try (PythonSession session = PythonSession.of(folder, "import time\nwhile True:\n    time.sleep(0.01)\n")
                .launch(python)
                .go()) {
            session.ask("pause");
            assertThat(session.stopped("pause").get("threadId").getAsInt()).isEqualTo(1);
            session.ask("terminate");
            session.adapter().awaitTerminated();
        }
    }
}
