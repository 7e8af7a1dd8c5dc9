/** Text for people: columns, sizes, ages, shortened ids, all as the docker command prints them. */
@NullMarked
package dev.kemas.text;

import org.jspecify.annotations.NullMarked;
