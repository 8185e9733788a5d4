#define _GNU_SOURCE
#include "CNet.h"

#include <limits.h>
#include <malloc.h>
#include <openssl/pem.h>
#include <pthread.h>
#include <string.h>

CURLcode cnet_easy_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode cnet_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode cnet_easy_set_pointer(CURL *easy, CURLoption option, const void *value) {
    return curl_easy_setopt(easy, option, value);
}

CURLcode cnet_easy_set_write(CURL *easy, CURLoption option, curl_write_callback callback) {
    return curl_easy_setopt(easy, option, callback);
}

CURLcode cnet_easy_set_opensocket(CURL *easy, curl_opensocket_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, callback);
}

CURLcode cnet_easy_set_closesocket(CURL *easy, curl_closesocket_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, callback);
}

CURLcode cnet_easy_set_sockopt(CURL *easy, curl_sockopt_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_SOCKOPTFUNCTION, callback);
}

CURLcode cnet_easy_set_ssl_ctx(CURL *easy, curl_ssl_ctx_callback callback) {
    return curl_easy_setopt(easy, CURLOPT_SSL_CTX_FUNCTION, callback);
}

CURLcode cnet_easy_get_long(CURL *easy, CURLINFO info, long *value) { return curl_easy_getinfo(easy, info, value); }

CURLcode cnet_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value) {
    return curl_easy_getinfo(easy, info, value);
}

CURLcode cnet_easy_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}

CURLMcode cnet_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}

CURLMcode cnet_multi_set_pointer(CURLM *multi, CURLMoption option, const void *value) {
    return curl_multi_setopt(multi, option, value);
}

CURLMcode cnet_multi_set_socket(CURLM *multi, curl_socket_callback callback) {
    return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}

CURLMcode cnet_multi_set_timer(CURLM *multi, curl_multi_timer_callback callback) {
    return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}

CURL *cnet_message_easy(const CURLMsg *message) { return message->easy_handle; }

CURLcode cnet_message_result(const CURLMsg *message) { return message->data.result; }

int cnet_ssl_ctx_set_versions(SSL_CTX *context, int lowest, int highest) {
    return SSL_CTX_set_min_proto_version(context, lowest) && SSL_CTX_set_max_proto_version(context, highest);
}

int cnet_ssl_set_server_name(SSL *ssl, const char *name) { return (int)SSL_set_tlsext_host_name(ssl, name); }

int cnet_chain_count(const STACK_OF(X509) *chain) { return chain ? sk_X509_num(chain) : 0; }

X509 *cnet_chain_at(const STACK_OF(X509) *chain, int index) { return sk_X509_value(chain, index); }

void cnet_chain_free(STACK_OF(X509) *chain) { sk_X509_pop_free(chain, X509_free); }

int cnet_error_reason(unsigned long error) { return ERR_GET_REASON(error); }

int cnet_store_add_pem(X509_STORE *store, const void *bytes, int count) {
    BIO *source = BIO_new_mem_buf(bytes, count);
    if (!source) return 0;
    int added = 0;
    X509 *certificate;
    while ((certificate = PEM_read_bio_X509_AUX(source, NULL, NULL, NULL))) {
        added += X509_STORE_add_cert(store, certificate);
        X509_free(certificate);
    }
    /* The end of the file is an error to PEM_read. */
    ERR_clear_error();
    BIO_free(source);
    return added;
}

int cnet_name_text(const X509_NAME *name, char *text, int capacity) {
    BIO *sink = BIO_new(BIO_s_mem());
    if (!sink) return 0;
    X509_NAME_print_ex(sink, name, 0, XN_FLAG_RFC2253 & ~ASN1_STRFLGS_ESC_MSB);
    int count = BIO_read(sink, text, capacity - 1);
    BIO_free(sink);
    if (count < 0) count = 0;
    text[count] = 0;
    return count;
}

const void *cnet_find(const void *text, size_t count, const void *wanted, size_t wanted_count) {
    return memmem(text, count, wanted, wanted_count);
}

void cnet_name_thread(const char *name) { pthread_setname_np(pthread_self(), name); }

void cnet_heap_give_back(void) { malloc_trim(0); }

void cnet_heap_keep(void) {
    /* Each says 1 when it was taken; where it was not, it only takes longer. */
    mallopt(M_MMAP_THRESHOLD, 32 << 20);
    mallopt(M_TRIM_THRESHOLD, INT_MAX);
}
