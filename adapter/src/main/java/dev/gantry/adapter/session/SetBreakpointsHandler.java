package dev.gantry.adapter.session;

import com.google.gson.JsonArray;

/** Breakpoints of any kind in a program that is not debugged: each is answered as not verified, with the reason. */
final class SetBreakpointsHandler implements Handler {
    private static final String WHY = "Gantry runs this program without debugging it: breakpoints are not hit";

    private final String listName;

    /** @param listName the argument that holds the breakpoints */
    SetBreakpointsHandler(String listName) {
        this.listName = listName;
    }

    @Override
    public void handle(Request request, Reply reply) {
        JsonArray breakpoints = new JsonArray();
        for (int i = request.arraySize(listName); i > 0; i--) {
            breakpoints.add(Bodies.object("verified", false, "message", WHY, "reason", "failed"));
        }
        reply.success(Bodies.object("breakpoints", breakpoints));
    }
}
