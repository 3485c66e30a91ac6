package dev.gantry.adapter.cli;

import com.google.gson.JsonObject;

/**
 * One thing that {@code gantry doctor} found out.
 *
 * @param area the heading that it belongs under
 * @param name what was looked at
 * @param verdict whether it is well
 * @param value what it is
 * @param advice what to do; empty if there is nothing to do
 */
record Finding(String area, String name, Verdict verdict, String value, String advice) {
    enum Verdict {
        /** Works. */
        OK,
        /** Works with less. */
        LIMITED,
        /** Gantry cannot do its work. */
        BROKEN
    }

    static Finding ok(String area, String name, String value) {
        return new Finding(area, name, Verdict.OK, value, "");
    }

    static Finding limited(String area, String name, String value, String advice) {
        return new Finding(area, name, Verdict.LIMITED, value, advice);
    }

    static Finding broken(String area, String name, String value, String advice) {
        return new Finding(area, name, Verdict.BROKEN, value, advice);
    }

    JsonObject toJson() {
        JsonObject object = new JsonObject();
        object.addProperty("area", area);
        object.addProperty("name", name);
        object.addProperty("verdict", verdict.name().toLowerCase(java.util.Locale.ROOT));
        object.addProperty("value", value);
        if (!advice.isEmpty()) {
            object.addProperty("advice", advice);
        }
        return object;
    }
}
