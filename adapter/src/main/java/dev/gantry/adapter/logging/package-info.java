/**
 * What stands in for {@code java.util.logging} in the jar, where the libraries' calls of it are changed to call this: the JDK's own takes some
 * twenty milliseconds of each start until its first logger is there, and all that is ever logged goes to standard error.
 */
@org.jspecify.annotations.NullMarked
package dev.gantry.adapter.logging;
