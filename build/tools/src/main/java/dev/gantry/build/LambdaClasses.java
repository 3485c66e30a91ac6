package dev.gantry.build;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;
import org.objectweb.asm.commons.GeneratorAdapter;
import org.objectweb.asm.commons.Method;

/**
 * Makes a class of each lambda and method reference, as {@link java.lang.invoke.LambdaMetafactory} would when it is first met. The class is a
 * member of the nest that the lambda is in, and so may call what is private there.
 *
 * <p>Left as they are: those of classes before Java 11, which have no nests; serializable ones and those of several interfaces; calls of
 * a method that a superclass has overridden ({@code super::name}). Of objects without captured values there is one, as before.
 */
final class LambdaClasses {
    private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
    private static final String ONLY = "ONLY";

    private final Map<String, List<String>> members = new HashMap<>();
    private int count;
    private int left;

    /** A class that was made. */
    static final class Made {
        private final String name;
        private final byte[] bytes;

        Made(String name, byte[] bytes) {
            this.name = name;
            this.bytes = bytes;
        }

        /** As in a class file: "a/b/C". */
        String name() {
            return name;
        }

        byte[] bytes() {
            return bytes;
        }
    }

    int count() {
        return count;
    }

    int left() {
        return left;
    }

    /**
     * Changes the classes in place.
     *
     * @param classes all of a jar's, by the name of their entry
     * @return what was made, by the entry that it belongs to
     */
    Map<String, List<Made>> change(Map<String, byte[]> classes) {
        Map<String, List<Made>> made = new LinkedHashMap<>();
        classes.replaceAll((entry, bytes) -> {
            ClassReader reader = new ClassReader(bytes);
            if (reader.readUnsignedShort(6) < Opcodes.V11) {
                return bytes;
            }
            Owner owner = new Owner(reader);
            reader.accept(owner, 0);
            if (owner.made.isEmpty()) {
                return bytes;
            }
            made.put(entry, owner.made);
            return owner.writer.toByteArray();
        });
        members.forEach((host, names) ->
                classes.computeIfPresent(host + ".class", (entry, bytes) -> withMembers(bytes, names)));
        return made;
    }

