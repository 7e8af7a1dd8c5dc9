/**
 * Who must have signed an image, and whether a signature holds. It knows no registry: what is
 * judged is handed to it. Start reading at {@link dev.kemas.signature.SignaturePolicy} and {@link
 * dev.kemas.signature.SignatureJudge}.
 */
@org.jspecify.annotations.NullMarked
package dev.kemas.signature;
