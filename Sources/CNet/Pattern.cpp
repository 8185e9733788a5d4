#include "CNet.h"

#include <re2/re2.h>

struct cnet_pattern {
    re2::RE2 expression;
    cnet_pattern(const re2::StringPiece &text, const re2::RE2::Options &options) : expression(text, options) {}
};

static void copy_text(const std::string &from, char *to, size_t capacity) {
    if (capacity == 0) return;
    size_t count = from.copy(to, capacity - 1);
    to[count] = 0;
}

cnet_pattern *cnet_pattern_compile(const char *pattern, size_t count, char *error, size_t capacity) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    auto compiled = new (std::nothrow) cnet_pattern(re2::StringPiece(pattern, count), options);
    if (compiled && compiled->expression.ok()) return compiled;
    copy_text(compiled ? compiled->expression.error() : "out of memory", error, capacity);
    delete compiled;
    return nullptr;
}

int cnet_pattern_search(const cnet_pattern *pattern, const char *text, size_t count) {
    return re2::RE2::PartialMatch(re2::StringPiece(text, count), pattern->expression);
}

long cnet_pattern_search_end(const cnet_pattern *pattern, const char *text, size_t count) {
    re2::StringPiece found;
    re2::StringPiece whole(text ? text : "", count);
    if (!pattern->expression.Match(whole, 0, count, re2::RE2::UNANCHORED, &found, 1)) return -1;
    return found.data() + found.size() - whole.data();
}

void cnet_pattern_free(cnet_pattern *pattern) { delete pattern; }