    private static byte[] withMembers(byte[] bytes, List<String> names) {
        ClassReader reader = new ClassReader(bytes);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visitEnd() {
                        names.forEach(this::visitNestMember);
                        super.visitEnd();
                    }
                },
                0);
        return writer.toByteArray();
    }

    /** A class whose lambdas are replaced. */
    private final class Owner extends ClassVisitor {
        final ClassWriter writer;
        final List<Made> made = new ArrayList<>();
        private final String name;
        private final boolean isInterface;
        private String host;

        Owner(ClassReader reader) {
            // Not with the reader's constants: those of the lambdas would stay.
            this(reader, new ClassWriter(ClassWriter.COMPUTE_MAXS));
        }

        private Owner(ClassReader reader, ClassWriter writer) {
            super(Opcodes.ASM9, writer);
            this.writer = writer;
            this.name = reader.getClassName();
            this.isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
            this.host = name;
        }

        @Override
        public void visitNestHost(String nestHost) {
            host = nestHost;
            super.visitNestHost(nestHost);
        }

        @Override
        public MethodVisitor visitMethod(
                int access, String method, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, method, descriptor, signature, exceptions);
            return new MethodVisitor(Opcodes.ASM9, next) {
                @Override
                public void visitInvokeDynamicInsn(String called, String factory, Handle bootstrap, Object... given) {
                    if (!bootstrap.getOwner().equals(FACTORY)) {
                        super.visitInvokeDynamicInsn(called, factory, bootstrap, given);
                    } else if (!bootstrap.getName().equals("metafactory") || isOfSuper((Handle) given[1])) {
                        left++;
                        super.visitInvokeDynamicInsn(called, factory, bootstrap, given);
                    } else {
                        Lambda lambda = new Lambda(
                                name + "$$L" + made.size(),
                                new Method(called, ((Type) given[0]).getDescriptor()),
                                (Type) given[2],
                                (Handle) given[1],
                                Type.getMethodType(factory));
                        made.add(new Made(lambda.name, lambda.write(host, isInterface ? name : "")));
                        members.computeIfAbsent(host, nest -> new ArrayList<>()).add(lambda.name);
                        count++;
                        lambda.use(this.mv);
                    }
                }
            };
        }

        private boolean isOfSuper(Handle target) {
            return target.getTag() == Opcodes.H_INVOKESPECIAL
                    && !target.getOwner().equals(name);
        }
    }

    /**
     * One lambda.
     *
     * @param name of its class
     * @param method the interface's only method, with the types that its class file has
     * @param actual the same with the types that are meant here
     * @param target what is called
     * @param factory from what was captured to the interface
     */
    private record Lambda(String name, Method method, Type actual, Handle target, Type factory) {
        byte[] write(String host, String ownInterface) {
            ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
            Type self = Type.getObjectType(name);
            writer.visit(
                    Opcodes.V11,
                    Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
                    name,
                    null,
                    "java/lang/Object",
                    new String[] {factory.getReturnType().getInternalName()});
            writer.visitNestHost(host);
            Type[] captured = factory.getArgumentTypes();
            for (int i = 0; i < captured.length; i++) {
                writer.visitField(
                                Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL,
                                field(i),
                                captured[i].getDescriptor(),
                                null,
                                null)
                        .visitEnd();
            }
            writeConstructor(writer, self, captured);
            writeFactory(writer, self, captured);
            writeMethod(writer, self, captured, ownInterface);
            writer.visitEnd();
            return writer.toByteArray();
        }

        /** Replaces the instruction that made the object. */
        void use(MethodVisitor code) {
            if (factory.getArgumentTypes().length == 0) {
                code.visitFieldInsn(
                        Opcodes.GETSTATIC, name, ONLY, factory.getReturnType().getDescriptor());
            } else {
                code.visitMethodInsn(Opcodes.INVOKESTATIC, name, "make", factory.getDescriptor(), false);
            }
        }

        private static String field(int number) {
            return "captured" + number;
        }

        private Method constructor() {
            return new Method("<init>", Type.VOID_TYPE, factory.getArgumentTypes());
        }

        private void writeConstructor(ClassWriter writer, Type self, Type[] captured) {
            GeneratorAdapter code = new GeneratorAdapter(0, constructor(), null, null, writer);
            code.loadThis();
            code.invokeConstructor(Type.getType(Object.class), new Method("<init>", "()V"));
            for (int i = 0; i < captured.length; i++) {
                code.loadThis();
                code.loadArg(i);
                code.putField(self, field(i), captured[i]);
            }
            code.returnValue();
            code.endMethod();
        }

        private void writeFactory(ClassWriter writer, Type self, Type[] captured) {
            if (captured.length > 0) {
                GeneratorAdapter code = new GeneratorAdapter(
                        Opcodes.ACC_STATIC, new Method("make", factory.getDescriptor()), null, null, writer);
                code.newInstance(self);
                code.dup();
                code.loadArgs();
                code.invokeConstructor(self, constructor());
                code.returnValue();
                code.endMethod();
                return;
            }
            writer.visitField(
                            Opcodes.ACC_STATIC | Opcodes.ACC_FINAL,
                            ONLY,
                            factory.getReturnType().getDescriptor(),
                            null,
                            null)
                    .visitEnd();
            GeneratorAdapter code =
                    new GeneratorAdapter(Opcodes.ACC_STATIC, new Method("<clinit>", "()V"), null, null, writer);
            code.newInstance(self);
            code.dup();
            code.invokeConstructor(self, constructor());
            code.putStatic(self, ONLY, factory.getReturnType());
            code.returnValue();
            code.endMethod();
        }

        private void writeMethod(ClassWriter writer, Type self, Type[] captured, String ownInterface) {
            GeneratorAdapter code = new GeneratorAdapter(Opcodes.ACC_PUBLIC, method, null, null, writer);
            Type owner = Type.getObjectType(target.getOwner());
            boolean makes = target.getTag() == Opcodes.H_NEWINVOKESPECIAL;
            if (makes) {
                code.newInstance(owner);
                code.dup();
            }
            Type[] wanted = wanted(owner, makes);
            for (int i = 0; i < captured.length; i++) {
                code.loadThis();
                code.getField(self, field(i), captured[i]);
                convert(code, captured[i], wanted[i]);
            }
            Type[] given = method.getArgumentTypes();
            Type[] meant = actual.getArgumentTypes();
            for (int i = 0; i < given.length; i++) {
                code.loadArg(i);
                convert(code, given[i], meant[i]);
                convert(code, meant[i], wanted[captured.length + i]);
            }
            Method called = new Method(target.getName(), target.getDesc());
            boolean isInterface = target.isInterface() || target.getOwner().equals(ownInterface);
            Type result = makes ? owner : called.getReturnType();
            code.visitMethodInsn(
                    opcode(isInterface), target.getOwner(), called.getName(), called.getDescriptor(), isInterface);
            finish(code, result);
            code.endMethod();
        }

        /** What is called takes these, its receiver first. */
        private Type[] wanted(Type owner, boolean makes) {
            Type[] parameters = Type.getArgumentTypes(target.getDesc());
            if (makes || target.getTag() == Opcodes.H_INVOKESTATIC) {
                return parameters;
            }
            Type[] all = new Type[parameters.length + 1];
            all[0] = owner;
            System.arraycopy(parameters, 0, all, 1, parameters.length);
            return all;
        }

        private int opcode(boolean isInterface) {
            return switch (target.getTag()) {
                case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
                case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
                // Private ones too: within a nest that is how they are called.
                default -> isInterface ? Opcodes.INVOKEINTERFACE : Opcodes.INVOKEVIRTUAL;
            };
        }

        private void finish(GeneratorAdapter code, Type result) {
            Type wanted = method.getReturnType();
            if (wanted.equals(Type.VOID_TYPE)) {
                if (result.getSize() == 2) {
                    code.pop2();
                } else if (result.getSize() == 1) {
                    code.pop();
                }
            } else {
                convert(code, result, actual.getReturnType());
                convert(code, actual.getReturnType(), wanted);
            }
            code.returnValue();
        }

        private static boolean isPrimitive(Type type) {
            return type.getSort() < Type.ARRAY;
        }

        private static void convert(GeneratorAdapter code, Type from, Type to) {
            if (from.equals(to)) {
                return;
            }
            if (isPrimitive(from) && isPrimitive(to)) {
                code.cast(from, to);
            } else if (isPrimitive(from)) {
                code.valueOf(from);
            } else if (isPrimitive(to)) {
                Type primitive = primitiveOf(from, to);
                code.unbox(primitive);
                if (!primitive.equals(to)) {
                    code.cast(primitive, to);
                }
            } else if (!to.equals(Type.getType(Object.class))) {
                code.checkCast(to);
            }
        }

        /** What a wrapper holds, which may be narrower than what is wanted. */
        private static Type primitiveOf(Type wrapper, Type wanted) {
            return switch (wrapper.getClassName()) {
                case "java.lang.Integer" -> Type.INT_TYPE;
                case "java.lang.Long" -> Type.LONG_TYPE;
                case "java.lang.Short" -> Type.SHORT_TYPE;
                case "java.lang.Byte" -> Type.BYTE_TYPE;
                case "java.lang.Character" -> Type.CHAR_TYPE;
                case "java.lang.Float" -> Type.FLOAT_TYPE;
                case "java.lang.Double" -> Type.DOUBLE_TYPE;
                default -> wanted;
            };
        }
    }
}
