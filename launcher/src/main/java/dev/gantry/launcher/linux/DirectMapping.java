package dev.gantry.launcher.linux;

import com.sun.jna.FromNativeConverter;
import com.sun.jna.Native;
import com.sun.jna.NativeLibrary;
import com.sun.jna.Pointer;
import com.sun.jna.ToNativeConverter;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;

/**
 * Links the native methods of a class that take and return numbers only, as {@link Native#register(Class, NativeLibrary)} does, but
 * without JNA's own description of types: that one is made of structures, by reflection over their annotations, which is 20 ms of each
 * start on Java 17 and 40 on 25 (decision 17). What JNA keeps to itself is reached by reflection; where it is not as in the version
 * this was written for, JNA links.
 */
final class DirectMapping {
    private static final MethodType REGISTER = MethodType.methodType(
            long.class,
            Class.class,
            String.class,
            String.class,
            int[].class,
            long[].class,
            long[].class,
            int.class,
            long.class,
            long.class,
            Method.class,
            long.class,
            int.class,
            boolean.class,
            ToNativeConverter[].class,
            FromNativeConverter.class,
            String.class);

    private final MethodHandle register;
    private final long ofVoid;
    private final long ofShort;
    private final long ofInt;
    private final long ofLong;

    private DirectMapping() throws ReflectiveOperationException {
        // Not by core reflection: that resolves the types of all methods, and a runtime without AWT lacks some.
        register = MethodHandles.privateLookupIn(Native.class, MethodHandles.lookup())
                .findStatic(Native.class, "registerMethod", REGISTER);
        Class<?> types = Class.forName("com.sun.jna.Structure$FFIType$FFITypes", false, Native.class.getClassLoader());
        ofVoid = address(types, "ffi_type_void");
        ofShort = address(types, "ffi_type_sint16");
        ofInt = address(types, "ffi_type_sint32");
        ofLong = address(types, "ffi_type_sint64");
    }

    /** Where libffi describes a type. JNA's library has filled these in when {@link Native} was loaded. */
    private static long address(Class<?> types, String name) throws ReflectiveOperationException {
        Field field = types.getDeclaredField(name);
        field.setAccessible(true);
        long address = Pointer.nativeValue((Pointer) field.get(null));
        if (address == 0) {
            throw new NoSuchFieldException(name);
        }
        return address;
    }

    /**
     * Links all native methods of a class to the functions of their names.
     *
     * @throws UnsatisfiedLinkError if the library lacks one
     */
    static void register(Class<?> type, NativeLibrary library) {
        if (!quickly(type, library)) {
            Native.register(type, library);
        }
    }

    /** Whether it was possible without JNA's description of types. If not, some methods may be linked already: linking again does no harm. */
    static boolean quickly(Class<?> type, NativeLibrary library) {
        try {
            DirectMapping mapping = new DirectMapping();
            for (Method method : type.getDeclaredMethods()) {
                if (Modifier.isNative(method.getModifiers())) {
                    mapping.link(type, method, library);
                }
            }
            return true;
        } catch (ReflectiveOperationException | RuntimeException | LinkageError anotherJna) {
            return false;
        }
    }

    private void link(Class<?> type, Method method, NativeLibrary library) throws ReflectiveOperationException {
        if (method.getExceptionTypes().length > 0) {
            throw new NoSuchMethodException("a function that throws: " + method);
        }
        Class<?>[] parameters = method.getParameterTypes();
        long[] descriptions = new long[parameters.length];
        StringBuilder signature = new StringBuilder("(");
        for (int i = 0; i < parameters.length; i++) {
            descriptions[i] = description(parameters[i]);
            signature.append(parameters[i].descriptorString());
        }
        signature.append(')').append(method.getReturnType().descriptorString());
        long result = description(method.getReturnType());
        long function = Pointer.nativeValue(library.getGlobalVariableAddress(method.getName()));
        int[] unconverted = new int[parameters.length];
        ToNativeConverter[] noConverters = new ToNativeConverter[parameters.length];
        FromNativeConverter none = null;
        try {
            long unused = (long) register.invokeExact(
                    type,
                    method.getName(),
                    signature.toString(),
                    unconverted,
                    descriptions,
                    descriptions,
                    0,
                    result,
                    result,
                    method,
                    function,
                    0,
                    false,
                    noConverters,
                    none,
                    "UTF-8");
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    private long description(Class<?> type) throws NoSuchMethodException {
        if (type == int.class) {
            return ofInt;
        }
        if (type == long.class) {
            return ofLong;
        }
        if (type == short.class) {
            return ofShort;
        }
        if (type == void.class) {
            return ofVoid;
        }
        throw new NoSuchMethodException("a function with " + type);
    }
}
