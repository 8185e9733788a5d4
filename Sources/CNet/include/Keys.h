/* Public keys without OpenSSL 3's decoders. */
#ifndef CNET_KEYS_H
#define CNET_KEYS_H

#include <openssl/x509.h>

#ifdef __cplusplus
extern "C" {
#endif

/* From now on, in all of the process, a certificate's EC or RSA key is decoded by the methods that OpenSSL has had
 * since before its providers, and its signatures are checked by them: a quarter of a TLS handshake less. OpenSSL asks
 * for its decoders only where no engine claims a type of key. Does nothing where engines are gone, or FIPS is asked
 * for. EC and RSA keys read from files sign handshakes as ever, but no certificates or OCSP answers. */
void cnet_decode_keys_directly(void);

/* 1 when the certificate's key was decoded so. */
int cnet_is_key_direct(X509 *certificate);

#ifdef __cplusplus
}
#endif
#endif
