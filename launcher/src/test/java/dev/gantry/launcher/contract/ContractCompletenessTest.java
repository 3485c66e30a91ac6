package dev.gantry.launcher.contract;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/** The contract has a test for every row, and every backend is put to all of it. */
class ContractCompletenessTest {
    private static Set<Class<?>> themes(Class<?>... backendTests) {
        return Arrays.stream(backendTests)
                .flatMap(backendTest -> Arrays.stream(backendTest.getDeclaredClasses()))
                .<Class<?>>map(Class::getSuperclass)
                .filter(BackendContract.class::isAssignableFrom)
                .collect(Collectors.toSet());
    }

    private static Stream<Method> tests(Class<?> theme) {
        return Arrays.stream(theme.getDeclaredMethods())
                .filter(method ->
                        method.isAnnotationPresent(Test.class) || method.isAnnotationPresent(ParameterizedTest.class));
    }

    @Test
    void everyRowHasATest() {
        Set<Row> shown = EnumSet.noneOf(Row.class);
        themes(PortableContractTest.class).stream()
                .flatMap(ContractCompletenessTest::tests)
                .forEach(method -> shown.addAll(
                        Arrays.asList(method.getAnnotation(Shows.class).value())));
        assertThat(shown).containsExactlyInAnyOrder(Row.values());
    }

    @Test
    void everyTestOfTheContractShowsARow() {
        assertThat(themes(PortableContractTest.class))
                .allSatisfy(theme -> assertThat(tests(theme))
                        .allSatisfy(method -> assertThat(method.getAnnotation(Shows.class))
                                .as(method.toString())
                                .isNotNull()));
    }

    @Test
    void everyBackendIsPutToAllThemes() {
        Set<Class<?>> all = themes(PortableContractTest.class);
        assertThat(themes(LinuxContractTest.class)).isEqualTo(all);
        assertThat(themes(WindowsContractTest.class, WindowsStressTest.class)).isEqualTo(all);
    }
}
