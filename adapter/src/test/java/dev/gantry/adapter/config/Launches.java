package dev.gantry.adapter.config;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** A directory with programs of all sorts, and launches against it: {@code $D} in a text is the directory. */
final class Launches {
    private final Path directory;
    private final Map<String, String> environment = new HashMap<>();

    Launches(Path directory) throws IOException {
        this.directory = directory.toRealPath();
        environment.put("PATH", this.directory + "/bin:/nonexistent/bin:");
        environment.put("HOME", "/home/u");
        executable("bin/python3");
        executable("bin/python3.8");
        executable("bin/tool");
        executable("venv/bin/python");
        executable("a b/prög");
        executable("here");
        executable("shebang.py");
        executable("bare", "echo 1\n");
        executable("windows", "#!/bin/sh\r\necho\r\n");
        executable("lost", "#! /no/such/perl -w\n");
        file("bin/plain", "data");
        file("app/main.py", "print()");
        file("app/__main__.py", "print()");
        file("empty/readme", "");
        file("script.sh", "#!/bin/bash -e\necho\n");
        file("noshebang.sh", "echo\n");
        file("data", "x");
        file("pyscript", "#!/usr/bin/env python3\n");
        file("input.txt", "x");
        Files.createSymbolicLink(this.directory.resolve("dangling"), Path.of("gone"));
    }

    /** Before the directory is known. */
    static Launches none() {
        return new Launches();
    }

    private Launches() {
        directory = Path.of("");
    }

    Launches with(String name, String value) {
        environment.put(name, value.replace("$D", directory.toString()));
        return this;
    }

    Launches without(String name) {
        environment.remove(name);
        return this;
    }

    Path path(String name) {
        return directory.resolve(name);
    }

    Path file(String name, String text) throws IOException {
        Path file = directory.resolve(name);
        Files.createDirectories(Objects.requireNonNull(file.getParent()));
        return Files.writeString(file, text);
    }

    void executable(String name) throws IOException {
        executable(name, "#!/bin/sh\n");
    }

    private void executable(String name, String text) throws IOException {
        Files.setPosixFilePermissions(file(name, text), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Without the backslashes and double quotes that JSON wants: single quotes are double quotes. */
    LaunchResult parse(String json) {
        String text = json.replace('\'', '"').replace("$D", directory.toString());
        JsonObject arguments = JsonParser.parseString(text).getAsJsonObject();
        return new LaunchParser(new Host(environment, directory)).parse(arguments);
    }

    LaunchResult.Accepted accepted(String json) {
        LaunchResult result = parse(json);
        assertThat(result).as(json).isInstanceOf(LaunchResult.Accepted.class);
        return (LaunchResult.Accepted) result;
    }

    /** An accepted launch without a warning. */
    LaunchPlan plan(String json) {
        LaunchResult.Accepted accepted = accepted(json);
        assertThat(accepted.warnings()).as(json).isEmpty();
        return accepted.plan();
    }

    List<Problem> problems(String json) {
        LaunchResult result = parse(json);
        assertThat(result).as(json).isInstanceOf(LaunchResult.Refused.class);
        return ((LaunchResult.Refused) result).problems();
    }

    String text(String withPlaces) {
        return withPlaces.replace("$D", directory.toString());
    }
}
