/** The command line. Nothing of it is loaded when the adapter speaks over standard input and output, but {@link LogFile} for a log and {@link KnownBackends}. */
@NullMarked
package dev.gantry.adapter.cli;

import org.jspecify.annotations.NullMarked;
