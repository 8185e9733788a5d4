/* Public keys without OpenSSL 3's decoders. */
#ifndef CNET_KEYS_H
#define CNET_KEYS_H

#include <openssl/x509.h>

#ifdef __cplusplus
extern "C" {
#endif

/* From now on, in all of the process, EC and RSA keys are worked with by the methods that OpenSSL has had since before
 * its providers: a certificate's key is decoded and its signatures are checked by them, a quarter of a TLS handshake
 * less, and so is an exchange of keys over P-256, P-384 or P-521. OpenSSL asks for its decoders only where no engine
 * claims a type of key. Gives 1, or 0 where nothing is done: engines are gone, or FIPS is asked for. A group has then
 * but its short name (prime256v1), and an EC or RSA key that a decoder read, from a file or before this call, signs
 * handshakes, but no certificates or OCSP answers. */
int cnet_decode_keys_directly(void);

/* 1 when the certificate's key was decoded so. */
int cnet_is_key_direct(X509 *certificate);

#ifdef __cplusplus
}
#endif
#endif
