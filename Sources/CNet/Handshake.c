#include "Handshake.h"

#include <openssl/err.h>
#include <openssl/pem.h>

void cnet_ssl_ctx_set_certificates_max(SSL_CTX *context, long bytes) { SSL_CTX_set_max_cert_list(context, bytes); }

void cnet_ssl_ctx_ask_staple(SSL_CTX *context, int (*judge)(SSL *, void *), void *argument) {
    SSL_CTX_set_tlsext_status_type(context, TLSEXT_STATUSTYPE_ocsp);
    SSL_CTX_set_tlsext_status_cb(context, judge);
    SSL_CTX_set_tlsext_status_arg(context, argument);
}

long cnet_ssl_staple(SSL *ssl, const unsigned char **bytes) { return SSL_get_tlsext_status_ocsp_resp(ssl, bytes); }

unsigned long long cnet_ssl_bytes_in(SSL *ssl) { return BIO_number_read(SSL_get_rbio(ssl)); }

STACK_OF(X509) *cnet_read_certificates(const void *bytes, int count) {
    BIO *source = BIO_new_mem_buf(bytes, count);
    STACK_OF(X509) *chain = sk_X509_new_null();
    X509 *certificate;
    while (source && chain && (certificate = PEM_read_bio_X509_AUX(source, NULL, NULL, NULL)))
        sk_X509_push(chain, certificate);
    /* The end of the file is an error to PEM_read. */
    ERR_clear_error();
    BIO_free(source);
    if (sk_X509_num(chain) > 0) return chain;
    sk_X509_free(chain);
    return NULL;
}

X509 *cnet_chain_shift(STACK_OF(X509) *chain) { return sk_X509_shift(chain); }

static int refuse_passphrase(char *text, int capacity, int is_writing, void *is_asked) {
    (void)text, (void)capacity, (void)is_writing;
    *(int *)is_asked = 1;
    return -1;
}

EVP_PKEY *cnet_read_key(const void *bytes, int count, int *is_encrypted) {
    BIO *source = BIO_new_mem_buf(bytes, count);
    if (!source) return NULL;
    EVP_PKEY *key = PEM_read_bio_PrivateKey(source, NULL, refuse_passphrase, is_encrypted);
    ERR_clear_error();
    BIO_free(source);
    return key;
}

const EVP_MD *cnet_digest(const ASN1_OBJECT *name) { return EVP_get_digestbyobj(name); }
