package dev.gantry.adapter.cli;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gantry.adapter.agent.AgentFiles;
import dev.gantry.adapter.config.Platform;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code gantry doctor}. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        versionProvider = Version.class,
        sortOptions = false,
        description = {
            "Looks at this machine and says what works, what works with less, and what to do about it.",
            "",
            "It starts nothing but the interpreters that it finds, each for its version."
        },
        optionListHeading = "%nOptions:%n",
        exitCodeListHeading = "%nExit status:%n",
        exitCodeList = {"0:everything needed works", "1:something needed does not"})
final class DoctorCommand implements Callable<Integer> {
    @Spec
    private @Nullable CommandSpec spec;

    @Option(names = "--json", description = "Print the findings as JSON.")
    private boolean json;

    @Override
    public Integer call() {
        List<Finding> findings = findings(Platform.current().asLookedUp(System.getenv()));
        boolean works = findings.stream().noneMatch(finding -> finding.verdict() == Finding.Verdict.BROKEN);
        PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
        String report = json ? json(findings, works) : text(findings, works);
        out.print(withLineEnds(report, System.lineSeparator()));
        out.flush();
        return works ? 0 : 1;
    }

    private static List<Finding> findings(Map<String, String> environment) {
        Findings findings = new Findings();
        HostFindings.addTo(findings, environment.getOrDefault("PATH", ""));
        findings.addAll(
                "Processes",
                "backends",
                Finding.Verdict.BROKEN,
                () -> BackendFindings.of(KnownBackends.all(), Platform.current()));
        findings.addAll("Python", "interpreters", Finding.Verdict.LIMITED, () -> PythonFindings.all(environment));
        findings.add("Debugging", "agent's files", () -> DebugFindings.files(AgentFiles.shared()));
        return findings.all();
    }

    /** Line ends as those of everything else that the command line prints. */
    static String withLineEnds(String report, String lineEnd) {
        return report.replace("\n", lineEnd);
    }

    static String text(List<Finding> findings, boolean works) {
        int width = findings.stream()
                .mapToInt(finding -> finding.name().length())
                .max()
                .orElse(0);
        StringBuilder text = new StringBuilder();
        String area = "";
        for (Finding finding : findings) {
            if (!finding.area().equals(area)) {
                area = finding.area();
                text.append(text.length() == 0 ? "" : "\n").append(area).append('\n');
            }
            text.append(mark(finding.verdict()))
                    .append(finding.name())
                    .append(" ".repeat(width - finding.name().length() + 2))
                    .append(finding.value())
                    .append('\n');
            if (!finding.advice().isEmpty()) {
                text.append("      ").append(finding.advice()).append('\n');
            }
        }
        return text.append(works ? "\nEverything needed works.\n" : "\nGantry does not work here.\n")
                .toString();
    }

    private static String mark(Finding.Verdict verdict) {
        return switch (verdict) {
            case OK -> "    ";
            case LIMITED -> "  ~ ";
            case BROKEN -> "  ! ";
        };
    }

    private static String json(List<Finding> findings, boolean works) {
        JsonArray array = new JsonArray();
        findings.forEach(finding -> array.add(finding.toJson()));
        JsonObject object = new JsonObject();
        object.addProperty("works", works);
        object.add("findings", array);
        return new GsonBuilder()
                        .setPrettyPrinting()
                        .disableHtmlEscaping()
                        .create()
                        .toJson(object) + "\n";
    }
}
