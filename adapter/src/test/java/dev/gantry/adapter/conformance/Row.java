package dev.gantry.adapter.conformance;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Test;

/** A test of something that a client depends on: a row of docs/clients.md, which is made of these. */
@Test
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.METHOD)
@interface Row {
    /** What an adapter might do that a client must be asked about. */
    String value();

    /** Who loses what by it. */
    String clients();

    /** What this adapter does. */
    String ours();
}
