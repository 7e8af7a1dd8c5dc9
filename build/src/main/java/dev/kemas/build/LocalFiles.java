package dev.kemas.build;

/**
 * The files of a further context.
 *
 * @param name in lower case
 */
record LocalFiles(String name) implements StepInput {}
