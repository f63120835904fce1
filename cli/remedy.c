#include "cli/remedy.h"

#include <string.h>

enum trouble trouble_of_refusal(const char *robots)
{
    if (strcmp(robots, "disallow") == 0)
        return TROUBLE_ROBOTS;
    return strcmp(robots, "unreachable") == 0 ? TROUBLE_NO_ROBOTS : TROUBLE_REFUSED;
}

enum trouble trouble_of_answer(const struct answer *a, enum trouble refused)
{
    switch (a->outcome) {
    case ANSWER_OK:
    case ANSWER_UNCHANGED:
        return a->status < 500 ? TROUBLE_NONE : TROUBLE_NETWORK;
    case ANSWER_DENIED:
        return refused;
    case ANSWER_DEFERRED:
        return TROUBLE_PATIENCE;
    case ANSWER_FAILED:
        return TROUBLE_NETWORK;
    }
    return TROUBLE_NONE;
}

const char *remedy_of(enum trouble t)
{
    static const char *const remedies[TROUBLES] = {
        [TROUBLE_NONE] = "",
        [TROUBLE_GONE] = "closed or moved: `roletide source detect URL` finds the new board on the "
                         "employer's page; `policy: off` ends the asking",
        [TROUBLE_ANSWER] = "`roletide source check KEY` asks once more; where it stays so, save "
                           "the answer: `roletide source try ADAPTER FILE` says what it lacks",
        [TROUBLE_REFUSED] = "not asked, for the reason said: correct the source's address, or set "
                            "`policy: off`",
        [TROUBLE_ROBOTS] = "the owner does not want it read, and it is not: nothing to do; "
                           "`policy: off` ends the asking",
        [TROUBLE_NO_ROBOTS] = "nothing is asked before robots.txt can be had, which is tried again "
                              "by itself; where it stays so, see that the address still holds",
        [TROUBLE_NETWORK] = "asked again by itself; where it stays so, "
                            "`roletide source check KEY` asks once more",
        [TROUBLE_PATIENCE] = "the host gets its rest and is asked again by itself after it: "
                             "nothing to do",
        [TROUBLE_STOPPED] = "the next run reads on: nothing to do",
    };

    return remedies[t];
}
