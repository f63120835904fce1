#include <re2/set.h>

#include <cstdio>
#include <vector>

#include "engines/peer.h"

static RE2::Options options()
{
    RE2::Options ret;

    ret.set_encoding(RE2::Options::EncodingLatin1);
    ret.set_max_mem(int64_t{1} << 30);
    ret.set_log_errors(false);
    return ret;
}

static bool takes(const char *pattern)
{
    return RE2(pattern, options()).ok();
}

static void *open_engine(const char *const *patterns, size_t n)
{
    std::string why;

    auto *set = new RE2::Set(options(), RE2::UNANCHORED);
    for (size_t i = 0; i < n; i++)
        if (set->Add(patterns[i], &why) < 0) {
            std::fprintf(stderr, "RE2: %s\n", why.c_str());
            delete set;
            return nullptr;
        }
    if (set->Compile())
        return set;
    delete set;
    return nullptr;
}

static void close_engine(void *p)
{
    delete static_cast<RE2::Set *>(p);
}

static void find(void *p, const char *text, size_t n, uint64_t *set)
{
    std::vector<int> ids;

    static_cast<RE2::Set *>(p)->Match(re2::StringPiece(text, n), &ids);
    for (int id : ids)
        set[id / 64] |= uint64_t{1} << (id % 64);
}

extern const struct peer peer_re2 = { "RE2::Set", takes, open_engine, find, close_engine };
