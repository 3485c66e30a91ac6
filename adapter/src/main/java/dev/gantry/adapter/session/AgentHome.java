package dev.gantry.adapter.session;

import java.io.IOException;
import java.nio.file.Path;

/** Where the agent's files are. */
@FunctionalInterface
public interface AgentHome {
    /** Puts them there if need be; quick where they are. Called on the reactor's thread. */
    Path directory() throws IOException;
}
