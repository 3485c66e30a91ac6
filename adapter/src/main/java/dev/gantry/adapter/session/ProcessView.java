package dev.gantry.adapter.session;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import dev.gantry.adapter.debuggee.Debuggee;
import dev.gantry.launcher.ProcessInfo;

/**
 * What a paused program shows of itself without a debugger: {@code stackTrace} has one frame, the process; its one scope lists what
 * the system knows of it. Clients that expect a frame at every stop have one.
 */
final class ProcessView {
    private static final int FRAME_ID = 1;
    private static final int SCOPE_REFERENCE = 1;

    private final Session session;

    ProcessView(Session session) {
        this.session = session;
    }

    void stackTrace(Request request, Reply reply) {
        request.checkThread();
        JsonArray frames = new JsonArray();
        if (request.integer("startFrame").orElse(0) <= 0) {
            frames.add(Bodies.object(
                    "id",
                    FRAME_ID,
                    "name",
                    session.run().threadName(),
                    "line",
                    0,
                    "column",
                    0,
                    "presentationHint",
                    "label"));
        }
        reply.success(Bodies.object("stackFrames", frames, "totalFrames", 1));
    }

    void scopes(Request request, Reply reply) {
        int frame = request.requiredInteger("frameId");
        if (frame != FRAME_ID) {
            throw new BadRequestException(Failures.staleReference("frame", frame));
        }
        JsonArray scopes = new JsonArray();
        scopes.add(Bodies.object("name", "Process", "variablesReference", SCOPE_REFERENCE, "expensive", false));
        reply.success(Bodies.object("scopes", scopes));
    }

    void variables(Request request, Reply reply) {
        int reference = request.requiredInteger("variablesReference");
        if (reference != SCOPE_REFERENCE) {
            throw new BadRequestException(Failures.staleReference("variablesReference", reference));
        }
        Debuggee target = session.run().target();
        JsonArray rows = new JsonArray();
        rows.add(row("command", target.plan().echo()));
        rows.add(row("working directory", target.plan().workingDirectory().toString()));
        for (ProcessInfo process : target.tree()) {
            rows.add(row("pid " + process.pid(), describe(process)));
        }
        int start = Math.min(Math.max(request.integer("start").orElse(0), 0), rows.size());
        int count = request.integer("count").orElse(0);
        int end = count <= 0 ? rows.size() : (int) Math.min((long) start + count, rows.size());
        reply.success(Bodies.object("variables", slice(rows, start, end)));
    }

    private static String describe(ProcessInfo process) {
        return process.command() + " (state " + process.state() + ", " + process.residentBytes() / 1024
                + " KiB resident, " + process.cpuTime().toMillis() + " ms CPU, parent " + process.parentPid() + ")";
    }

    private static JsonObject row(String name, String value) {
        return Bodies.object("name", name, "value", value, "variablesReference", 0);
    }

    private static JsonArray slice(JsonArray rows, int start, int end) {
        JsonArray part = new JsonArray();
        for (int i = start; i < end; i++) {
            part.add(rows.get(i));
        }
        return part;
    }
}
