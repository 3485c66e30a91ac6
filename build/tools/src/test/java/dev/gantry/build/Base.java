package dev.gantry.build;

class Base {
    public String name() {
        return "of the superclass";
    }

    protected String base() {
        return "protected";
    }
}
