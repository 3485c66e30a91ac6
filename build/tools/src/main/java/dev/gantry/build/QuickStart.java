package dev.gantry.build;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/**
 * Changes a jar so that programs in it start sooner, and do the same: {@code QuickStart FILE.jar}.
 *
 * <p>A lambda becomes a class of its own ({@link LambdaClasses}): linking one where it is first met took 0.2 ms, even from an archive of
 * classes, and a start meets some two hundred; loading a class from such an archive takes 0.02. Classes in the formats before Java 7 are written anew in that of
 * Java 8: they are verified by inference otherwise, and no archive takes those of Java 5.
 */
public final class QuickStart {
    private static final int FIRST_WITH_FRAMES = Opcodes.V1_7;

    private QuickStart() {}

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            throw new IllegalArgumentException("usage: QuickStart FILE.jar");
        }
        Path jar = Path.of(arguments[0]);
        Path changed = jar.resolveSibling(jar.getFileName() + ".quick");
        try {
            System.out.println(change(jar, changed));
            Files.move(changed, jar, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(changed);
        }
    }

    /** Writes the changed jar, in the order and with the times of the first one. Returns what was done, in words. */
    static String change(Path from, Path to) throws IOException {
        Map<String, byte[]> classes = new LinkedHashMap<>();
        int upgraded = 0;
        LambdaClasses lambdas = new LambdaClasses();
        try (ZipFile jar = new ZipFile(from.toFile());
                URLClassLoader loader =
                        new URLClassLoader(new URL[] {from.toUri().toURL()}, null)) {
            List<ZipEntry> entries = new ArrayList<>(jar.stream().toList());
            for (ZipEntry entry : entries) {
                if (isClass(entry)) {
                    byte[] bytes = read(jar, entry);
                    if (new ClassReader(bytes).readUnsignedShort(6) < FIRST_WITH_FRAMES) {
                        bytes = inNewFormat(bytes, loader);
                        upgraded++;
                    }
                    classes.put(entry.getName(), bytes);
                }
            }
            Map<String, List<LambdaClasses.Made>> made = lambdas.change(classes);
            try (OutputStream file = Files.newOutputStream(to);
                    ZipOutputStream out = new ZipOutputStream(file)) {
                for (ZipEntry entry : entries) {
                    byte[] bytes =
                            classes.containsKey(entry.getName()) ? classes.get(entry.getName()) : read(jar, entry);
                    put(out, entry.getName(), entry, bytes);
                    for (LambdaClasses.Made one : made.getOrDefault(entry.getName(), List.of())) {
                        put(out, one.name() + ".class", entry, one.bytes());
                    }
                }
            }
        }
        return lambdas.count() + " lambdas are classes, " + lambdas.left() + " are as they were, " + upgraded
                + " classes have a newer format";
    }

    /** Not those for newer versions of Java: the same name may be there twice. */
    private static boolean isClass(ZipEntry entry) {
        return entry.getName().endsWith(".class")
                && !entry.getName().startsWith("META-INF/")
                && !entry.getName().endsWith("module-info.class");
    }

    private static byte[] read(ZipFile jar, ZipEntry entry) throws IOException {
        try (InputStream in = jar.getInputStream(entry)) {
            return in.readAllBytes();
        }
    }

    private static void put(ZipOutputStream out, String name, ZipEntry like, byte[] bytes) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(like.getTimeLocal());
        if (entry.isDirectory()) {
            entry.setMethod(ZipEntry.STORED);
            entry.setSize(0);
            entry.setCrc(0);
        }
        out.putNextEntry(entry);
        out.write(bytes);
        out.closeEntry();
    }

    private static byte[] inNewFormat(byte[] bytes, ClassLoader loader) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES) {
            @Override
            protected ClassLoader getClassLoader() {
                return loader;
            }
        };
        reader.accept(
                new org.objectweb.asm.ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visit(
                            int version,
                            int access,
                            String name,
                            String signature,
                            String parent,
                            String[] interfaces) {
                        super.visit(Opcodes.V1_8, access, name, signature, parent, interfaces);
                    }
                },
                ClassReader.SKIP_FRAMES);
        return writer.toByteArray();
    }
}
