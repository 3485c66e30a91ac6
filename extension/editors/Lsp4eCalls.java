import com.google.gson.Gson;
import com.google.gson.reflect.TypeToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.eclipse.lsp4j.debug.ConfigurationDoneArguments;
import org.eclipse.lsp4j.debug.ContinueArguments;
import org.eclipse.lsp4j.debug.DisconnectArguments;
import org.eclipse.lsp4j.debug.ExitedEventArguments;
import org.eclipse.lsp4j.debug.InitializeRequestArguments;
import org.eclipse.lsp4j.debug.NextArguments;
import org.eclipse.lsp4j.debug.OutputEventArguments;
import org.eclipse.lsp4j.debug.ScopesArguments;
import org.eclipse.lsp4j.debug.SetBreakpointsArguments;
import org.eclipse.lsp4j.debug.Source;
import org.eclipse.lsp4j.debug.SourceBreakpoint;
import org.eclipse.lsp4j.debug.StackFrame;
import org.eclipse.lsp4j.debug.StackTraceArguments;
import org.eclipse.lsp4j.debug.StoppedEventArguments;
import org.eclipse.lsp4j.debug.TerminatedEventArguments;
import org.eclipse.lsp4j.debug.VariablesArguments;
import org.eclipse.lsp4j.debug.launch.DSPLauncher;
import org.eclipse.lsp4j.debug.services.IDebugProtocolClient;
import org.eclipse.lsp4j.debug.services.IDebugProtocolServer;
import org.eclipse.lsp4j.jsonrpc.Launcher;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The round with LSP4J, the library that Eclipse's LSP4E speaks the protocol with, and with Eclipse's .launch files: what LSP4E does
 * with them, call by call, without an Eclipse. The main thread asks; events come on LSP4J's own, and wait here.
 */
final class Lsp4eCalls implements IDebugProtocolClient {
    private static final Path PROGRAM = Path.of(System.getenv("GANTRY_ROUND_PROGRAM"));
    private static final int LINE = Integer.parseInt(System.getenv("GANTRY_ROUND_LINE"));
    private static final String WRITTEN = "the answer is 42\nand that is all\n";

    private final CompletableFuture<Void> initialized = new CompletableFuture<>();
    private final CompletableFuture<Integer> exited = new CompletableFuture<>();
    private final CompletableFuture<Void> terminated = new CompletableFuture<>();
    private final BlockingQueue<StoppedEventArguments> stops = new LinkedBlockingQueue<>();
    private final StringBuffer stdout = new StringBuffer();
    private final StringBuffer console = new StringBuffer();
    private int stoppedThread;

    @Override
    public void initialized() {
        initialized.complete(null);
    }

    @Override
    public void stopped(StoppedEventArguments arguments) {
        stops.add(arguments);
    }

    @Override
    public void output(OutputEventArguments arguments) {
        ("stdout".equals(arguments.getCategory()) ? stdout : console).append(arguments.getOutput());
    }

    @Override
    public void exited(ExitedEventArguments arguments) {
        exited.complete(arguments.getExitCode());
    }

    @Override
    public void terminated(TerminatedEventArguments arguments) {
        terminated.complete(null);
    }

    private static void say(String text) throws IOException {
        Path report = Path.of(System.getenv("GANTRY_ROUND_REPORT"));
        Files.writeString(report, text + "\n", StandardOpenOption.APPEND);
    }

    private static void check(boolean fine, String problem) {
        if (!fine) {
            throw new IllegalStateException(problem);
        }
    }

    private static <T> T get(Future<T> answer) throws Exception {
        return answer.get(60, TimeUnit.SECONDS);
    }

    /** The value, or the values, of a key of a .launch file. */
    private static List<String> attribute(Path file, String key) throws Exception {
        var document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
        List<String> values = new ArrayList<>();
        for (String kind : List.of("stringAttribute", "listAttribute")) {
            NodeList attributes = document.getElementsByTagName(kind);
            for (int i = 0; i < attributes.getLength(); i++) {
                Element attribute = (Element) attributes.item(i);
                if (attribute.getAttribute("key").endsWith("." + key)) {
                    NodeList entries = attribute.getElementsByTagName("listEntry");
                    Stream.iterate(0, n -> n < entries.getLength(), n -> n + 1)
                            .forEach(n -> values.add(((Element) entries.item(n)).getAttribute("value")));
                    values.add(attribute.getAttribute("value"));
                }
            }
        }
        values.removeIf(String::isEmpty);
        check(!values.isEmpty(), file + " has no " + key);
        return values;
    }

    /** What Eclipse makes of its variables. LSP4E does so in the launch parameters alone. */
    private static String substituted(String text) {
        return text.replace("${resource_loc}", PROGRAM.toString())
                .replace("${container_loc}", PROGRAM.getParent().toString())
                .replace("${env_var:GANTRY_HOME}", System.getenv("GANTRY_HOME"));
    }

    private IDebugProtocolServer connect(Process adapter) throws Exception {
        Launcher<IDebugProtocolServer> launcher =
                DSPLauncher.createClientLauncher(this, adapter.getInputStream(), adapter.getOutputStream());
        launcher.startListening();
        IDebugProtocolServer server = launcher.getRemoteProxy();
        InitializeRequestArguments arguments = new InitializeRequestArguments();
        arguments.setClientID("lsp4e.debug");
        arguments.setAdapterID("gantry");
        arguments.setPathFormat("path");
        arguments.setSupportsVariableType(true);
        arguments.setSupportsVariablePaging(true);
        arguments.setLinesStartAt1(true);
        arguments.setColumnsStartAt1(true);
        arguments.setSupportsRunInTerminalRequest(true);
        get(server.initialize(arguments));
        return server;
    }

