package dev.gantry.adapter.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class LaunchArgumentsTest {
    private static JsonObject launch(String... words) {
        RunCommand command = new RunCommand(new OwnCommandLine(List.of()), 0);
        new CommandLine(command).setStopAtPositional(true).parseArgs(words);
        JsonObject launch = LaunchArguments.of(command.options());
        assertThat(launch.remove("request").getAsString()).isEqualTo("launch");
        assertThat(launch.remove("noDebug").getAsBoolean()).isTrue();
        launch.remove("name");
        launch.remove("type");
        launch.remove("console");
        return launch;
    }

    private static JsonObject json(String text) {
        return JsonParser.parseString(text).getAsJsonObject();
    }

    @Test
    void optionsAfterTheProgramAreItsOwn() {
        JsonObject launch = launch("--cwd", "/tmp", "prog.py", "-q", "--cwd", "x", "--", "y");
        assertThat(launch).isEqualTo(json("{'program':'prog.py','args':['-q','--cwd','x','--','y'],'cwd':'/tmp'}"));
    }

    @Test
    void aDoubleDashEndsOurOptions() {
        assertThat(launch("--cwd=/tmp", "--", "-odd-name", "a"))
                .isEqualTo(json("{'program':'-odd-name','args':['a'],'cwd':'/tmp'}"));
    }

    @Test
    void aModuleTakesAllWordsAsArguments() {
        assertThat(launch("--cwd=/tmp", "-m", "http.server", "8000"))
                .isEqualTo(json("{'module':'http.server','args':['8000'],'cwd':'/tmp'}"));
    }

    @Test
    void optionsAfterAModuleAreItsOwnHoweverItIsNamed() {
        JsonObject expected = json("{'module':'m','args':['--help','-q','-c','x','--','y'],'cwd':'/tmp'}");
        for (List<String> naming :
                List.of(List.of("-m", "m"), List.of("-mm"), List.of("-qm", "m"), List.of("--module=m"))) {
            List<String> words = new ArrayList<>(List.of("--cwd=/tmp"));
            words.addAll(naming);
            words.addAll(List.of("--help", "-q", "-c", "x", "--", "y"));
            assertThat(launch(words.toArray(String[]::new)))
                    .as(naming.toString())
                    .isEqualTo(expected);
        }
    }

    @Test
    void optionsAfterCodeAreItsOwn() {
        assertThat(launch("--cwd=/tmp", "-c", "pass", "--version", "-m", "a"))
                .isEqualTo(json("{'code':'pass','args':['--version','-m','a'],'cwd':'/tmp'}"));
    }

    @Test
    void codeIsPassedAsItIs() {
        assertThat(launch("--cwd=/tmp", "-c", "print(1)\nprint('x')"))
                .isEqualTo(json("{'code':'print(1)\\nprint(\\'x\\')','args':[],'cwd':'/tmp'}"));
    }

    @Test
    void everyOptionHasItsAttribute() {
        JsonObject launch = launch(
                "--cwd=/tmp",
                "-e",
                "A=1=2",
                "--env",
                "B=",
                "--unset",
                "C",
                "--env-file",
                "/e",
                "--python",
                "python3.11",
                "--runtime",
                "python",
                "--no-input",
                "--tty",
                "--merge-output",
                "--encoding",
                "latin1",
                "--stop-ladder",
                "SIGINT:1.5,SIGTERM",
                "--kill-tree",
                "always",
                "p");
        assertThat(launch)
                .isEqualTo(
                        json(
                                "{'program':'p','args':[],'cwd':'/tmp','env':{'C':null,'A':'1=2','B':''},'envFile':['/e'],"
                                        + "'python':'python3.11','runtime':'python','stdio':{'stdin':'null'},'tty':true,'mergeOutput':true,"
                                        + "'outputEncoding':'ISO-8859-1','stopLadder':['SIGINT:1.5','SIGTERM'],'killTree':'always'}"));
    }

    @Test
    void theWorkingDirectoryIsOursByDefault() {
        assertThat(launch("p").get("cwd").getAsString())
                .isEqualTo(Path.of("").toAbsolutePath().toString());
    }

    @Test
    void aRunIsWaitedForAsLongAsItsLadderTakes() {
        assertThat(Run.stopsWithin(launch("--cwd=/tmp", "--stop-ladder", "SIGINT:1.5,SIGTERM:600", "sh")))
                .isEqualTo(Duration.ofMillis(601_500 + 2_000));
        assertThat(Run.stopsWithin(launch("--cwd=/tmp", "/no/such/program"))).isEqualTo(Duration.ZERO);
    }
}
