package dev.kemas.build;

/** What a step is given: a file system in layers, or files of the client. */
sealed interface StepInput permits FileSystem, LocalFiles {}