    private static Process start(Path file) throws Exception {
        List<String> command = new ArrayList<>(attribute(file, "ATTR_DSP_CMD"));
        command.addAll(attribute(file, "ATTR_DSP_ARGS"));
        return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    }

    private static Map<String, Object> parameters(Path file, boolean noDebug) throws Exception {
        String text = substituted(attribute(file, "ATTR_DSP_PARAM").get(0));
        Map<String, Object> parameters = new Gson().fromJson(text, new TypeToken<Map<String, Object>>() {}.getType());
        parameters.put("noDebug", noDebug);
        return parameters;
    }

    private StackFrame frameOfNextStop(IDebugProtocolServer server) throws Exception {
        StoppedEventArguments stop = stops.poll(60, TimeUnit.SECONDS);
        check(stop != null, "waited in vain for a stop");
        get(server.threads());
        StackTraceArguments arguments = new StackTraceArguments();
        arguments.setThreadId(stop.getThreadId());
        arguments.setStartFrame(0);
        arguments.setLevels(20);
        stoppedThread = stop.getThreadId();
        return get(server.stackTrace(arguments)).getStackFrames()[0];
    }

    private static String local(IDebugProtocolServer server, StackFrame frame, String name) throws Exception {
        ScopesArguments scopes = new ScopesArguments();
        scopes.setFrameId(frame.getId());
        VariablesArguments variables = new VariablesArguments();
        variables.setVariablesReference(get(server.scopes(scopes)).getScopes()[0].getVariablesReference());
        for (var variable : get(server.variables(variables)).getVariables()) {
            if (variable.getName().equals(name)) {
                return variable.getValue();
            }
        }
        return "not there";
    }

    private static SetBreakpointsArguments breakpoint() {
        Source source = new Source();
        source.setName(PROGRAM.getFileName().toString());
        source.setPath(PROGRAM.toString());
        SourceBreakpoint breakpoint = new SourceBreakpoint();
        breakpoint.setLine(LINE);
        SetBreakpointsArguments arguments = new SetBreakpointsArguments();
        arguments.setSource(source);
        arguments.setBreakpoints(new SourceBreakpoint[] {breakpoint});
        arguments.setLines(new int[] {LINE});
        return arguments;
    }

    private void end(Process adapter, IDebugProtocolServer server) throws Exception {
        get(exited);
        DisconnectArguments arguments = new DisconnectArguments();
        arguments.setTerminateDebuggee(true);
        get(server.disconnect(arguments));
        get(terminated);
        adapter.getOutputStream().close();
        check(adapter.waitFor(60, TimeUnit.SECONDS), "the adapter outlives its client");
    }

    private void debug(Path file) throws Exception {
        Process adapter = start(file);
        IDebugProtocolServer server = connect(adapter);
        get(server.launch(parameters(file, false)));
        get(initialized);
        get(server.setBreakpoints(breakpoint()));
        get(server.configurationDone(new ConfigurationDoneArguments()));
        StackFrame frame = frameOfNextStop(server);
        say("stopped at line " + frame.getLine());
        say("local answer = " + local(server, frame, "answer"));
        NextArguments next = new NextArguments();
        next.setThreadId(stoppedThread);
        get(server.next(next));
        say("stepped to line " + frameOfNextStop(server).getLine());
        ContinueArguments go = new ContinueArguments();
        go.setThreadId(stoppedThread);
        get(server.continue_(go));
        end(adapter, server);
        check(WRITTEN.contentEquals(stdout), "the output is " + stdout);
        say("output seen");
        // LSP4E drops the event's code; what its user sees is the line in the console.
        check(console.indexOf("exit code " + get(exited) + " after") >= 0, "the console shows " + console);
        say("exit code " + get(exited));
        say("session ended");
    }

    /** In run mode LSP4E sends neither breakpoints nor configurationDone. */
    private void run(Path file) throws Exception {
        Process adapter = start(file);
        IDebugProtocolServer server = connect(adapter);
        get(server.launch(parameters(file, true)));
        end(adapter, server);
        check(WRITTEN.contentEquals(stdout) && get(exited) == 3, file + ": " + stdout + console);
    }

    private static void runExternalTool(Path file) throws Exception {
        List<String> command = new ArrayList<>(List.of(substituted(attribute(file, "ATTR_LOCATION").get(0))));
        for (String word : attribute(file, "ATTR_TOOL_ARGUMENTS").get(0).split(" ")) {
            command.add(substituted(word.replace("\"", "")));
        }
        Process tool = new ProcessBuilder(command)
                .directory(Path.of(substituted(attribute(file, "ATTR_WORKING_DIRECTORY").get(0))).toFile())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        tool.getOutputStream().close();
        String output = new String(tool.getInputStream().readAllBytes(), "UTF-8");
        check(tool.waitFor() == 3 && output.equals(WRITTEN), file + ": " + tool.waitFor() + ", " + output);
    }

    public static void main(String[] arguments) throws IOException {
        Path files = Path.of(arguments[0]);
        int status = 0;
        try {
            new Lsp4eCalls().debug(files.resolve("gantry-debug.launch"));
            new Lsp4eCalls().run(files.resolve("gantry-run.launch"));
            runExternalTool(files.resolve("gantry-external-tool.launch"));
        } catch (Exception e) {
            e.printStackTrace();
            say("FAILED: " + e);
            status = 1;
        }
        System.exit(status);
    }
}
