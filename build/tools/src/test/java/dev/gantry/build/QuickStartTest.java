package dev.gantry.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.commons.Method;

class QuickStartTest {
    private static final LocalDateTime TIME = LocalDateTime.of(2020, 2, 4, 6, 8, 10);

    @TempDir
    Path directory;

    @Test
    void whatLambdasGiveIsTheSame() throws Exception {
        Path jar = jar(samples());
        String before = result(jar);
        String told = QuickStart.change(jar, directory.resolve("changed.jar"));
        // super::name and the serializable one.
        assertThat(told).contains("lambdas are classes, 2 are as they were, 0 classes");
        assertThat(result(directory.resolve("changed.jar")))
                .isEqualTo(before)
                .contains("[run, consumed, 1:22],private x,of the superclass,protected,made");
    }

    @Test
    void theOrderAndTheTimesStayAndTheResultIsTheSameEachTime() throws Exception {
        Path jar = jar(samples());
        String unused = QuickStart.change(jar, directory.resolve("one.jar"));
        unused = QuickStart.change(jar, directory.resolve("two.jar"));
        assertThat(directory.resolve("one.jar")).hasSameBinaryContentAs(directory.resolve("two.jar"));
        try (ZipFile changed = new ZipFile(directory.resolve("one.jar").toFile());
                ZipFile first = new ZipFile(jar.toFile())) {
            assertThat(changed.stream().map(ZipEntry::getTimeLocal)).containsOnly(TIME);
            assertThat(changed.stream().map(ZipEntry::getName).filter(name -> !name.contains("$$L")))
                    .containsExactlyElementsOf(
                            first.stream().map(ZipEntry::getName).toList());
        }
    }

    @Test
    void anOldClassIsWrittenInANewFormat() throws Exception {
        ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
        writer.visit(Opcodes.V1_5, Opcodes.ACC_PUBLIC, "Old", null, "java/lang/Object", new String[] {
            "java/util/function/Supplier"
        });
        GeneratorAdapter constructor =
                new GeneratorAdapter(Opcodes.ACC_PUBLIC, new Method("<init>", "()V"), null, null, writer);
        constructor.loadThis();
        constructor.invokeConstructor(Type.getType(Object.class), new Method("<init>", "()V"));
        constructor.returnValue();
        constructor.endMethod();
        GeneratorAdapter get =
                new GeneratorAdapter(Opcodes.ACC_PUBLIC, new Method("get", "()Ljava/lang/Object;"), null, null, writer);
        org.objectweb.asm.Label other = get.newLabel();
        get.loadThis();
        get.ifNull(other);
        get.push("branched");
        get.returnValue();
        get.mark(other);
        get.push("never");
        get.returnValue();
        get.endMethod();
        writer.visitEnd();
        Files.write(directory.resolve("Old.class"), writer.toByteArray());
        Path jar = jar(List.of(directory.resolve("Old.class")));
        assertThat(QuickStart.change(jar, directory.resolve("changed.jar"))).endsWith("1 classes have a newer format");
        try (ZipFile changed = new ZipFile(directory.resolve("changed.jar").toFile())) {
            byte[] bytes = changed.getInputStream(changed.getEntry("Old.class")).readAllBytes();
            assertThat(new ClassReader(bytes).readUnsignedShort(6)).isEqualTo(Opcodes.V1_8);
        }
        assertThat(run(directory.resolve("changed.jar"), "Old")).isEqualTo("branched");
    }

    @Test
    void theJarIsChangedInPlace() throws Exception {
        Path jar = jar(samples());
        QuickStart.main(new String[] {jar.toString()});
        assertThat(result(jar)).contains("nested 5");
        try (Stream<Path> files = Files.list(directory)) {
            assertThat(files).containsExactly(jar);
        }
    }

    private static List<Path> samples() throws Exception {
        Path classes = Path.of(QuickStartTest.class
                .getProtectionDomain()
                .getCodeSource()
                .getLocation()
                .toURI());
        try (Stream<Path> files = Files.list(classes.resolve("dev/gantry/build"))) {
            return files.filter(file -> file.getFileName().toString().matches("(Samples.*|Base)\\.class"))
                    .sorted()
                    .toList();
        }
    }

    private Path jar(List<Path> classes) throws IOException {
        Path jar = directory.resolve("some.jar");
        try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
            for (Path file : classes) {
                String folder = file.startsWith(directory) ? "" : "dev/gantry/build/";
                ZipEntry entry = new ZipEntry(folder + file.getFileName());
                entry.setTimeLocal(TIME);
                out.putNextEntry(entry);
                out.write(Files.readAllBytes(file));
            }
        }
        return jar;
    }

    private static String result(Path jar) throws Exception {
        return run(jar, "dev.gantry.build.Samples");
    }

    private static String run(Path jar, String name) throws Exception {
        try (URLClassLoader loader = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
            Object made = loader.loadClass(name).getConstructor().newInstance();
            return String.valueOf(((Supplier<?>) made).get());
        }
    }
}
