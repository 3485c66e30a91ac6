package dev.gantry.adapter.agent;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** The agent's sources as the jar holds them; the build lists them and makes their hash. Any thread. */
final class AgentSources {
    private static final String DIRECTORY = "/gantry_agent/";
    private static final String INDEX = "index.txt";

    private final String hash;
    private final List<String> names;

    private AgentSources(String hash, List<String> names) {
        this.hash = hash;
        this.names = names;
    }

    /** Of all of them: the same for the same sources only. */
    String hash() {
        return hash;
    }

    List<String> names() {
        return names;
    }

    static AgentSources load() throws IOException {
        List<String> lines =
                new String(resource(INDEX), StandardCharsets.UTF_8).lines().toList();
        return new AgentSources(lines.get(0), lines.subList(1, lines.size()));
    }

    byte[] content(String name) throws IOException {
        return resource(name);
    }

    private static byte[] resource(String name) throws IOException {
        try (InputStream in = AgentSources.class.getResourceAsStream(DIRECTORY + name)) {
            if (in == null) {
                throw new FileNotFoundException("gantry.jar has no " + DIRECTORY + name + "; build it again");
            }
            return in.readAllBytes();
        }
    }
}
