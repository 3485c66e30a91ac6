package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnCommandLineTest {
    private static OwnCommandLine line(String latin1) {
        return OwnCommandLine.parse(latin1.getBytes(StandardCharsets.ISO_8859_1));
    }

    @Test
    void theAdaptersCommandIsWhatComesBeforeTheArgumentsWhateverTheirBytes() {
        OwnCommandLine own = line("java\0-Xmx9m\0-jar\0g.jar\0run\0a\u00FFb\0\0");
        assertThat(own.before(3)).contains(List.of("java", "-Xmx9m", "-jar", "g.jar"));
    }

    @Test
    void withoutAJavaThereIsNoCommand() {
        assertThat(line("").before(0)).isEmpty();
        assertThat(line("run\0x\0").before(2)).isEmpty();
        assertThat(line("a\u00FF\0b\0x\0").before(1)).isEmpty();
    }

    @Test
    void argumentsAreReadFromTheirBytes() {
        OwnCommandLine own = line("java\0run\0\u00C3\u00A4\0\0");
        assertThat(ExactArguments.of(List.of("run", "??", ""), own))
                .isEqualTo(new ExactArguments.Text(List.of("run", "\u00E4", "")));
    }

    @Test
    void whatIsNoTextIsNamedByItsPositionAndBytes() {
        OwnCommandLine own = line("java\0run\0\u00C3\u00A4 \u00FF\n\0x\0");
        assertThat(ExactArguments.of(List.of("run", "?", "x"), own))
                .isEqualTo(new ExactArguments.NotText(2, "\\xc3\\xa4 \\xff\\x0a"));
    }

    @Test
    void aLineThatIsNotTheirsChangesNothing() {
        List<String> given = List.of("run", "x");
        assertThat(ExactArguments.of(given, line("other\0command\0line\u00FF\0")))
                .isEqualTo(new ExactArguments.Text(given));
        assertThat(ExactArguments.of(given, line(""))).isEqualTo(new ExactArguments.Text(given));
    }

    @Test
    void onWindowsTheArgumentsAreWhatStandsBehindTheJar() {
        OwnCommandLine own = OwnCommandLine.ofWindows(
                "\"C:\\my java\\java.exe\" -Dx=y -jar \"C:\\a b\\gantry.jar\" run \u6F22 *.py \"\"");
        assertThat(ExactArguments.onWindows(List.of("run", "?", "a.py", "b.py", ""), own))
                .isEqualTo(new ExactArguments.Text(List.of("run", "\u6F22", "*.py", "")));
        assertThat(own.before(4)).contains(List.of("C:\\my java\\java.exe", "-Dx=y", "-jar", "C:\\a b\\gantry.jar"));
    }

    @Test
    void onWindowsTheArgumentsAreWhatStandsBehindTheMainClass() {
        OwnCommandLine own = OwnCommandLine.ofWindows("java -cp x;y dev.gantry.adapter.Main --help");
        assertThat(ExactArguments.onWindows(List.of("--help"), own))
                .isEqualTo(new ExactArguments.Text(List.of("--help")));
        OwnCommandLine unknown = OwnCommandLine.ofWindows("");
        assertThat(ExactArguments.onWindows(List.of("a", "b"), unknown))
                .isEqualTo(new ExactArguments.Text(List.of("a", "b")));
    }
}
