/* The C edge: libcurl, OpenSSL, c-ares, libidn2 and RE2 as Swift can call them. Shims only, no logic:
 * Swift cannot import variadic functions, macros or C++. */
#ifndef CNET_H
#define CNET_H

#define CURL_DISABLE_TYPECHECK 1
#include <ares.h>
#include <curl/curl.h>
#include <idn2.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>

#include "Alerting.h"
#include "Handshake.h"
#include "Keys.h"
#include "LoopbackThread.h"

#ifdef __cplusplus
extern "C" {
#endif

/* libcurl: one call for each type of argument. */
CURLcode cnet_easy_set_long(CURL *easy, CURLoption option, long value);
CURLcode cnet_easy_set_offset(CURL *easy, CURLoption option, curl_off_t value);
/* Texts (copied by libcurl unless the option says otherwise), lists, user data. */
CURLcode cnet_easy_set_pointer(CURL *easy, CURLoption option, const void *value);
/* The body and header callbacks have one type. */
CURLcode cnet_easy_set_write(CURL *easy, CURLoption option, curl_write_callback callback);
CURLcode cnet_easy_set_opensocket(CURL *easy, curl_opensocket_callback callback);
CURLcode cnet_easy_set_closesocket(CURL *easy, curl_closesocket_callback callback);
CURLcode cnet_easy_set_sockopt(CURL *easy, curl_sockopt_callback callback);
CURLcode cnet_easy_set_ssl_ctx(CURL *easy, curl_ssl_ctx_callback callback);
CURLcode cnet_easy_get_long(CURL *easy, CURLINFO info, long *value);
CURLcode cnet_easy_get_offset(CURL *easy, CURLINFO info, curl_off_t *value);
CURLcode cnet_easy_get_pointer(CURL *easy, CURLINFO info, void **value);
CURLMcode cnet_multi_set_long(CURLM *multi, CURLMoption option, long value);
CURLMcode cnet_multi_set_pointer(CURLM *multi, CURLMoption option, const void *value);
CURLMcode cnet_multi_set_socket(CURLM *multi, curl_socket_callback callback);
CURLMcode cnet_multi_set_timer(CURLM *multi, curl_multi_timer_callback callback);
/* The easy handle and the result of a finished transfer; the message holds them in a union. */
CURL *cnet_message_easy(const CURLMsg *message);
CURLcode cnet_message_result(const CURLMsg *message);

/* OpenSSL: what its headers write as macros. */
int cnet_ssl_ctx_set_versions(SSL_CTX *context, int lowest, int highest);
int cnet_ssl_set_server_name(SSL *ssl, const char *name);
int cnet_chain_count(const STACK_OF(X509) *chain);
X509 *cnet_chain_at(const STACK_OF(X509) *chain, int index);
void cnet_chain_free(STACK_OF(X509) *chain);
int cnet_error_reason(unsigned long error);
/* Loads PEM certificates from memory into the store; gives back how many. */
int cnet_store_add_pem(X509_STORE *store, const void *bytes, int count);
/* Writes `name` as one line of RFC 2253 text, cut to `capacity` with its zero; gives back the length. */
int cnet_name_text(const X509_NAME *name, char *text, int capacity);

/* glibc: what Swift's Glibc does not show. */
/* The first place of `wanted` in `text`, or NULL; linear in both. */
const void *cnet_find(const void *text, size_t count, const void *wanted, size_t wanted_count);
/* Names the calling thread in ps and top; at most 15 bytes. */
void cnet_name_thread(const char *name);
/* Gives the kernel every free page of every thread's heap; takes some milliseconds. */
void cnet_heap_give_back(void);
/* From now on what is freed stays with the process, for the next that asks for as much. */
void cnet_heap_keep(void);
/* Sets libcurl up so that each thread keeps at hand what libcurl gives back, up to 1 MiB. Before anything else of
 * libcurl's, and once. 0 when libcurl can not be set up, and then nothing of it may be used. */
int cnet_heap_serve_transfers(void);

/* Asks the kernel to note when bytes arrive at a TCP socket. 0, or -1 with errno. */
int cnet_note_arrivals(int socket);
/* When the newest of what waits to be read arrived, by the kernel's note: nanoseconds of the wall clock since the epoch;
 * -1 when nothing waits or nothing is noted. Reads nothing away, but an error of the socket. */
int64_t cnet_arrival_ns(int socket);

/* RE2: linear in the text, whatever the pattern. */
typedef struct cnet_pattern cnet_pattern;
/* NULL when the pattern does not compile; `error` then says why. */
cnet_pattern *cnet_pattern_compile(const char *pattern, size_t count, char *error, size_t capacity);
int cnet_pattern_search(const cnet_pattern *pattern, const char *text, size_t count);
/* Where the first match ends, or -1. */
long cnet_pattern_search_end(const cnet_pattern *pattern, const char *text, size_t count);
void cnet_pattern_free(cnet_pattern *pattern);

#ifdef __cplusplus
}
#endif
#endif
