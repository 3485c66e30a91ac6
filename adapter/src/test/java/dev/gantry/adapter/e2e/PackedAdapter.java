package dev.gantry.adapter.e2e;

import dev.gantry.fixtures.Os;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * This test's classes as users have the adapter's: in jars, and with an archive of what a session loads, which nearly halves the work of
 * a start. Made once in a JVM, at the first use, on that thread; the files go when the JVM ends. Not under Wine: plain classes there.
 */
public final class PackedAdapter {
    private static final PackedAdapter ONLY = make(System.getProperty("java.class.path"));

    private final String classPath;
    private final List<String> options;

    private PackedAdapter(String classPath, List<String> options) {
        this.classPath = classPath;
        this.options = options;
    }

    public static String classPath() {
        return ONLY.classPath;
    }

    /** Those of the JVM. */
    public static List<String> options() {
        return ONLY.options;
    }

    private static PackedAdapter make(String classPath) {
        if (Os.isWindows()) {
            return new PackedAdapter(classPath, List.of());
        }
        try {
            Path directory = Files.createTempDirectory("gantry-packed-");
            directory.toFile().deleteOnExit();
            String packed = pack(classPath, directory);
            Path archive = directory.resolve("session.jsa");
            archive.toFile().deleteOnExit();
            runSession(packed, archive);
            return new PackedAdapter(packed, List.of("-XX:SharedArchiveFile=" + archive));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String pack(String classPath, Path directory) throws IOException {
        List<String> packed = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator, -1)) {
            Path path = Path.of(entry);
            packed.add(
                    Files.isDirectory(path)
                            ? pack(path, directory.resolve("classes" + packed.size() + ".jar"))
                            : entry);
        }
        return String.join(File.pathSeparator, packed);
    }

    private static String pack(Path classes, Path jar) throws IOException {
        jar.toFile().deleteOnExit();
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(classes)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                out.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
                Files.copy(file, out);
            }
        }
        return jar.toString();
    }

    /** The adapter writes the archive at its end. */
    private static void runSession(String classPath, Path archive) {
        AdapterCommand command = AdapterCommand.of(classPath, List.of("-XX:ArchiveClassesAtExit=" + archive));
        try (AdapterProcess adapter = AdapterProcess.start(command)) {
            adapter.initialize();
            adapter.launch(Json.launching(List.of("/bin/echo", "a line")));
            adapter.awaitTerminated();
            adapter.client().ask("disconnect", null);
            adapter.awaitExit();
        }
        if (!Files.exists(archive)) {
            throw new IllegalStateException("the adapter made no archive of its classes at " + archive);
        }
    }
}
