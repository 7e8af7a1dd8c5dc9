/**
 * Go's text templates, as far as {@code --format} uses them: fields, pipelines, variables, {@code
 * if}, {@code range}, {@code with}, the built-in functions and Docker's own ({@code json}, {@code
 * join}, {@code upper}, ...). Start at {@link dev.kemas.template.Template}. Source: the
 * documentation of Go's package text/template.
 */
@NullMarked
package dev.kemas.template;

import org.jspecify.annotations.NullMarked;
