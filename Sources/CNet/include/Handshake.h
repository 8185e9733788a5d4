/* OpenSSL: what its headers write as macros, for certificates and handshakes. Shims only, no logic. */
#ifndef CNET_HANDSHAKE_H
#define CNET_HANDSHAKE_H

#include <openssl/ocsp.h>
#include <openssl/ssl.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Most bytes of the target's certificates, in one handshake message. */
void cnet_ssl_ctx_set_certificates_max(SSL_CTX *context, long bytes);
/* Asks for a stapled OCSP answer and has `judge` look at it; `argument` goes with it. */
void cnet_ssl_ctx_ask_staple(SSL_CTX *context, int (*judge)(SSL *, void *), void *argument);
/* The stapled answer's bytes; negative when there is none. */
long cnet_ssl_staple(SSL *ssl, const unsigned char **bytes);
/* Bytes that have come in on the connection so far. */
unsigned long long cnet_ssl_bytes_in(SSL *ssl);

/* The PEM certificates in memory, in their order; NULL when there are none. To be freed by cnet_chain_free. */
STACK_OF(X509) *cnet_read_certificates(const void *bytes, int count);
/* Takes the first certificate off; NULL when there is none. */
X509 *cnet_chain_shift(STACK_OF(X509) *chain);
/* The first PEM private key in memory, or NULL; `is_encrypted` says whether a passphrase was asked for. */
EVP_PKEY *cnet_read_key(const void *bytes, int count, int *is_encrypted);

/* The digest of an algorithm's name, or NULL. */
const EVP_MD *cnet_digest(const ASN1_OBJECT *name);

#ifdef __cplusplus
}
#endif
#endif
