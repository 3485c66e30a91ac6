package dev.gantry.adapter.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One file, two names. */
class PathMappingsTest {
    private static final PathMappings UNIX = new PathMappings(
            List.of(
                    new PathMapping("/home/u/app", "/srv/app"),
                    new PathMapping("/home/u/app/lib/", "/usr/lib/app"),
                    new PathMapping("/", "/mnt")),
            PathStyle.UNIX,
            PathStyle.UNIX);
    private static final PathMappings WINDOWS = new PathMappings(
            List.of(new PathMapping("c:\\Work\\app\\", "/srv/app"), new PathMapping("D:\\", "/d")),
            PathStyle.WINDOWS,
            PathStyle.UNIX);

    @ParameterizedTest
    @CsvSource({
        "/home/u/app/a.py, /srv/app/a.py",
        "/home/u/app, /srv/app",
        "/home/u/app/lib/x/y.py, /usr/lib/app/x/y.py",
        "/home/u/app/library.py, /srv/app/library.py",
        "/home/u/application.py, /mnt/home/u/application.py",
        "/, /mnt"
    })
    void theLongestDirectoryThatFitsDecides(String client, String target) {
        assertThat(UNIX.toTarget(client)).isEqualTo(target);
        assertThat(UNIX.toClient(target)).isEqualTo(client);
    }

    @ParameterizedTest
    @CsvSource({
        "C:\\work\\APP\\a\\b.py, /srv/app/a/b.py, c:\\Work\\app\\a\\b.py",
        "c:/Work/app/a.py, /srv/app/a.py, c:\\Work\\app\\a.py",
        "d:\\x.py, /d/x.py, D:\\x.py",
        "D:\\, /d, D:\\"
    })
    void aWindowsClientMayWriteItsPathsInSeveralWays(String client, String target, String back) {
        assertThat(WINDOWS.toTarget(client)).isEqualTo(target);
        assertThat(WINDOWS.toClient(target)).isEqualTo(back);
    }

    @Test
    void whatIsBelowNoneOfThemStaysAsItIs() {
        assertThat(WINDOWS.toTarget("E:\\x.py")).isEqualTo("E:\\x.py");
        assertThat(WINDOWS.toClient("/usr/lib/python3/os.py")).isEqualTo("/usr/lib/python3/os.py");
        assertThat(WINDOWS.toTarget("<string>")).isEqualTo("<string>");
        assertThat(new PathMappings(List.of(), PathStyle.UNIX, PathStyle.UNIX).isIdentity())
                .isTrue();
    }

    @Test
    void onUnixTheCaseOfLettersMatters() {
        assertThat(UNIX.toTarget("/home/U/app/a.py")).isEqualTo("/mnt/home/U/app/a.py");
    }

    @Test
    void ofTwoForTheSameDirectoryTheFirstHolds() {
        PathMappings twice = new PathMappings(
                List.of(new PathMapping("/a", "/x"), new PathMapping("/b", "/x")), PathStyle.UNIX, PathStyle.UNIX);
        assertThat(twice.toClient("/x/f.py")).isEqualTo("/a/f.py");
        assertThat(twice.toTarget("/b/f.py")).isEqualTo("/x/f.py");
    }

    @ParameterizedTest
    @CsvSource({"C:\\a, true", "c:/a, true", "\\\\host\\share, true", "a\\b, false", "/a, false", "C:a, false"})
    void whatIsAbsoluteOnWindows(String path, boolean absolute) {
        assertThat(PathStyle.WINDOWS.isAbsolute(path)).isEqualTo(absolute);
    }
}
