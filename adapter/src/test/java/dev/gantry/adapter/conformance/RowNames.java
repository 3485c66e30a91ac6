package dev.gantry.adapter.conformance;

import java.lang.reflect.Method;
import java.util.List;
import org.junit.jupiter.api.DisplayNameGenerator;

/** The name that a {@link Row} is shown by: its subject, and whom it is about. */
final class RowNames extends DisplayNameGenerator.Standard {
    @Override
    public String generateDisplayNameForMethod(List<Class<?>> enclosing, Class<?> testClass, Method method) {
        Row row = method.getAnnotation(Row.class);
        return row == null
                ? super.generateDisplayNameForMethod(enclosing, testClass, method)
                : row.value() + " (" + row.clients() + ")";
    }
}
