package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is run, and where. */
class LaunchCommandTest {
    @TempDir
    Path directory = Path.of("");

    private Launches launches = Launches.none();

    @BeforeEach
    void makeFiles() throws IOException {
        launches = new Launches(directory);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{'program':'$D/app/main.py'} | $D/bin/python3 -u $D/app/main.py | $D/app",
                "{'program':'app/main.py'} | $D/bin/python3 -u $D/app/main.py | $D/app",
                "{'program':'main.py','cwd':'app'} | $D/bin/python3 -u $D/app/main.py | $D/app",
                "{'program':'../app/main.py','cwd':'$D/empty'} | $D/bin/python3 -u $D/empty/../app/main.py | $D/empty",
                "{'program':'app'} | $D/bin/python3 -u $D/app | $D",
                "{'module':'http.server','args':['80']} | $D/bin/python3 -u -m http.server 80 | $D",
                "{'code':'print(1)'} | $D/bin/python3 -u -c 'print(1)' | $D",
                "{'code':''} | $D/bin/python3 -u -c '' | $D",
                "{'module':'m','python':'venv/bin/python'} | $D/venv/bin/python -u -m m | $D",
                "{'module':'m','pythonPath':'$D/venv/bin/python'} | $D/venv/bin/python -u -m m | $D",
                "{'module':'m','python':'python3.8'} | $D/bin/python3.8 -u -m m | $D",
                "{'module':'m','python':['python3','-X','dev']} | $D/bin/python3 -X dev -u -m m | $D",
                "{'module':'m','pythonArgs':['-W','error']} | $D/bin/python3 -u -W error -m m | $D",
                "{'module':'m','env':{'VIRTUAL_ENV':'$D/venv'}} | $D/venv/bin/python -u -m m | $D",
                "{'module':'m','env':{'PATH':'$D/venv/bin'}} | $D/venv/bin/python -u -m m | $D",
                "{'program':'tool'} | $D/bin/tool | $D",
                "{'program':'tool','args':'-a \\u0022b c\\u0022'} | $D/bin/tool -a 'b c' | $D",
                "{'program':'here'} | $D/here | $D",
                "{'program':'./here'} | $D/here | $D",
                "{'program':'a b/prög'} | '$D/a b/prög' | $D/a b",
                "{'program':'$D/a b/prög','cwd':'$D'} | '$D/a b/prög' | $D",
                "{'program':'shebang.py','runtime':'process'} | $D/shebang.py | $D",
                "{'program':'shebang.py'} | $D/bin/python3 -u $D/shebang.py | $D",
                "{'program':'data','runtime':'python'} | $D/bin/python3 -u $D/data | $D",
                "{'program':'data','python':'python3'} | $D/bin/python3 -u $D/data | $D",
                "{'program':'pyscript','pythonArgs':[]} | $D/bin/python3 -u $D/pyscript | $D"
            })
    void theCommandAndTheDirectoryAreResolved(String json, String echo, String cwd) {
        LaunchPlan plan = launches.plan(json);
        assertThat(plan.echo()).isEqualTo(launches.text(echo));
        assertThat(plan.workingDirectory()).isEqualTo(Path.of(launches.text(cwd)));
        assertThat(plan.command().get(0)).isEqualTo(plan.executable().toString());
        assertThat(plan.interpreter().isPresent()).isEqualTo(plan.runtime() == TargetRuntime.PYTHON);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "{} | nothing to run: set 'program' (a file), or for Python 'module' (a name) or 'code' (a text)",
                "{'program':null} | nothing to run",
                "{'program':''} | 'program' is empty; it must be the path or name of a file",
                "{'program':'tool','module':'m'} | 'program' and 'module' exclude each other",
                "{'program':'tool','code':'','module':'m'} | 'program' and 'module' and 'code' exclude each other",
                "{'program':'gone.py'} | 'program' $D/gone.py does not exist",
                "{'program':'${file}','runtime':'python'} | the editor has not replaced '${...}' in it",
                "{'program':'~/x.py'} | '~' is not replaced: write the home directory itself",
                "{'program':'dangling','runtime':'python'} | 'program' $D/dangling is a symbolic link to nothing",
                "{'program':'empty'} | 'program' $D/empty is a directory without __main__.py; name a file in it",
                "{'program':'empty','runtime':'python'} | 'program' $D/empty is a directory without __main__.py",
                "{'program':'app','runtime':'process'} | $D/app is a directory; a process needs an executable file",
                "{'program':'nope'} | looked at $D/nope, $D/bin/nope, /nonexistent/bin/nope, $D/nope",
                "{'program':'plain'} | ($D/bin/plain exists but is not executable)",
                "{'program':'./gone'} | 'program' $D/gone does not exist",
                "{'program':'script.sh'} | run chmod +x $D/script.sh, or set \"program\": \"/bin/bash\" and \"args\": [\"-e\", \"$D/script.sh\", ...]",
                "{'program':'noshebang.sh'} | or set \"program\": \"/bin/sh\" and \"args\": [\"$D/noshebang.sh\", ...]",
                "{'program':'pyscript'} | run chmod +x $D/pyscript, or set \"runtime\": \"python\"",
                "{'program':'app/main.py','runtime':'process'} | or set \"runtime\": \"python\"",
                "{'program':'data'} | 'program' $D/data is not executable: run chmod +x $D/data",
                "{'program':'bare'} | 'program' $D/bare is a text without a #! line: add a first line such as #!/bin/sh",
                "{'program':'./windows'} | has Windows line ends, so that its interpreter is not found: run sed -i 's/\\r$//' $D/windows",
                "{'program':'./lost'} | 'program' $D/lost names /no/such/perl in its #! line, which does not exist",
                "{'module':'m','python':'${command:x}'} | the editor has not replaced '${...}' in it",
                "{'program':'${x}'} | the editor has not replaced '${...}' in it",
                "{'program':'/dev/null'} | 'program' /dev/null is not a regular file",
                "{'module':'m','runtime':'process'} | 'module' and runtime \"process\" exclude each other",
                "{'program':'tool','python':'p','runtime':'process'} | 'python' and runtime \"process\" exclude each other",
                "{'module':'m','python':'a','pythonPath':'b'} | 'python' and 'pythonPath' exclude each other",
                "{'module':'m','python':'$D/nope'} | the interpreter 'python' $D/nope does not exist",
                "{'module':'m','python':'nope'} | no interpreter 'nope' on the target's PATH; looked at $D/bin/nope, /nonexistent/bin/nope, $D/nope",
                "{'module':'m','python':'$D/venv'} | $D/venv is a directory; did you mean $D/venv/bin/python?",
                "{'module':'m','pythonPath':'$D/data'} | the interpreter 'pythonPath' $D/data is not executable",
                "{'module':'m','python':[]} | 'python' names no interpreter; its first element must be one",
                "{'module':'m','python':['python3',1]} | python[1] is 1 (a number)",
                "{'module':'m','python':''} | 'python' is empty",
                "{'module':'m','python':'python3 -X dev'} | arguments of the interpreter go into 'pythonArgs'",
                "{'module':'m','python':'/no/python3 -X dev'} | arguments of the interpreter go into 'pythonArgs'",
                "{'program':'nope','env':{'PATH':'/1:/2:/3:/4:/5:/6:/7:/8'}} | /6/nope and 2 more",
                "{'module':'m','env':{'PATH':'/x:/y'}} | no Python interpreter found: set 'python' to one; looked at /x/python3, /y/python3, /x/python, /y/python",
                "{'module':'m','pythonArgs':'-O'} | 'pythonArgs' must be an array of strings; it is \"-O\" (a string)",
                "{'program':'tool','cwd':'gone'} | 'cwd' $D/gone does not exist",
                "{'program':'tool','cwd':'$D/data'} | 'cwd' $D/data is not a directory",
                "{'program':'tool','cwd':3} | 'cwd' must be the path of a directory; it is 3 (a number)",
                "{'program':'tool','cwd':'a\\u0000b'} | 'cwd' has a NUL character at position 2",
                "{'program':'tool','args':'a \\u0027b'} | 'args' has a single quote at position 3 that is never closed",
                "{'program':'tool','args':{}} | 'args' must be an array of strings, numbers and booleans, or a string",
                "{'program':'tool','args':['a',null]} | args[1] is null",
                "{'program':'tool','args':[['a']]} | args[0] is [\"a\"] (an array)",
                "{'program':'tool','runtime':'node'} | 'runtime' must be a string: \"python\" or \"process\"; it is \"node\" (a string)"
            })
    void aFaultIsRefusedWithWhatToDo(String json, String message) {
        List<Problem> problems = launches.problems(json);
        assertThat(problems).as("%s", problems).hasSize(1);
        assertThat(problems.get(0).message()).contains(launches.text(message));
    }

    @Test
    void allFaultsAreToldTogetherTheFirstAtTheHead() {
        LaunchResult.Refused refused =
                (LaunchResult.Refused) launches.parse("{'noDebug':'yes','program':'gone.py','killTree':'x','stdio':5}");
        assertThat(refused.problems())
                .extracting(Problem::attribute)
                .containsExactly("noDebug", "killTree", "stdio", "program");
        assertThat(refused.message())
                .startsWith("'noDebug' must be true or false; it is \"yes\" (a string)\nAlso:\n- 'killTree' must be")
                .endsWith(launches.text("\n- 'program' $D/gone.py does not exist"));
    }

    /** Who mistypes the attribute that matters sees what he has written. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'prgram':'x.py'} | nothing to run: set 'program' (a file), or for Python 'module' (a name) or 'code' (a text)\\nAlso:\\n- unknown attribute 'prgram'; did you mean 'program'?",
                "{'program':'gone.py','frobnicate':1} | \\nAlso:\\n- unknown attribute 'frobnicate'",
                "{'noDebug':'x','program':'gone.py','agrs':[]} | $D/gone.py does not exist\\n- unknown attribute 'agrs'; did you mean 'args'?"
            })
    void aRefusalNamesUnknownAttributes(String json, String end) {
        LaunchResult.Refused refused = (LaunchResult.Refused) launches.parse(json);
        assertThat(refused.message()).endsWith(launches.text(end.replace("\\n", "\n")));
    }

    @Test
    void linesOfCodeAreJoined() {
        assertThat(launches.plan("{'code':['a=1','print(a)'],'args':['x']}").command())
                .containsExactly(launches.text("$D/bin/python3"), "-u", "-c", "a=1\nprint(a)", "x");
    }

    @Test
    void argumentsOfAnArrayAreVerbatim() {
        LaunchPlan plan = launches.plan("{'program':'tool','args':['$HOME','a b','*','',8080,1.50,true]}");
        assertThat(plan.command().subList(1, 8)).containsExactly("$HOME", "a b", "*", "", "8080", "1.50", "true");
    }

    @Test
    void aZipFileWithAMainRunsAsPython() throws IOException {
        for (String name : new String[] {"__main__.py", "other.py"}) {
            try (OutputStream out = Files.newOutputStream(launches.path("zipped"));
                    ZipOutputStream zip = new ZipOutputStream(out)) {
                zip.putNextEntry(new ZipEntry(name));
            }
            if (name.equals("__main__.py")) {
                assertThat(launches.plan("{'program':'zipped'}").runtime()).isEqualTo(TargetRuntime.PYTHON);
            } else {
                assertThat(launches.problems("{'program':'zipped'}").get(0).message())
                        .contains("is not executable");
            }
        }
    }

    @Test
    void theVirtualEnvironmentOfTheAdapterIsUsedUnlessUnset() {
        launches.with("VIRTUAL_ENV", "$D/venv");
        assertThat(launches.plan("{'module':'m'}").executable()).isEqualTo(launches.path("venv/bin/python"));
        assertThat(launches.plan("{'module':'m','env':{'VIRTUAL_ENV':null}}").executable())
                .isEqualTo(launches.path("bin/python3"));
        LaunchResult.Accepted broken = launches.accepted("{'module':'m','env':{'VIRTUAL_ENV':'$D/empty'}}");
        assertThat(broken.plan().executable()).isEqualTo(launches.path("bin/python3"));
        assertThat(broken.warnings()).singleElement().asString().contains("VIRTUAL_ENV is set");
    }

    @Test
    void aNameOnPathAndInTheDirectoryIsToldApart() throws IOException {
        launches.executable("tool");
        LaunchResult.Accepted accepted = launches.accepted("{'program':'tool'}");
        assertThat(accepted.plan().executable()).isEqualTo(launches.path("bin/tool"));
        assertThat(accepted.warnings())
                .containsExactly(
                        launches.text("'program' tool is $D/bin/tool, found on PATH; for $D/tool write ./tool"));
    }

    @Test
    void withoutAPathTheSystemsDirectoriesAreSearched() {
        launches.without("PATH");
        assertThat(launches.plan("{'program':'sh'}").executable()).isIn(Path.of("/usr/bin/sh"), Path.of("/bin/sh"));
    }

    @Test
    void thePlanKeepsTheRawArguments() {
        LaunchPlan plan = launches.plan("{'program':'tool','name':'My tool','args':['a']}");
        assertThat(plan.name()).isEqualTo("My tool");
        assertThat(plan.consoleTitle()).isEqualTo("My tool");
        plan.arguments().remove("args");
        assertThat(plan.arguments().keySet()).containsExactly("program", "name", "args");
    }
}
