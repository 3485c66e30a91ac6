package dev.gantry.adapter.conformance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** docs/clients.md says what is tested, all of it and nothing else. */
class ClientPageTest {
    private static final Path PAGE = ClientPage.ROOT.resolve("docs").resolve("clients.md");

    @Test
    void thePageSaysWhatTheTestsSay() throws IOException {
        String page = ClientPage.markdown();
        if (Boolean.getBoolean("gantry.write")) {
            Files.writeString(PAGE, page);
        }
        assertThat(PAGE)
                .as("stale: mvn -pl adapter -am test -Dtest=ClientPageTest -Dgantry.write=true"
                        + " -Dsurefire.failIfNoSpecifiedTests=false writes it anew")
                .hasContent(page);
    }

    @Test
    void everyTestOfTheseClassesIsARow() {
        for (Class<?> tests : Set.of(ClientGridTest.class, ClientToleranceTest.class, ClientRulesTest.class)) {
            assertThat(Stream.of(tests.getDeclaredMethods()).filter(method -> method.isAnnotationPresent(Test.class)))
                    .as(tests.getSimpleName())
                    .isEmpty();
            assertThat(ClientPage.rows(tests)).hasSizeGreaterThan(10);
        }
    }

    @Test
    void theRowThatIsTestedElsewhereIsATestThere() throws ClassNotFoundException, NoSuchMethodException {
        Class<?> tests = Class.forName(ClientPage.Elsewhere.PACKAGE + "." + ClientPage.Elsewhere.CLASS);
        Method test = tests.getDeclaredMethod(ClientPage.Elsewhere.METHOD);
        assertThat(test.isAnnotationPresent(Test.class)).isTrue();
    }
}
