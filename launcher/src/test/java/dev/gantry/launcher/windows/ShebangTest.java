package dev.gantry.launcher.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ShebangTest {
    private static Optional<Shebang> parsed(String text) {
        return Shebang.parse(text.getBytes(StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
              /usr/bin/python3                | /usr/bin/python3         |
               /usr/bin/python3 -u  -x        | /usr/bin/python3         | -u,-x
              /usr/bin/env python3 -u         | python3                  | -u
              /usr/bin/env -S python3 -u      | python3                  | -u
              /usr/bin/env -i python3         | /usr/bin/env             | -i,python3
              /usr/bin/env A=1 python3        | /usr/bin/env             | A=1,python3
              /usr/bin/env                    | /usr/bin/env             |
              env perl                        | perl                     |
              "C:\\a dir\\py.exe" -u          | C:\\a dir\\py.exe        | -u
              C:\\"a dir"\\py.exe "-c a"      | C:\\a dir\\py.exe        | -c a
              python                          | python                   |
              /opt/ключ                       | /opt/ключ                |
            """)
    void theFirstLineNamesInterpreterAndArguments(String line, String interpreter, String arguments) {
        List<String> expected = arguments == null ? List.of() : List.of(arguments.split(",", -1));
        for (String end : List.of("", "\n", "\r\n", "\nsecond line\n")) {
            assertThat(parsed("#!" + line + end)).contains(new Shebang(interpreter, expected));
        }
        assertThat(parsed("\uFEFF#!" + line + "\n")).contains(new Shebang(interpreter, expected));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "#", "#!", "#!  \nx", " #!x", "MZ", "# !x", "print()\n#!x"})
    void othersHaveNone(String text) {
        assertThat(parsed(text)).isEmpty();
    }

    @Test
    void pythonsHaveOtherNamesOnWindows() {
        assertThat(names("/usr/bin/python3")).isEqualTo("python3, python or py");
        assertThat(names("python")).isEqualTo("python, py or python3");
        assertThat(names("python3.11")).isEqualTo("python3.11 or py");
        assertThat(names("/usr/bin/python2")).isEqualTo("python2 or py");
        assertThat(names("pythonw")).isEqualTo("pythonw, pyw or pythonw3");
        assertThat(names("/bin/sh")).isEqualTo("sh");
    }

    @Test
    void theLauncherIsToldTheVersion() {
        assertThat(new Shebang("python3.11", List.of("-u")).candidates())
                .contains(new Shebang.Candidate("py", List.of("-3.11", "-u")));
        assertThat(new Shebang("python", List.of("-u")).candidates())
                .contains(new Shebang.Candidate("py", List.of("-u")));
    }

    private static String names(String interpreter) {
        return new Shebang(interpreter, List.of()).names();
    }
}
