package dev.gantry.adapter.session;

import java.nio.charset.Charset;

/**
 * How bytes become output events.
 *
 * @param category "stdout", "stderr" or "console"
 * @param charset what the bytes are encoded in; what is no valid text becomes U+FFFD
 * @param stripAnsi whether escape sequences are taken out
 * @param rawBytes whether an event also carries its exact bytes in {@code data.base64} where they cannot be made from its text
 */
public record OutputFormat(String category, Charset charset, boolean stripAnsi, boolean rawBytes) {}
