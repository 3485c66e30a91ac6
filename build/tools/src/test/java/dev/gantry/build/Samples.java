package dev.gantry.build;

import java.io.IOException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.function.IntSupplier;
import java.util.function.LongUnaryOperator;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Lambdas of all kinds; what they give is compared before and after. */
@SuppressWarnings("UnnecessaryLambda")
public class Samples extends Base implements Supplier<String> {
    private final List<String> seen = new ArrayList<>();
    private int total = 3;

    interface Throwing {
        String call(int number, long other) throws IOException;
    }

    interface Shape<T extends CharSequence> {
        T of(T text);

        default String twice(T text) {
            return of(text) + "" + of(text);
        }
    }

    interface WithPrivate {
        private String hidden(String text) {
            return "hidden " + text;
        }

        default Function<String, String> hiding() {
            return text -> hidden(text);
        }

        static Supplier<String> constant() {
            return () -> "static in an interface";
        }
    }

    private record Pair(String left, long right) {
        Supplier<String> shown() {
            return () -> left + right;
        }
    }

    private static final class Inner implements WithPrivate {
        private final String text;

        private Inner(String text) {
            this.text = text;
        }

        private static int length(String text) {
            return text.length();
        }
    }

    private final class Member {
        Supplier<Integer> total() {
            return () -> total + 1;
        }
    }

    private String hidden(String text) {
        return "private " + text;
    }

    @Override
    public String name() {
        return "overridden";
    }

    @Override
    public String get() {
        int number = 5;
        long big = 1L << 40;
        double half = 0.5;
        Runnable plain = () -> seen.add("run");
        plain.run();
        Consumer<String> discarding = seen::add;
        discarding.accept("consumed");
        Function<String, String> instance = this::hidden;
        Supplier<String> ofSuper = super::name;
        Supplier<String> inherited = this::base;
        Function<String, Inner> making = Inner::new;
        IntFunction<String[]> array = String[]::new;
        ToLongFunction<String> widening = Inner::length;
        LongUnaryOperator primitive = value -> value + big + number;
        BinaryOperator<Integer> boxing = Math::max;
        BiFunction<String, Integer, Character> mixed = String::charAt;
        IntSupplier unboxing = Integer.valueOf(9)::intValue;
        Supplier<Double> captured = () -> half * number;
        Throwing throwing = (a, b) -> a + ":" + b + seen.size();
        Shape<String> shape = text -> text + "!";
        Supplier<Supplier<String>> nested = () -> () -> "nested " + number;
        Supplier<Object> serializable = (Supplier<Object> & Serializable) () -> "serializable";
        Function<Object, String> toText = Object::toString;
        Supplier<Runnable> same = () -> () -> {};
        Runnable first = same.get();
        try {
            seen.add(throwing.call(1, 2));
        } catch (IOException e) {
            seen.add(e.toString());
        }
        return String.join(
                ",",
                String.valueOf(seen),
                instance.apply("x"),
                ofSuper.get(),
                inherited.get(),
                making.apply("made").text,
                making.apply("y").hiding().apply("z"),
                WithPrivate.constant().get(),
                String.valueOf(array.apply(2).length),
                String.valueOf(widening.applyAsLong("four")),
                String.valueOf(primitive.applyAsLong(7)),
                String.valueOf(boxing.apply(3, 8)),
                String.valueOf(mixed.apply("abc", 1)),
                String.valueOf(unboxing.getAsInt()),
                String.valueOf(captured.get()),
                shape.twice("t"),
                nested.get().get(),
                String.valueOf(serializable.get()),
                toText.apply(List.of(1)),
                new Pair("p", 4).shown().get(),
                String.valueOf(new Member().total().get()),
                String.valueOf(first == same.get()));
    }
}
