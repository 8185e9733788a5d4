/* An engine without any code of its own: it says that OpenSSL's own methods for EC and RSA keys are to be used. */
#define OPENSSL_SUPPRESS_DEPRECATED
#include "Keys.h"

#include <openssl/evp.h>
#include <openssl/opensslv.h>
#include <openssl/provider.h>
#include <pthread.h>

#if OPENSSL_VERSION_MAJOR == 3 && !defined(OPENSSL_NO_ENGINE)
#include <openssl/engine.h>

static int methods(ENGINE *engine, EVP_PKEY_METHOD **method, const int **types, int type) {
    static const int ours[] = {EVP_PKEY_EC, EVP_PKEY_RSA};
    (void)engine;
    if (!method) {
        *types = ours;
        return sizeof ours / sizeof *ours;
    }
    /* The built-in ones are constant, and are never freed. */
    *method = (EVP_PKEY_METHOD *)EVP_PKEY_meth_find(type);
    return *method != NULL;
}

static int is_installed;

static void install(void) {
    /* Who asks for validated code gets it. */
    if (EVP_default_properties_is_fips_enabled(NULL) || !OSSL_PROVIDER_available(NULL, "default")) return;
    ENGINE *engine = ENGINE_new();
    if (!engine) return;
    if (ENGINE_set_id(engine, "sonde-keys") && ENGINE_set_name(engine, "OpenSSL's own methods for EC and RSA keys") &&
        ENGINE_set_pkey_meths(engine, methods) && ENGINE_add(engine))
        is_installed = ENGINE_register_pkey_meths(engine);
    /* The list of engines holds on to it; the table of methods does not. */
    ENGINE_free(engine);
}
#else
static const int is_installed = 0;

static void install(void) {}
#endif

int cnet_decode_keys_directly(void) {
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, install);
    return is_installed;
}

int cnet_is_key_direct(X509 *certificate) {
    EVP_PKEY *key = X509_get0_pubkey(certificate);
    return key && !EVP_PKEY_get0_provider(key);
}
