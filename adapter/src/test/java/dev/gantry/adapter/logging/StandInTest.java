package dev.gantry.adapter.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaFieldAccess;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class StandInTest {
    private static final String REAL = "java.util.logging";

    /** What would fail in the jar alone, and in a line that hardly ever runs, is found here. */
    @Test
    void hasAllThatTheLibrariesCall() {
        List<String> used = new ArrayList<>();
        for (JavaClass library :
                new ClassFileImporter().importPackages("com.sun.jna", "org.eclipse.lsp4j", "com.google.gson")) {
            for (JavaAccess<?> access : library.getAccessesFromSelf()) {
                if (access.getTargetOwner().getPackageName().startsWith(REAL)) {
                    used.add(access.getTarget().getFullName());
                    assertThatCode(() -> find(access))
                            .as(access.getDescription())
                            .doesNotThrowAnyException();
                }
            }
            library.getDirectDependenciesFromSelf().stream()
                    .map(dependency -> dependency.getTargetClass().getBaseComponentType())
                    .filter(target -> target.getPackageName().startsWith(REAL))
                    .forEach(target -> assertThatCode(() -> standIn(target.getName()))
                            .as(library.getName())
                            .doesNotThrowAnyException());
        }
        assertThat(used).isNotEmpty();
    }

    private static Object find(JavaAccess<?> access) throws ReflectiveOperationException {
        Class<?> owner = standIn(access.getTargetOwner().getName());
        if (access instanceof JavaFieldAccess) {
            return owner.getField(access.getTarget().getName());
        }
        List<Class<?>> parameters = new ArrayList<>();
        for (JavaClass parameter : ((com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget)
                        access.getTarget())
                .getRawParameterTypes()) {
            parameters.add(parameter.getName().startsWith(REAL) ? standIn(parameter.getName()) : parameter.reflect());
        }
        return owner.getMethod(access.getTarget().getName(), parameters.toArray(new Class<?>[0]));
    }

    private static Class<?> standIn(String name) throws ClassNotFoundException {
        return Class.forName(Logger.class.getPackageName() + name.substring(REAL.length()));
    }

    @Test
    void saysWarningsOnly() {
        PrintStream before = System.err;
        ByteArrayOutputStream said = new ByteArrayOutputStream();
        System.setErr(new PrintStream(said, true, StandardCharsets.UTF_8));
        try {
            Logger logger = Logger.getLogger("a.b");
            logger.fine("no");
            logger.log(Level.INFO, "no {0}", 1);
            logger.warning("yes");
            logger.log(Level.SEVERE, "{0} and {1}", new Object[] {"this", 2});
            logger.log(Level.WARNING, "isn't a pattern", "a value");
            logger.log(Level.WARNING, "broken {0", "a value");
            logger.log(Level.WARNING, "with", new IllegalStateException("its cause"));
        } finally {
            System.setErr(before);
        }
        assertThat(said.toString(StandardCharsets.UTF_8))
                .startsWith(
                        "WARNING a.b: yes\nSEVERE a.b: this and 2\nWARNING a.b: isn't a pattern\nWARNING a.b: broken {0\nWARNING a.b: with\n")
                .contains("IllegalStateException: its cause")
                .doesNotContain("no");
    }
}
