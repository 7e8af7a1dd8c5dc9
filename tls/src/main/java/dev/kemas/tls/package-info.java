/**
 * Certificates and keys in PEM files, for servers that speak TLS. It knows no server and no
 * protocol. Start reading at {@link dev.kemas.tls.Pem}.
 */
@org.jspecify.annotations.NullMarked
package dev.kemas.tls;
