package dev.gantry.adapter.session;

import java.io.IOException;
import java.nio.file.Path;

/** Where the agent's files are. Called on the reactor's thread; quick where nothing has to be written. */
public interface AgentHome {
    /** Puts them there if need be. */
    Path directory() throws IOException;

    /** After an agent that was never heard: writes anew what is damaged; whether something was. */
    boolean repair() throws IOException;
}
